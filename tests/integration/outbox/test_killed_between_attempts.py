"""The process that posts is killed again and again, and its receiver fails: each letter arrives, in order."""

import asyncio
import random
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest
from standardwebhooks import Webhook as Verifier

from gateway.sending.secrets import write_secret
from tests.fixtures.faulty_receiver import Fault
from tests.fixtures.letters import KEY, draft
from tests.fixtures.waiting import eventually

pytestmark = pytest.mark.heavy

ROOT = Path(__file__).parents[3]
LANES = 12
LETTERS = 156
KILLS = 4
FAULTS = (Fault.NONE,) * 6 + (Fault.CUT, Fault.BROKEN, Fault.BUSY)


async def start(folder, url, began):
    arguments = ("-m", "tests.chaos.posting_process", folder, url, str(began))
    return await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL)


async def kill(process):
    process.kill()
    await process.wait()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", [20261124, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(12))])
async def test_each_letter_arrives_with_one_id_and_in_order(outbox_rig, faulty_receiver, seed):
    chance = random.Random(seed)
    faulty_receiver.next_fault = lambda: chance.choice(FAULTS)
    faulty_receiver.headers["Retry-After"] = "1"
    drafts = [draft(str(number), lane=str(number % LANES)) for number in range(LETTERS)]
    began = time.time_ns() // 1_000_000
    await outbox_rig.put(*drafts, now=began)

    came_at_kills = []
    for _ in range(KILLS):
        process = await start(outbox_rig.path.parent, faulty_receiver.url, began)
        wanted = len(faulty_receiver.came) + chance.randint(5, 25)
        await eventually(lambda: len(faulty_receiver.came) >= wanted, "requests")  # noqa: B023 - waited for here
        await kill(process)
        came_at_kills.append(len(faulty_receiver.came))
    assert {"open", "delivered"} <= (await outbox_rig.desk.counts()).keys()

    process = await start(outbox_rig.path.parent, faulty_receiver.url, began)
    await eventually(lambda: settled(outbox_rig), "all delivered", within_s=60.0)
    await kill(process)

    assert {webhook.id for webhook in faulty_receiver.taken} == {each.id for each in drafts}
    assert_each_id_has_one_body(faulty_receiver.came)
    assert_lanes_in_order(faulty_receiver.taken)
    assert len(faulty_receiver.came) > LETTERS
    print(seed, len(faulty_receiver.came), "requests,", len(faulty_receiver.taken), "taken, kills at", came_at_kills)


async def settled(rig):
    return await rig.desk.counts() == {"delivered": LETTERS}


def assert_each_id_has_one_body(webhooks):
    bodies = defaultdict(set)
    for webhook in webhooks:
        Verifier(write_secret(KEY)).verify(webhook.body, webhook.headers)
        bodies[webhook.id].add(webhook.body)
    assert all(len(each) == 1 for each in bodies.values())


def assert_lanes_in_order(webhooks):
    """Whatever comes twice, nothing comes for the first time after a later one of its lane."""
    lane_of = {draft(str(number)).id: number % LANES for number in range(LETTERS)}
    seen, places = set(), defaultdict(list)
    for webhook in webhooks:
        if webhook.id not in seen:
            seen.add(webhook.id)
            said = Verifier(write_secret(KEY)).verify(webhook.body, webhook.headers)
            places[lane_of[webhook.id]].append(said["data"]["seq"])
    assert all(each == list(range(1, LETTERS // LANES + 1)) for each in places.values()), places
