"""Photos and signatures: what is taken from a phone, and how it is shown to the office."""

import asyncio
import hashlib
from dataclasses import replace

import pytest

from gateway.domain.proof import Proof, ProofKind
from gateway.domain.route import RouteKey
from gateway.domain.stop import Said, Tap, Teller
from gateway.driving.evidence import MAX_PROOF_BYTES, MAX_PROOFS
from gateway.http.driver_proofs import _received
from gateway.http.errors import ApiError
from gateway.http.moments import MAX_UNIX_MS
from gateway.ports import StoredTap
from tests.fixtures.api import BEARER
from tests.fixtures.routes import MINUTE, START, plan

KEY = RouteKey("main", "r1")
PNG = b"\x89PNG\r\n\x1a\n" + b"a picture"
NOW = START + 60 * MINUTE
OFFICE = "/api/v1/routes/r1/stops/s1/proofs"


def digest_of(content):
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
async def kim(api_rig):
    api_rig.clock.now = NOW
    api_rig.routes.plan(plan("r1", driver="Kim"))
    api_rig.routes.plan(plan("r2", driver="Lee"))
    api_rig.routes.plan(plan("r3", driver="Kim", withdrawn=True))
    return await api_rig.drivers.path("Kim")


def bring(api, kim, content=PNG, route="r1", stop="s1", digest=None, query="kind=photo&taken=5"):
    path = f"{kim}/proofs/{route}/{stop}/{digest or digest_of(content)}?{query}"
    return api.put(path, content=content, headers={"Content-Type": "text/html"})


async def test_a_picture_is_kept_as_what_it_is(api, api_rig, kim):
    answer = bring(api, kim, query=f"kind=signature&taken={NOW - 1}")
    assert (answer.status_code, answer.json()) == (200, {"digest": digest_of(PNG)})
    ((proof, content),) = api_rig.drivers.proofs.kept.values()
    assert proof == Proof(KEY, "s1", digest_of(PNG), ProofKind.SIGNATURE, "image/png", len(PNG), NOW - 1, NOW)
    assert content == PNG


async def test_the_same_picture_counts_once_however_full_the_stop_is(api, api_rig, kim):
    for number in range(MAX_PROOFS):
        assert bring(api, kim, PNG + bytes([number])).status_code == 200
    assert bring(api, kim, PNG + bytes([0])).status_code == 200
    full = bring(api, kim, PNG + b"more")
    assert (full.status_code, full.json()["error"]["code"]) == (409, "too_many_proofs")
    assert bring(api, kim, PNG + b"more", stop="s2").status_code == 200
    assert len(api_rig.drivers.proofs.kept) == MAX_PROOFS + 1


async def test_nothing_was_taken_in_the_future(api, api_rig, kim):
    bring(api, kim, query=f"kind=photo&taken={NOW + 1}")
    ((proof, _),) = api_rig.drivers.proofs.kept.values()
    assert proof.taken == NOW


def give_away(api_rig, **changes):
    """Let another version of r1 be in force since ten minutes."""
    api_rig.routes.plan(plan("r1", **{"driver": "Lee", "version": 2, "issued": NOW - 10 * MINUTE, **changes}))


@pytest.mark.parametrize("off_ms", [-5 * 60 * MINUTE, 0, 3 * 60 * MINUTE, 26 * 60 * MINUTE])
async def test_a_clock_that_is_wrong_by_hours_is_put_right(api, api_rig, kim, off_ms):
    give_away(api_rig)
    taken = NOW - 11 * MINUTE
    answer = bring(api, kim, query=f"kind=photo&taken={taken + off_ms}&sent={NOW + off_ms}")
    assert answer.status_code == 200
    ((proof, _),) = api_rig.drivers.proofs.kept.values()
    assert proof.taken == taken
    late = bring(api, kim, PNG + b"2", query=f"kind=photo&taken={taken + 2 * MINUTE + off_ms}&sent={NOW + off_ms}")
    assert (late.status_code, late.json()["error"]["code"]) == (403, "not_yours")


@pytest.mark.parametrize(
    ("changes", "code"), [({}, "not_yours"), ({"driver": "Kim", "withdrawn": True}, "route_withdrawn")]
)
async def test_what_belongs_to_a_word_that_was_taken_is_taken(api, api_rig, kim, changes, code):
    give_away(api_rig, **changes)
    late = f"kind=photo&taken={NOW - MINUTE}"
    said = Tap("t", NOW - 11 * MINUTE, Said.SUCCEEDED, Teller.DRIVER)
    api_rig.routes.book.words[KEY] = [
        StoredTap("s2", said, NOW),
        StoredTap("s1", replace(said, by=Teller.OPERATOR), NOW),
    ]
    assert bring(api, kim, query=late).json()["error"]["code"] == code
    assert bring(api, kim, stop="s2", query=late).status_code == 200


async def test_a_clock_that_makes_no_sense_makes_no_time_that_is_none(api, api_rig, kim):
    assert bring(api, kim, query=f"kind=photo&taken=5&sent={MAX_UNIX_MS}").status_code == 200
    ((proof, _),) = api_rig.drivers.proofs.kept.values()
    assert proof.taken == 0


async def test_anothers_word_brings_nothing_of_mine(api, api_rig, kim):
    give_away(api_rig)
    said = Tap("t", NOW - MINUTE, Said.SUCCEEDED, Teller.DRIVER)
    api_rig.routes.book.words[KEY] = [StoredTap("s1", said, NOW)]
    assert bring(api, kim, query=f"kind=photo&taken={NOW - MINUTE}").status_code == 403


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"content": b"<svg onload=alert(1)>"}, 400, "no_picture"),
        ({"content": b""}, 400, "no_picture"),
        ({"digest": "0" * 64}, 400, "bad_digest"),
        ({"digest": digest_of(PNG).upper()}, 400, "bad_digest"),
        ({"digest": "x"}, 400, "bad_digest"),
        ({"route": "r9"}, 404, "unknown_route"),
        ({"stop": "s9"}, 404, "unknown_stop"),
        ({"route": "r2"}, 403, "not_yours"),
        ({"route": "r3"}, 409, "route_withdrawn"),
        ({"query": "kind=video&taken=5"}, 400, "bad_parameter"),
        ({"query": "kind=photo"}, 400, "bad_parameter"),
        ({"query": "kind=photo&taken=5&sent=noon"}, 400, "bad_parameter"),
        ({"content": PNG + bytes(MAX_PROOF_BYTES)}, 413, "request_entity_too_large"),
    ],
)
async def test_what_is_no_proof_is_refused(api, api_rig, kim, changes, status, code):
    if "withdrawn" in code:
        api_rig.clock.now = START
    answer = bring(api, kim, **changes)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert not api_rig.drivers.proofs.kept


async def test_a_picture_that_never_comes_gives_its_place_to_another(api_rig, monkeypatch):
    monkeypatch.setattr("gateway.http.driver_proofs.UPLOAD_WITHIN_S", 0.01)

    class Stuck:
        async def body(self):
            await asyncio.Event().wait()

    with pytest.raises(ApiError) as refused, api_rig.drivers.parts.uploads.passed():
        await _received(Stuck())
    assert (refused.value.status, refused.value.code) == (408, "too_slow")


async def test_the_office_sees_what_came(api, api_rig, kim):
    bring(api, kim, query=f"kind=photo&taken={NOW - 1}")
    (shown,) = api.get(OFFICE, headers=BEARER).json()
    assert shown == {
        "digest": digest_of(PNG),
        "kind": "photo",
        "media_type": "image/png",
        "size": len(PNG),
        "taken": NOW - 1,
        "received": NOW,
    }
    assert api.get(OFFICE.replace("s1", "s2"), headers=BEARER).json() == []


async def test_a_strangers_picture_can_do_nothing_but_be_looked_at(api, kim):
    bring(api, kim)
    answer = api.get(f"{OFFICE}/{digest_of(PNG)}", headers=BEARER)
    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["content-disposition"].startswith('inline; filename="r1-s1-')
    assert "no-store" in answer.headers["cache-control"]


async def test_a_picture_needs_the_offices_token(api, kim):
    bring(api, kim)
    assert api.get(f"{OFFICE}/{digest_of(PNG)}").status_code == 401
    missing = api.get(f"{OFFICE}/{'0' * 64}", headers=BEARER)
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "unknown_proof")
