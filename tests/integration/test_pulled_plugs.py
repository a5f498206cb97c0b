"""Nothing is lost and nothing doubled, whoever pulls whichever plug."""

from pathlib import Path

import pytest

from tests.chaos import campaign
from tests.chaos.campaign import Plan
from tests.fixtures.require import require_shared

pytestmark = pytest.mark.heavy


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [20261124])
async def test_every_committed_position_is_in_the_database_exactly_once(tmp_path: Path, seed: int) -> None:
    found = await campaign.run(Plan(seed), tmp_path, require_shared("tracks/munich-drive.json"))
    print(found)
    assert sum(found.kills.values()) >= 30
    assert all(found.kills[part] for part in ("broker", "database", "gateway"))
    assert found.witnessed > 4 * 1_000
    assert not found.lost, found
    assert not found.doubled, found
    assert not found.rows_nobody_wrote, found


@pytest.mark.soak
@pytest.mark.timeout(5_400)
@pytest.mark.parametrize("qos", [0, 1])
@pytest.mark.parametrize("seed", range(12))
async def test_the_same_for_many_seeds(tmp_path: Path, seed: int, qos: int) -> None:
    plan = Plan(seed, kills=60, fixes=3_000, qos=qos)
    found = await campaign.run(plan, tmp_path, require_shared("tracks/munich-drive.json"))
    assert not found.lost, found
    assert not found.doubled, found
    assert not found.rows_nobody_wrote, found
