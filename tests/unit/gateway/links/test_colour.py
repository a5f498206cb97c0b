"""A company's colour can be read, by day and by night."""

import pytest

from gateway.links.colour import READABLE, contrast, ink_on, readable
from gateway.links.style import DARK_CARD, LIGHT_CARD, style_of

COLOURS = ["#1f7a4d", "#ffcc00", "#000000", "#ffffff", "#ff0000", "#0000ff", "#777777", "#e3f2fd", "#101010"]


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("ground", [LIGHT_CARD, DARK_CARD])
def test_whatever_the_company_chose_can_be_read(colour, ground):
    shade = readable(colour, ground)
    assert contrast(shade, ground) >= READABLE
    assert contrast(ink_on(shade), shade) >= READABLE
    assert shade in style_of(colour).text


def test_a_colour_that_can_be_read_stays():
    assert readable("#1f7a4d", LIGHT_CARD) == "#1f7a4d"


def test_contrast_is_as_wcag_has_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#ffffff") == 1
