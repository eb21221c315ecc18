"""Greetings and thanks: answered kindly, never taken for a proposal."""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import pairwise

from bot.insight.folding import words


class Courtesy(StrEnum):
    """What a polite word is for."""

    GREETING = "greeting"
    THANKS = "thanks"


_LONGEST = 12  # words; whoever writes more has something to say
_DRAWN_OUT = re.compile(r"(.)\1+$")  # chaooo, hiii
_GREETING = frozenset({"chao", "hello", "helo", "hi", "hey", "alo", "xinchao", "greetings"})
_THANKS = frozenset({"camon", "thanks", "thank", "tks", "thks", "thx", "cmon"})
_THANKS_PAIRS = frozenset({("cam", "on"), ("biet", "on"), ("da", "ta")})
_GREETING_PAIRS = frozenset({("good", "morning"), ("good", "afternoon"), ("good", "evening")})
_AROUND = frozenset(
    """
    a ad admin ak all anh ban bac bn bot buoi cac chau chi chieu chu cung da dang day doan e em everyone for ha help
    i ket luon minh moi mn much ngay nguoi nha nhe nhieu nhiu oi ok oke okay on qua r rat roi sang so team there toi
    trua u vang very voi vui xin y you your
    """.split()  # noqa: SIM905
)

_KNOWN = _GREETING | _THANKS | _AROUND | {word for pair in _THANKS_PAIRS | _GREETING_PAIRS for word in pair}


def courtesy(text: str) -> Courtesy | None:
    """The courtesy that the whole text is; None as soon as it says anything else."""
    said = [word if word in _KNOWN else _DRAWN_OUT.sub(r"\1", word) for word in words(text)]
    if not said or len(said) > _LONGEST:
        return None
    for kind, single, pairs in (
        (Courtesy.THANKS, _THANKS, _THANKS_PAIRS),
        (Courtesy.GREETING, _GREETING, _GREETING_PAIRS),
    ):
        if _speaks(said, single, pairs) and _says_no_more(said):
            return kind
    return None


def _speaks(said: list[str], single: frozenset[str], pairs: frozenset[tuple[str, str]]) -> bool:
    return not single.isdisjoint(said) or not pairs.isdisjoint(pairwise(said))


def _says_no_more(said: list[str]) -> bool:
    return _KNOWN.issuperset(said)
