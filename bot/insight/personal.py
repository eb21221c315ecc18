"""Personal data that somebody typed into a text, so that the author can be asked whether it shall stay out.

Numbers are told by their shape and by the words before them; names only where a title and a family name stand in capitals.
What is said without capitals is not found: it cannot be told from other words reliably.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.insight.folding import fold


class Kind(StrEnum):
    """What kind of personal data it is."""

    PHONE = "phone"
    ID_NUMBER = "id_number"
    BANK_ACCOUNT = "bank_account"
    EMAIL = "email"
    PROFILE = "profile"
    NAME = "name"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Span:
    """Where in the text it stands: characters from `start` to before `end`."""

    kind: Kind
    start: int
    end: int


_GAP = r"[ .\-]?"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PROFILE = re.compile(
    r"(?:https?://)?(?:www\.)?(?:facebook|fb|zalo|tiktok|instagram|t)\.(?:com|me)/[\w.@?=&/-]+", re.IGNORECASE
)
_NUMBER = re.compile(rf"(?<![\w.,])\+?\d(?:{_GAP}\d){{6,18}}(?![\w])")
_MOBILE = re.compile(r"(?:\+?84|0)(?:[35789]\d{8}|2\d{8,9})")
_BEFORE = 30  # characters before a number that tell what it is
_BANK = re.compile(
    r"\b(stk|so tai khoan|tai khoan|tk|bank|vietcombank|agribank|techcombank|mb|bidv|vietinbank|account|chuyen khoan)\b"
)
_ID = re.compile(
    r"\b(cccd|cmnd|cmt|can cuoc|chung minh|ho chieu|passport|id card|dinh danh|bhyt|ma so bao hiem|so the)\b"
)
_MONEY = re.compile(r"^\s*(d|dong|vnd|trieu|tr|nghin|k|usd|m2|ha|kg|tan)\b")

_FAMILY = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Nông|Hà|Vi|Lương|Chu|Mã|Triệu|Lành|Lộc|Đàm|Đinh|"
    "Bế|Hứa|Lăng|Linh|Lường|La|Phùng|Tô|Trịnh|Đoàn|Mai|Cao|Tạ|Tống|Đào|Thân|Đồng|Bàn|Dương|Chu|Sầm|Lã|Lục|Mông|Ma|Hà"
)
FAMILIES = frozenset(_FAMILY.split("|"))
_CAPITAL = r"[A-ZĐÀ-ỸĂÂÊÔƠƯ][a-zđà-ỹăâêôơư]+"
_TITLE = r"(?:[Aa]nh|[Cc]hị|[Ôô]ng|[Bb]à|[Cc]ô|[Cc]hú|[Bb]ác|[Tt]hầy|[Ee]m|[Cc]háu|[Bb]ạn|[Tt]ên(?: là)?|[Hh]ọ tên:?|[Vv]ợ|[Cc]hồng)"
_NAME = re.compile(rf"\b{_TITLE} ((?:{_FAMILY})(?: {_CAPITAL}){{1,3}})")
_STREET = re.compile(
    rf"\b(?:[Ss]ố nhà|[Ss]ố) \d+[A-Za-z]?(?:/\d+)*,? (?:(?:ngõ|ngách|hẻm|đường|phố|tổ|khối|khu) ?[\w/]*(?: {_CAPITAL}| \d+)*,? ?)+"
)


def personal(text: str) -> list[Span]:
    """The personal data in a text as it was typed, in the order in which they stand; spans do not overlap."""
    found: list[Span] = []
    for span in _spans(text):
        if not any(span.start < other.end and other.start < span.end for other in found):
            found.append(span)
    return sorted(found, key=lambda span: span.start)


def without(text: str, spans: list[Span], sign: str = "…") -> str:
    """The text with a sign in place of each span."""
    for span in sorted(spans, key=lambda span: -span.start):
        text = text[: span.start] + sign + text[span.end :]
    return text


def _spans(text: str) -> Iterator[Span]:
    """What each rule finds; the surer rule first."""
    for kind, shape in ((Kind.EMAIL, _EMAIL), (Kind.PROFILE, _PROFILE)):
        yield from (Span(kind, *found.span()) for found in shape.finditer(text))
    for found in _NUMBER.finditer(text):
        number = _kind_of_number(
            found[0], fold(text[max(found.start() - _BEFORE, 0) : found.start()]), text[found.end() :]
        )
        if number:
            yield Span(number, *found.span())
    yield from (Span(Kind.NAME, *found.span(1)) for found in _NAME.finditer(text))
    yield from (
        Span(Kind.ADDRESS, found.start(), found.start() + len(found[0].rstrip(" ,")))
        for found in _STREET.finditer(text)
    )


def _kind_of_number(typed: str, before: str, after: str) -> Kind | None:
    digits = re.sub(r"\D", "", typed)
    if _MONEY.match(fold(after[:8])):
        return None
    if _BANK.search(before) and len(digits) >= 6:
        return Kind.BANK_ACCOUNT
    if _ID.search(before) and len(digits) >= 8:
        return Kind.ID_NUMBER
    if _MOBILE.fullmatch(typed.replace(" ", "").replace(".", "").replace("-", "")):
        return Kind.PHONE
    if len(digits) == 12 and digits.startswith("0"):
        return Kind.ID_NUMBER  # a citizen's number: province, century and sex, year, six more
    return None
