"""What the broker wants to see: a password or a certificate. Nothing of it ever reaches a log."""

import os
import ssl

from device.settings import MqttSettings, SettingsError


def password(settings: MqttSettings) -> str | None:
    """Return the password from its file or environment variable; None if none is configured.

    Raises:
        SettingsError: it cannot be read, or is empty.

    """
    if settings.password_file is not None:
        try:
            return _not_empty(settings.password_file.read_text().strip(), f"password_file {settings.password_file}")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"mqtt.password_file: cannot read {settings.password_file}: {error}") from error
    if settings.password_env is not None:
        return _not_empty(os.environ.get(settings.password_env, ""), f"password_env {settings.password_env}")
    return None


def tls_context(settings: MqttSettings) -> ssl.SSLContext | None:
    """Return what TLS needs: the broker's authority and, where given, our certificate; None without TLS.

    Raises:
        SettingsError: a file is missing or is no certificate or key.

    """
    if not settings.tls:
        return None
    try:
        context = ssl.create_default_context(cafile=settings.tls_ca_file)
        if settings.tls_cert_file is not None:
            context.load_cert_chain(settings.tls_cert_file, settings.tls_key_file)
    except (OSError, ssl.SSLError) as error:
        named = [settings.tls_ca_file, settings.tls_cert_file, settings.tls_key_file]
        files = ", ".join(str(file) for file in named if file is not None)
        raise SettingsError(f"mqtt: cannot use the TLS files {files}: {error}") from error
    return context


def _not_empty(secret: str, where: str) -> str:
    if not secret:
        raise SettingsError(f"mqtt.{where} is empty or not set")
    return secret
