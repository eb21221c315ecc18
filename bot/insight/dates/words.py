"""The words of dates and times, as they are spelled and as they are typed in chats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.insight.dates.signs import Ahead, Hint, Month, Part, Week, Year
from bot.insight.dates.writing import Vocabulary

# -- numbers

_ONES = ("", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_ALSO = {1: ("mốt",), 4: ("tư",), 5: ("lăm", "nhăm")}  # at the end of a longer number
_ENGLISH = """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen
""".split()  # noqa: SIM905
_ENGLISH_TENS = {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty"}


def _vietnamese_numbers() -> Iterator[tuple[str, int]]:
    yield from (("không", 0), ("tư", 4), ("bẩy", 7), ("mười", 10))
    for one in range(1, 10):
        yield _ONES[one], one
        for name in (_ONES[one], *_ALSO.get(one, ())):
            yield f"mười {name}", 10 + one
    for ten in range(2, 6):
        yield f"{_ONES[ten]} mươi", 10 * ten
        for one in range(1, 10):
            for name in (_ONES[one], *_ALSO.get(one, ())):
                yield f"{_ONES[ten]} mươi {name}", 10 * ten + one
            for name in _ALSO.get(one, ()):
                yield f"{_ONES[ten]} {name}", 10 * ten + one


def _english_numbers() -> Iterator[tuple[str, int]]:
    yield from ((name, number) for number, name in enumerate(_ENGLISH, 1))
    for number, ten in _ENGLISH_TENS.items():
        yield ten, number
        for one, name in enumerate(_ENGLISH[:9], 1):
            yield from ((f"{ten}{between}{name}", number + one) for between in " -")


_NUMBERS = {**dict(_vietnamese_numbers()), **dict(_english_numbers())}
NUMBERS = Vocabulary(_NUMBERS)
TENS = Vocabulary({name: number for name, number in _NUMBERS.items() if number >= 10})  # minutes without their word
COUNTS = Vocabulary({**_NUMBERS, "a": 1, "an": 1})

# -- parts of a day

PARTS = Vocabulary(
    {
        **dict.fromkeys(("sáng", "sáng sớm", "sag", "morning"), Part.MORNING),
        **dict.fromkeys(("trưa",), Part.NOON),
        **dict.fromkeys(("chiều", "chìu", "afternoon"), Part.AFTERNOON),
        **dict.fromkeys(("tối", "toj", "evening"), Part.EVENING),
        **dict.fromkeys(("đêm", "khuya", "đêm khuya", "night"), Part.NIGHT),
    }
)
AFTER_A_NUMBER = Vocabulary(dict.fromkeys(("sáng", "sag", "trưa", "chiều", "chìu", "tối", "toj", "đêm", "khuya"), True))
NAMED_TIMES = Vocabulary(
    {
        **dict.fromkeys(("noon", "midday", "giữa trưa"), Part.NOON),
        **dict.fromkeys(("midnight", "nửa đêm"), Part.NIGHT),
    }
)

# -- days

DAYS = Vocabulary(
    {
        **dict.fromkeys(("hôm nay", "hnay", "h nay", "hum nay", "bữa nay", "ngày hôm nay", "nay", "today"), Ahead(0)),
        **dict.fromkeys(("ngày mai", "mai", "tomorrow", "tmr", "tmrw"), Ahead(1)),
        **dict.fromkeys(("ngày kia", "ngày mốt", "the day after tomorrow", "day after tomorrow"), Ahead(2)),
        **dict.fromkeys(("ngày kìa",), Ahead(3)),
        **dict.fromkeys(("hôm qua", "hqua", "yesterday"), Ahead(-1)),
        **dict.fromkeys(("hôm kia", "the day before yesterday", "day before yesterday"), Ahead(-2)),
    }
)
WEEKDAYS = Vocabulary(
    {
        **{f"thứ {name}": number for number, name in enumerate(("hai", "ba", "tư", "năm", "sáu", "bảy"))},
        **{f"thứ {number + 2}": number for number in range(6)},
        **{f"{t}{number + 2}": number for number in range(6) for t in ("t", "t.", "thứ", "t ")},
        **dict.fromkeys(("thứ bẩy",), 5),
        **dict.fromkeys(("chủ nhật", "chúa nhật", "cn", "c.n", "chủ nhựt"), 6),
        **dict.fromkeys(("monday", "mondays", "mon"), 0),
        **dict.fromkeys(("tuesday", "tues", "tue"), 1),
        **dict.fromkeys(("wednesday", "wed"), 2),
        **dict.fromkeys(("thursday", "thurs", "thur", "thu"), 3),
        **dict.fromkeys(("friday", "fri"), 4),
        **dict.fromkeys(("saturday", "sat"), 5),
        **dict.fromkeys(("sunday", "sun"), 6),
    }
)
BEFORE_A_WEEKDAY = Vocabulary(
    {"next": Hint.NEXT, "this": Hint.COMING, "this coming": Hint.COMING, "coming": Hint.COMING}
)
AFTER_A_WEEKDAY = Vocabulary({"này": Hint.COMING, "tới": Hint.COMING, "tới đây": Hint.COMING, "sau": Hint.NEXT})

# -- weeks, months, years


def _weeks() -> Mapping[str, Week]:
    names = {
        0: ("tuần này", "trong tuần", "this week"),
        1: ("tuần sau", "tuần tới", "tuần kế", "tuần sao", "sang tuần", "sang tuần sau", "next week"),
        2: ("tuần sau nữa", "the week after next", "week after next"),
        -1: ("tuần trước", "tuần rồi", "tuần vừa rồi", "tuần qua", "last week"),
    }
    ends = {
        0: ("cuối tuần", "cuối tuần này", "weekend", "this weekend", "the weekend"),
        1: ("cuối tuần sau", "next weekend"),
        -1: ("cuối tuần trước", "last weekend"),
    }
    whole = {name: Week(ahead) for ahead, all_names in names.items() for name in all_names}
    return whole | {name: Week(ahead, weekend=True) for ahead, all_names in ends.items() for name in all_names}


WEEKS = Vocabulary(_weeks())
MONTHS_AHEAD = Vocabulary(
    {
        **dict.fromkeys(("tháng này", "thg này", "this month"), Month(ahead=0)),
        **dict.fromkeys(("tháng sau", "tháng tới", "thg sau", "thg tới", "sang tháng", "next month"), Month(ahead=1)),
    }
)
YEARS_AHEAD = Vocabulary(
    {
        **dict.fromkeys(("năm nay", "this year"), Year(ahead=0)),
        **dict.fromkeys(("năm sau", "năm tới", "sang năm", "next year"), Year(ahead=1)),
    }
)
_MONTHS = """
    january february march april may june july august september october november december
""".split()  # noqa: SIM905
MONTHS = Vocabulary(
    {
        **{name: number for number, name in enumerate(_MONTHS, 1)},
        **{name[:3]: number for number, name in enumerate(_MONTHS, 1)},
        "sept": 9,
    }
)
LONG_MONTHS = Vocabulary({name: number for number, name in enumerate(_MONTHS, 1) if name not in ("march", "may")})

# -- what is not read

LUNAR = Vocabulary(
    dict.fromkeys(
        (
            "âm lịch", "âm", "al", "tết", "nguyên đán", "giao thừa", "rằm", "tháng giêng", "tháng chạp", "trung thu",
            "vu lan", "đoan ngọ", "giỗ tổ", "lunar",
        ),
        True,
    )
)  # fmt: skip
NEW_YEAR = Vocabulary(dict.fromkeys(("tết dương lịch", "tết dương", "tết tây"), True))
EVERY = Vocabulary(dict.fromkeys(("mỗi", "mọi", "hằng", "hàng", "các"), True))
RHYTHMS = Vocabulary(dict.fromkeys(("thứ", "cn", "t", "ngày", "tuần", "tháng", "năm", "sáng", "chiều", "tối"), True))
STRANGE = Vocabulary(
    dict.fromkeys(
        (
            "không", "ko", "trước", "sau", "trừ", "đầu tháng", "giữa tháng", "cuối tháng", "đầu năm", "cuối năm",
            "giữa năm", "đầu tiên", "cuối cùng", "vừa rồi", "bây giờ", "lần thứ", "tuần thứ", "tuần đầu", "tuần cuối",
            "not", "never", "except", "before", "after", "by", "every", "each", "last", "first", "second", "third",
            "fourth", "week from", "ago", "now", "weekly", "daily", "monthly", "end of",
        ),
        True,
    )
)  # fmt: skip

_LITERALS = Vocabulary(
    dict.fromkeys(
        """
        giờ phút kém rưỡi ngày hôm bữa mùng mồng tháng năm tuần nữa tiếng lúc đến tới thứ vào nửa đêm giữa trưa cho hết
        """.split(),  # noqa: SIM905
        True,
    )
)
# Every word with marks that a rule may mean; one with other marks is another word.
SPELLED = frozenset[str]().union(
    *(
        vocabulary.words
        for vocabulary in (
            NUMBERS, PARTS, DAYS, WEEKDAYS, AFTER_A_WEEKDAY, WEEKS, MONTHS_AHEAD, YEARS_AHEAD, LUNAR, NEW_YEAR,
            EVERY, STRANGE, NAMED_TIMES, _LITERALS,
        )
    )
)  # fmt: skip
