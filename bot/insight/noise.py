"""The ways in which texts are typed on a phone, for training and for measuring; the same text always comes out the same."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable

from bot.insight import chat
from bot.insight.folding import fold

_SHORT: dict[str, list[str]] = defaultdict(list)
for _form, _full in chat.FORMS.items():
    if _form.isalpha():
        _SHORT[_full].append(_form)
_WORD = re.compile(r"\w+")


def unmarked(text: str, chance: random.Random) -> str:
    """Without any mark, mostly without capitals and signs."""
    folded = fold(text)
    return re.sub(r"[.,;:!?]", "", folded) if chance.random() < 0.5 else folded


def shortened(text: str, chance: random.Random) -> str:
    """With the short forms of chats, with or without marks on the rest."""
    low = text.lower()
    for full, forms in _SHORT.items():
        if full in low and chance.random() < 0.8:
            low = re.sub(rf"\b{re.escape(full)}\b", chance.choice(forms), low)
    return fold(low) if chance.random() < 0.5 else low


def mistyped(text: str, chance: random.Random, rate: float = 0.08) -> str:
    """With letters left out, doubled, or swapped, in about every twelfth place."""
    letters = list(text)
    place = 1
    while place < len(letters) - 1:
        if letters[place].isalpha() and letters[place - 1].isalpha() and chance.random() < rate:
            slip = chance.choice(("out", "double", "swap"))
            if slip == "swap" and letters[place + 1].isalpha():
                letters[place], letters[place + 1] = letters[place + 1], letters[place]
            elif slip != "swap":
                letters[place] = "" if slip == "out" else letters[place] * 2
            place += 2
        place += 1
    return "".join(letters)


def run_on(text: str, chance: random.Random) -> str:
    """As one breath: no signs, no capitals, some spaces missing, as voice typing and quick thumbs leave it."""
    words = _WORD.findall(text.lower())
    joined = [word + ("" if chance.random() < 0.15 else " ") for word in words]
    return "".join(joined).strip()


def messy(text: str, chance: random.Random) -> str:
    """Several at once."""
    return mistyped(shortened(text, chance), chance, rate=0.04)


KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "unmarked": unmarked,
    "shortened": shortened,
    "mistyped": mistyped,
    "run_on": run_on,
    "messy": messy,
}


def noisy(text: str, kind: str) -> str:
    """A text typed in one of KINDS of ways."""
    return KINDS[kind](text, random.Random(f"{kind} {text}"))  # noqa: S311 - chance here decides nothing
