# Milepost: `make demo` shows it, `make test` proves it. Everything is installed into .venv and web/node_modules.
PYTHON ?= python3
BIN := .venv/bin
PAGES := gateway/http/static/console/index.html gateway/http/static/driver/index.html gateway/http/static/customer/index.html
WEB_SOURCES := $(shell find web -path web/node_modules -prune -o -type f -print 2>/dev/null)

.PHONY: demo test lint types layers pytest web-test bench soak docs lock install-demo install-test servers valhalla clean
.DELETE_ON_ERROR:

demo: install-demo
	@exec $(BIN)/milepost demo

install-demo: .venv/.demo $(PAGES)

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.demo: requirements/gateway.lock pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --require-hashes -r requirements/gateway.lock
	$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@

.venv/.test: requirements/dev.lock pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --require-hashes -r requirements/dev.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@ .venv/.demo

web/node_modules/.installed: web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(PAGES) &: $(WEB_SOURCES) | web/node_modules/.installed
	cd web && npm run --silent build -- --logLevel error
	@touch $(PAGES)

install-test: .venv/.test $(PAGES) servers valhalla

servers:
	@sh tests/servers.sh

valhalla: .venv/.test
	@sh tests/valhalla.sh

test: install-test lint types layers web-test pytest

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

layers:
	$(BIN)/lint-imports

web-test: web/node_modules/.installed
	cd web && npm run --silent check

pytest:
	$(BIN)/pytest -n 2 -m "not soak and not serial and not heavy"
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "heavy and not serial and not soak"
	$(BIN)/pytest -m "serial and not soak"

soak: install-test
	$(BIN)/pytest -m soak --timeout 5400

bench: install-test
	$(BIN)/python -m tests.bench

docs: .venv/.demo
	$(BIN)/python -m milepost.description docs

lock:
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet pyproject.toml --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 -o requirements/device.lock
	$(BIN)/uv pip compile --quiet pyproject.toml --extra gateway --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 -o requirements/gateway.lock
	$(BIN)/uv pip compile --quiet pyproject.toml --extra gateway --extra notify --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 -o requirements/notify.lock
	$(BIN)/uv pip compile --quiet pyproject.toml --extra gateway --extra notify --group dev --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 -o requirements/dev.lock

clean:
	rm -rf .venv web/node_modules gateway/http/static/console gateway/http/static/driver gateway/http/static/customer build *.egg-info
