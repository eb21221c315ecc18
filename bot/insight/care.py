"""What staff should look at before a text is counted: floods, copies, empty words, adverts, insults. Nothing is dropped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from bot.insight.courtesy import courtesy
from bot.insight.folding import fold, words
from bot.insight.normalising import normalise


class Flag(StrEnum):
    """Why somebody should look at a text."""

    FLOOD = "flood"
    COPY = "copy"
    EMPTY = "empty"
    ADVERT = "advert"
    INSULT = "insult"


@dataclass(frozen=True, slots=True)
class Recent:
    """A text that came before: how many seconds ago, and whether from the same author."""

    text: str
    seconds: float
    is_own: bool


_FLOOD = 5  # texts of one author
_FLOOD_SECONDS = 600.0
_COPIES = 2  # others who sent the same
_ALIKE = 0.92  # of the letters
_SHORTEST_COPY = 4  # words: "vay vốn ở đâu" may be asked by many

_LINK = re.compile(r"https?://|www\.|\b[\w-]+\.(com|net|vn|shop|xyz|info|top)\b|t\.me/|bit\.ly", re.IGNORECASE)
_ADVERT = re.compile(
    r"mua ngay|dat hang ngay|giam gia|khuyen mai|uu dai soc|chot don|ib (em|minh|ngay)|inbox (em|minh|ngay)|lien he (zalo|sdt|hotline)|"
    r"add zalo|ket ban zalo|hotline|tuyen (ctv|cong tac vien)|thu nhap (tu )?\d+|viec nhe luong cao|nap tien|tai app|dang ky ngay|"
    r"nhan thuong|trung thuong|vay nhanh|giai ngan trong|khong can the chap.*(lien he|zalo|goi)|free ship|freeship|sale off|"
    r"dau tu (coin|forex|tien ao)|nha cai|ca cuoc|soi cau|keo thom|giam can|thuoc nam gia truyen|click|buy now|discount|earn money fast"
)
_INSULT = re.compile(
    r"\b(dm|dmm|dkm|dcm|dcmm|vcl|vkl|vl|clm|cmm|djt|dit me|dit con me|du ma|du me|dit|lon me|cai lon|do cho|do ngu|ngu nhu|"
    r"thang ngu|lu ngu|bon ngu|oc cho|mat day|vo hoc|khon nan|do khon|me may|bo may|tien su|cut di|bien di|an cut|an hai|lu an hai|do an cap|"
    r"lua dao ca lu|suc vat|thang cho|con di|do di|fuck\w*|shit|bitch|asshole|idiots?|stupid (people|leaders|bot)|bullshit)\b"
)
_INSULT_MARKED = re.compile(r"\b(đm|đmm|đkm|đcm|địt|lồn|cặc|đéo|đếch|đụ|đồ chó|con chó này)\b", re.IGNORECASE)
_EMPTY = re.compile(
    r"(em |minh |toi )?(khong co|chua co|het) (y kien|cau hoi|gi)( gi)?( them| de noi| de hoi| ca| het)*( a)?|(em )?(dong y|nhat tri|tan thanh|ung ho)( a| voi tat ca)*|"
    r"(ok|oke|vang|da|u|uh|duoc|tot|hay|test|thu|abc|haha|hihi|alo|chuc (chuong trinh|buoi|cac) .{0,40}|tuyet voi|rat hay|qua hay|hay qua|tot lam)( a| qua| nhe| lam)*"
)


def flags(text: str, recent: Sequence[Recent] = ()) -> list[Flag]:
    """The flags of a text, with what came before it from everybody if that is known."""
    said = " ".join(words(normalise(text)))
    found = [
        (Flag.FLOOD, _is_flood(recent)),
        (Flag.COPY, _is_copy(said, recent)),
        (Flag.EMPTY, is_empty(text)),
        (Flag.ADVERT, _is_advert(text, said)),
        (Flag.INSULT, bool(_INSULT.search(said) or _INSULT_MARKED.search(text))),
    ]
    return [flag for flag, is_so in found if is_so]


def is_empty(text: str) -> bool:
    """Whether a text is only polite or only noise: "em không có ý kiến gì ạ", "👍"."""
    said = " ".join(words(normalise(text)))
    return not said or courtesy(text) is not None or bool(_EMPTY.fullmatch(said))


def _is_flood(recent: Sequence[Recent]) -> bool:
    own = [one for one in recent if one.is_own and one.seconds <= _FLOOD_SECONDS]
    return len(own) >= _FLOOD


def _is_copy(said: str, recent: Sequence[Recent]) -> bool:
    """Whether others sent nearly the same words, as a class does that was told what to write; or the author, before."""
    if len(said.split()) < _SHORTEST_COPY:
        return False
    alike = [one for one in recent if _is_alike(said, " ".join(words(normalise(one.text))))]
    return sum(not one.is_own for one in alike) >= _COPIES or any(one.is_own for one in alike)


def _is_alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if abs(len(one) - len(other)) > (1 - _ALIKE) * max(len(one), len(other)):
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _is_advert(text: str, said: str) -> bool:
    """A link with words of selling, or two of them; a link alone may be a source that somebody names."""
    sells = len({found[0] for found in _ADVERT.finditer(fold(said))})
    return sells >= 2 or (sells == 1 and bool(_LINK.search(text) or re.search(r"\d{9,}", text)))
