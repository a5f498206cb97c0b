"""Whose vans they are, for the customer's page."""

from typing import NamedTuple


class House(NamedTuple):
    """The company. `logo` is where its picture is; None if there is none. `colour` is #rrggbb."""

    name: str = ""
    phone: str | None = None
    colour: str = "#1f7a4d"
    logo: str | None = None
