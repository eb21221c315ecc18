"""What is typed where there are no buttons: numbers, words and codes, with marks and without, in both languages."""

from __future__ import annotations

import pytest

from bot.lists import PAGE
from bot.pack import DEFAULT
from bot.talk import SHORT_ANSWER
from bot.texts import HERE, load
from bot.typed import LONGEST, MORE, Lexicon, Meaning, meaning, words_of
from handlers.features import FEATURES
from storage.codes import EVERY

TEXTS = load(HERE, DEFAULT / "texts")
LEXICON = Lexicon.of(TEXTS)
LIST = ("3.1.yes", "3.1.no", "3.1.skip", "3.1._back")


def meant(text: str, data: tuple[str, ...] = LIST) -> Meaning | None:
    return meaning(text, LEXICON, data)


@pytest.mark.parametrize(
    "text", ["2", " 2 ", "2.", "2)", "hai", "Hai", "HAI", "số 2", "so 2", "Số hai", "two", "number 2"]
)
def test_a_number_is_taken_however_it_is_written(text: str) -> None:
    found = meant(text)
    assert found
    assert (found.data, found.number) == ("3.1.no", 2)


@pytest.mark.parametrize("text", ["2", "2."])
def test_digits_are_certain_and_words_are_not(text: str) -> None:
    assert meant(text) == Meaning("3.1.no", certain=True, number=2)
    assert meant("hai") == Meaning("3.1.no", certain=False, number=2)


@pytest.mark.parametrize("text", ["4", "17", "99", "100", "bốn", "2 con bò", "hai con bò", "2.5", "-1", "②", "٢", ""])
def test_what_is_no_number_of_the_list_is_a_text(text: str) -> None:
    assert meant(text) is None


@pytest.mark.parametrize(
    "text", ["0", "0.", "quay lại", "Quay Lại", "quay lai", "quaylai", "trở lại", "back", "go back"]
)
def test_zero_and_its_words_go_back(text: str) -> None:
    assert meant(text) == Meaning("3.1._back")
    assert meant(text, ()) == Meaning("/back")


@pytest.mark.parametrize("text", ["bỏ qua", "Bỏ qua", "bo qua", "skip"])
def test_skipping_is_a_word_where_it_is_offered(text: str) -> None:
    assert meant(text) == Meaning("3.1.skip")
    assert meant(text, ("3.1.yes",)) is None


@pytest.mark.parametrize("text", ["tiếp", "tiep", "xem thêm", "more"])
def test_a_page_is_turned_where_there_is_another(text: str) -> None:
    assert meant(text, tuple(f"3.1.o{n}" for n in range(PAGE + 1))) == Meaning(MORE)
    assert meant(text, tuple(f"3.1.o{n}" for n in range(PAGE))) is None


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("góp ý", "/propose"), ("GÓP Ý", "/propose"), ("gop y", "/propose"), ("gopy", "/propose"),
        ("propose", "/propose"), ("của tôi", "/mine"), ("cua toi", "/mine"), ("mine", "/mine"),
        ("trợ giúp", "/help"), ("tro giup", "/help"), ("help", "/help"), ("Help!", "/help"),
        ("tra cứu", "/lookup"), ("cài đặt", "/settings"), ("ngôn ngữ", "/language"), ("hủy", "/cancel"),
        ("huỷ", "/cancel"), ("Huy", "/cancel"), ("cancel", "/cancel"), ("bắt đầu", "/start"), ("start", "/start"),
        ("riêng tư", "/privacy"), ("sự kiện", "/events"), ("su kien", "/events"), ("sukien", "/events"),
        ("thông tin", "/info"), ("thong tin", "/info"), ("liên kết", "/connect"), ("lien ket", "/connect"),
        ("làm mới", "/refresh"), ("lam moi", "/refresh"), ("điểm danh", "/check_in"), ("diem danh", "/check_in"),
        ("hỏi ngay", "/ask_now"), ("nghe", "/hear"), ("chuong trinh", "/dialogue"), ("tao su kien", "/make_event"),
        ("quản lý", "/manage"), ("nhan su", "/team"), ("điểm cầu", "/points"), ("lỗi", "/failures"),
    ],
)  # fmt: skip
def test_a_word_is_a_command_but_never_for_certain(text: str, command: str) -> None:
    assert meant(text) == Meaning(command, certain=False)


@pytest.mark.parametrize(
    "text",
    [
        "góp ý về đường vào thôn", "gốp ý", "đúng", "Hủy hoại môi trường", "của tôi là con đường", "/gopy", "/huy",
        "trợ giúp em với", "bất đầu", "bó qua",
    ],
)  # fmt: skip
def test_more_than_a_word_or_other_marks_is_a_text(text: str) -> None:
    assert meant(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("K7", "K7"), ("k7", "K7"), ("gửi K7", "K7"), ("gui k7", "K7"), ("send K7", "K7"), (" K7. ", "K7"),
     ("K77", ""), ("lớp K7", ""), ("7K", ""), ("K1", ""), ("", "")],
)  # fmt: skip
def test_a_code_is_sent_alone_or_after_a_word_for_it(text: str, code: str) -> None:
    assert LEXICON.code(words_of(text)) == code


def test_words_are_short_enough_to_be_meant_for_the_question_and_each_means_one_thing() -> None:
    ways = [(name, way) for name, every in LEXICON.known.items() for way in every]
    assert all(0 < len(way.words) <= SHORT_ANSWER for _, way in ways)
    assert all(len(" ".join(way.words)) < LONGEST for _, way in ways)
    for name, way in ways:
        assert LEXICON.find(way.words) == name, way
        assert LEXICON.number(way.words) == 0


def test_every_word_is_one_of_a_command_or_a_step() -> None:
    assert set(LEXICON.known) <= {*FEATURES.names, "back", "cancel", "skip", "more"}
    for language in TEXTS.languages:
        assert len(TEXTS.template(language, "word.numbers").split(",")) == PAGE


def test_codes_look_like_nothing_else() -> None:
    assert len(set(EVERY)) == len(EVERY) > 100
    assert not set("".join(EVERY)) & set("01IOLQ")
