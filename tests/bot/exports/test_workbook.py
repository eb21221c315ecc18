"""A workbook as Excel would read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as examples
from openpyxl import Workbook, load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.header_footer import HeaderFooterItem

from bot.exports.pieces import LINE_HEIGHT, LINES
from bot.exports.sheet import COLUMNS, Line
from bot.exports.workbook import write_workbook
from bot.model import readable
from tests.bot.exports.samples import HEADING, LINE, NAUGHTY, group, in_language, in_vietnamese, lines_of, words

TEXT = 2  # the column of the proposal's own words


def opened(folder: Path, lines: Callable[[], Iterable[Line]], language: str = "vi") -> Workbook:
    out = folder / "export.xlsx"
    write_workbook(out, HEADING, lines, in_language(language))
    return load_workbook(out)


def rows(book: Workbook, sheet: int) -> list[tuple[object, ...]]:
    return [
        tuple(cell for cell in row if cell is not None) for row in book.worksheets[sheet].iter_rows(values_only=True)
    ]


def column(book: Workbook, index: int) -> list[str]:
    """What stands in a column of the list, header and headings left out."""
    found = [row[index] for row in book.worksheets[1].iter_rows(min_row=2, values_only=True) if row[1] is not None]
    return [unescape(str(cell)) for cell in found if cell is not None]


def margin(band: HeaderFooterItem | None) -> str:
    """What a page says above or below its middle."""
    assert band is not None
    return str(band.center.text)


GROUPS = group(("Vốn vay", "Xã A"), ("Vốn vay", "Xã A"), ("Vốn vay", "Xã B"), ("Việc làm", "Xã A"), ("", ""))


def test_the_list_stands_under_headings_with_their_counts(tmp_path: Path) -> None:
    first = [row[0] for row in rows(opened(tmp_path, GROUPS), 1)[1:]]
    assert first == [
        "Vốn vay (3 lượt)", "Xã A (2 lượt)", 1, 2, "Xã B (1 lượt)", 3,
        "Việc làm (1 lượt)", "Xã A (1 lượt)", 4,
        "Chưa xếp nhóm (1 lượt)", "Chưa rõ địa bàn (1 lượt)", 5,
        "Tổng cộng: 5 lượt",
    ]  # fmt: skip


def test_a_line_shows_all_that_is_known(tmp_path: Path) -> None:
    line = replace(
        LINE,
        lead="Vay vốn",
        topics=("Vốn vay", "Việc làm"),
        name="Lý A",
        readers="Chỉ tỉnh",
        letter="05/STC",
        answer="Có",
        files=2,
    )
    row = rows(opened(tmp_path, lambda: [line]), 1)[3]
    assert row == (
        1, line.code, line.text, line.place, "Vốn vay; Việc làm", "trong", line.agency, "05/STC", "Có", "Đã nhận",
        "Vay vốn", "Câu hỏi", "18–22", "Lý A", LINE.created_at.replace(tzinfo=None), 2, "Chỉ tỉnh",
    )  # fmt: skip


def test_the_summary_counts_by_topic_kind_age_and_day(tmp_path: Path) -> None:
    lines = [LINE, replace(LINE, kind="Hiến kế", age_band="", created_at=LINE.created_at.replace(day=4)), LINE]
    said = rows(opened(tmp_path, lambda: lines), 0)
    assert said[:4] == [
        (HEADING.title,),
        (HEADING.dialogue,),
        ("Lập lúc 08:30 ngày 05/03/2026",),
        ("Tổng cộng: 3 lượt",),
    ]
    for counted in (
        ("Vốn vay", 3),
        ("Câu hỏi", 2),
        ("Hiến kế", 1),
        ("18–22", 2),
        ("Chưa rõ", 1),
        ("01/03/2026", 2),
        ("04/03/2026", 1),
    ):
        assert counted in said


def test_the_matrix_has_places_by_size_and_topics_in_order(tmp_path: Path) -> None:
    assert rows(opened(tmp_path, GROUPS), 0)[-5:] == [
        ("Địa bàn và nhóm vấn đề", "Vốn vay", "Việc làm", "Chưa xếp nhóm", "Tổng cộng"),
        ("Xã A", 2, 1, 3),
        ("Chưa rõ địa bàn", 1, 1),
        ("Xã B", 1, 1),
        ("Tổng cộng", 3, 1, 1, 5),
    ]


def test_lines_of_a_group_that_stand_apart_are_refused(tmp_path: Path) -> None:
    for apart in (group(("a", "x"), ("b", "x"), ("a", "x")), group(("a", "x"), ("a", "y"), ("a", "x"))):
        with pytest.raises(ValueError, match="do not stand together"):
            opened(tmp_path, apart)


def test_nothing_to_list_is_said(tmp_path: Path) -> None:
    book = opened(tmp_path, lines_of())
    assert rows(book, 0)[-1] == rows(book, 1)[-1] == ("Chưa có câu hỏi, kiến nghị nào.",)


def test_the_list_prints_on_a4_with_its_header_on_each_page(tmp_path: Path) -> None:
    sheet = opened(tmp_path, GROUPS).worksheets[1]
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)  # one wide where nothing is said
    assert margin(sheet.oddFooter) == "Trang &P/&N"
    assert margin(sheet.oddHeader) == HEADING.title


def test_ages_and_names_stay_off_paper(tmp_path: Path) -> None:
    sheet = opened(tmp_path, GROUPS).worksheets[1]
    assert sheet.print_area == "'Câu hỏi, kiến nghị'!$A$1:$J$14"
    assert [cell.value for cell in sheet[1]][10:] == [
        "Ý chính",
        "Loại ý kiến",
        "Độ tuổi",
        "Người gửi",
        "Ngày gửi",
        "Tệp",
        "Ai được đọc",
        "Nhóm ý kiến giống nhau",
        "Nơi theo lời người gửi",
    ]


def test_cells_wrap_and_rows_are_as_high_as_their_texts(tmp_path: Path) -> None:
    sheet = opened(tmp_path, lines_of("một", "vay vốn " * 30, "một\n\nhai", "x" * 9000)).worksheets[1]
    assert sheet["C4"].alignment.wrap_text
    assert sheet["C4"].border.left.style == "thin"
    usual, long, three, highest = (float(sheet.row_dimensions[row].height or 0) for row in (4, 5, 6, 7))
    assert usual == three == 3 * LINE_HEIGHT + 3  # the agency's name takes three lines
    assert 4 * LINE_HEIGHT < long < 7 * LINE_HEIGHT
    assert LINES * LINE_HEIGHT < highest <= 409


def test_an_export_speaks_english_too(tmp_path: Path) -> None:
    book = opened(tmp_path, GROUPS, "en")
    assert book.sheetnames == ["Summary", "Questions and proposals"]
    assert rows(book, 1)[-1] == ("Total: 5",)


@pytest.mark.parametrize("text", NAUGHTY)
def test_what_looks_like_a_formula_or_markup_stays_text(tmp_path: Path, text: str) -> None:
    cell = opened(tmp_path, lines_of(text)).worksheets[1].cell(4, TEXT + 1)
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert unescape(str(cell.value)).removesuffix(" ") == text.removesuffix(" ")


def test_what_no_workbook_can_carry_is_replaced(tmp_path: Path) -> None:
    assert column(opened(tmp_path, lines_of("a\x00b\x1bc\ud800d\uffffe")), TEXT) == ["a\ufffdb\ufffdc\ufffdd\ufffde"]


@given(text=words(), other=words())
@examples(max_examples=60, deadline=None)
def test_any_words_survive_in_a_workbook(text: str, other: str) -> None:
    said = replace(LINE, text=text or "x", topics=(other,), unit=other, place=other, name=other, agency=other)
    with TemporaryDirectory() as folder:
        book = opened(Path(folder), lambda: [said, replace(said, text="sau")])
    assert [cell.removesuffix(" ") for cell in column(book, TEXT)] == [readable(said.text).removesuffix(" "), "sau"]


def test_a_text_longer_than_a_row_goes_on_in_the_next(tmp_path: Path) -> None:
    labels = in_vietnamese()
    text = " ".join(f"từ{n}" for n in range(12_000))
    sheet = opened(tmp_path, lines_of(text, "ngắn"))
    *parts, short = column(sheet, TEXT)
    codes = column(sheet, 1)
    assert short == "ngắn"
    assert "".join(part.removesuffix(f"\n{labels.goes_on}") for part in parts) == text
    assert all(part.endswith(labels.goes_on) for part in parts[:-1])
    assert codes == ["LS-2026-00001", *["LS-2026-00001 (tiếp)"] * (len(parts) - 1), "LS-2026-00002"]
    assert all(len(part) < (LINES + 2) * COLUMNS[TEXT].width for part in parts)


def test_a_title_with_signs_of_the_page_header_is_shown_as_it_is(tmp_path: Path) -> None:
    out = tmp_path / "export.xlsx"
    write_workbook(out, replace(HEADING, title="2026 & P&L " + "x" * 300), GROUPS, in_vietnamese())
    header = margin(load_workbook(out).worksheets[1].oddHeader)
    assert header.startswith("2026 && P&&L xxx")


def test_a_sheet_may_be_named_with_any_words(tmp_path: Path) -> None:
    out = tmp_path / "export.xlsx"
    write_workbook(
        out, HEADING, GROUPS, replace(in_vietnamese(), questions="Câu hỏi / kiến nghị [tất cả] của thanh niên")
    )
    assert load_workbook(out).sheetnames[1] == "Câu hỏi   kiến nghị  tất cả  củ"
