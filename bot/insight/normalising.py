"""A text as a careful typist would have typed it, for reading by machine; what people wrote is never changed.

One form of Unicode and of the place of the tone, short forms written out, letters that were drawn out, keys of an input
method that came out as letters, and words that ran together. Only what looks Vietnamese is touched beyond its Unicode.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.insight import chat, telex
from bot.insight.folding import clean, fold, tidy_tone
from bot.insight.syllables import apart, is_syllable

_TOKEN = re.compile(r"[^\W_]+(?:/[^\W_]\b)?|\d+|[^\w\s]|_")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_DOUBLED = re.compile(r"([^\W\d_])\1")
_VIETNAMESE_SHARE = 0.5  # of the words: below, short forms and Telex are left alone
_TELEX_SHARE = 0.3  # of the words: from there on, "cos" is read as Telex too
_ENGLISH = frozenset(
    "the of is are and for you what how where when my your we they this that with have do does a in to i it".split()  # noqa: SIM905
)


@lru_cache(maxsize=2048)
def normalise(text: str) -> str:
    """The text written out. Capitals stay where a word was not changed."""
    tokens = _TOKEN.findall(clean(text))
    lowered = [token.lower() for token in tokens]
    if not _is_vietnamese(lowered):
        return " ".join(tidy_tone(token) for token in tokens)
    with_telex = _is_telex(lowered)
    written = [_written_out(token, low, with_telex) for token, low in zip(tokens, lowered, strict=True)]
    return " ".join(written)


def _is_vietnamese(words: list[str]) -> bool:
    letters = [word for word in words if word.isalpha()]
    if not letters:
        return False
    english = sum(word in _ENGLISH for word in letters)
    known = sum(_may_be_vietnamese(_DRAWN_OUT.sub(r"\1", word)) for word in letters)
    return known - english >= _VIETNAMESE_SHARE * len(letters)


def _may_be_vietnamese(word: str) -> bool:
    folded = fold(word)
    return is_syllable(folded) or word in chat.FORMS or telex.is_strong(word) or bool(apart(folded))


def _is_telex(words: list[str]) -> bool:
    odd = [word for word in words if word.isalpha() and not is_syllable(fold(word)) and telex.decoded(word)]
    return len(odd) >= _TELEX_SHARE * max(sum(map(str.isalpha, words)), 1)


def _written_out(token: str, low: str, with_telex: bool) -> str:
    if not low.isalnum():
        return chat.spelled_out(low) or token
    full = chat.spelled_out(low) or chat.amount(low) or _word(low, with_telex)
    return tidy_tone(token) if full == tidy_tone(low) else full


@lru_cache(maxsize=50_000)
def _word(low: str, with_telex: bool) -> str:
    """One word in lower case, mended where it is no syllable and can become one."""
    low = tidy_tone(low)
    folded = fold(low)
    if is_syllable(folded) or not low.isalpha():
        return low
    if telex.is_strong(low) or (with_telex and telex.decoded(low)):
        return telex.decoded(low)
    for mended in (_DRAWN_OUT.sub(r"\1", low), _DOUBLED.sub(r"\1", low), chat.usual_initial(low)):
        if chat.spelled_out(mended):
            return chat.spelled_out(mended)
        if is_syllable(fold(mended)):
            return mended
    return _taken_apart(low, folded)


def _taken_apart(low: str, folded: str) -> str:
    lengths = apart(folded) if len(low) == len(folded) else ()
    pieces, at = [], 0
    for length in lengths:
        pieces.append(low[at : at + length])
        at += length
    return " ".join(pieces) or _DRAWN_OUT.sub(r"\1", low)
