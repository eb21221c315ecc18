"""Words of ordinary speech, people and events that only sound like a name of a place."""

from __future__ import annotations

from collections.abc import Sequence

from bot.insight.folding import is_marked, toned
from bot.insight.mentions import Mention, Reading, is_filler
from bot.insight.place_words import WITHIN, Words
from bot.insight.type_words import TYPES

# Words of two syllables that begin with the last one of a name: "vé giá miễn phí" is no Gia Miễn.
_COMPOUNDS = frozenset(
    """
    an-toan an-ninh an-sinh an-uong bac-si binh-thuong binh-dang binh-chon ca-phe ca-nhan ca-nhac ca-hat cu-the dao-tao dao-duc
    doan-vien doan-truong doan-the dong-gop dong-ho dong-phuc dong-bao gia-dinh gia-ca hoa-don hoa-giai hoan-canh hoan-thien
    hoan-thanh hoan-nghenh hoan-toan hoi-dong huong-dan huong-nghiep khai-bao khai-sinh khai-giang khai-thac khai-mac khai-truong
    ket-qua ket-noi ket-thuc ket-hon kinh-phi kinh-doanh kinh-te kinh-nghiem lap-nghiep lap-trinh lap-tuc le-phi lien-he lien-ket
    lien-quan ly-do ly-lich mien-phi mien-giam minh-bach minh-hoa my-thuat pha-ca pha-che pha-hoai phong-trao phong-chay phuc-vu phuong-an
    quan-ly quan-tam quan-he thanh-nien thanh-toan thanh-lap thanh-vien tham-gia tham-quan tham-hoi tham-ong tham-ba tien-bo
    tien-hanh tien-hoc tien-si trung-hoc trung-tam trung-thuc van-hoa van-ban van-nghe van-dong van-de vu-viec xa-hoi y-kien y-te
    """.split()  # noqa: SIM905
)
_TITLES = frozenset(map(toned, "bác cô chú anh chị ông bà thầy".split()))  # noqa: SIM905
_TITLES_UNMARKED = frozenset("chi ong chu bac".split())  # noqa: SIM905
_TITLES_TOO = frozenset("thay co ba di".split())  # noqa: SIM905 - "thấy", "có" as well, unless a person's deed follows
_DEEDS = frozenset("noi day bao ke choi giup huong oi dan chu phu hat khen nhac".split())  # noqa: SIM905
_FAMILIES = frozenset(
    map(
        toned,
        [
            "nguyễn",
            "trần",
            "lê",
            "phạm",
            "hoàng",
            "huỳnh",
            "vũ",
            "võ",
            "đặng",
            "bùi",
            "đỗ",
            "ngô",
            "dương",
            "nông",
            "lý",
            "hứa",
            "triệu",
            "phùng",
            "đinh",
            "đàm",
            "lường",
        ],
    )
)
_VICTORIES = frozenset({("chien", "thang"), ("quyet", "thang"), ("khang", "chien")})
_YEARS = range(500, 1990)  # what happened then is history
_HAMLETS = Words("thôn bản xóm khối")
_LONGEST_HAMLET = 3  # words


def runs_on(mention: Mention, reading: Reading) -> bool:
    """Whether the end of a name in small letters is rather the beginning of the next word: "tự minh khai báo"."""
    end = mention.end
    if mention.type or mention.is_capital or end >= len(reading.tokens) or end in reading.breaks:
        return False
    follows = "-".join(reading.tokens[end - 1 : end + 1]) in _COMPOUNDS
    return follows and not reading.says(mention.start - 1, WITHIN)


def is_called_so(mention: Mention, reading: Reading) -> bool:
    """Whether somebody bears the name, where marks do not tell a title or letters a family: "chi Hong Thai", "nông quốc việt"."""
    if mention.type or mention.start == 0 or mention.start in reading.breaks:
        return False
    before = reading.spelled[mention.start - 1]
    if is_marked(before):
        return before.islower() and toned(before) in _FAMILIES and not mention.is_capital
    told_by_case = mention.is_capital and not reading.is_marked and not reading.is_shouted
    return told_by_case and _is_title_of(before.lower(), reading.tokens[mention.end : mention.end + 1])


def _is_title_of(word: str, after: Sequence[str]) -> bool:
    """Whether a word typed without marks is a title, by itself or by what the person does."""
    return word in _TITLES_UNMARKED or (word in _TITLES_TOO and not _DEEDS.isdisjoint(after))


def is_title(mention: Mention) -> bool:
    """Whether what looks like a name begins with a title: "Bác Việt" is no Bắc Việt, if its marks fit no unit."""
    return not mention.type and mention.is_marked and toned(mention.spelled[0]) in _TITLES


def is_history(mention: Mention, reading: Reading) -> bool:
    """Whether it is an event of long ago: "Chiến thắng Chi Lăng", "Chi Lăng năm 1427"."""
    if mention.type:
        return False
    victories = [one for one in reading.mentions if _is_victory(one, reading)]
    won_there = any(mention is one or mention.start == one.end for one in victories)
    return won_there or _is_long_ago(mention.end, reading)


def _is_long_ago(after: int, reading: Reading) -> bool:
    year = reading.tokens[after + 1 : after + 2]
    return (
        reading.tokens[after : after + 1] == ("nam",) and bool(year) and year[0].isdecimal() and int(year[0]) in _YEARS
    )


def _is_victory(mention: Mention, reading: Reading) -> bool:
    """Whether it is the word and a place where it was won follows, with a capital of its own: "Chiến thắng Chi Lăng"."""
    if mention.name not in _VICTORIES or mention.type or mention.is_capital or mention.end in reading.breaks:
        return False
    return any(one.start == mention.end and one.is_capital and not one.type for one in reading.mentions)


def is_in_address(mention: Mention, reading: Reading) -> bool:
    """Whether a hamlet stands before the type word: "thôn nà pàn, xã tân tiến"."""
    for length in range(1, _LONGEST_HAMLET + 1):
        start = mention.start - length
        between = reading.tokens[max(start, 0) : mention.start]
        if start < 1 or is_filler(between[0]) or (between[0],) in TYPES:
            return False
        if reading.says(start - 1, _HAMLETS):
            return True
    return False
