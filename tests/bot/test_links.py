"""Buttons that open a page: on each kind of messenger, once as a button and once as a line."""

from __future__ import annotations

from pathlib import Path

from bot.channels.telegram_looks import looks
from bot.feature import Command
from bot.model import Button, Phrase, Reply
from bot.talk import Talk
from bot.turn import Choice, Turn
from tests.bot.invented import ANY, Right, conversation, features
from tests.player import town

PAGE = "https://example.org/vay-von?a=1&b=2"


async def linking(turn: Turn) -> None:
    label = Phrase(ANY, {"unit": "Xem"})
    turn.say(ANY, unit="mở", buttons=[[Choice(label, url=PAGE)], [Choice(Phrase(ANY, {"unit": "Thôi"}), "/help")]])


async def nothing(talk: Talk) -> None:
    """A conversation that nobody begins."""


FEATURES = features(conversation("nothing", nothing), idle="link", commands=[Command("link", Right.TALK, linking)])


async def test_a_link_is_a_button_where_there_are_buttons_and_else_a_line_without_a_number(tmp_path: Path) -> None:
    async with town(tmp_path, features=FEATURES) as place:
        lan, hoa = place.person("lan"), place.person("hoa", "lists")
        await lan.send("gì đó")
        assert [(b.label, b.url) for b in lan.screen.last.buttons] == [("Xem", PAGE), ("Thôi", "")]
        await hoa.send("gì đó")
        assert f"Xem: {PAGE}" in hoa.last
        assert hoa.options == ["Thôi"]


def test_on_telegram_a_link_is_one() -> None:
    reply = Reply("mở", ((Button("Xem", "", PAGE), Button("Thôi", "/help")),))
    assert looks(reply)["reply_markup"] == {
        "inline_keyboard": [[{"text": "Xem", "url": PAGE}, {"text": "Thôi", "callback_data": "/help"}]]
    }
