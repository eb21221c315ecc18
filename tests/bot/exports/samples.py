"""What the tests of exports are made of."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from hypothesis import strategies as st

from bot.exports.labels import Labels, labels
from bot.exports.sheet import Heading, Line
from bot.texts import HERE, Texts, read

ZONE = timezone(timedelta(hours=7))
HEADING = Heading(
    "Tổng hợp câu hỏi, kiến nghị", "Đối thoại với thanh niên năm 2026", datetime(2026, 3, 5, 8, 30, tzinfo=ZONE)
)
LINE = Line(
    code="LS-2026-00001",
    text="Em muốn mở quán thì vay vốn ở đâu ạ?",
    lead="",
    topics=("Vốn vay",),
    unit="Xã Thụy Hùng",
    place="Xã Thụy Hùng",
    kind="Câu hỏi",
    age_band="18–22",
    name="",
    readers="",
    competence="trong",
    agency="Ngân hàng Chính sách xã hội tỉnh",
    state="Đã nhận",
    created_at=datetime(2026, 3, 1, 21, 5, tzinfo=ZONE),
    files=0,
)
NAUGHTY = (
    "=1+1",
    "+84 912",
    "-2",
    "@x",
    "\t=cmd",
    "  =HYPERLINK(1)",
    "https://example.com/a?b=1&c=<d>",
    "<b>đậm</b> & %s {0} {count}",
    "<r>một</r>",
    "<r><t>&</r>",
    "_x0041_",
    "'=1",
    '"ngoặc" \\ kép',
    "  hai đầu  ",
    "dòng một\ndòng hai\n\n",
    "🌱👩🏽‍🌾",
    "\u202engược\u200f",
    "NFD: e\u0302\u0301",
    "0123",
    "1e5",
    "TRUE",
    "#REF!",
    "]]>",
    "&amp;",
)


def words() -> st.SearchStrategy[str]:
    """Anything that may come in: what a database can hold, and what only looks like it."""
    return st.one_of(st.sampled_from(NAUGHTY), st.text(st.characters(), max_size=60))


def in_vietnamese() -> Labels:
    return in_language("vi")


def in_language(language: str) -> Labels:
    return labels(Texts({name: _catalogue(name) for name in ("vi", "en")}), language)


def _catalogue(language: str) -> dict[str, str]:
    return read(HERE / f"{language}.toml")


def lines_of(*texts: str) -> Callable[[], Iterable[Line]]:
    """Lines of one topic and place that say these texts, fresh at each call."""
    return lambda: (replace(LINE, code=f"LS-2026-{n:05}", text=text) for n, text in enumerate(texts, 1))


def group(*places: tuple[str, str]) -> Callable[[], Iterable[Line]]:
    """Lines of these (topic, place), fresh at each call."""
    return lambda: (
        replace(LINE, code=f"LS-2026-{n:05}", topics=(topic,) if topic else (), unit=place, place=place)
        for n, (topic, place) in enumerate(places, 1)
    )


def names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def is_loaded_by(module: str, library: str) -> bool:
    """Whether a fresh process that imports the module has loaded the library."""
    code = f"import sys, {module}; sys.exit({library!r} in sys.modules)"
    return bool(subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3], check=False).returncode)
