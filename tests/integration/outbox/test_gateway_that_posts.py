"""The whole gateway as a process: it posts what is in its outbox, over a kill, and beside the command line."""

import asyncio
import subprocess
import sys
import time

import pytest
from standardwebhooks import Webhook as Verifier

from gateway.sending.secrets import write_secret
from tests.fixtures.faulty_receiver import Fault
from tests.fixtures.gateway import SETTINGS
from tests.fixtures.letters import KEY, draft
from tests.fixtures.outbox import OutboxRig
from tests.fixtures.waiting import eventually

pytestmark = pytest.mark.heavy

WEBHOOK = """
[[webhooks]]
name = "erp"
url = "{url}"
secret_file = "erp.secret"
allow = ["127.0.0.0/8"]
"""


@pytest.fixture
async def gateway(make_gateway, mosquitto, faulty_receiver):
    made = make_gateway(mosquitto.port, settings=SETTINGS + WEBHOOK.format(url=faulty_receiver.url))
    (made.directory / "erp.secret").write_text(write_secret(KEY))
    await asyncio.to_thread(made.start)
    return made


@pytest.fixture
def outbox(gateway):
    """Return the outbox of the running gateway, opened beside it."""
    rig = OutboxRig(gateway.directory / "data")
    yield rig
    rig.state.close()


def now_ms():
    return time.time_ns() // 1_000_000


async def notify(gateway, *arguments):
    command = [sys.executable, "-m", "milepost", "notify", *arguments, "--config", gateway.directory / "gateway.toml"]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.timeout(120)
async def test_what_was_under_way_at_a_kill_arrives_after_it_and_what_was_given_up_by_a_replay(
    gateway, outbox, faulty_receiver
):
    faulty_receiver.faults += [Fault.SILENT, Fault.NONE, Fault.GONE]
    first, second, third = (draft(name) for name in "abc")
    await outbox.put(first, second, now=now_ms())
    await eventually(lambda: faulty_receiver.came, "the first attempt")
    await asyncio.to_thread(gateway.kill)
    await asyncio.to_thread(gateway.start)
    await eventually(lambda: len(faulty_receiver.came) == 3, "both, and the first one again")
    assert [webhook.id for webhook in faulty_receiver.came] == [first.id, first.id, second.id]
    for webhook in faulty_receiver.came:
        Verifier(write_secret(KEY)).verify(webhook.body, webhook.headers)

    await outbox.put(third, now=now_ms())
    listed = await eventually_dead(gateway, 2)
    assert "webhook/erp  disabled" in listed
    assert await notify(gateway, "enable", "erp") == (
        "erp is switched on; 2 dead letters: milepost notify replay --endpoint erp\n"
    )
    assert (await notify(gateway, "replay", "--endpoint", "erp")).startswith("2 of 2 are sent again")
    await eventually(lambda: len(faulty_receiver.came) == 5, "the replayed ones")
    assert [webhook.id for webhook in faulty_receiver.came[3:]] == [second.id, third.id]
    await eventually(lambda: outbox_is(outbox, {"delivered": 3}))
    answer = await asyncio.to_thread(gateway.get, "/api/v1/notifications")
    assert (answer["counts"], answer["endpoints"][0]["health"]) == ({"delivered": 3}, "well")


async def eventually_dead(gateway, count):
    shown = []

    async def listed():
        shown.append(await notify(gateway, "list", "--state", "dead"))
        return f"{count} dead" in shown[-1]

    await eventually(listed, f"{count} dead letters")
    return shown[-1]


async def outbox_is(outbox, counts):
    return await outbox.desk.counts() == counts


@pytest.mark.timeout(60)
async def test_what_waits_for_a_webhook_that_is_not_in_the_settings_any_more_is_given_up(make_gateway, mosquitto):
    made = make_gateway(mosquitto.port, settings=SETTINGS)
    rig = OutboxRig(made.directory / "data")
    await rig.put(draft("a"), now=now_ms())
    await asyncio.to_thread(made.start)
    await eventually(lambda: outbox_is(rig, {"dead": 1}))
    assert (await notify(made, "list", "--state", "dead")).rstrip().endswith("no_endpoint")
    rig.state.close()
