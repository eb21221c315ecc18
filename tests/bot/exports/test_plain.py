"""CSV and JSON as other programs would read them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as examples

from bot.exports.plain import write_csv, write_json
from bot.exports.sheet import Line
from bot.model import Json, readable
from tests.bot.exports.samples import HEADING, LINE, group, in_vietnamese, lines_of, words


def csv_bytes(lines: Callable[[], Iterable[Line]]) -> bytes:
    with TemporaryDirectory() as folder:
        out = Path(folder) / "export.csv"
        write_csv(out, HEADING, lines, in_vietnamese())
        return out.read_bytes()


def csv_rows(lines: Callable[[], Iterable[Line]]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(csv_bytes(lines).decode("utf-8-sig"), newline=""), strict=True))


def json_rows(lines: Callable[[], Iterable[Line]]) -> list[dict[str, Json]]:
    with TemporaryDirectory() as folder:
        out = Path(folder) / "export.json"
        write_json(out, HEADING, lines, in_vietnamese())
        found: list[dict[str, Json]] = json.loads(out.read_text("utf-8"))
    return found


def test_a_csv_opens_in_excel_with_its_marks() -> None:
    written = csv_bytes(lines_of("Vay vốn", 'nói "có"\nrồi'))
    assert written.startswith(b'\xef\xbb\xbf"STT","M\xc3\xa3",')
    assert b'"n\xc3\xb3i ""c\xc3\xb3""\nr\xe1\xbb\x93i"' in written
    assert written.count(b"\r\n") == 3


def test_a_csv_has_the_columns_of_the_list() -> None:
    head, row = csv_rows(lambda: [replace(LINE, topics=("Vốn vay", "Khác"), files=2)])
    shown = dict(zip(head, row, strict=True))
    assert (shown["STT"], shown["Mã"], shown["Nhóm vấn đề"]) == ("1", LINE.code, "Vốn vay; Khác")
    assert (shown["Ngày gửi"], shown["Tệp"], shown["Ý chính"]) == ("2026-03-01 21:05", "2", "")


@pytest.mark.parametrize(
    "text", ["=1+1", "+84 912", "-2", "@x", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0@x", "＝1", "\tx"]
)
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    assert csv_rows(lines_of(text))[1][2] == "'" + readable(text)


@pytest.mark.parametrize("text", ["a=1", "một - hai", "'=1", "0123", "", " x"])
def test_harmless_cells_of_a_csv_are_left_alone(text: str) -> None:
    assert csv_rows(lines_of(text))[1][2] == text


@given(text=words())
@examples(max_examples=150, deadline=None)
def test_any_words_survive_in_a_csv(text: str) -> None:
    said, after = (row[2] for row in csv_rows(lines_of(text, "sau"))[1:])
    assert readable(text) in (said, said.removeprefix("'"))
    assert not said.lstrip().startswith(("=", "+", "-", "@"))
    assert after == "sau"


@given(text=words())
@examples(max_examples=150, deadline=None)
def test_any_words_survive_in_json(text: str) -> None:
    assert [row["text"] for row in json_rows(lines_of(text, "sau"))] == [text, "sau"]


def test_json_says_all_fields_under_their_english_names() -> None:
    line = replace(LINE, topics=("Vốn vay", "Khác"), files=2, letter="05/STC", answer="Có")
    (row,) = json_rows(lambda: [line])
    assert datetime.fromisoformat(row["created_at"]) == line.created_at
    assert row == {**asdict(line), "topics": ["Vốn vay", "Khác"], "created_at": "2026-03-01T21:05:00+07:00"}


def test_nothing_to_list_is_an_empty_list() -> None:
    assert json_rows(lines_of()) == []
    assert len(csv_rows(lines_of())) == 1


def test_plain_lines_need_no_groups() -> None:
    apart = group(("a", "x"), ("b", "x"), ("a", "x"))
    assert [row["topics"] for row in json_rows(apart)] == [["a"], ["b"], ["a"]]
