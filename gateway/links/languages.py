"""The languages of the customer's page, with their words."""

from gateway.links.english import ENGLISH
from gateway.links.spanish import SPANISH
from gateway.links.words import Language, Words

WORDS: dict[Language, Words] = {Language.ENGLISH: ENGLISH, Language.SPANISH: SPANISH}
