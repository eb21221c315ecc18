"""Long polls: what comes, when it is forgotten, and who may ask."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from tests.telegram.conftest import Bot
from tests.telegram.phone import Phone
from tests.telegram.refusals import OTHER_POLLER, WEBHOOK_SET
from tests.telegram.server import StandIn


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_updates_come_until_they_are_confirmed(bot: Bot, lan: Phone) -> None:
    for word in ("một", "hai", "ba"):
        lan.send(word)
    first = await bot.call("getUpdates", limit=2)
    assert texts(first) == ["một", "hai"]
    assert texts(await bot.call("getUpdates")) == ["một", "hai", "ba"]
    assert texts(await bot.call("getUpdates", offset=first[-1]["update_id"] + 1)) == ["ba"]
    assert texts(await bot.call("getUpdates", offset=0)) == ["ba"]
    assert texts(await bot.call("getUpdates", limit=-5)) == ["ba"]


async def test_no_more_than_a_hundred_come_at_once(bot: Bot, lan: Phone) -> None:
    for number in range(120):
        lan.send(str(number))
    assert len(await bot.call("getUpdates", limit=1000)) == 100


async def test_a_negative_offset_keeps_the_last(bot: Bot, lan: Phone) -> None:
    for word in ("một", "hai", "ba"):
        lan.send(word)
    assert texts(await bot.call("getUpdates", offset=-1)) == ["ba"]
    assert texts(await bot.call("getUpdates")) == ["ba"]


async def test_a_long_poll_ends_when_something_comes(bot: Bot, lan: Phone) -> None:
    poll = asyncio.create_task(bot.call("getUpdates", timeout=30))
    await asyncio.sleep(0.1)
    assert not poll.done()
    lan.send("chào")
    assert texts(await asyncio.wait_for(poll, 1)) == ["chào"]


async def test_a_long_poll_ends_with_its_time(bot: Bot, lan: Phone) -> None:
    begun = time.monotonic()
    assert await bot.call("getUpdates", timeout=1) == []
    assert time.monotonic() - begun > 0.9


async def test_the_earlier_of_two_pollers_is_sent_away(bot: Bot, lan: Phone) -> None:
    earlier = asyncio.create_task(bot.answer("getUpdates", timeout=30))
    await asyncio.sleep(0.1)
    later = asyncio.create_task(bot.answer("getUpdates", timeout=30))
    refused = await asyncio.wait_for(earlier, 1)
    assert (refused["error_code"], refused["description"]) == (409, f"Conflict: {OTHER_POLLER}")
    lan.send("chào")
    assert texts((await asyncio.wait_for(later, 1))["result"]) == ["chào"]


async def test_no_polls_beside_a_webhook(bot: Bot) -> None:
    poll = asyncio.create_task(bot.refusal("getUpdates", timeout=30))
    await asyncio.sleep(0.1)
    await bot.call("setWebhook", url="http://127.0.0.1:9/hook")
    assert await asyncio.wait_for(poll, 1) == "Conflict: terminated by setWebhook request"
    assert await bot.refusal("getUpdates") == f"Conflict: {WEBHOOK_SET}"
    await bot.call("deleteWebhook")
    assert await bot.call("getUpdates") == []


async def test_wanted_kinds_are_remembered_and_hold_for_what_comes_after(bot: Bot, lan: Phone) -> None:
    await bot.say("a", "Có")
    lan.send("trước")
    lan.press("Có")
    assert len(await bot.call("getUpdates", allowed_updates='["callback_query"]')) == 2
    await bot.call("getUpdates")
    lan.send("sau")
    lan.press("Có")
    kinds = [(update.keys() - {"update_id"}).pop() for update in await bot.call("getUpdates")]
    assert kinds == ["message", "callback_query", "callback_query"]
    await bot.call("getUpdates", allowed_updates=[])
    lan.send("lại")
    assert len(await bot.call("getUpdates")) == 4


async def test_numbers_may_start_anew(bot: Bot, standin: StandIn, lan: Phone) -> None:
    lan.send("một")
    high = (await bot.call("getUpdates"))[0]["update_id"]
    await bot.call("getUpdates", offset=high + 1)
    standin.world.jump(17)
    lan.send("hai")
    [update] = await bot.call("getUpdates", offset=high + 1)
    assert (update["update_id"], update["message"]["text"]) == (17, "hai")
    assert await bot.call("getUpdates", offset=18) == []


async def test_an_update_can_be_repeated_and_anything_delivered(bot: Bot, standin: StandIn, lan: Phone) -> None:
    lan.send("một")
    [update] = await bot.call("getUpdates")
    standin.world.deliver({"message": "no object"})
    standin.world.repeat(update)
    came = await bot.call("getUpdates", offset=update["update_id"] + 1)
    assert came == [update, {"update_id": update["update_id"] + 1, "message": "no object"}]
    assert len(await bot.call("getUpdates")) == 1


async def test_waiting_updates_are_dropped_only_when_asked_for(bot: Bot, standin: StandIn, lan: Phone) -> None:
    lan.send("một")
    await bot.call("setWebhook", url="")
    await bot.call("deleteWebhook")
    assert standin.world.drops == 0
    assert len(await bot.call("getUpdates")) == 1
    await bot.call("deleteWebhook", drop_pending_updates=True)
    assert standin.world.drops == 1
    assert await bot.call("getUpdates") == []


async def test_a_webhook_address_is_looked_at(bot: Bot) -> None:
    for given, reason in (
        ({"url": "http://example.org/a"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://example.org:8080/a"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "https://example.org/a", "secret_token": "a b"}, "secret token contains unallowed characters"),
        ({"url": "https://example.org/a", "secret_token": "a" * 257}, "secret token is too long"),
    ):
        assert await bot.refusal("setWebhook", **given) == reason
    assert (await bot.call("getWebhookInfo"))["url"] == ""
