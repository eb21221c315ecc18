"""Vietnamese text made comparable: people type with marks, without, and with the tone in either place."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_TONES = dict.fromkeys("\u0300\u0301\u0303\u0309\u0323")  # grave, acute, tilde, hook above, dot below
_CROSSED = str.maketrans("đĐðÐ", "dDdD")  # eth is what some old keyboards give for đ
_BREAK = re.compile(r"[,;:!?()\u2013\u2014]|\.\s|\s-\s")
_WORD = re.compile(r"[^\W_]+")
_PLACES = {  # the tone on the second letter, where most keyboards put it on the first
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_SHORT_I = {"ì": "ỳ", "í": "ý", "ỉ": "ỷ", "ĩ": "ỹ", "ị": "ỵ"}
_Y_WORDS = re.compile("^(k|l|m|qu)([ìíỉĩị])$", re.IGNORECASE)


def clean(text: str) -> str:
    """The text in NFC, without control and zero-width characters, spaces squeezed."""
    if not "".join(text.split()).isprintable():
        text = "".join(char for char in text if char.isspace() or _visible(char))
    return " ".join(unicodedata.normalize("NFC", text).split())


def _visible(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs")


def fold(text: str) -> str:
    """The text in lower case without marks: "Đường Hoà Bình" becomes "duong hoa binh"."""
    apart = unicodedata.normalize("NFD", clean(text).lower().translate(_CROSSED))
    if apart.isascii():
        return apart
    return unicodedata.normalize("NFC", "".join(char for char in apart if not unicodedata.combining(char)))


def words(text: str) -> list[str]:
    """The folded words of a text."""
    return _WORD.findall(fold(text))


def spelled(text: str) -> list[str]:
    """The words of a text as typed, in NFC; case and marks stay."""
    return _WORD.findall(clean(text))


def breaks(text: str) -> frozenset[int]:
    """Which of the `spelled` words have a comma, a full stop with a space or the like before them."""
    tidy = clean(text)
    found = list(_WORD.finditer(tidy))
    between = enumerate(pairwise(found), 1)
    return frozenset(place for place, (a, b) in between if _BREAK.search(tidy[a.end() : b.start()]))


def toned(word: str) -> str:
    """The word in lower case with its tone last, so that "hoà" and "hòa" are one and "hóa" is another."""
    apart = unicodedata.normalize("NFD", word.lower())
    tones = "".join(char for char in apart if char in _TONES)
    return unicodedata.normalize("NFC", "".join(char for char in apart if char not in _TONES)) + tones


def tidy_tone(word: str) -> str:
    """The word in the commoner spelling: "Hoà" as "Hòa", "Quí" as "Quý", "kĩ" as "kỹ"."""
    if word.isascii():
        return word
    if word[-2:].lower() in _PLACES and word[-3:-2].lower() != "q":
        tail = _PLACES[word[-2:].lower()]
        word = word[:-2] + (tail.upper() if word[-2:].isupper() else tail)
    found = _Y_WORDS.match(word)
    if found:
        letter = _SHORT_I[found[2].lower()]
        return found[1] + (letter.upper() if found[2].isupper() else letter)
    return word


def is_marked(text: str) -> bool:
    """Whether any mark was typed."""
    return fold(text) != clean(text).lower()
