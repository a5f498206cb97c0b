"""Reads what is wanted at a stop: a proof of the delivery, messages to its recipient, and in which language."""

import re
from collections.abc import Mapping

from gateway.domain.proof import ProofKind
from gateway.planning.values import Row

WORD_LENGTH = 32
"""Of one of these words; what is longer is another column."""

_PROOFS: Mapping[str, ProofKind | None] = {
    **dict.fromkeys(("photo", "foto", "picture", "bild", "fotografia", "fotografía"), ProofKind.PHOTO),
    **dict.fromkeys(("signature", "unterschrift", "firma"), ProofKind.SIGNATURE),
    **dict.fromkeys(("no", "none", "nein", "keiner", "ninguna", "ninguno"), None),
}
_ANSWERS: Mapping[str, bool] = {
    **dict.fromkeys(("yes", "y", "true", "1", "ja", "j", "si", "sí", "s", "x"), True),
    **dict.fromkeys(("no", "n", "false", "0", "nein"), False),
}
_LANGUAGES: Mapping[str, str] = {
    **dict.fromkeys(("english", "englisch", "ingles", "inglés"), "en"),
    **dict.fromkeys(("spanish", "spanisch", "espanol", "español", "castellano"), "es"),
    **dict.fromkeys(("german", "deutsch", "aleman", "alemán"), "de"),
}
_TAG = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]{2,8})*")
"""A language with its region or script (BCP 47), like es-MX."""


def proof_of(row: Row) -> ProofKind | None:
    """Return what the driver has to bring; None: nothing."""
    word = _word(row, "proof")
    if word is not None and word not in _PROOFS:
        row.fault("proof", "is none of photo, signature, none")
    return None if word is None else _PROOFS.get(word)


def notify_of(row: Row) -> bool | None:
    """Return whether the recipient wants messages; None: not known."""
    raw = row.raw("notify")
    if isinstance(raw, bool):
        return raw
    word = _word(row, "notify")
    if word is not None and word not in _ANSWERS:
        row.fault("notify", "is neither yes nor no")
    return None if word is None else _ANSWERS.get(word)


def language_of(row: Row) -> str | None:
    """Return the recipient's language as its two letters (ISO 639-1)."""
    word = _word(row, "language")
    if word is None:
        return None
    tag = _TAG.fullmatch(word)
    if tag is None and word not in _LANGUAGES:
        row.fault("language", "is no language's two letters (ISO 639-1), like en or es")
        return None
    return _LANGUAGES[word] if tag is None else tag[1]


def _word(row: Row, field: str) -> str | None:
    text = row.text(field, WORD_LENGTH)
    return None if text is None else text.casefold()
