"""Vietnamese made comparable."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insight.folding import clean, fold, is_marked, spelled, toned, words


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Đường Hoà Bình", "duong hoa binh"),
        ("  Vay\t vốn\n\nở đâu? ", "vay von o dau?"),
        ("xã\u200b Tri\ufeff Lễ\x07", "xa tri le"),
        ("ÐỒNG ĐĂNG", "dong dang"),
        ("NGHỈ ÙỪ ƯỠN", "nghi uu uon"),
        ("", ""),
    ],
)
def test_folding_leaves_plain_letters(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_the_unicode_form_makes_no_difference(form: str) -> None:
    typed = unicodedata.normalize(form, "Thụy Hùng, Điềm He")  # type: ignore[arg-type]
    assert fold(typed) == "thuy hung, diem he"
    assert [toned(word) for word in spelled(typed)] == [toned(word) for word in spelled("Thụy Hùng, Điềm He")]


@pytest.mark.parametrize(("one", "other"), [("hoà", "hòa"), ("Thuỷ", "thủy"), ("Loà", "lòa"), ("QUÝ", "quý")])
def test_the_place_of_the_tone_makes_no_difference(one: str, other: str) -> None:
    assert toned(one) == toned(other)


@pytest.mark.parametrize(("one", "other"), [("hòa", "hóa"), ("thanh", "thành"), ("van", "vân"), ("nhất", "nhật")])
def test_other_marks_make_another_word(one: str, other: str) -> None:
    assert toned(one) != toned(other)


def test_words_are_letters_and_digits() -> None:
    assert words("Xã Tri-Lễ (cũ), 2 thôn…") == ["xa", "tri", "le", "cu", "2", "thon"]


def test_a_mark_is_seen_and_a_capital_is_none() -> None:
    assert is_marked("Đoàn")
    assert not is_marked("Doan KET")


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_clean_text_has_no_control_characters_and_no_double_spaces(text: str) -> None:
    tidy = clean(text)
    assert "  " not in tidy
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in tidy)
