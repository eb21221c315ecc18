"""Greetings and thanks, and what only begins with them."""

import pytest

from bot.insight.courtesy import Aside, Courtesy, aside, courtesy


@pytest.mark.parametrize(
    "text",
    [
        "chào ad",
        "alo",
        "hi",
        "Xin chào ạ",
        "Chaooo",
        "hello!!! 👋",
        "em chào anh chị ạ",
        "Chào buổi sáng",
        "hi everyone",
    ],
)
def test_a_greeting_is_a_greeting(text: str) -> None:
    assert courtesy(text) is Courtesy.GREETING


@pytest.mark.parametrize(
    "text",
    ["cảm ơn ad nhiều", "thanks", "ok cảm ơn", "Cám ơn ạ", "cam on nhe", "thank you very much", "chào ad, cảm ơn ad"],
)
def test_thanks_are_thanks(text: str) -> None:
    assert courtesy(text) is Courtesy.THANKS


@pytest.mark.parametrize(
    "text",
    [
        "chào ad em muốn vay vốn",
        "alo cho hỏi đường xấu",
        "hi em hỏi về thông tin",
        "cảm ơn tỉnh đã làm đường",
        "cảm ơn bạn, em làm thủ tục",
        "hello, how do I get a loan?",
        "ok",
        "vâng ạ",
        "😀",
        "",
    ],
)
def test_anything_more_is_no_courtesy(text: str) -> None:
    assert courtesy(text) is None


PROGRAMME = [
    "mấy giờ, ở đâu vậy ạ",
    "may h bat dau a",
    "khi nào tổ chức",
    "đăng ký thế nào",
    "dk tham gia o dau",
    "bao giờ diễn ra chương trình ạ",
    "chương trình có phát trực tiếp không",
    "cho em xin link zoom",
    "bao giờ có kết quả ạ",
    "khi nào trả lời câu hỏi của em",
    "ai được tham gia ạ",
    "em muốn tham gia thì đăng ký ở đâu",
    "ngày nào đối thoại",
    "buổi đối thoại bắt đầu mấy giờ",
    "tỉnh tổ chức ở đâu ạ",
    "ở đâu vậy",
    "khi nào ạ",
    "có cần đăng ký trước không ạ",
    "em ở xa có tham gia online được không",
    "kết quả công bố khi nào",
    "ai trả lời câu hỏi vậy ạ",
    "hội nghị mấy ngày",
    "giờ nào bắt đầu",
    "when does it start?",
    "how do I register for the event",
    "where is the meeting",
]
NEEDS = [
    "mở lớp dạy nghề ở đâu",
    "khi nào tổ chức giải bóng đá",
    "đăng ký kinh doanh thế nào",
    "đăng ký tham gia mùa hè xanh ở đâu",
    "bao giờ có điện",
    "em có được vay không",
    "bao giờ làm đường",
    "ở đâu dạy tiếng Trung",
    "kết quả thi công chức khi nào có",
    "tham gia bảo hiểm thế nào",
    "đăng ký tạm trú ở đâu",
    "lịch thu gom rác là ngày nào",
    "chương trình hỗ trợ vay vốn khi nào có",
    "tổ chức lớp bơi cho trẻ em được không",
    "how do I register a business",
    "when will the road be repaired?",
    "where can I find a job",
]


@pytest.mark.parametrize("text", PROGRAMME)
def test_a_question_about_the_programme_is_no_proposal(text: str) -> None:
    assert aside(text) is Aside.PROGRAMME
    assert courtesy(text) is None


@pytest.mark.parametrize("text", NEEDS)
def test_a_need_in_the_words_of_a_programme_is_a_proposal(text: str) -> None:
    assert aside(text) is None


def test_polite_words_are_asides_too() -> None:
    assert [aside(text) for text in ("chào ad", "cảm ơn ạ", "vay vốn")] == [Aside.GREETING, Aside.THANKS, None]
