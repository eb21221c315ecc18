"""How Telegram's updates come in: nothing is acknowledged before it is committed, and nothing is dropped."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.channels.telegram_updates import WANTED
from bot.errors import SettingsError
from tests.bot.channels.wire import PUBLIC, SECRET, Inbox, channel_to, wired
from tests.telegram.server import StandIn

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def there() -> AsyncIterator[StandIn]:
    async with StandIn() as running:
        yield running


@pytest.fixture(params=[False, True], ids=["polling", "webhook"])
def webhook(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


async def test_what_is_written_comes_in_order(there: StandIn, webhook: bool) -> None:
    async with wired(there, webhook=webhook) as wire:
        for n in range(30):
            wire.phone().send(f"tin {n}")
        await wire.inbox.holds(30)
        await there.world.updates.emptied()
    assert wire.inbox.texts == [f"tin {n}" for n in range(30)]


async def test_what_could_not_be_committed_comes_again(there: StandIn, webhook: bool) -> None:
    inbox = Inbox(troubles=2)
    async with wired(there, inbox, webhook=webhook) as wire:
        wire.phone().send("đừng để mất")
        await inbox.holds(1)
        await there.world.updates.emptied()
    assert inbox.texts == ["đừng để mất"]
    assert inbox.troubles == 0


async def test_switching_there_and_back_drops_nothing_that_waits(there: StandIn) -> None:
    inbox, said = Inbox(), 0
    for webhook in (False, True, False, True):
        async with wired(there, inbox, webhook=webhook) as wire:
            wire.phone().send(f"lúc chạy {said}")
            await inbox.holds(said + 1)
            await there.world.updates.emptied()
        wire.phone().send(f"lúc nghỉ {said}")
        said += 2
        await asyncio.sleep(0)
    async with wired(there, inbox):
        await inbox.holds(said)
        await there.world.updates.emptied()
    assert sorted(inbox.texts) == sorted(f"lúc {what} {n}" for n in range(0, said, 2) for what in ("chạy", "nghỉ"))
    assert there.world.drops == 0


async def test_after_a_pause_lower_numbers_are_not_taken_for_old_ones(there: StandIn, webhook: bool) -> None:
    async with wired(there, webhook=webhook) as wire:
        wire.phone().send("tuần trước")
        await wire.inbox.holds(1)
        await there.world.updates.emptied()
        there.world.jump(1000)
        wire.phone().send("tuần này")
        await wire.inbox.holds(2)
        await there.world.updates.emptied()
    assert wire.inbox.texts == ["tuần trước", "tuần này"]


async def test_an_update_that_nobody_understands_holds_up_no_other(there: StandIn, webhook: bool) -> None:
    async with wired(there, webhook=webhook) as wire:
        there.world.deliver({"message": "?"})
        there.world.deliver({"message": {"message_id": [], "chat": {"id": "x"}}})
        wire.phone().send("sau đó")
        await wire.inbox.holds(1)
        await there.world.updates.emptied()
    assert wire.inbox.texts == ["sau đó"]


async def test_only_what_is_read_is_asked_for(there: StandIn, webhook: bool) -> None:
    async with wired(there, webhook=webhook) as wire:
        wire.phone().send("x")
        await wire.inbox.holds(1)
    assert there.world.updates.given_allowed == list(WANTED)


async def test_another_poller_is_outlasted(there: StandIn) -> None:
    async with wired(there) as wire, aiohttp.ClientSession() as session:
        wire.phone().send("một")
        await wire.inbox.holds(1)
        async with session.get(f"{there.url}/bot{there.token}/getUpdates", params={"timeout": "0"}) as other:
            assert other.status == 200
        wire.phone().send("hai")
        await wire.inbox.holds(2)
    assert wire.inbox.texts == ["một", "hai"]


async def test_a_server_in_trouble_is_asked_again(there: StandIn) -> None:
    for kind in ("500", "502", "reset-before", "reset-after", "redelivery"):
        there.faults.next(kind, "getUpdates")
    async with wired(there) as wire:
        wire.phone().send("một")
        await wire.inbox.holds(1)
        await there.world.updates.emptied()
    assert set(wire.inbox.texts) == {"một"}


async def test_a_token_that_telegram_does_not_know_ends_the_channel(there: StandIn) -> None:
    channel = channel_to(there, token="999:wrong")
    await channel.open()
    try:
        with pytest.raises(SettingsError, match=r"\[telegram\] token: ") as caught:
            await channel.run(Inbox().receive)
        assert "wrong" not in str(caught.value)
    finally:
        await channel.close()


# -- the webhook alone


async def test_the_webhook_stands_with_its_secret_its_limits_and_its_kinds(there: StandIn) -> None:
    async with wired(there, webhook=True) as wire:
        wire.phone().send("x")
        await wire.inbox.holds(1)
        hook = there.world.webhook
        assert (hook.url, hook.secret, hook.max_connections) == (f"{PUBLIC}/hook", SECRET, 20)


async def test_a_webhook_is_set_at_each_start_since_its_secret_may_have_changed(there: StandIn) -> None:
    there.world.webhook.set(f"{PUBLIC}/hook", "an older secret", 20)
    async with wired(there, webhook=True) as wire:
        wire.phone().send("x")
        await wire.inbox.holds(1)
    assert (there.world.webhook.secret, there.world.calls["setwebhook"]) == (SECRET, 1)


@pytest.mark.parametrize("headers", [{}, {HEADER: ""}, {HEADER: "guessed"}, {HEADER: SECRET + "x"}])
async def test_a_post_without_the_secret_is_refused(there: StandIn, headers: dict[str, str]) -> None:
    async with (
        wired(there, webhook=True) as wire,
        aiohttp.ClientSession() as session,
        session.post(f"{wire.url}/hook", json={"update_id": 1}, headers=headers) as answer,
    ):
        assert answer.status == 403
    assert wire.inbox.messages == []


async def test_a_post_that_is_too_large_is_refused_and_one_that_is_no_json_is_not_asked_for_again(
    there: StandIn,
) -> None:
    async with wired(there, webhook=True) as wire, aiohttp.ClientSession(headers={HEADER: SECRET}) as session:
        async with session.post(f"{wire.url}/hook", data=io.BytesIO(b" " * 1_100_000)) as answer:
            assert answer.status == 413
        for body in (b"{", b"\xff", b"[]", b"7"):
            async with session.post(f"{wire.url}/hook", data=body) as answer:
                assert answer.status == 200
    assert wire.inbox.messages == []


async def test_a_webhook_that_somebody_else_changed_is_set_again_at_the_next_start(there: StandIn) -> None:
    there.world.webhook.set("https://elsewhere.example.org", "", 40)
    async with wired(there, webhook=True) as wire:
        wire.phone().send("x")
        await wire.inbox.holds(1)
    assert there.world.webhook.url == f"{PUBLIC}/hook"
