"""What people do, as updates; and what they see."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.telegram.conftest import Bot
from tests.telegram.phone import Phone
from tests.telegram.server import StandIn


async def got(bot: Bot, kind: str = "message") -> dict[str, Any]:
    """What the newest update holds."""
    update: dict[str, Any] = (await bot.call("getUpdates"))[-1]
    assert update.keys() == {"update_id", kind}
    body: dict[str, Any] = update[kind]
    return body


async def test_a_command_is_marked(bot: Bot, lan: Phone) -> None:
    number = lan.start("qr7")
    body = await got(bot)
    assert (body["message_id"], body["text"]) == (number, "/start qr7")
    assert body["from"] == {"id": 5, "is_bot": False, "first_name": "Lan", "language_code": "vi"}
    assert body["chat"] == {"id": 5, "type": "private", "first_name": "Lan"}
    assert body["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    lan.send("http://a/b không có lệnh")
    assert "entities" not in await got(bot)


async def test_an_edit_keeps_the_number(bot: Bot, lan: Phone) -> None:
    number = lan.send("một")
    lan.edit(number, "hai")
    body = await got(bot, "edited_message")
    assert (body["message_id"], body["text"], body["edit_date"] > 0) == (number, "hai", True)
    assert (await bot.call("getUpdates"))[0]["message"]["text"] == "một"
    with pytest.raises(ValueError, match="one's own"):
        lan.edit((await bot.say("a"))["message_id"], "b")


async def test_a_photo_comes_in_sizes_and_can_be_fetched(bot: Bot, standin: StandIn, lan: Phone) -> None:
    lan.photo(b"\xff\xd8picture", "ảnh")
    body = await got(bot)
    assert body["caption"] == "ảnh"
    assert [size["width"] for size in body["photo"]] == [90, 320, 1280]
    fetched = []
    for size in body["photo"]:
        file = await bot.call("getFile", file_id=size["file_id"])
        async with bot.session.get(f"{standin.url}/file/bot{standin.token}/{file['file_path']}") as response:
            fetched.append(await response.read())
    assert fetched[2] == b"\xff\xd8picture"
    assert fetched[0] != fetched[2]


async def test_a_file_that_is_too_large_cannot_be_fetched(bot: Bot, standin: StandIn, lan: Phone) -> None:
    lan.document("a.pdf", b"%PDF", "application/pdf", size=20 * 1024 * 1024 + 1)
    document = (await got(bot))["document"]
    assert (document["file_name"], document["mime_type"]) == ("a.pdf", "application/pdf")
    assert await bot.refusal("getFile", file_id=document["file_id"]) == "file is too big"
    assert await bot.refusal("getFile", file_id="nonsense") == "invalid file_id"
    async with bot.session.get(f"{standin.url}/file/bot{standin.token}/documents/none") as response:
        assert response.status == 404


async def test_an_album_is_a_message_each(bot: Bot, lan: Phone) -> None:
    numbers = lan.album([b"1", b"2", b"3"], "ba ảnh")
    bodies = [update["message"] for update in await bot.call("getUpdates")]
    assert [body["message_id"] for body in bodies] == numbers
    assert len({body["media_group_id"] for body in bodies}) == 1
    assert [body.get("caption") for body in bodies] == ["ba ảnh", None, None]


@pytest.mark.parametrize("kind", ["sticker", "contact", "location", "poll", "dice", "voice", "video"])
async def test_other_things_come_as_what_they_are(bot: Bot, lan: Phone, kind: str) -> None:
    getattr(lan, kind)(*((b"sound",) if kind in ("voice", "video") else ()))
    assert (await got(bot))[kind]


async def test_a_press_names_its_message(bot: Bot, lan: Phone) -> None:
    await bot.say("cũ", "Có", "Không")
    newest = await bot.say("mới", "Có")
    query = lan.press("Có")
    body = await got(bot, "callback_query")
    assert (body["id"], body["data"], body["message"]) == (query, "Có", newest)
    lan.press("Khô")
    assert (await got(bot, "callback_query"))["message"]["text"] == "cũ"
    with pytest.raises(LookupError):
        lan.press("Có lẽ")
    lan.press_on(newest["message_id"], "nút cũ")
    assert (await got(bot, "callback_query"))["data"] == "nút cũ"


async def test_blocking_is_told(bot: Bot, lan: Phone) -> None:
    lan.block()
    body = await got(bot, "my_chat_member")
    assert (body["old_chat_member"]["status"], body["new_chat_member"]["status"]) == ("member", "kicked")
    assert body["new_chat_member"]["user"]["is_bot"]
    with pytest.raises(ValueError, match="unblock"):
        lan.send("a")
    lan.unblock()
    assert (await got(bot, "my_chat_member"))["new_chat_member"]["status"] == "member"


async def test_in_a_group_the_bot_reads_commands_and_replies(bot: Bot, standin: StandIn, lan: Phone) -> None:
    here = lan.group("Tổ 1")
    minh = Phone(standin.world, 6, "Minh").join(here.chat)
    assert here.chat.id < 0
    asked = await bot.say("Chào cả nhà", chat_id=here.chat.id)
    standin.world.updates.drop()
    minh.send("nói với nhau")
    minh.send("/help@other_bot")
    here.send("/help@youth_test_bot")
    minh.send("trả lời", reply_to=asked["message_id"])
    came = [update["message"] for update in await bot.call("getUpdates")]
    assert [(body["from"]["first_name"], body["text"]) for body in came] == [
        ("Lan", "/help@youth_test_bot"), ("Minh", "trả lời"),
    ]  # fmt: skip
    assert [message.text for message in minh.messages] == ["Chào cả nhà"]
    standin.world.reads_all = True
    minh.send("nói với nhau")
    assert (await got(bot))["text"] == "nói với nhau"


async def test_a_group_that_became_a_supergroup_has_another_id(bot: Bot, lan: Phone) -> None:
    here = lan.group("Tổ 1")
    old = here.chat.id
    new = here.migrate().id
    answer = await bot.answer("sendMessage", chat_id=old, text="a")
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer["parameters"] == {"migrate_to_chat_id": new}
    assert (await bot.say("a", chat_id=new))["message_id"] == 2, "a supergroup numbers its messages itself"
    assert (here.last.text, here.chat.shown["type"]) == ("a", "supergroup")
    moved = [update["message"] for update in (await bot.call("getUpdates"))[-2:]]
    assert [body.get("migrate_to_chat_id") for body in moved] == [new, None]
    here.kick_bot()
    assert await bot.refusal("sendMessage", chat_id=new, text="a") == (
        "Forbidden: bot was kicked from the supergroup chat"
    )


async def test_somebody_waits_for_an_answer(bot: Bot, lan: Phone) -> None:
    waiting = asyncio.create_task(lan.sees("hai"))
    await bot.say("một")
    await asyncio.sleep(0.01)
    assert not waiting.done()
    await bot.say("hai")
    assert (await asyncio.wait_for(waiting, 1)).text == "hai"
    with pytest.raises(AssertionError, match="newest is 'hai'"):
        await lan.sees("ba", 0.05)


def test_a_screen_shows_both_sides(lan: Phone) -> None:
    lan.photo(b"1")
    assert [(shown.by_bot, shown.text, shown.photo) for shown in lan.screen] == [
        (False, "/start", None), (False, "", b"1"),
    ]  # fmt: skip
    with pytest.raises(LookupError):
        assert lan.last
