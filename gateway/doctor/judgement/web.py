"""What the address under which people reach the gateway means for them."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from gateway.doctor.findings import Area, Finding, Verdict
from gateway.doctor.measurements import Certificate, Plain, Reach, WebAnswer

DAY_S = 86_400

RENEWAL_SHARE = 1 / 4
"""ACME clients renew when a third of the time is left; with less than a quarter left it has failed for a while."""

RENEWAL_DAYS = 14
"""Of a certificate that lives for a year so many days are early enough."""

_HERE = ("localhost", "127.0.0.1", "::1")
_SET_IT = 'set public_url = "https://…" under [http], and a proxy with TLS before the gateway (docs/operations.md)'
_SECURE_CONTEXT = "drivers' phones give no place, and their page does not open offline, without HTTPS"

_ACTIONS = {
    Reach.UNREACHABLE: "check the name (DNS), the firewall, and that the proxy runs; from here it may need a way out",
    Reach.NO_TLS: "something answers without TLS: check the port, and the proxy's certificate",
    Reach.NOT_TRUSTED: "get a certificate that browsers trust (ACME); for a trial's own authority set SSL_CERT_FILE",
}


def judge_missing(users: Sequence[str]) -> Finding:
    """Judge that no public_url is set; `users` are the things in use that need one."""
    if not users:
        return _finding(Verdict.UNKNOWN, "no public_url is set: people off this machine have no way in", _SET_IT)
    who = " and ".join(users)
    return _finding(Verdict.PROBLEM, f"no public_url is set, but {who} are used: {_SECURE_CONTEXT}", _SET_IT)


def judge_address(public_url: str, answer: WebAnswer, instance: str | None) -> Iterator[Finding]:
    """Judge what came of asking the address; `instance` is the gateway that should be there, None: not known."""
    secure = public_url.startswith("https://")
    if not secure:
        yield _judge_plain_address(public_url)
    if answer.reach is not Reach.ANSWERED:
        yield _finding(Verdict.PROBLEM, f"{public_url}: {answer.reach}: {answer.detail}", _ACTIONS[answer.reach])
        return
    if secure:
        yield _judge_certificate(answer.certificate)
    yield _judge_instance(public_url, answer, instance)


def judge_plain(plain: Plain) -> Finding:
    """Judge what becomes of people who leave the s out of https."""
    if plain is Plain.REDIRECTED:
        return _finding(Verdict.OK, "plain HTTP leads to HTTPS")
    if plain is Plain.SERVED:
        return _finding(
            Verdict.PROBLEM,
            "the gateway is also served without HTTPS: tokens can be read on the way",
            "let the proxy redirect port 80 (config/caddy/Caddyfile), and the gateway listen on 127.0.0.1",
        )
    if plain is Plain.NOT_KNOWN:
        return _finding(Verdict.UNKNOWN, "public_url has a port of its own: where plain HTTP would be is not known")
    return _finding(
        Verdict.WARNING,
        "plain HTTP leads nowhere: who types the address without https:// finds nothing",
        "let the proxy redirect port 80",
    )


def _judge_plain_address(public_url: str) -> Finding:
    if urlsplit(public_url).hostname in _HERE:
        return _finding(Verdict.WARNING, f"{public_url} leads to this machine alone: for trials", _SET_IT)
    return _finding(Verdict.PROBLEM, f"{public_url} is not HTTPS: {_SECURE_CONTEXT}", _SET_IT)


def _judge_certificate(certificate: Certificate | None) -> Finding:
    if certificate is None:
        return _finding(Verdict.UNKNOWN, "the certificate is valid, and does not say until when")
    days = certificate.left_s / DAY_S
    left = f"{days:.0f} days" if days >= 2 else f"{certificate.left_s / 3600:.0f} h"
    if certificate.left_s < min(certificate.whole_s * RENEWAL_SHARE, RENEWAL_DAYS * DAY_S):
        return _finding(
            Verdict.WARNING,
            f"the certificate ends in {left}, and nothing has renewed it",
            "look at the proxy's log; ACME needs port 80 or 443 to be reached from outside",
        )
    return _finding(Verdict.OK, f"the certificate is valid for {left}")


def _judge_instance(public_url: str, answer: WebAnswer, instance: str | None) -> Finding:
    if answer.instance is None:
        return _finding(
            Verdict.PROBLEM,
            f"no gateway answers at {public_url} (status {answer.detail})",
            "start the gateway, and check where the proxy leads",
        )
    if instance is None:
        return _finding(
            Verdict.UNKNOWN, "a gateway answers, but data_dir has no links.key to tell whether it is this one"
        )
    if answer.instance != instance:
        return _finding(
            Verdict.PROBLEM,
            f"another gateway answers at {public_url}: links of this one lead nowhere there",
            "check where the proxy leads, and which data_dir that gateway has",
        )
    return _finding(Verdict.OK, f"{public_url} leads to this gateway")


def _finding(verdict: Verdict, meaning: str, action: str = "") -> Finding:
    return Finding(Area.WEB, verdict, meaning, action)
