"""Long texts in pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.exports.pieces import LINE_HEIGHT, LINES, height, pieces


@given(text=st.text(st.sampled_from("aàđ \t\n🌱中x"), max_size=3000), width=st.integers(2, 50))
def test_the_pieces_put_together_are_the_text(text: str, width: int) -> None:
    found = pieces(text, width)
    assert "".join(found) == text
    assert all(len(piece) <= (LINES + 1) * (width / 0.65 + 8) for piece in found)
    assert all(piece.count("\n") <= LINES for piece in found)


def test_a_short_text_stays_whole() -> None:
    assert pieces("", 10) == [""]
    assert pieces("một\nhai ba bốn năm sáu", 10) == ["một\nhai ba bốn năm sáu"]


def test_a_text_is_cut_between_words() -> None:
    first, *others = pieces("vay vốn " * 80, 10)
    assert all(word in ("vay", "vốn") for piece in (first, *others) for word in piece.split())
    assert first.count("v") == 2 * LINES


def test_lines_count_as_well_as_letters() -> None:
    assert pieces("a\n" * 30, 40) == ["a\n" * 24, "a\n" * 6]


def test_a_word_without_end_is_cut_too() -> None:
    found = pieces("x" * 100_000, 40)
    assert "".join(found) == "x" * 100_000
    assert max(map(len, found)) < 40 * (LINES + 1)


def test_a_row_is_as_high_as_its_longest_text() -> None:
    assert height([], []) == height([""], [10]) == LINE_HEIGHT + 3
    assert height(["một\nhai", "x"], [10, 10]) == 2 * LINE_HEIGHT + 3
    assert height(["vay vốn " * 3], [10]) == 3 * LINE_HEIGHT + 3
    assert height(["KHỞI NGHIỆP"], [12]) > height(["khởi nghiệp"], [12])
    assert height(["x\n" * 500], [10]) == 409
