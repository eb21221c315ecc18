"""Greetings and thanks, and what only begins with them."""

import pytest

from bot.insight.courtesy import Courtesy, courtesy


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
