"""What the stand-in takes and refuses, as the real server is said to do."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

import pytest
from aiohttp import ClientConnectionError, ClientSession, web

from tests.zalo.conftest import Bot
from tests.zalo.faults import Faults, Kind
from tests.zalo.phone import Phone
from tests.zalo.server import StandIn
from tests.zalo.world import Limits


async def test_a_message_arrives_and_its_id_is_hex(bot: Bot, lan: Phone) -> None:
    sent = await bot.call("sendMessage", chat_id=lan.chat, text="Chào bạn")
    assert lan.last.text == "Chào bạn"
    assert re.fullmatch(r"[0-9a-f]{20}", sent["message_id"])
    assert sent["date"] > 1_600_000_000_000


@pytest.mark.parametrize(
    ("method", "given", "code"),
    [
        ("sendmessage", {"text": "x"}, 400),  # names are spelled exactly
        ("sendMessage", {"text": ""}, 400),
        ("sendMessage", {"text": " \n"}, 400),
        ("sendMessage", {"text": "x" * 2001}, 400),
        ("sendMessage", {"text": "😀" * 1001}, 400),
        ("sendMessage", {"text": 7}, 400),
        ("sendMessage", {"text": "x", "parse_mode": "html"}, 400),
        ("sendMessage", {"text": "x", "chat_id": "nobody"}, 404),
        ("sendPhoto", {"photo": "https://elsewhere.example.org/a.jpg"}, 400),
        ("sendPhoto", {"photo": "x", "caption": "x" * 2001}, 400),
        ("sendVoice", {"voice_url": "https://a.example.org/a.mp3"}, 400),
        ("sendChatAction", {"action": "dancing"}, 400),
        ("sendDocument", {"document": "x"}, 400),
    ],
)
async def test_what_is_refused_is_refused_with_status_200(
    bot: Bot, lan: Phone, method: str, given: dict[str, Any], code: int
) -> None:
    assert await bot.code(method, **{"chat_id": lan.chat, **given}) == code
    assert lan.messages == []


async def test_the_longest_text_is_taken(bot: Bot, lan: Phone) -> None:
    await bot.call("sendMessage", chat_id=lan.chat, text="ă" * 2000)
    assert await bot.call("sendChatAction", chat_id=lan.chat, action="typing") is None
    await bot.call("sendVoice", chat_id=lan.chat, voice_url="https://a.example.org/a.aac")


async def test_who_never_wrote_or_blocked_the_bot_is_out_of_reach(bot: Bot, lan: Phone) -> None:
    lan.block()
    assert await bot.code("sendMessage", chat_id=lan.chat, text="x") == 404
    lan.unblock()
    await bot.call("sendMessage", chat_id=lan.chat, text="x")


async def test_a_wrong_token_and_what_is_no_json_are_refused(bot: Bot, standin: StandIn) -> None:
    async with bot.session.post(f"{standin.url}/botwrong/getMe", json={}) as response:
        assert (response.status, (await response.json())["error_code"]) == (200, 401)
    async with bot.session.get(bot.url("getMe")) as response:
        assert (await response.json())["error_code"] == 400
    async with bot.session.post(bot.url("getMe"), data=b"{", headers={"Content-Type": "application/json"}) as response:
        assert (await response.json())["error_code"] == 400


async def test_a_photo_is_fetched_from_its_address(bot: Bot, standin: StandIn, lan: Phone) -> None:
    path = standin.world.keep(b"picture", "image/jpeg", ".jpg")
    standin.ways["https://pages.example.org"] = standin.url
    await bot.call("sendPhoto", chat_id=lan.chat, photo=f"https://pages.example.org{path}", caption="đây")
    assert (lan.last.text, lan.last.content) == ("đây", b"picture")
    standin.world.expire_files()
    assert await bot.code("sendPhoto", chat_id=lan.chat, photo=f"https://pages.example.org{path}") == 400


# -- polling


async def test_one_event_a_call_and_what_was_given_is_gone(bot: Bot, lan: Phone) -> None:
    lan.send("một")
    lan.send("hai")
    first, second = [await bot.call("getUpdates", timeout="0") for _ in range(2)]
    assert [one["message"]["text"] for one in (first, second)] == ["một", "hai"]
    assert first["event_name"] == "message.text.received"
    assert first["message"]["chat"] == {"id": lan.chat, "chat_type": "PRIVATE"}
    assert await bot.code("getUpdates", timeout="0") == 408


async def test_a_poll_waits_as_long_as_it_is_told_to(bot: Bot, lan: Phone) -> None:
    begun = time.monotonic()
    assert await bot.code("getUpdates", timeout="1") == 408
    assert time.monotonic() - begun > 0.9
    polling = asyncio.create_task(bot.call("getUpdates", timeout="5"))
    await asyncio.sleep(0.05)
    lan.send("đến")
    assert (await polling)["message"]["text"] == "đến"


@pytest.mark.parametrize("wrong", [5, "soon", ""])
async def test_a_timeout_is_a_text_of_digits_and_there_is_no_offset(bot: Bot, wrong: object) -> None:
    assert await bot.code("getUpdates", timeout=wrong) == 400
    assert await bot.code("getUpdates", timeout="0", offset=1) == 400


async def test_each_kind_has_its_own_fields(bot: Bot, standin: StandIn, lan: Phone) -> None:
    lan.photo(b"a", "chữ")
    lan.photo(b"a", field="photo_url")
    lan.voice(b"a")
    lan.sticker()
    lan.link("https://example.org")
    Phone(standin.world, "nhỏ", standin.url, is_protected=True).send("bí mật")
    came = [await bot.call("getUpdates", timeout="0") for _ in range(6)]
    usual = {"from", "chat", "message_id", "date"}
    assert [(one["event_name"].split(".")[1], set(one["message"]) - usual) for one in came] == [
        ("image", {"photo", "caption"}),
        ("image", {"photo_url"}),
        ("voice", {"voice_url"}),
        ("sticker", {"sticker", "url"}),
        ("unsupported", set()),
        ("unsupported", set()),
    ]
    assert "bí mật" not in str(came)


# -- webhook


async def test_polling_and_a_webhook_exclude_each_other(bot: Bot) -> None:
    assert await bot.code("setWebhook", url="http://bot.example.org", secret_token="12345678") == 400
    assert await bot.code("setWebhook", url="https://bot.example.org", secret_token="1234567") == 400
    await bot.call("setWebhook", url="https://bot.example.org", secret_token="12345678")
    assert (await bot.call("getWebhookInfo"))["url"] == "https://bot.example.org"
    assert await bot.code("getUpdates", timeout="0") == 400
    await bot.call("deleteWebhook")
    assert (await bot.call("getWebhookInfo"))["url"] == ""
    assert await bot.code("getUpdates", timeout="0") == 408


async def test_events_are_posted_with_the_secret_until_they_are_taken(bot: Bot, standin: StandIn, lan: Phone) -> None:
    came: list[tuple[str, dict[str, Any]]] = []
    statuses = [503, 200, 200]

    async def take(request: web.BaseRequest) -> web.Response:
        came.append((request.headers["X-Bot-Api-Secret-Token"], await request.json()))
        return web.Response(status=statuses.pop(0))

    runner = web.ServerRunner(web.Server(take))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    standin.ways["https://bot.example.org"] = "http://{}:{}".format(*runner.addresses[0][:2])
    await bot.call("setWebhook", url="https://bot.example.org/hook", secret_token="only-we-know")
    lan.send("một")
    await standin.world.events.emptied()
    standin.world.webhook.bare = True
    lan.send("hai")
    await standin.world.events.emptied()
    await runner.cleanup()
    assert {secret for secret, _ in came} == {"only-we-know"}
    assert [body["result"]["message"]["text"] for _, body in came[:2]] == ["một", "một"]
    assert came[2][1]["message"]["text"] == "hai"
    assert standin.world.webhook.troubles == ["status 503"]


# -- files, limits, faults


async def test_the_address_of_a_file_expires(bot: Bot, standin: StandIn, lan: Phone) -> None:
    lan.photo(b"picture")
    address = (await bot.call("getUpdates", timeout="0"))["message"]["photo"]
    async with bot.session.get(address) as response:
        assert (response.status, response.content_type, await response.read()) == (200, "image/jpeg", b"picture")
    standin.world.expire_files()
    async with bot.session.get(address) as response:
        assert response.status == 403


async def test_too_many_messages_are_refused() -> None:
    async with StandIn(limits=Limits(2, retry_after=3)) as standin, ClientSession() as session:
        bot, lan = Bot(standin, session), Phone(standin.world, "lan", standin.url)
        lan.send("a")
        for _ in range(2):
            await bot.call("sendMessage", chat_id=lan.chat, text="x")
        async with session.post(bot.url("sendMessage"), json={"chat_id": lan.chat, "text": "x"}) as response:
            assert (response.headers["Retry-After"], (await response.json())["error_code"]) == ("3", 429)
        assert (len(lan.messages), standin.world.limits and standin.world.limits.refused) == (2, 1)


@pytest.mark.parametrize(("kind", "code"), [("403", 403), ("429", 429), ("404", 404)])
async def test_refusals_on_demand_have_no_effect(bot: Bot, standin: StandIn, lan: Phone, kind: str, code: int) -> None:
    standin.faults.next(kind, "sendMessage")
    assert await bot.code("sendMessage", chat_id=lan.chat, text="x") == code
    await bot.call("sendMessage", chat_id=lan.chat, text="y")
    assert [one.text for one in lan.messages] == ["y"]


@pytest.mark.parametrize(("kind", "status"), [("firewall", 403), ("portal", 200), ("502", 502)])
async def test_pages_on_demand(bot: Bot, standin: StandIn, lan: Phone, kind: str, status: int) -> None:
    standin.faults.next(kind)
    async with bot.session.post(bot.url("sendMessage"), json={"chat_id": lan.chat, "text": "x"}) as response:
        assert (response.status, response.content_type) == (status, "text/html")
    assert lan.messages == []


@pytest.mark.parametrize(("kind", "arrived"), [("reset-before", 0), ("reset-after", 1)])
async def test_a_connection_breaks_before_or_after(
    bot: Bot, standin: StandIn, lan: Phone, kind: str, arrived: int
) -> None:
    standin.faults.next(kind)
    with pytest.raises((ClientConnectionError, ConnectionError)):
        await bot.call("sendMessage", chat_id=lan.chat, text="x")
    assert len(lan.messages) == arrived


async def test_an_answer_may_be_late_and_chance_is_the_same_for_the_same_seed(
    bot: Bot, standin: StandIn, lan: Phone
) -> None:
    standin.faults.next("late", "getMe", seconds=0.2)
    begun = time.monotonic()
    await bot.call("getMe")
    assert time.monotonic() - begun >= 0.2

    def plan(seed: int) -> list[bool]:
        faults = Faults()
        faults.sometimes(Kind.INTERNAL, 0.3, "getMe", seed)
        return [faults.strike("getMe") is not None for _ in range(200)]

    assert plan(1) == plan(1) != plan(2)


async def test_a_message_may_come_once_more(bot: Bot, lan: Phone) -> None:
    lan.again(lan.send("một"))
    events = [await bot.call("getUpdates", timeout="0") for _ in range(2)]
    assert events[0] == events[1]
