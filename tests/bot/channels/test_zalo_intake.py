"""How Zalo's events come in: committed before anything else, and nothing is dropped while the bot lives."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Sequence

import aiohttp
import pytest

from bot.errors import SettingsError
from bot.model import Message, MessageKind
from tests.bot.channels.wire import Inbox
from tests.bot.channels.zalo_wire import PUBLIC, SECRET, channel_to, wired
from tests.zalo.server import StandIn

HEADER = "X-Bot-Api-Secret-Token"


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
    assert wire.inbox.texts == [f"tin {n}" for n in range(30)]


async def test_what_could_not_be_committed_is_taken_when_it_can_be(there: StandIn, webhook: bool) -> None:
    inbox = Inbox(troubles=2)
    async with wired(there, inbox, webhook=webhook) as wire:
        wire.phone().send("đừng để mất")
        wire.phone().send("và sau đó")
        await inbox.holds(2)
    assert inbox.texts == ["đừng để mất", "và sau đó"]


async def test_nothing_more_is_asked_for_before_what_was_given_is_committed(there: StandIn) -> None:
    class Slow(Inbox):
        async def receive(self, messages: Sequence[Message]) -> None:
            before = there.world.calls["getUpdates"]
            await asyncio.sleep(0.05)
            assert there.world.calls["getUpdates"] == before
            await super().receive(messages)

    async with wired(there, Slow()) as wire:
        for n in range(3):
            wire.phone().send(f"{n}")
        await wire.inbox.holds(3)


async def test_what_comes_while_the_bot_is_told_to_stop_is_taken(there: StandIn) -> None:
    async with wired(there) as wire:
        wire.phone().send("trước")
        await wire.inbox.holds(1)
        await there.world.events.emptied()
        wire.phone().send("đúng lúc dừng")
    assert wire.inbox.texts == ["trước", "đúng lúc dừng"]


async def test_switching_there_and_back_drops_nothing_that_waits(there: StandIn) -> None:
    inbox, said = Inbox(), 0
    for webhook in (False, True, False, True):
        async with wired(there, inbox, webhook=webhook) as wire:
            wire.phone().send(f"lúc chạy {said}")
            await inbox.holds(said + 1)
            await there.world.events.emptied()
        wire.phone().send(f"lúc nghỉ {said}")
        said += 2
    async with wired(there, inbox):
        await inbox.holds(said)
    assert sorted(inbox.texts) == sorted(f"lúc {what} {n}" for n in range(0, said, 2) for what in ("chạy", "nghỉ"))


async def test_a_repeat_has_the_id_of_the_first(there: StandIn, webhook: bool) -> None:
    async with wired(there, webhook=webhook) as wire:
        wire.phone().again(wire.phone().send("một lần"))
        first, second = await wire.inbox.holds(2)
    assert first.id == second.id


async def test_a_server_in_trouble_is_asked_again(there: StandIn) -> None:
    for kind in ("403", "firewall", "reset-before"):
        there.faults.next(kind, "getUpdates")
    async with wired(there) as wire:
        wire.phone().send("một")
        await wire.inbox.holds(1)
    assert wire.inbox.texts == ["một"]


async def test_an_event_that_nobody_understands_holds_up_no_other(there: StandIn, webhook: bool) -> None:
    async with wired(there, webhook=webhook) as wire:
        for event in ({}, {"event_name": 7}, {"event_name": "message.unsupported.received"}, {"message": {"chat": 1}}):
            there.world.events.put(event)
        wire.phone().send("sau đó")
        await wire.inbox.holds(1)
    assert wire.inbox.texts == ["sau đó"]


async def test_a_token_that_zalo_does_not_know_ends_the_channel(there: StandIn) -> None:
    channel = channel_to(there.url, token="999:wrong")
    await channel.open()
    try:
        with pytest.raises(SettingsError, match=r"\[zalo\] token: "):
            await channel.run(Inbox().receive)
    finally:
        await channel.close()


# -- the webhook alone


async def test_the_webhook_is_set_at_each_start_and_stands(there: StandIn) -> None:
    there.world.webhook.url, there.world.webhook.secret = f"{PUBLIC}/hook", "an older secret"
    async with wired(there, webhook=True) as wire:
        wire.phone().send("x")
        await wire.inbox.holds(1)
    assert (there.world.webhook.url, there.world.webhook.secret) == (f"{PUBLIC}/hook", SECRET)
    assert there.world.calls["getWebhookInfo"] == 1


async def test_an_event_comes_alone_or_inside_of_an_answer(there: StandIn) -> None:
    async with wired(there, webhook=True) as wire:
        for there.world.webhook.bare in (True, False):
            wire.phone().send("x")
            await there.world.events.emptied()
        assert len(await wire.inbox.holds(2)) == 2


async def test_trouble_with_the_database_is_answered_so_that_it_comes_again(there: StandIn) -> None:
    inbox = Inbox(troubles=2)
    async with wired(there, inbox, webhook=True) as wire:
        wire.phone().send("đừng để mất")
        await inbox.holds(1)
    assert there.world.webhook.troubles == ["status 503", "status 503"]


@pytest.mark.parametrize("headers", [{}, {HEADER: ""}, {HEADER: "guessed"}, {HEADER: SECRET + "x"}])
async def test_a_post_without_the_secret_is_refused(there: StandIn, headers: dict[str, str]) -> None:
    async with (
        wired(there, webhook=True) as wire,
        aiohttp.ClientSession() as session,
        session.post(f"{wire.url}/hook", json={"event_name": "x"}, headers=headers) as answer,
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


# -- what is read


async def test_each_kind_is_read(there: StandIn, webhook: bool) -> None:
    async with wired(there, webhook=webhook) as wire:
        phone = wire.phone()
        phone.send("chữ")
        phone.photo(b"a", "chú thích")
        phone.photo(b"a", field="photo_url")
        phone.voice(b"a")
        phone.sticker()
        phone.link("https://example.org")
        wire.phone("nhỏ", is_protected=True).send("bí mật")
        messages = await wire.inbox.holds(7)
    assert [one.kind for one in messages] == [
        *[MessageKind.SAID] * 4, MessageKind.STICKER, MessageKind.UNSUPPORTED, MessageKind.UNSUPPORTED,
    ]  # fmt: skip
    assert [one.text for one in messages[:4]] == ["chữ", "chú thích", "", ""]
    kinds = [(file.kind, file.media_type, file.name[-4:]) for one in messages for file in one.attachments]
    assert kinds == [*[("photo", "image/jpeg", ".jpg")] * 2, ("voice", "audio/aac", ".aac")]
    assert {one.chat for one in messages[:6]} == {phone.chat}


async def test_in_a_group_only_a_call_is_answered(there: StandIn) -> None:
    async with wired(there) as wire:
        wire.phone().in_group("chuyện riêng của nhóm")
        wire.phone().in_group("/gopy")
        wire.phone().in_group("hỏi bot.thanhnien xem")
        wire.phone().send("riêng")
        messages = await wire.inbox.holds(3)
    assert [one.kind for one in messages] == [MessageKind.PUBLIC, MessageKind.PUBLIC, MessageKind.SAID]
    assert "chuyện riêng" not in str(messages)
