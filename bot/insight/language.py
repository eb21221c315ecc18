"""The language of a message: Vietnamese, with marks or without, English, Chinese, another one, or unsure.

Rules decide first: script, letters that only one language has, words that only one has, and that every Vietnamese word
is one syllable of a closed shape. A detector trained on long texts is right on about two thirds of short messages and
on a quarter of Vietnamese without marks, so langdetect is asked only where no rule speaks, for a text of several words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.insight import chat, telex
from bot.insight.folding import clean, fold
from bot.insight.syllables import apart, is_syllable
from bot.insight.vocabularies import ENGLISH, FOR_BOTH, OTHER, VIETNAMESE

LANGUAGES = ("vi", "en")
CODES = ("vi", "en", "zh", "other", "unsure")
_ONLY_VIETNAMESE = re.compile("[ăđơưĩũ\u1ea0-\u1ef9]")  # the block is Latin Extended Additional, its Vietnamese part
_NEVER_VIETNAMESE = re.compile("[ñçßäöüåøœæëïîûłşğżźćńęąščřžőű]")
_LATIN = re.compile(r"(?<!\w)[^\W\d_]+(?!\w)")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+")
_HAN, _KANA = re.compile("[\u3400-\u9fff]"), re.compile("[\u3040-\u30ff]")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_ENOUGH_WORDS = 4
_SURE = 0.9
_LEAST = 0.4  # of the words must speak for a language
_SHAPE = 0.4  # what the shape of a syllable says, beside a word that only Vietnamese has


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the words of a text say for each language, in words."""

    words: int
    vietnamese: float
    english: float
    other: float
    marked: bool


def language(text: str) -> str:
    """One of CODES."""
    bare = _ADDRESS.sub(" ", clean(text)).lower()
    return _by_script(bare) or _by_words(bare) or _by_detector(bare) or "unsure"


def guess(text: str, hint: str = "") -> str:
    """ "vi", "en", or "" when unsure. The hint (BCP 47) counts only when nothing in the text decides."""
    found = language(text)
    return found if found in LANGUAGES else _by_hint(hint)


def _by_script(text: str) -> str:
    letters = [char for char in text if char.isalpha()]
    latin = sum(char < "\u0250" or "\u1e00" <= char <= "\u1eff" for char in letters)
    strange = len(letters) - latin
    if strange == 0 or latin > 3 * strange:  # a Chinese character says about what three letters do
        return ""
    if _KANA.search(text) or len(_HAN.findall(text)) < strange / 2:
        return "other"
    return "zh"


def _by_words(text: str) -> str:
    found = _evidence(text)
    best = max(found.vietnamese, found.english, found.other)
    if best == 0 or (found.words == 1 and best < 1):
        return ""
    if found.other == best and found.other > max(found.vietnamese, found.english):
        return "other" if found.other >= max(1.5, 0.25 * found.words) else ""
    if found.vietnamese > found.english or (found.marked and found.vietnamese == found.english):
        return "vi" if found.vietnamese >= min(_LEAST * found.words, 8.0) else ""
    return "en" if found.english > found.vietnamese and found.english >= 0.2 * found.words else ""


def _evidence(text: str) -> _Evidence:
    found = [_DRAWN_OUT.sub(r"\1", word) for word in _LATIN.findall(text)]
    said = [_of_word(word) for word in found]
    return _Evidence(
        len(found),
        sum(one[0] for one in said),
        sum(one[1] for one in said),
        sum(one[2] for one in said),
        any(_ONLY_VIETNAMESE.search(word) for word in found),
    )


@lru_cache(maxsize=50_000)
def _of_word(word: str) -> tuple[float, float, float]:
    """What a word in lower case says for Vietnamese, English and others."""
    folded = fold(word)
    if word in FOR_BOTH:
        return 0, 0, 0
    if _ONLY_VIETNAMESE.search(word):
        return 1.2, 0, 0
    if _NEVER_VIETNAMESE.search(word):
        return 0, 0, 1.5
    other = float(folded in OTHER)
    if word in ENGLISH:
        return (_SHAPE, 0.7, 0) if is_syllable(word) and len(word) > 1 else (0, 1, 0)
    return _as_vietnamese(word, folded), _as_english(word), other


def _as_vietnamese(word: str, folded: str) -> float:
    if word != folded:  # marks that other languages share
        return 1.0 if is_syllable(folded) else 0.0
    if word in VIETNAMESE:
        return 1.0 if len(word) > 1 else 0.4
    if word in chat.FORMS and not word.isdigit():
        return 0.8 if len(word) > 1 else 0.3
    if is_syllable(word):
        return _SHAPE if len(word) > 1 else 0.0
    if fold(telex.decoded(word)) in VIETNAMESE:
        return 0.9 if telex.is_strong(word) else 0.3
    return _run_together(word)


def _run_together(word: str) -> float:
    """The number of common words that a word without spaces runs together; 0 where it does not."""
    at, pieces = 0, []
    for length in apart(word):
        pieces.append(word[at : at + length])
        at += length
    return float(len(pieces)) if sum(piece in VIETNAMESE for piece in pieces) > len(pieces) / 2 else 0.0


def _as_english(word: str) -> float:
    """Endings and clusters of English in a word that is not on the list."""
    if len(word) < 4 or not word.isascii() or is_syllable(word):
        return 0.0
    return (
        0.5
        if re.search(
            r"(ing|tion|ment|ness|able|ould|ight|ies|ers?|ed|ly|ty|[bcdfgklmnprt]s)$|^(wh|str|sh|wr|sch)", word
        )
        else 0.0
    )


def _by_detector(text: str) -> str:
    if len(_LATIN.findall(text)) < _ENOUGH_WORDS:
        return ""
    from langdetect import DetectorFactory, LangDetectException, detect_langs  # slow, and seldom needed

    DetectorFactory.seed = 0  # else the same text gives different answers
    try:
        best = detect_langs(unicodedata.normalize("NFC", text))[0]
    except LangDetectException:
        return ""
    code = str(best.lang)
    if best.prob < _SURE:
        return ""
    return code if code in LANGUAGES else "other"


def _by_hint(hint: str) -> str:
    code = hint.replace("_", "-").split("-")[0].lower()
    return code if code in LANGUAGES else ""
