"""What a Vietnamese syllable can look like without its marks: every word of the language is one syllable.

Source: the closed lists of initials and rimes of the standard orthography, folded.
"""

from __future__ import annotations

import re
from functools import lru_cache

_INITIALS = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|g|h|k|l|m|n|p|r|s|t|v|x|"
_RIMES = """
    a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu i ia ich iec iem ien ieng iep iet ieu
    im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet oi om on ong op ot u ua
    uan uang uanh uat uay uc ue uech uenh ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu uy uya uych uyen
    uyet uynh uyt uyu y yem yen yet yeu eu oong ooc
    """.split()  # noqa: SIM905
_SYLLABLE = re.compile(f"(?:{_INITIALS})(?:{'|'.join(sorted(_RIMES, key=len, reverse=True))})")
_FRONT = re.compile(r"(?:c|ng|g)[eiy](?!a$)|(?:k|ngh|gh)[aou]")  # c before e, k before a: nobody spells so
_LONGEST = 7  # letters: "nghieng"
_SHORTEST = 6  # letters that can be two words run together
_MEAN_PIECE = 2.6  # letters: below, "online" and "camera" would fall apart


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Whether a folded word could be Vietnamese."""
    if len(word) > _LONGEST or not _SYLLABLE.fullmatch(word):
        return False
    return word.startswith("gi") or not _FRONT.match(word)


@lru_cache(maxsize=50_000)
def apart(word: str) -> tuple[int, ...]:
    """The lengths of the syllables that a folded word without spaces runs together; empty where it is no such word.

    The fewest pieces win, and among those the ones of even length: "vayvon" is (3, 3).
    """
    if len(word) < _SHORTEST or is_syllable(word):
        return ()
    best: list[tuple[int, int, tuple[int, ...]] | None] = [None] * (len(word) + 1)
    best[0] = (0, 0, ())
    for end in range(1, len(word) + 1):
        for length in range(2, min(_LONGEST, end) + 1):
            before = best[end - length]
            if before and is_syllable(word[end - length : end]):
                candidate = (before[0] + 1, before[1] + length * length, (*before[2], length))
                if best[end] is None or candidate < best[end]:  # type: ignore[operator]
                    best[end] = candidate
    found = best[-1]
    return found[2] if found and len(word) / found[0] >= _MEAN_PIECE else ()
