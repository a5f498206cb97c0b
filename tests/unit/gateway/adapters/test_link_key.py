"""The key of the links: made once, for us alone, and never guessed at when it is damaged."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from gateway.adapters.link_key import FILE_NAME, LinkKeyUnusable, load_or_make_key


def test_it_is_made_at_the_first_start_and_the_same_afterwards(tmp_path):
    key = load_or_make_key(tmp_path)
    assert len(key) == 32
    assert load_or_make_key(tmp_path) == key


def test_nobody_else_can_read_it(tmp_path):
    load_or_make_key(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


def test_nothing_else_is_left_behind(tmp_path):
    load_or_make_key(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_two_that_start_at_once_have_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(load_or_make_key, [tmp_path] * 8))
    assert len(keys) == 1


def test_a_damaged_file_is_said_and_not_replaced(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"short")
    with pytest.raises(LinkKeyUnusable, match=r"links\.key has 5 bytes"):
        load_or_make_key(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == b"short"


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(LinkKeyUnusable, match="cannot be used"):
        load_or_make_key(tmp_path / "missing")
