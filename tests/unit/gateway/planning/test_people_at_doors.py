"""Who is one person, and what is left of a stop without them."""

import msgspec
import pytest

from gateway.domain.proof import ProofKind
from gateway.planning.details import StopDetails
from gateway.planning.people import WORK, contacts_of, digits_of, is_taken_over, person_of, same_number, without_person

PERSONAL = {"address", "recipient", "phone", "email", "notes", "notify", "language"}


def test_every_field_of_a_stop_is_either_of_the_work_or_of_the_person():
    """A new field has to be put on one side, here and in `WORK`: what nobody thought of is erased."""
    assert {field.name for field in msgspec.structs.fields(StopDetails)} == WORK | PERSONAL
    assert not WORK & PERSONAL


def test_without_a_person_the_work_is_left():
    whole = StopDetails(
        stop="s1", order="A-1", address="Street 1", recipient="Ann", phone="1", email="a@b", parcels=2, notes="bell",
        proof=ProofKind.PHOTO, notify=True, language="es",
    )  # fmt: skip
    assert without_person(whole) == StopDetails(stop="s1", order="A-1", parcels=2, proof=ProofKind.PHOTO)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+358 40 123 4567", "040 1234567"),
        ("00358401234567", "+358 (0)40 123-4567"),
        ("0401234567", "401234567"),
        ("12345", "012345"),
    ],
)
def test_a_number_is_one_however_it_is_written(one, other):
    assert same_number(digits_of(one), digits_of(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+358401234567", "+358401234568"),
        ("4567", "+358401234567"),  # an extension is nobody
        ("+49301234567", "+15549301234567890"),
        ("", ""),
        ("12345678", "9912345678901"),
        ("23456789", "9999923456789"),  # too much before it for a country's code
    ],
)
def test_other_numbers_are_not(one, other):
    assert not same_number(digits_of(one), digits_of(other))


def test_a_person_is_known_by_number_or_e_mail():
    person = person_of(["040 123 4567", None, "-"], ["Ann@Example.org "])
    assert person.is_at(StopDetails(stop="s", order="o", phone="+358401234567"))
    assert person.is_at(StopDetails(stop="s", order="o", phone="1", email=" ann@example.ORG"))
    assert not person.is_at(StopDetails(stop="s", order="o", recipient="Ann"))
    assert not person.is_at(StopDetails(stop="s", order="o", phone="-", email="ben@example.org"))


def contacts(recipient, phone, email):
    return contacts_of(StopDetails(stop="s1", order="A-1", recipient=recipient, phone=phone, email=email))


def test_people_are_told_apart_however_they_are_written():
    assert contacts(" Ann  Virtanen ", "+358 (0)40-12", "Ann@X.fi ") == {"ann virtanen", "3584012", "ann@x.fi"}
    assert contacts("ANN VIRTANEN", None, None) <= contacts("ann virtanen", "1", None)
    assert contacts(None, None, None) == contacts("", "-", " ") == frozenset()
    assert contacts(None, "+358401234567 Ext 5", None) == {"+358401234567 ext 5"}


GARCIA = StopDetails(stop="s1", order="A-1", recipient="Ana Garcia", address="Calle 3")


@pytest.mark.parametrize(
    ("changed", "taken_over"),
    [
        ({"recipient": "Ana García"}, False),
        ({"notes": "ring twice"}, False),
        ({"recipient": "Ana García", "address": "Calle 4"}, True),
        ({"recipient": "Bea", "phone": "+34 600 111 222"}, True),
        ({"order": "B-1"}, True),
    ],
)
def test_a_name_that_is_put_right_at_its_door_is_of_the_same_person(changed, taken_over):
    assert is_taken_over(GARCIA, msgspec.structs.replace(GARCIA, **changed)) is taken_over


def test_without_a_door_another_name_is_another_person():
    nowhere = msgspec.structs.replace(GARCIA, address=None)
    assert is_taken_over(nowhere, msgspec.structs.replace(nowhere, recipient="Bea"))
