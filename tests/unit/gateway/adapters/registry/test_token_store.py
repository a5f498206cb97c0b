"""The API's tokens."""

from pathlib import Path

import pytest

from gateway.adapters.operations.database import Refreshed, open_operations
from gateway.adapters.registry.tokens import NoSuchToken, TokenStore

NOW_MS = 1_732_375_000_000


@pytest.fixture
def tokens(tmp_path: Path):
    database = open_operations(tmp_path)
    yield TokenStore(database)
    database.close()


def test_the_first_start_makes_one_token_and_later_starts_none(tokens):
    token = tokens.make_first(NOW_MS)
    assert token is not None
    assert token.startswith("mp_")
    assert tokens.check(token)
    assert tokens.make_first(NOW_MS) is None


def test_no_first_token_again_after_it_was_revoked(tokens):
    token = tokens.make_first(NOW_MS)
    tokens.revoke(tokens.issued()[0].id, NOW_MS)
    assert not tokens.check(token)
    assert tokens.make_first(NOW_MS) is None, "whoever revoked it does not want another in the log"


@pytest.mark.parametrize("sent", ["", "mp_", "mp_" + "A" * 43, "A" * 1_000_000, "\udcff", "naïve"])
def test_what_is_no_token_is_refused(tokens, sent):
    tokens.add("dashboard", NOW_MS)
    assert not tokens.check(sent)


def test_tokens_are_listed_without_their_secret(tokens, tmp_path):
    token = tokens.add("dashboard", NOW_MS)
    [row] = tokens.issued()
    assert (row.name, row.created, row.revoked) == ("dashboard", NOW_MS, None)
    assert token not in repr(row)
    assert token.encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_revoking_one_leaves_the_others(tokens):
    gone, kept = tokens.add("a", NOW_MS), tokens.add("b", NOW_MS + 1)
    tokens.revoke(tokens.issued()[0].id, NOW_MS + 2)
    assert not tokens.check(gone)
    assert tokens.check(kept)
    with pytest.raises(NoSuchToken):
        tokens.revoke(tokens.issued()[0].id, NOW_MS + 3)


def test_another_processs_tokens_are_seen_at_the_next_refresh(tokens, tmp_path):
    other = open_operations(tmp_path)
    added = TokenStore(other).add("from the command line", NOW_MS)
    assert not tokens.check(added)
    assert tokens.refresh() is Refreshed.CHANGED
    assert tokens.check(added)
    assert tokens.refresh() is Refreshed.UNCHANGED
    other.close()
