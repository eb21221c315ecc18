"""Sending and editing: what arrives on the screen, and what is refused in which words."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import pytest
from aiohttp import FormData

from tests.telegram.conftest import Bot, whole
from tests.telegram.phone import Phone
from tests.telegram.refusals import NOT_MODIFIED
from tests.telegram.server import StandIn


async def test_a_message_with_tags_and_buttons_is_shown(bot: Bot, lan: Phone) -> None:
    sent = await bot.say("<b>Chào</b> bạn &lt;3 &foo;", "Có", "Không", parse_mode="HTML")
    assert sent["entities"] == [{"offset": 0, "length": 4, "type": "bold"}]
    assert lan.last.text == sent["text"] == "Chào bạn <3 &foo;"
    assert lan.last.html == "<b>Chào</b> bạn &lt;3 &foo;"
    assert lan.last.buttons == [[("Có", "Có"), ("Không", "Không")]]


@pytest.mark.parametrize("way", ["query", "form", "json", "multipart"])
async def test_parameters_come_in_every_way(bot: Bot, lan: Phone, way: str) -> None:
    markup = json.dumps({"inline_keyboard": [[{"text": "Có", "callback_data": "1"}]]})
    given = {"chat_id": "5", "text": "một & hai", "reply_markup": markup}
    url = bot.url("SENDmessage")
    if way == "query":
        request = bot.session.get(url, params=given)
    elif way == "json":
        request = bot.session.post(url, json=given)
    else:
        request = bot.session.post(url, data=FormData(given, default_to_multipart=way == "multipart"))
    async with request as response:
        assert (await whole(response))["ok"]
    assert lan.last.text == "một & hai"
    assert lan.last.labels == ["Có"]


@pytest.mark.parametrize("attached", [True, False])
async def test_a_document_arrives_with_its_name_and_bytes(bot: Bot, lan: Phone, attached: bool) -> None:
    form = FormData({"chat_id": "5", "caption": "<i>bảng</i>", "parse_mode": "HTML"}, quote_fields=False)
    if attached:
        form.add_field("document", "attach://part")
    form.add_field("part" if attached else "document", b"PK\x03\x04", filename="ý kiến.xlsx", content_type="x/y")
    async with bot.session.post(bot.url("sendDocument"), data=form) as response:
        answer = await whole(response)
    document = answer["result"]["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == ("ý kiến.xlsx", "x/y", 4)
    assert (lan.last.name, lan.last.document, lan.last.caption) == ("ý kiến.xlsx", b"PK\x03\x04", "bảng")
    again = await bot.call("sendDocument", chat_id=5, document=document["file_id"])
    assert again["document"] == document


async def test_a_photo_arrives(bot: Bot, lan: Phone) -> None:
    form = FormData({"chat_id": "5"})
    form.add_field("photo", b"\xff\xd8picture", filename="a.jpg")
    async with bot.session.post(bot.url("sendPhoto"), data=form) as response:
        assert (await whole(response))["result"]["photo"][-1]["file_size"] == 9
    assert lan.last.photo == b"\xff\xd8picture"
    assert await bot.refusal("sendPhoto", chat_id=5) == "there is no photo in the request"
    assert await bot.refusal("sendPhoto", chat_id=5, photo="nonsense") != ""
    assert await bot.refusal("sendPhoto", chat_id=5, photo="x", caption="x" * 1025) == "message caption is too long"


async def test_the_server_knows_its_methods_and_its_token(bot: Bot, standin: StandIn, lan: Phone) -> None:
    assert (await bot.call("getMe"))["is_bot"] is True
    assert await bot.answer("sendRocket") == {"ok": False, "error_code": 404, "description": "Not Found"}
    for token, code in (("123456:other", 401), ("nonsense", 404)):
        async with bot.session.get(f"{standin.url}/bot{token}/getMe") as response:
            assert (await whole(response))["error_code"] == code
    assert await bot.refusal("sendMessage", chat_id=5, text="a", disable_web_page_preview=True) == (
        "unknown parameter disable_web_page_preview"
    )


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"text": "a"}, "chat_id is empty"),
    ({"chat_id": 5}, "message text is empty"),
    ({"chat_id": 5, "text": "  \n"}, "text must be non-empty"),
    ({"chat_id": 99, "text": "a"}, "chat not found"),
    ({"chat_id": "@nobody", "text": "a"}, "chat not found"),
    ({"chat_id": 5, "text": "a" * 4097}, "message is too long"),
    ({"chat_id": 5, "text": "😀" * 2049}, "message is too long"),
    ({"chat_id": 5, "text": "a", "parse_mode": "XML"}, "unsupported parse_mode"),
    ({"chat_id": 5, "text": "a\ud800"}, "strings must be encoded in UTF-8"),
    ({"chat_id": 5, "text": "a", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    (
        {"chat_id": 5, "text": "a", "entities": [{"type": "bold", "offset": 0, "length": 9}]},
        "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 9",
    ),
]


@pytest.mark.parametrize(("given", "reason"), REFUSED)
async def test_what_cannot_be_sent_is_refused(bot: Bot, lan: Phone, given: dict[str, Any], reason: str) -> None:
    assert await bot.refusal("sendMessage", **given) == reason
    assert lan.messages == []


async def test_text_is_cleaned_as_the_server_does(bot: Bot, lan: Phone) -> None:
    sent = await bot.say(" \n<b> một</b>\thai\r\n<i>ba </i>\n", parse_mode="HTML")
    assert sent["text"] == "một hai\nba"
    assert sent["entities"] == [
        {"offset": 0, "length": 3, "type": "bold"}, {"offset": 8, "length": 2, "type": "italic"},
    ]  # fmt: skip


async def test_an_upload_is_taken_for_its_parameter_only(bot: Bot, lan: Phone) -> None:
    form = FormData({"chat_id": "5"})
    form.add_field("file", b"PK", filename="a.xlsx")
    async with bot.session.post(bot.url("sendDocument"), data=form) as response:
        assert (await whole(response))["description"] == "Bad Request: unknown parameter file"


async def test_what_is_too_large_is_refused(bot: Bot, standin: StandIn, lan: Phone) -> None:
    form = FormData({"chat_id": "5"})
    form.add_field("photo", io.BytesIO(bytes(10 * 1024 * 1024 + 1)), filename="a.jpg")
    async with bot.session.post(bot.url("sendPhoto"), data=form) as response:
        assert "is too big for a photo" in (await whole(response))["description"]
    reader, writer = await asyncio.open_connection("127.0.0.1", int(standin.url.rpartition(":")[2]))
    writer.write(f"POST /bot{standin.token}/sendDocument HTTP/1.1\r\nHost: a\r\n".encode())
    writer.write(b"Content-Length: 60000000\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
    writer.close()
    await writer.wait_closed()


async def test_length_is_counted_after_the_tags(bot: Bot, lan: Phone) -> None:
    await bot.say("<b>" + "&amp;" * 4096 + "</b>", parse_mode="HTML")
    await bot.say("😀" * 2048)
    assert [len(message.text) for message in lan.messages] == [4096, 2048]


def rows(*rows: list[Any]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


ONE = {"text": "a", "callback_data": "a"}
KEYBOARDS: list[tuple[Any, str]] = [
    (rows([{"text": "a", "callback_data": "ế" * 22}]), "BUTTON_DATA_INVALID"),
    (
        rows([{"text": "a", "callback_data": ""}]),
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (rows([{"callback_data": "a"}]), "can't parse inline keyboard button: Can't find field \"text\""),
    (rows([{"text": " ", "callback_data": "a"}]), "can't parse inline keyboard button: Text buttons must have a text"),
    (rows([{"text": "a", "url": "nowhere"}]), "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL"),
    (rows([ONE] * 9), "reply markup is too long"),
    (rows(*[[ONE]] * 101), "reply markup is too long"),
    (rows(*[[{"text": "a" * 200, "callback_data": "a"}]] * 60), "reply markup is too long"),
    ({"inline_keyboard": "a"}, 'field "inline_keyboard" must be of type Array'),
    ("nonsense", "can't parse reply_markup JSON object"),
]


@pytest.mark.parametrize(("markup", "reason"), KEYBOARDS)
async def test_a_wrong_keyboard_is_refused(bot: Bot, lan: Phone, markup: Any, reason: str) -> None:
    assert await bot.refusal("sendMessage", chat_id=5, text="a", reply_markup=markup) == reason


async def test_the_largest_keyboard_is_taken(bot: Bot, lan: Phone) -> None:
    markup = rows(*[[{"text": "a", "callback_data": "ế" * 21}] * 8] * 12)
    await bot.say("a", reply_markup=markup)
    assert len(lan.last.labels) == 96


async def test_an_edit_replaces_text_and_buttons(bot: Bot, lan: Phone) -> None:
    number = (await bot.say("một", "Có"))["message_id"]
    edited = await bot.call("editMessageText", chat_id=5, message_id=number, text="<i>hai</i>", parse_mode="HTML")
    assert edited["edit_date"]
    assert (lan.last.text, lan.last.buttons, lan.last.edited) == ("hai", [], 1)
    await bot.call("editMessageReplyMarkup", chat_id=5, message_id=number, reply_markup=rows([ONE]))
    assert (lan.last.text, lan.last.labels, lan.last.edited) == ("hai", ["a"], 2)
    assert len(lan.messages) == 1


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, lan: Phone) -> None:
    number = (await bot.say("một", "Có"))["message_id"]
    same = rows([{"text": "Có", "callback_data": "Có"}])
    where = {"chat_id": 5, "message_id": number}
    assert await bot.refusal("editMessageText", **where, text="một", reply_markup=same) == NOT_MODIFIED
    assert await bot.refusal("editMessageReplyMarkup", **where, reply_markup=same) == NOT_MODIFIED
    await bot.call("editMessageReplyMarkup", **where)
    assert await bot.refusal("editMessageReplyMarkup", **where) == NOT_MODIFIED


async def test_what_cannot_be_edited_is_refused(bot: Bot, lan: Phone) -> None:
    theirs = lan.send("của mình")
    fixed = await bot.say("a", reply_markup={"force_reply": True})
    assert await bot.refusal("editMessageText", chat_id=5, message_id=99, text="a") == "message to edit not found"
    assert await bot.refusal("editMessageText", chat_id=5, text="a") == "message identifier is not specified"
    for number in (theirs, fixed["message_id"]):
        assert await bot.refusal("editMessageText", chat_id=5, message_id=number, text="b") == "message can't be edited"


async def test_who_blocked_the_bot_or_never_started_it_gets_nothing(bot: Bot, standin: StandIn, lan: Phone) -> None:
    lan.block()
    answer = await bot.answer("sendMessage", chat_id=5, text="a")
    assert (answer["error_code"], answer["description"]) == (403, "Forbidden: bot was blocked by the user")
    lan.unblock()
    await bot.say("a")
    stranger = Phone(standin.world, 6)
    reason = "Forbidden: bot can't initiate conversation with a user"
    assert await bot.refusal("sendMessage", chat_id=6, text="a") == reason
    stranger.start()
    await bot.say("a", chat_id=6)
    stranger.person.deleted = True
    assert await bot.refusal("sendMessage", chat_id=6, text="a") == "Forbidden: user is deactivated"


async def test_a_press_is_answered_once_and_in_time(bot: Bot, standin: StandIn, lan: Phone) -> None:
    await bot.say("a", "Có")
    query, other = lan.press("Có"), lan.press("Có")
    assert await bot.refusal("answerCallbackQuery", callback_query_id=query, text="x" * 201) == "MESSAGE_TOO_LONG"
    await bot.call("answerCallbackQuery", callback_query_id=query, text="Đã nhận", show_alert="true")
    assert [(notice.query_id, notice.text, notice.alert) for notice in lan.notices] == [(query, "Đã nhận", True)]
    too_old = "query is too old and response timeout expired or query ID is invalid"
    assert await bot.refusal("answerCallbackQuery", callback_query_id=query) == too_old
    standin.world.expire_queries()
    assert await bot.refusal("answerCallbackQuery", callback_query_id=other) == too_old
    standin.world.query_seconds = -1
    assert await bot.refusal("answerCallbackQuery", callback_query_id=lan.press("Có")) == too_old


async def test_typing_is_shown(bot: Bot, standin: StandIn, lan: Phone) -> None:
    await bot.call("sendChatAction", chat_id=5, action="typing")
    assert standin.world.actions == [(5, "typing")]
    assert await bot.refusal("sendChatAction", chat_id=5, action="dancing") == "wrong parameter action in request"
