# The gateway, with its three pages inside; the simulator and the first start use the same image.
# syntax is plain: no BuildKit needed.

FROM node:20.19.0-bookworm-slim AS console
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --no-audit --no-fund --loglevel=error
COPY web/ ./
RUN npm run --silent build

FROM python:3.11.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/milepost
WORKDIR /src
# The gateway with Apprise: messages by e-mail, SMS and chat.
COPY requirements/notify.lock requirements/
RUN /opt/milepost/bin/pip install --quiet --require-hashes -r requirements/notify.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY wire wire
COPY device device
COPY dashboards dashboards
COPY milepost milepost
COPY gateway gateway
COPY --from=console /src/gateway/http/static/ gateway/http/static/
RUN /opt/milepost/bin/pip install --quiet --no-deps .

FROM python:3.11.11-slim-bookworm
# The first start makes certificates with openssl: fail here, not there, should the base image lose it.
RUN openssl version && useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent milepost
COPY --from=build /opt/milepost /opt/milepost
ENV PATH=/opt/milepost/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER milepost
WORKDIR /tmp
EXPOSE 8080
ENTRYPOINT ["milepost"]
CMD ["gateway", "--config", "/etc/milepost/gateway.toml"]
