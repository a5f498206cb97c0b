"""How far the van is, in words: no more exact than what is shown of it."""

import pytest

from gateway.domain.route import Place
from gateway.links.away import UNBROKEN, away
from gateway.links.languages import WORDS
from gateway.links.visibility import Precision, Van
from gateway.links.words import Language

HOME = Place(60.17, 24.94)
METRE = 1 / 111_195
"""Of latitude, in degrees."""


def said(metres: float, precision: Precision, language: Language = Language.ENGLISH) -> str:
    place = Place(HOME.lat + metres * METRE, HOME.lon)
    return away(Van(place, precision, 0, HOME), WORDS[language]).replace(UNBROKEN, " ")


@pytest.mark.parametrize(
    ("metres", "distance"),
    [
        (0, "Less than 200 m"),
        (149, "Less than 200 m"),
        (151, "About 200 m"),
        (949, "About 900 m"),
        (951, "About 1 km"),
        (1_240, "About 1.2 km"),
        (12_340, "About 12.3 km"),
    ],
)
def test_a_point_is_told_to_a_block(metres, distance):
    assert said(metres, Precision.POINT) == f"{distance} from you, as the crow flies."


@pytest.mark.parametrize(
    ("metres", "distance"),
    [
        (0, "Less than 1 km"),
        (740, "Less than 1 km"),
        (760, "About 1 km"),
        (1_300, "About 1.5 km"),
        (2_100, "About 2 km"),
    ],
)
def test_a_field_is_told_to_a_field(metres, distance):
    assert said(metres, Precision.AREA) == f"{distance} from you, as the crow flies."


def test_a_number_and_its_unit_stay_on_a_line():
    van = Van(HOME, Precision.POINT, 0, HOME)
    assert "200\N{NO-BREAK SPACE}m" in away(van, WORDS[Language.ENGLISH])


def test_in_spanish_with_its_comma():
    assert said(1_240, Precision.POINT, Language.SPANISH) == "A unos 1,2 km de usted, en línea recta."
    assert said(10, Precision.AREA, Language.SPANISH) == "A menos de 1 km de usted, en línea recta."
