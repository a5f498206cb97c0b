"""Puts probes and judgements together: settings in, findings out."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gateway.doctor.findings import Area, Finding, Verdict
from gateway.doctor.judgement import broker as judge_broker
from gateway.doctor.judgement import clock as judge_clock
from gateway.doctor.judgement import database as judge_database
from gateway.doctor.judgement import disk as judge_disk
from gateway.doctor.judgement import files as judge_files
from gateway.doctor.judgement import web as judge_web
from gateway.doctor.measurements import Login
from gateway.doctor.probes import broker, machine, web
from gateway.doctor.probes.database import Access, DatabaseProbe, DatabaseUnreachable
from gateway.doctor.probes.mqtt import Connection, Credentials
from gateway.enrolment.broker import broker_user
from gateway.settings import GatewaySettings, MqttSettings, StoreKind
from wire.names import DEFAULT_FLEET, VehicleKey
from wire.topics import Topics


@dataclass(frozen=True, slots=True)
class Extras:
    """What the doctor may be given beside the gateway's settings."""

    vehicle: VehicleKey | None = None
    vehicle_password: str | None = None
    broker_file: Path | None = None


async def examine(settings: GatewaySettings, extras: Extras) -> list[Finding]:
    """Look at everything; what cannot be looked at is a finding, too."""
    of_broker = asyncio.to_thread(lambda: list(_broker(settings.mqtt, extras)))
    of_machine = asyncio.to_thread(lambda: list(_machine(settings)))
    of_web = asyncio.to_thread(lambda: list(_web(settings)))
    several = await asyncio.gather(of_broker, _database(settings), of_machine, of_web)
    return [finding for findings in several for finding in findings]


def _broker(mqtt: MqttSettings, extras: Extras) -> Iterator[Finding]:
    credentials = Credentials(mqtt.username, _secret(mqtt.password_file))
    with broker.connected(mqtt, credentials) as (gateway, login):
        yield judge_broker.judge_login(login, "the gateway")
        if login.login is Login.ACCEPTED:
            yield judge_broker.judge_secrecy(mqtt.host, encrypted=mqtt.tls)
            yield from judge_broker.judge_limits(login.limits)
            yield from _rights(mqtt, gateway, extras)
            yield judge_broker.judge_anonymous(broker.try_login(_without_certificate(mqtt), Credentials()))
            yield judge_broker.judge_session(broker.try_session(mqtt, credentials), needed=mqtt.owntracks)
    yield from _broker_file(extras.broker_file)


def _rights(mqtt: MqttSettings, gateway: Connection, extras: Extras) -> Iterator[Finding]:
    topics = Topics(mqtt.topic_prefix)
    fleet = extras.vehicle.fleet if extras.vehicle else DEFAULT_FLEET
    yield judge_broker.judge_gateway_answer(broker.try_acknowledging(gateway, topics, fleet))
    if extras.vehicle is None:
        yield judge_broker.vehicle_not_given()
        return
    credentials = Credentials(broker_user(extras.vehicle), extras.vehicle_password)
    with broker.connected(_without_certificate(mqtt), credentials) as (vehicle, login):
        yield judge_broker.judge_login(login, str(extras.vehicle))
        if login.login is Login.ACCEPTED:
            found = broker.try_trespass(vehicle, gateway, topics, extras.vehicle)
            yield from judge_broker.judge_trespass(found, str(extras.vehicle))


def _broker_file(path: Path | None) -> Iterator[Finding]:
    if path is None:
        yield judge_broker.broker_file_not_given()
        return
    try:
        yield from judge_broker.judge_broker_file(broker.read_broker_file(path))
    except (OSError, ValueError) as error:
        yield Finding(Area.BROKER, Verdict.UNKNOWN, f"cannot read {path}: {error}")


async def _database(settings: GatewaySettings) -> list[Finding]:
    telemetry = settings.telemetry
    if telemetry.kind is StoreKind.EMBEDDED:
        return [judge_database.judge_embedded()]
    secret_file = telemetry.password_file if telemetry.kind is StoreKind.INFLUXDB_1 else telemetry.token_file
    async with DatabaseProbe(telemetry, Access(telemetry.username, _secret(secret_file))) as probe:
        try:
            state = await probe.look()
        except DatabaseUnreachable as error:
            return [judge_database.judge_unreachable(str(error))]
        return list(judge_database.judge_database(state, await probe.write()))


def _machine(settings: GatewaySettings) -> Iterator[Finding]:
    yield judge_clock.judge_kernel(machine.kernel_clock())
    try:
        disk = machine.disk(settings.data_dir)
    except OSError as error:
        yield Finding(Area.DISK, Verdict.PROBLEM, f"cannot look at {settings.data_dir}: {error}", "correct data_dir")
    else:
        yield from judge_disk.judge_disk(disk)
        growth = machine.journal_growth(settings.data_dir)
        yield judge_disk.judge_growth(growth, settings.journal.keep_hours, disk.free_bytes)
    yield judge_files.judge_data_dir(machine.mode(settings.data_dir))
    yield from judge_files.judge_secrets(machine.mode(path) for path in _secret_files(settings))


def _web(settings: GatewaySettings) -> Iterator[Finding]:
    url = settings.http.public_url
    if url is None:
        used = {
            "messages to customers": settings.messages.channels,
            "drivers' links": machine.driver_links(settings.data_dir),
        }
        yield judge_web.judge_missing([who for who, is_used in used.items() if is_used])
        return
    yield from judge_web.judge_address(url, web.ask(url), web.instance_here(settings.data_dir))
    if url.startswith("https://"):
        yield judge_web.judge_plain(web.ask_plainly(url))


def _secret_files(settings: GatewaySettings) -> list[Path]:
    mqtt, telemetry = settings.mqtt, settings.telemetry
    named = (mqtt.password_file, mqtt.tls_key_file, telemetry.password_file, telemetry.token_file)
    return [path for path in named if path is not None]


def _without_certificate(mqtt: MqttSettings) -> MqttSettings:
    """Return the way to the broker of somebody who is not the gateway."""
    return MqttSettings(
        host=mqtt.host,
        port=mqtt.port,
        protocol=mqtt.protocol,
        tls=mqtt.tls,
        tls_ca_file=mqtt.tls_ca_file,
        topic_prefix=mqtt.topic_prefix,
    )


def _secret(path: Path | None) -> str | None:
    """Return the secret in a file; None if there is none, which `files` reports, or no text, which the login shows."""
    try:
        return None if path is None else path.read_text().strip()
    except (OSError, UnicodeDecodeError):
        return None
