"""Which conversation a message is for, and what becomes of the others: on the real engine and a real database file."""

from __future__ import annotations

from pathlib import Path

from bot.feature import Command
from bot.model import Phrase
from bot.talk import Talk
from bot.turn import Choice, Turn
from tests.bot.invented import ANY, Right, conversation, conversations, features, labels, words
from tests.handlers.youth.test_propose import LOAN, come_in
from tests.player import Moving, Town, town


async def two(talk: Talk) -> None:
    first = await talk.ask("first", ANY, words, unit="first?")
    second = await talk.ask("second", ANY, words, unit="second?")
    talk.say(ANY, unit=f"{first} and {second}")


async def three(talk: Talk) -> None:
    """What `two` is after a deploy."""
    first = await talk.ask("first", ANY, words, unit="first?")
    between = await talk.choose("between", ANY, labels("yes", "no"), unit="between?")
    second = await talk.ask("second", ANY, words, unit="second?")
    talk.say(ANY, unit=f"{first}, {between} and {second}")


async def test_a_restart_leaves_a_conversation_where_it_stood(tmp_path: Path) -> None:
    clock = Moving()
    async with town(tmp_path, clock, features(conversation("two", two))) as here:
        lan = here.person("lan")
        await lan.send("/two")
        assert await lan.send("tea") == "second?"
        messengers = here.messengers
    async with town(tmp_path, clock, features(conversation("two", two)), messengers) as here:
        lan.town = here
        assert await lan.send("cake") == "tea and cake"


async def test_a_deploy_that_adds_a_question_keeps_the_message_in_flight(tmp_path: Path) -> None:
    clock = Moving()
    async with town(tmp_path, clock, features(conversation("two", two))) as here:
        lan = here.person("lan")
        await lan.send("/two")
        await lan.send("tea")
        messengers = here.messengers
    async with town(tmp_path, clock, features(conversation("two", three)), messengers) as here:
        lan.town = here
        assert await lan.send("cake") == "between?"
        assert await lan.press("yes") == "tea, yes and cake"


async def test_a_command_that_only_shows_leaves_the_conversation_open(tmp_path: Path) -> None:
    async with town(tmp_path, features=features(conversation("two", two))) as here:
        lan = here.person("lan")
        await lan.send("/two")
        assert await lan.tap("/show") == "shown"
        assert await lan.send("tea") == "second?"


async def test_a_right_withdrawn_in_the_middle_ends_the_conversation(tmp_path: Path) -> None:
    granted = set(Right)
    made = features(conversation("two", two, may=Right.RARE), granted=granted)
    async with town(tmp_path, features=made) as here:
        lan = here.person("lan")
        await lan.send("/two")
        granted.remove(Right.RARE)
        await lan.send("tea")
        assert "second?" not in lan.shown()
        assert await conversations(here) == []


async def test_a_command_that_starts_another_parks_the_draft_with_one_line(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    await lan.send("/start")
    assert "được cất lại 30 ngày" in lan.shown()
    [(name, state)] = await conversations(place, "parked")
    assert name == "propose"
    assert state.has_draft()


async def test_a_button_of_a_parked_draft_takes_it_up_again(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    send = lan.button("Gửi")
    await lan.send("/huy")
    assert "Đã gửi" in await lan.tap(send)


async def test_a_parked_draft_goes_after_thirty_days(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    await lan.send("/huy")
    place.clock.forward(days=29)
    await place.bot.clock.clean()
    assert len(await conversations(place, "parked")) == 1
    place.clock.forward(days=2)
    await place.bot.clock.clean()
    assert await conversations(place, "parked") == []


async def test_a_number_is_that_of_the_list_shown_last(tmp_path: Path) -> None:
    async def menu(turn: Turn) -> None:
        turn.say(ANY, unit="menu", buttons=[[Choice(Phrase(ANY, {"unit": "show"}), "/show from menu")]])

    async def pick(talk: Talk) -> None:
        talk.say(ANY, unit=await talk.choose("pick", ANY, labels("tea", "coffee"), unit="pick?"))

    made = features(conversation("pick", pick), commands=[Command("menu", Right.TALK, menu)])
    async with town(tmp_path, features=made) as here:
        lan = here.person("lan", "lists")
        await lan.send("/pick")
        await lan.tap("/menu")
        shown = await lan.send("1")
        assert "shown from menu" in shown
        assert "1. tea" in shown, "a command without a list shows the open question's again"
        assert await lan.send("2.") == "coffee"


async def test_the_card_comes_once_after_two_quiet_seconds_where_it_cannot_be_edited(place: Town) -> None:
    lan = place.person("lan", "lists")
    await come_in(lan)
    before = lan.screen.heard
    for text in ("ý hai của em", "ý ba của em", "ý bốn của em"):
        await lan.send(text, settle=False)
        await place.bot.engine.idle()
        place.clock.forward(seconds=1.5)
        await place.bot.sender.claim()
        await place.bot.sender.idle()
    assert lan.screen.heard == before, "each message puts the card off"
    await place.settle()
    assert lan.screen.heard == before + 1
    assert "ý hai của em\ný ba của em\ný bốn của em" in lan.last


async def test_the_card_is_edited_in_place_unless_the_person_wrote(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    messages = len(lan.screen.messages)
    await lan.press("Đổi thông tin")
    await lan.press("Loại")
    await lan.press("Hiến kế")
    assert len(lan.screen.messages) == messages
    assert "Loại: Hiến kế" in lan.last
    await lan.send("một ý nữa của em")
    assert len(lan.screen.messages) == messages + 1
    with_send = [m for m in lan.screen.messages.values() if any("Gửi" in b.label for b in m.buttons)]
    assert len(with_send) == 1, "the old card has lost its buttons"


async def test_a_way_out_of_an_older_card_shows_the_card_again(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    old = lan.button("Gửi")
    await lan.send("một ý nữa của em")
    await lan.tap(old)
    assert "đã thay đổi" in lan.shown()
    assert "LS-2026" not in lan.shown()
    assert f"{LOAN}\nmột ý nữa của em" in lan.shown()


async def test_a_field_button_works_at_any_revision_and_calls_an_open_field_off(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    change, edit = lan.button("Đổi thông tin"), lan.button("Viết lại")
    await lan.send("một ý nữa của em")
    assert "muốn đổi gì" in await lan.tap(change)
    assert "nội dung mới" in await lan.tap(edit)
    assert "Một bài hoàn toàn mới" in await lan.send("Một bài hoàn toàn mới")


async def test_while_a_field_is_asked_texts_answer_it_and_files_go_to_the_draft(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    await lan.press("Đổi thông tin")
    await lan.press("Nơi")
    assert "xã, phường nào" in await lan.send(files=[await lan.photo()])
    card = await lan.send("phường Kỳ Lừa")
    assert "Nơi: Phường Kỳ Lừa" in card
    assert "1 tệp" in card
    assert f"{LOAN}\n" in card
