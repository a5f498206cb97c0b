"""What the customer's page says, in the languages that it speaks."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from gateway.domain.stop import FailureReason, LeftWith
from gateway.links.delivery import Stage


class Language(StrEnum):
    """The page's languages, by their ISO 639-1 codes."""

    ENGLISH = "en"
    SPANISH = "es"


class Said(NamedTuple):
    """A headline, and the line below it (may be empty)."""

    headline: str
    line: str


@dataclass(frozen=True)
class Words:
    """All texts of one language. `{…}` is filled in."""

    title: str
    steps: tuple[str, str, str]
    stages: dict[Stage, Said]
    next: str
    one_before: str
    many_before: str
    expected: str
    promised: str
    between: str
    just_known: str
    known_ago: str
    unheard: str
    left_with: dict[LeftWith, str]
    reasons: dict[FailureReason, str]
    at: str
    gone: Said
    busy: Said
    away: Said
    refreshes: str


ENGLISH = Words(
    title="Your delivery",
    steps=("Planned", "On its way", "Delivered"),
    stages={
        Stage.PLANNED: Said("Your delivery is planned", "The van has not set out yet."),
        Stage.ON_THE_WAY: Said("Your delivery is on its way", ""),
        Stage.ARRIVED: Said("The van is at your door", ""),
        Stage.LEFT: Said("The van has been at your door", "The driver has not said yet what became of the delivery."),
        Stage.PUT_OFF: Said("Your delivery is put off", "Another stop was served first. The van may still come."),
        Stage.NOT_TODAY: Said("Your delivery did not come today", "Ask the sender when it will come."),
        Stage.DELIVERED: Said("Delivered", ""),
        Stage.FAILED: Said("We could not deliver", ""),
        Stage.CANCELLED: Said("Your delivery does not come with this van", "Ask the sender when it will come."),
    },
    next="Yours is the next delivery",
    one_before="1 delivery before yours",
    many_before="{count} deliveries before yours",
    expected="Expected",
    promised="Promised",
    between="{start} to {end}",
    just_known="as of just now",
    known_ago="as of {minutes} min ago",
    unheard="Nothing was heard from the van for a while: the time may change.",
    left_with={
        LeftWith.RECIPIENT: "Handed to the recipient.",
        LeftWith.NEIGHBOUR: "Left with a neighbour.",
        LeftWith.SAFE_PLACE: "Left in a safe place.",
        LeftWith.LOCKER: "Left in a locker.",
    },
    reasons={
        FailureReason.ABSENT: "Nobody was there.",
        FailureReason.REFUSED: "It was not accepted.",
        FailureReason.WRONG_ADDRESS: "The address was not right.",
        FailureReason.NO_ACCESS: "The driver could not get to the door.",
        FailureReason.DAMAGED: "The parcel is damaged.",
        FailureReason.MISSING_ITEM: "The parcel was not in the van.",
        FailureReason.CLOSED: "It was closed.",
        FailureReason.OUT_OF_TIME: "There was no time left today.",
        FailureReason.VEHICLE_PROBLEM: "The van broke down.",
        FailureReason.OTHER: "Ask the sender what to do.",
    },
    at="At {time}.",
    gone=Said("This link leads nowhere", "It may be mistyped, or the delivery is some days ago."),
    busy=Said("One moment, please", "Too many pages were asked for from where you are. Try again in a minute."),
    away=Said("We cannot look it up right now", "This page tries again in a minute."),
    refreshes="This page renews itself every minute.",
)

SPANISH = Words(
    title="Su entrega",
    steps=("Planificada", "En camino", "Entregada"),
    stages={
        Stage.PLANNED: Said("Su entrega está planificada", "El vehículo todavía no ha salido."),
        Stage.ON_THE_WAY: Said("Su entrega está en camino", ""),
        Stage.ARRIVED: Said("El vehículo está en su puerta", ""),
        Stage.LEFT: Said("El vehículo ha pasado por su puerta", "Aún no se ha confirmado la entrega."),
        Stage.PUT_OFF: Said("Su entrega se ha aplazado", "Se ha atendido antes otra parada. Aún puede llegar."),
        Stage.NOT_TODAY: Said("Su entrega no ha llegado hoy", "Pregunte al remitente cuándo llegará."),
        Stage.DELIVERED: Said("Entregada", ""),
        Stage.FAILED: Said("No hemos podido entregarla", ""),
        Stage.CANCELLED: Said("Su entrega no llega con este vehículo", "Pregunte al remitente cuándo llegará."),
    },
    next="La suya es la próxima entrega",
    one_before="1 entrega antes de la suya",
    many_before="{count} entregas antes de la suya",
    expected="Prevista",
    promised="Prometida",
    between="{start} a {end}",
    just_known="según datos de ahora mismo",
    known_ago="según datos de hace {minutes} min",
    unheard="Hace un rato que no hay noticias del vehículo: la hora puede cambiar.",
    left_with={
        LeftWith.RECIPIENT: "Entregada en mano.",
        LeftWith.NEIGHBOUR: "Entregada a un vecino.",
        LeftWith.SAFE_PLACE: "Dejada en un lugar seguro.",
        LeftWith.LOCKER: "Dejada en una taquilla.",
    },
    reasons={
        FailureReason.ABSENT: "No había nadie.",
        FailureReason.REFUSED: "No fue aceptada.",
        FailureReason.WRONG_ADDRESS: "La dirección no era correcta.",
        FailureReason.NO_ACCESS: "No se pudo llegar a la puerta.",
        FailureReason.DAMAGED: "El paquete está dañado.",
        FailureReason.MISSING_ITEM: "El paquete no estaba en el vehículo.",
        FailureReason.CLOSED: "Estaba cerrado.",
        FailureReason.OUT_OF_TIME: "Hoy ya no quedaba tiempo.",
        FailureReason.VEHICLE_PROBLEM: "El vehículo ha tenido una avería.",
        FailureReason.OTHER: "Pregunte al remitente qué hacer.",
    },
    at="A las {time}.",
    gone=Said("Este enlace no lleva a ninguna parte", "Puede estar mal escrito, o la entrega fue hace días."),
    busy=Said("Un momento, por favor", "Se han pedido demasiadas páginas desde donde está. Pruebe en un minuto."),
    away=Said("Ahora mismo no podemos consultarla", "Esta página lo intenta de nuevo en un minuto."),
    refreshes="Esta página se renueva cada minuto.",
)

WORDS = {Language.ENGLISH: ENGLISH, Language.SPANISH: SPANISH}

MAX_LANGUAGES = 20
"""Of an Accept-Language header that are looked at; browsers send some five."""


def language_of(accept_language: str) -> Language:
    """Return the language that a browser likes best of those there are (RFC 9110, 12.5.4); English if none."""
    wishes = [_wish(part) for part in accept_language.split(",")[:MAX_LANGUAGES]]
    liked = [(quality, -place, tag) for place, (tag, quality) in enumerate(wishes) if tag in WORDS and quality > 0]
    return Language(max(liked)[2]) if liked else Language.ENGLISH


def _wish(part: str) -> tuple[str, float]:
    """Return a language without its region and how much it is liked, 0 to 1; 0 for what cannot be read."""
    tag, _, parameter = part.partition(";")
    name, _, value = parameter.strip().partition("=")
    try:
        quality = float(value) if name == "q" else 1.0
    except ValueError:
        quality = 0.0
    return tag.strip().lower().partition("-")[0], quality if 0 <= quality <= 1 else 0.0
