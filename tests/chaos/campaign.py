"""The campaign: a drive is reported while random parts are killed; then everything settles and is counted."""

import asyncio
import contextlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.chaos import drive, installation
from tests.chaos.installation import Installation
from tests.chaos.parts import Plug
from tests.fixtures.waiting import eventually

SETTLES_WITHIN_S = 90.0


@dataclass(frozen=True)
class Plan:
    """How long, how fast and how cruel; the seed makes the order of the kills repeatable."""

    seed: int
    vehicles: int = 4
    fixes: int = 1_900
    speed: float = 25.0
    kills: int = 32
    qos: int = 0


@dataclass
class Verdict:
    """What was found in the end."""

    witnessed: int
    stored: int
    kills: Counter[str]
    lost: set[tuple[str, str, int]]
    doubled: list[tuple[str, int]]
    rows_nobody_wrote: set[tuple[str, str, int]]

    def __str__(self) -> str:
        return (
            f"{self.witnessed} committed, {self.stored} stored, kills {dict(self.kills)}, lost {len(self.lost)}, "
            f"doubled {len(self.doubled)}, strangers {len(self.rows_nobody_wrote)}"
        )


async def run(plan: Plan, folder: Path, track: Path) -> Verdict:
    """Run the whole campaign in `folder`."""
    rng = Random(plan.seed)
    places = drive.recorded_places(track)
    receivers = {
        f"van-{number}": drive.Receiver(places[200 * number :] + places[: 200 * number], plan.fixes, plan.speed)
        for number in range(plan.vehicles)
    }
    async with contextlib.AsyncExitStack() as ends:
        ports = {vehicle: await ends.enter_async_context(receiver.serving()) for vehicle, receiver in receivers.items()}
        whole = installation.build(folder, ports, plan.qos, Random(plan.seed + 1))
        ends.callback(whole.stop)
        await whole.start()
        await torment(plan, whole, list(receivers.values()), rng)
        await settle(whole)
        return verdict(whole)


async def settle(whole: Installation) -> None:
    """Wait until all is stored, but not for what never comes: the verdict counts that."""
    with contextlib.suppress(AssertionError):
        await eventually(lambda: settled(whole), "every committed position is stored", SETTLES_WITHIN_S)


async def torment(plan: Plan, whole: Installation, receivers: list[drive.Receiver], rng: Random) -> None:
    async with asyncio.TaskGroup() as tasks:
        for receiver in receivers:
            tasks.create_task(receiver.drive())
        tasks.create_task(pull_at_random(plan, whole.plugs, rng))


async def pull_at_random(plan: Plan, plugs: list[Plug], rng: Random) -> None:
    """Pull one plug after another, sometimes two at once; each stays out for a moment of its own."""
    pause_s = plan.fixes / plan.speed / (plan.kills + 2)
    async with asyncio.TaskGroup() as tasks:
        for _ in range(plan.kills):
            await asyncio.sleep(rng.uniform(0.5, 1.5) * pause_s)
            victim = rng.choice([plug for plug in plugs if not plug.is_down])
            tasks.create_task(victim.pull_for(rng.uniform(0.0, 3.0)))


async def settled(whole: Installation) -> bool:
    stored = {row[:3] for row in await asyncio.to_thread(whole.stored)}
    return bool(stored) and whole.witnessed().keys() <= stored


def verdict(whole: Installation) -> Verdict:
    witnessed, rows = whole.witnessed(), whole.stored()
    identities = {row[:3] for row in rows}
    fixes = Counter((vehicle, time_ms) for vehicle, _, _, time_ms in rows)
    return Verdict(
        witnessed=len(witnessed),
        stored=len(rows),
        kills=Counter({plug.name: plug.kills for plug in whole.plugs}),
        lost=witnessed.keys() - identities,
        doubled=[fix for fix, count in fixes.items() if count > 1],
        rows_nobody_wrote={row[:3] for row in rows if witnessed.get(row[:3], row[3]) != row[3]},
    )
