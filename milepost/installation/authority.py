"""The installation's own certificate authority, made with openssl."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

AUTHORITY_DAYS = 3_650
"""Every vehicle holds the authority's certificate: a new one means a visit to each."""

SERVER_DAYS = 397
"""What public authorities allow at most; renewed at a start within the last 60 days."""

RENEW_BEFORE_S = 60 * 86_400

_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


class OpensslFailed(Exception):  # noqa: N818 - a state of the world, named as such
    """openssl did not do what it was asked; the message is its own."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Its key and certificate, `ca.key` and `ca.crt`, lie in `folder`."""

    folder: Path

    @property
    def certificate(self) -> Path:
        """What clients trust."""
        return self.folder / "ca.crt"

    def found(self) -> None:
        """Make key and certificate, if they are not there.

        Raises:
            OpensslFailed: openssl is missing or fails.

        """
        if self.certificate.exists():
            return
        (self.folder / "new.crt").unlink(missing_ok=True)
        name = ("-subj", "/CN=Milepost installation", "-days", str(AUTHORITY_DAYS))
        _openssl(self.folder, "req", "-x509", *_NEW_KEY, "-keyout", "ca.key", "-out", "new.crt", *name)
        (self.folder / "new.crt").replace(self.certificate)

    def certify_server(self, into: Path, names: list[str]) -> None:
        """Put `server.key`, `server.crt` and `ca.crt` into `into`, if they are not there or expire soon.

        Args:
            into: the server's folder.
            names: the host names and IP addresses by which clients reach it, the first being its common name.

        Raises:
            OpensslFailed: openssl is missing or fails.

        """
        if not (into / "server.crt").exists() or _expires_soon(into / "server.crt"):
            self._certify(names)
            for name in ("server.key", "server.crt"):
                (self.folder / name).replace(into / name)
        (into / "ca.crt").write_bytes(self.certificate.read_bytes())

    def _certify(self, names: list[str]) -> None:
        (self.folder / "server.ext").write_text(f"subjectAltName={','.join(map(_alternative, names))}\n")
        _openssl(
            self.folder, "req", *_NEW_KEY, "-keyout", "server.key", "-out", "server.csr", "-subj", f"/CN={names[0]}"
        )
        signed = ("-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", str(SERVER_DAYS))
        files = ("-in", "server.csr", "-out", "server.crt", "-extfile", "server.ext")
        _openssl(self.folder, "x509", "-req", *files, *signed)


def _alternative(name: str) -> str:
    return f"{'IP' if ':' in name or name.replace('.', '').isdigit() else 'DNS'}:{name}"


def _expires_soon(certificate: Path) -> bool:
    asked = ["openssl", "x509", "-checkend", str(RENEW_BEFORE_S), "-noout", "-in", str(certificate)]
    return subprocess.run(asked, capture_output=True, check=False).returncode != 0  # noqa: S603 - our own words


def _openssl(folder: Path, *arguments: str) -> None:
    try:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)  # noqa: S603, S607
    except subprocess.CalledProcessError as error:
        raise OpensslFailed(error.stderr.decode(errors="replace").strip()) from error
    except OSError as error:
        raise OpensslFailed(f"cannot run openssl: {error.strerror}") from error
