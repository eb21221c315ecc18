"""An export stands there whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.exports.sheet import Line
from bot.exports.write import Format, write
from tests.bot.exports.samples import HEADING, LINE, in_language, in_vietnamese, lines_of, names_in


class BrokenError(Exception):
    """The database went away in the middle."""


def broken() -> Iterator[Line]:
    yield LINE
    raise BrokenError


@pytest.mark.parametrize("form", Format)
def test_each_format_gives_one_file_and_leaves_nothing_beside_it(tmp_path: Path, form: Format) -> None:
    out = tmp_path / f"câu hỏi.{form}"
    write(form, out, HEADING, lines_of("Vay vốn"), in_vietnamese())
    assert names_in(tmp_path) == [out.name]
    assert out.stat().st_size > 0


def test_the_ending_names_the_format(tmp_path: Path) -> None:
    write(Format.XLSX, tmp_path / "a", HEADING, lines_of("Vay vốn"), in_vietnamese())
    write(Format.JSON, tmp_path / "b", HEADING, lines_of("Vay vốn"), in_vietnamese())
    with (tmp_path / "a").open("rb") as file:
        assert load_workbook(file).worksheets[1]["C4"].value == "Vay vốn"
    assert json.loads((tmp_path / "b").read_text("utf-8"))[0]["text"] == "Vay vốn"
    assert (tmp_path / "b").read_text("utf-8").startswith("[\n{")


@pytest.mark.parametrize("form", Format)
def test_a_failed_export_leaves_the_old_file_as_it_was(tmp_path: Path, form: Format) -> None:
    out = tmp_path / "export"
    out.write_text("the last one")
    with pytest.raises(BrokenError):
        write(form, out, HEADING, broken, in_vietnamese())
    assert names_in(tmp_path) == ["export"]
    assert out.read_text() == "the last one"


def test_a_new_export_replaces_the_old_one(tmp_path: Path) -> None:
    out = tmp_path / "export.json"
    for text in ("cũ", "mới"):
        write(Format.JSON, out, HEADING, lines_of(text), in_vietnamese())
    assert [row["text"] for row in json.loads(out.read_text("utf-8"))] == ["mới"]


def test_a_language_that_lacks_the_words_uses_the_source_language() -> None:
    assert in_language("tày") == in_vietnamese()
    assert in_language("en").total == "Total"
