"""Who listens to the demo's webhook, as an integrator would: checks the signatures and keeps a line of each event."""

import contextlib
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from gateway.sending.secrets import NEW_BYTES, parse_secret, write_secret
from gateway.settings import WebhookSettings
from milepost.demo.broker import LOOPBACK
from milepost.listening import Listener

NAME = "demo"
TOLD = ("order=", "stops_remaining=", "confirmed=", "left_with=", "kind=", "text=")
"""The facts that are said of an event; the log has all."""
SECRET_FILE, LOG_FILE = "webhook.secret", "webhook.log"


@dataclass(slots=True)
class Receiver:
    """A webhook that listens. All lines go into `log`; those that `shown` chooses are said as well."""

    settings: WebhookSettings
    log: Path
    say: Callable[[str], None]
    shown: Callable[[str], bool] = lambda _line: False

    def take(self, line: str, file: TextIO) -> None:
        """Keep a line."""
        file.write(line + "\n")
        file.flush()
        if self.shown(line):
            self.say(f"webhook {brief(line)}")


def brief(line: str) -> str:
    """Return what a viewer wants of a line: the time, what it is, and a few of its facts."""
    time, _, kind, *facts = filter(None, line.split("  "))
    return "  ".join([time, kind, *(fact for fact in facts if fact.startswith(TOLD))])


@contextlib.contextmanager
def receiving(folder: Path, now: Callable[[], int], say: Callable[[str], None]) -> Iterator[Receiver]:
    """Listen on a free port of this machine while the context lasts; `now` is the demo's clock (Unix ms)."""
    folder.mkdir(parents=True, exist_ok=True)
    secret, log = folder / SECRET_FILE, folder / LOG_FILE
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(write_secret(secrets.token_bytes(NEW_BYTES)))
    with (
        log.open("a") as file,
        Listener(
            (LOOPBACK, 0), [parse_secret(secret.read_text().strip())], lambda line: receiver.take(line, file), now
        ) as listener,
    ):
        url = f"http://{LOOPBACK}:{listener.server_address[1]}/"
        settings = WebhookSettings(name=NAME, url=url, secret_file=secret, allow=(f"{LOOPBACK}/32",))
        receiver = Receiver(settings, log, say)
        thread = threading.Thread(target=listener.serve_forever, name="webhook receiver")
        thread.start()
        try:
            yield receiver
        finally:
            listener.shutdown()
            thread.join()
