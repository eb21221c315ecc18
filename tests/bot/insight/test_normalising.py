"""Texts written out as a careful typist would have typed them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.insight import chat, telex
from bot.insight.folding import fold, tidy_tone
from bot.insight.noise import KINDS, noisy
from bot.insight.normalising import normalise
from bot.insight.syllables import apart, is_syllable


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("em k bít, mún vay 50tr thì lm j ạ", "em không biết , muốn vay 50 triệu thì làm gì ạ"),
        ("vay von mo quan ntn a", "vay von mo quan như thế nào a"),
        ("hok bik zậy", "không biết vậy"),
        ("xin chao cac ban a/c", "xin chao cac ban anh chị"),
        ("đi vs ae dc ko", "đi với anh em được không"),
        ("fòng khám wá xa", "phòng khám quá xa"),
        ("ddaats nhaf em bij thu hooif", "đất nhà em bị thu hồi"),
        ("vieejc lamf", "việc làm"),
        ("duongvaothon hong roi", "duong vao thon hong roi"),
        ("đườngvào thôn hỏng", "đường vào thôn hỏng"),
        ("chaoooo adddd", "chao ad"),
        ("Hoà Bình, Quí, kĩ năng", "Hòa Bình , Quý , kỹ năng"),
        ("xa\u0303 Tri Le\u0302\u0303\u200b", "xã Tri Lễ"),
        ("online camera video ở quê", "online camera video ở quê"),
    ],
)
def test_vietnamese_is_written_out(typed: str, written: str) -> None:
    assert normalise(typed) == written


@pytest.mark.parametrize(
    "typed", ["I want to borrow money for a shop", "Which queue is for data files", "你好", "123", ""]
)
def test_other_languages_stay_as_they_are(typed: str) -> None:
    assert normalise(typed) == typed


@pytest.mark.parametrize("word", ["duong", "nghieng", "quyen", "gi", "a", "uong", "khuyu", "yeu", "thoang", "xoong"])
def test_every_shape_of_a_syllable_is_known(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["loan", "the", "can"])
def test_some_english_words_have_the_shape_too(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["school", "street", "bank", "ke ", "ce", "ngi", "qa", "", "duonggg"])
def test_what_is_spelled_otherwise_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("word", "lengths"),
    [("vayvon", (3, 3)), ("duongvaothon", (5, 3, 4)), ("duong", ()), ("online", ()), ("facebook", ()), ("camera", ())],
)
def test_words_that_ran_together_come_apart(word: str, lengths: tuple[int, ...]) -> None:
    assert apart(word) == lengths


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ("dduwowngf", "đường"),
        ("nguwowif", "người"),
        ("quas", "quá"),
        ("ddieenj", "điện"),
        ("hocj", "học"),
        ("data", ""),
        ("vay", ""),
    ],
)
def test_keys_of_telex_become_letters(keys: str, word: str) -> None:
    assert telex.decoded(keys) == word


@pytest.mark.parametrize(
    ("typed", "usual"), [("Hoà", "Hòa"), ("THUỶ", "THỦY"), ("quý", "quý"), ("Lí", "Lý"), ("tí", "tí")]
)
def test_the_tone_goes_where_it_mostly_stands(typed: str, usual: str) -> None:
    assert tidy_tone(typed) == usual


def test_no_short_form_stands_for_two_things() -> None:
    assert all(fold(short) != fold(full) or short != full for short, full in chat.FORMS.items())
    assert "bi" not in chat.FORMS  # it is "bị" without its mark


@given(st.text())
@example("MN")
def test_any_text_is_taken_and_writing_out_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize("kind", KINDS)
def test_noise_is_the_same_every_time(kind: str) -> None:
    text = "Em không biết vay vốn ở đâu, muốn hỏi mọi người"
    assert noisy(text, kind) == noisy(text, kind) != text
