"""What messages say, in the languages that they are written in.

The letters are those of GSM-7, the alphabet of an SMS of 160 letters: it has è, é, ñ and ü, and neither á, í, ó nor ú.
One letter that is not in it makes the SMS one of 70 letters. So the Spanish words are chosen without those.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.domain.message import MessageKind
from gateway.domain.stop import FailureReason, LeftWith
from gateway.links.words import Language


@dataclass(frozen=True, slots=True)
class Wording:
    """A kind in one language. `{…}` is filled in; `text_without` is for when its time is not known."""

    subject: str
    text: str
    text_without: str


@dataclass(frozen=True, slots=True)
class MessageWords:
    """All of one language. `by` goes before a text, `sender` behind a subject; both say whose van it is."""

    kinds: Mapping[MessageKind, Wording]
    by: str
    sender: str
    left_with: Mapping[LeftWith, str]
    reasons: Mapping[FailureReason, str]
    follow: str
    opt_out: str


ENGLISH = MessageWords(
    kinds={
        MessageKind.ON_THE_WAY: Wording(
            "Your delivery is on its way",
            "Your delivery is on its way, expected {start}-{end}.",
            "Your delivery is on its way.",
        ),
        MessageKind.NEXT: Wording(
            "Your delivery is next",
            "Your delivery is next, expected {start}-{end}.",
            "Your delivery is next.",
        ),
        MessageKind.ARRIVING: Wording(
            "Your delivery is arriving",
            "Our van will be with you at about {at}.",
            "Our van will be with you in a few minutes.",
        ),
        MessageKind.NEW_ETA: Wording(
            "New time for your delivery",
            "Your delivery has a new time: {start}-{end}, instead of {promised}.",
            "Your delivery has a new time.",
        ),
        MessageKind.DELIVERED: Wording(
            "Your delivery has arrived", "Delivered at {at}{how}.", "Your delivery has arrived{how}."
        ),
        MessageKind.FAILED: Wording(
            "We could not deliver", "We could not deliver at {at}{how}.", "We could not deliver{how}."
        ),
    },
    by="{company}: ",
    sender=" - {company}",
    left_with={
        LeftWith.RECIPIENT: ", handed over in person",
        LeftWith.NEIGHBOUR: ", left with a neighbour",
        LeftWith.SAFE_PLACE: ", left in a safe place",
        LeftWith.LOCKER: ", left in a locker",
    },
    reasons={
        FailureReason.ABSENT: ": nobody was there",
        FailureReason.REFUSED: ": it was not accepted",
        FailureReason.WRONG_ADDRESS: ": the address was wrong",
        FailureReason.NO_ACCESS: ": we could not get to the door",
        FailureReason.DAMAGED: ": the goods are damaged",
        FailureReason.MISSING_ITEM: ": it was not on the van",
        FailureReason.CLOSED: ": the doors were closed",
        FailureReason.OUT_OF_TIME: ": we ran out of time",
        FailureReason.VEHICLE_PROBLEM: ": our van broke down",
        FailureReason.OTHER: "",
    },
    follow="Follow it here:",
    opt_out="You can say there that you want no more messages.",
)

SPANISH = MessageWords(
    kinds={
        MessageKind.ON_THE_WAY: Wording(
            "Su entrega va en camino",
            "Su entrega va en camino, prevista entre las {start} y las {end}.",
            "Su entrega va en camino.",
        ),
        MessageKind.NEXT: Wording(
            "Su entrega es la siguiente",
            "Su entrega es la siguiente, prevista entre las {start} y las {end}.",
            "Su entrega es la siguiente.",
        ),
        MessageKind.ARRIVING: Wording(
            "Su entrega llega enseguida",
            "Su entrega llega sobre las {at}.",
            "Su entrega llega en unos minutos.",
        ),
        MessageKind.NEW_ETA: Wording(
            "Nueva hora para su entrega",
            "Nueva hora: entre las {start} y las {end} (antes {promised}).",
            "Su entrega tiene nueva hora.",
        ),
        MessageKind.DELIVERED: Wording(
            "Su entrega ha llegado", "Entregado a las {at}{how}.", "Su entrega ha llegado{how}."
        ),
        MessageKind.FAILED: Wording(
            "No hemos podido hacer su entrega",
            "A las {at} no hemos podido entregar{how}.",
            "No hemos podido hacer su entrega{how}.",
        ),
    },
    by="{company}: ",
    sender=" - {company}",
    left_with={
        LeftWith.RECIPIENT: ", en mano",
        LeftWith.NEIGHBOUR: ", a un vecino",
        LeftWith.SAFE_PLACE: ", en un lugar seguro",
        LeftWith.LOCKER: ", en una taquilla",
    },
    reasons={
        FailureReason.ABSENT: ": no nos ha abierto nadie",
        FailureReason.REFUSED: ": no se ha aceptado",
        FailureReason.WRONG_ADDRESS: ": las señas no son correctas",
        FailureReason.NO_ACCESS: ": sin acceso a la puerta",
        FailureReason.DAMAGED: ": el paquete tiene daños",
        FailureReason.MISSING_ITEM: ": no iba en la furgoneta",
        FailureReason.CLOSED: ": estaba cerrado",
        FailureReason.OUT_OF_TIME: ": nos ha faltado tiempo",
        FailureReason.VEHICLE_PROBLEM: ": se ha averiado la furgoneta",
        FailureReason.OTHER: "",
    },
    follow="Puede seguirla en:",
    opt_out="Desde allí puede decirnos que no quiere recibir más mensajes.",
)

MESSAGE_WORDS: Mapping[Language, MessageWords] = {Language.ENGLISH: ENGLISH, Language.SPANISH: SPANISH}


def language_for(recipient: str | None, otherwise: str) -> Language:
    """Return the language of a message: the recipient's if it is one of ours, else that of the settings."""
    tag = (recipient or "").strip().casefold().replace("_", "-").partition("-")[0]
    return Language(tag) if tag in {*Language} else Language(otherwise)
