"""Which notions a text speaks of."""

import pytest

from bot import pack as packs
from bot.insight.concepts import Lexicon
from bot.pack import Concept

SHOP = Lexicon(
    [
        Concept("sell", "thing", "trade", ("bán", "bán hàng")),
        Concept("friend", "thing", "people", ("bạn", "bạn bè")),
        Concept("signal", "thing", "net", ("sóng điện thoại",)),
        Concept("power", "thing", "grid", ("điện",)),
        Concept("promise", "ask", "", ("làm … không", "hứa")),
        Concept("polite", "plain", "", ("em", "ạ")),
    ]
)
WHOLE = Lexicon(packs.load(packs.DEFAULT).concepts)


def found(text: str, lexicon: Lexicon = SHOP) -> list[str]:
    return sorted(lexicon.read(text).concepts)


def test_marks_that_were_typed_tell_words_apart() -> None:
    assert found("bán ở chợ") == ["sell"]
    assert found("bạn ở chợ") == ["friend"]


def test_a_text_without_marks_may_mean_both() -> None:
    assert found("ban o cho") == ["friend", "sell"]


def test_letters_without_marks_are_not_taken_for_a_word_that_they_seldom_mean() -> None:
    seldom = Lexicon(
        [Concept("hill", "thing", "", ("đồi",)), Concept("change", "thing", "", ("đổi", "đổi xe", "thay đổi"))]
    )
    assert found("doi", seldom) == ["change"]
    assert found("đồi", seldom) == ["hill"]


def test_a_phrase_may_leave_a_gap_within_its_clause() -> None:
    assert found("có làm đường vào bản không") == ["promise"]
    assert "promise" in found("lam duong vao xom khong")
    assert found("làm đường, không") == []


def test_a_word_within_the_phrase_of_another_topic_is_no_notion() -> None:
    assert found("không có sóng điện thoại") == ["signal"]
    assert found("mất điện, không có sóng điện thoại") == ["power", "signal"]


def test_what_belongs_to_no_notion_is_told() -> None:
    assert [token.word for token in SHOP.read("em bán gà ạ").rest] == ["gà"]


def test_old_and_new_spelling_is_one() -> None:
    assert found("tâm lí học đường", WHOLE) == found("tâm lý học đường", WHOLE)


@pytest.mark.parametrize(
    ("one", "other", "notion"),
    [
        ("em muốn mượn vốn", "vay tiền ngân hàng", "loan"),
        ("thủ tục thế nào", "cần giấy tờ gì", "how"),
        ("k co song dt", "điện thoại không vạch nào", "phone_signal"),
        ("heo chet het", "lợn chết", "swine_fever"),
    ],
)
def test_other_words_mean_the_same_notion(one: str, other: str, notion: str) -> None:
    assert notion in WHOLE.read(one).concepts
    assert notion in WHOLE.read(other).concepts
