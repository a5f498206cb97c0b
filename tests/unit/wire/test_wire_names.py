"""Names: what may stand in a topic, a key, a tag and a link."""

import pytest

from wire.names import VehicleKey, is_name, require_name


@pytest.mark.parametrize("name", ["a", "van-7", "VAN_7", "0", "a" * 64])
def test_names(name: str) -> None:
    assert require_name(name, "vehicle") == name


@pytest.mark.parametrize("text", ["", "a" * 65, "van 7", "van/7", "van+7", "#", "väna", "van\n", "../x", "van.7"])
def test_what_is_no_name_is_refused_with_the_text_in_the_message(text: str) -> None:
    assert not is_name(text)
    with pytest.raises(ValueError, match="vehicle") as refusal:
        require_name(text, "vehicle")
    assert repr(text) in str(refusal.value)


def test_a_key_reads_as_fleet_and_vehicle() -> None:
    assert str(VehicleKey("main", "van-7")) == "main/van-7"
