"""Words whose marks came out as the keys that make them: "ddaats" for "đất".

Source: the Telex input method, decree-free and the same in every keyboard program since 1995.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from bot.insight.folding import fold
from bot.insight.syllables import is_syllable

_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_LETTERS = (("dd", "đ"), ("aa", "â"), ("ee", "ê"), ("oo", "ô"), ("uow", "ươ"), ("uwow", "ươ"), ("uow", "ươ"), ("aw", "ă"), ("ow", "ơ"), ("uw", "ư"))  # fmt: skip
_STRONG = re.compile(r"^dd|aa|ee|oo|[aou]w|^d.+d$|a[^aeiouy]+a|e[^aeiouy]+e|o[^aeiouy]+o")
_SPLIT = (("a", "â"), ("e", "ê"), ("o", "ô"))  # "hoocj" and "hocoj": the second letter may come late
_VOWEL = "aăâeêioôơuưy"
_MARKED = "ăâêôơư"


@lru_cache(maxsize=50_000)
def decoded(word: str) -> str:
    """The word in lower case that was meant; "" where the keys make no Vietnamese syllable."""
    if not word.isascii() or not word.isalpha() or len(word) > 10:
        return ""
    shape, tone = _without_tone(word)
    for keys, letter in _LETTERS:
        shape = shape.replace(keys, letter)
    shape = _late(shape) if tone or shape.endswith(("d", "w")) else shape
    if not tone and shape == word:
        return ""
    if not is_syllable(fold(shape)):
        return ""
    return _with_tone(shape, tone) if tone else shape


def is_strong(word: str) -> bool:
    """Whether the keys of a word are hardly anything but Telex, unlike the final letter of "cos"."""
    return bool(decoded(word)) and bool(_STRONG.search(word))


def _without_tone(word: str) -> tuple[str, str]:
    """The letters and the tone mark of the last tone key that stands behind a vowel."""
    for place in range(len(word) - 1, 0, -1):
        if word[place] in _TONES and any(letter in "aeiouyw" for letter in word[:place]):
            return word[:place] + word[place + 1 :], _TONES[word[place]]
        if word[place] not in "aeiouyw" and place < len(word) - 3:
            break
    return word, ""


def _late(shape: str) -> str:
    """The hat and the bar that were typed at the end of a word."""
    for plain, letter in _SPLIT:
        if shape.endswith(plain) and plain in shape[:-1] and not is_syllable(fold(shape)):
            return shape[:-1].replace(plain, letter, 1)
    if shape.endswith("d") and shape.startswith("d") and len(shape) > 2:
        return "đ" + shape[1:-1]
    if shape.endswith("w") and len(shape) > 2:
        return _hooked(shape[:-1])
    return shape


def _hooked(shape: str) -> str:
    if "uo" in shape:
        return shape.replace("uo", "ươ", 1)
    for plain, letter in (("a", "ă"), ("o", "ơ"), ("u", "ư")):
        if plain in shape:
            return shape.replace(plain, letter, 1)
    return shape


def _with_tone(shape: str, tone: str) -> str:
    place = _bearer(shape)
    return unicodedata.normalize("NFC", shape[: place + 1] + tone + shape[place + 1 :])


def _bearer(shape: str) -> int:
    """Where the tone stands: on the marked vowel, on the last before a consonant, else on the one before the last."""
    start = 2 if shape.startswith(("qu", "gi")) and any(letter in _VOWEL for letter in shape[2:]) else 0
    vowels = [place for place in range(start, len(shape)) if shape[place] in _VOWEL]
    marked = [place for place in vowels if shape[place] in _MARKED]
    if marked:
        return marked[-1]
    if shape[-1] not in _VOWEL or len(vowels) == 1:
        return vowels[-1]
    return vowels[-2]
