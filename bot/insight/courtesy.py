"""Greetings, thanks and questions about the programme itself: answered kindly, never taken for a proposal."""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import pairwise

from bot.insight.folding import words
from bot.insight.normalising import normalise


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


# -- the programme

_EVENT = frozenset(
    """
    chuong trinh buoi doi thoai su kien hoi nghi gap cuoc hop lich thoi gian dia diem cho dau dienra to chuc bat dau ket thuc
    khai mac truc tiep phat online offline link zoom live dang ky ki tham gia du tham du vao moi so luong
    event meeting dialogue programme program start starts begin held happen take place register join attend sign up
    """.split()  # noqa: SIM905
)
_ASKED = frozenset(
    """
    may gio khi nao bao lau o dau cho nao ngay nao hom nao thu the nao nhu lam sao ntn sao cach ai duoc khong can gi mac
    mang theo phi mat tien co phai moi nao thi h xin truoc xa congbo chutich lanhdao ngay trong hoi biet xem lai ket qua tra loi gui cau hoi cua roi chua dau
    when where what time how who can is it does do the this to we i for free result answer answers questions
    """.split()  # noqa: SIM905
)
_QUESTION = re.compile(
    r"may gio|khi nao|bao gio|bao lau|o dau|cho nao|ngay nao|hom nao|thu may|the nao|lam sao|cach nao|ai duoc|duoc khong|"
    r"phai khong|co mat phi|dau vay|dau a|\bco .*khong\b|xin link|may h\b|gio nao|may ngay|\bai (tra loi|doc)\b|\b(when|where|what time|how|who can)\b"
)
_ABOUT = re.compile(
    r"chuong trinh|buoi|doi thoai|su kien|hoi nghi|dienra|to chuc|bat dau|ket thuc|khai mac|truc tiep|dang k[yi]|tham gia|"
    r"tham du|lich|thoi gian|dia diem|ket qua|tra loi|link|may gio|gio nao|may h\b|"
    r"\b(event|meeting|dialogue|programme?|starts?|register|join|attend|held|take place)\b"
)
_WORDS_OF_A_PROGRAMME = (
    _EVENT
    | _ASKED
    | _AROUND
    | frozenset(
        "cho hoi vay nhi the nha nao nay do kia a oi neu con nua muon de la trong tinh ngay mai hom nay tuan thang nam".split()  # noqa: SIM905
    )
)
_LONGEST_ASIDE = 16  # words


def is_about_the_programme(text: str) -> bool:
    """Whether a text asks when, where or how the programme is, and nothing else: no word of it speaks of a need."""
    said = _joined(" ".join(words(normalise(text)))).split()
    if not said or len(said) > _LONGEST_ASIDE or not _WORDS_OF_A_PROGRAMME.issuperset(_without_numbers(said)):
        return False
    whole = " ".join(said)
    bare = said[0] in ("may", "khi", "bao", "o", "when", "where") and len(said) <= 6
    return bool(_QUESTION.search(whole)) and bool(_ABOUT.search(whole) or bare)


def _joined(said: str) -> str:
    """The text with phrases as one word each whose words alone mean something else: "dien" is electricity."""
    for phrase in ("dien ra", "cong bo", "chu tich", "lanh dao"):
        said = said.replace(phrase, phrase.replace(" ", ""))
    return said


def _without_numbers(said: list[str]) -> list[str]:
    return [word for word in said if not word.isdigit()]


class Aside(StrEnum):
    """What a text is that is no proposal."""

    GREETING = "greeting"
    THANKS = "thanks"
    PROGRAMME = "programme"


def aside(text: str) -> Aside | None:
    """What a text is besides a proposal; None for everything that may be one."""
    polite = courtesy(text)
    if polite:
        return Aside(polite.value)
    return Aside.PROGRAMME if is_about_the_programme(text) else None
