"""What bears a name of a place and is none: hamlets, roads, schools, people, battles, what is sold under the name."""

from __future__ import annotations

from collections.abc import Sequence

from bot.insight.folding import fold, is_marked, toned

# What follows one of these bears its own name.
_MARKED = [
    "thôn",
    "bản",
    "xóm",
    "khối",
    "tổ",
    "khu",
    "phố",
    "đường",
    "trường",
    "thpt",
    "thcs",
    "ptdtbt",
    "ptdtnt",
    "chợ",
    "ga",
    "đèo",
    "khau",
    "khẩu",
    "lò",
    "lộ",
    "núi",
    "đình",
    "đỉnh",
    "thác",
    "suối",
    "cầu",
    "chùa",
    "viện",
    "lịch",
]
_KINDS_MARKED = frozenset(map(toned, _MARKED))
_KINDS = frozenset(map(fold, _MARKED))
_WORDS_TOO = frozenset({"cho"})  # without marks, in a text that has some, it is the word and no market
_ONLY_MARKED = frozenset(
    "động ải đền thành hội na quýt hồi vịt rượu hồng đào chanh mận thạch gạo khoai bánh lợn gà giải cúp đội lớp hát ngõ hẻm hang hồ sông quán tiệm thầy cô chị bạn ông bà bác chú dì cụ trận bến".split()  # noqa: SIM905
)  # other words without their marks
# As one or two words: schools, firms, houses open to guests, songs, battles, what is named after somebody, and titles.
_BEARERS = frozenset(
    """
    tieu-hoc trung-hoc mam-non mau-giao cap-1 cap-2 cap-3 cap-mot cap-hai cap-ba nghe-si ca-si nhac-si nha-tho cong-ty cty may htx tac-xa sieu-thi khach-san nha-hang nha-nghi shop
    clb cau-lac-bo dong-chi anh-hung liet-si nghia chien-dich chien-thang tran-danh du-kich tuong-dai cong-vien xuat-ban
    hoc-bong nga-ba nga-tu ngach ben-xe benh-vien bien-phong dinh-nui du-lich cap-treo leo doi-bong thuong-mai den-tho
    vua tuong anh ke-chuyen cau-chuyen truyen-thuyet su-tich mat-ong dac-san vit-quay thach-den di-bo
    """.split()  # noqa: SIM905
)
_SELVES = frozenset("em toi minh to chau con".split())  # noqa: SIM905 - who tells a name behind one of these and "la"


def is_borne(before: Sequence[str], last: str, is_text_marked: bool) -> bool:
    """Whether the folded words before a name, the `last` of them as typed, say that something else bears it."""
    return (
        _is_kind(last, is_text_marked)
        or before[-1] in _BEARERS
        or "-".join(before[-2:]) in _BEARERS
        or (before[-1].isdigit() and before[-2:-1] == ["so"])
        or _tells_a_name(before)
    )


def _is_kind(word: str, is_text_marked: bool) -> bool:
    if is_marked(word):
        return toned(word) in _KINDS_MARKED or word.lower() in _ONLY_MARKED
    low = word.lower()
    return low in _ONLY_MARKED or (low in _KINDS and not (is_text_marked and low in _WORDS_TOO))


def _tells_a_name(before: Sequence[str]) -> bool:
    """Whether somebody says who they are: "em là Thanh Sơn", "tên là Hải Yến"."""
    if before[-1] == "ten":
        return True
    if before[-1] != "la" or len(before) < 2:
        return False
    return before[-2] == "ten" or (before[-2] in _SELVES and (len(before) == 2 or before[-3] == "ten"))
