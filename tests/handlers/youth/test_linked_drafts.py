"""Drafts of a person who is linked on two messengers: gone on with on either, spoken of where that can be, and of nobody else."""

from __future__ import annotations

from handlers.nudging import nudge
from storage.dialogues import Dates
from tests.handlers.youth.test_calendar import OPENS, go_on, schedule
from tests.handlers.youth.test_linking import ROAD, link, there
from tests.handlers.youth.test_propose import LOAN, come_in, stored
from tests.player import Town


async def test_an_open_draft_goes_on_and_its_proposal_is_the_joint_persons(place: Town) -> None:
    lan, other = place.person("lan"), there(place)
    await come_in(other, ROAD)
    await come_in(lan)
    await link(lan, other)
    assert "LS-2026-00001" in await lan.press("Gửi")
    await other.send("/gopy")
    assert "LS-2026-00002" in await other.press("Gửi")
    rows = await stored(place, "SELECT DISTINCT person_id FROM proposals")
    assert len(rows) == 1
    assert ROAD in await lan.send("/cuatoi")


async def test_a_draft_begun_on_one_messenger_is_gone_on_with_on_the_other(place: Town) -> None:
    lan, other = place.person("lan"), there(place)
    await come_in(other, LOAN)
    await other.press("Gửi")
    await come_in(lan, ROAD)
    await lan.album("", b"\xff\xd8\xff one")
    await lan.press("Để nháp")
    await link(lan, other)
    assert ROAD[:30] in await other.send("/cuatoi")
    await other.press("Viết tiếp ở đây")
    card = await other.press("Viết tiếp")
    assert ROAD in card
    assert "1 tệp" in card
    await lan.send("/cuatoi")
    assert next(option for option in lan.options if "Viết tiếp" in option).startswith("📥 Viết tiếp ở đây")
    await other.press("Gửi")
    assert await stored(place, "SELECT count(digest) AS here FROM proposal_files") == [{"here": 1}]
    assert ROAD in await lan.send("/cuatoi")


async def test_a_draft_that_waits_for_its_dialogue_is_offered_where_it_went(place: Town) -> None:
    lan, other = place.person("lan"), there(place)
    await schedule(place.bot.database, Dates(opens=OPENS))
    await come_in(lan)
    await lan.press("Gửi")
    await link(lan, other)
    await other.send("/cuatoi")
    await other.press("Viết tiếp ở đây")
    place.clock.now = OPENS
    await place.settle()
    assert "Đã mở nhận ý kiến rồi" in other.shown()
    assert "Đã mở nhận ý kiến rồi" not in lan.shown()


async def test_a_draft_is_spoken_of_where_it_can_be_gone_on_with(place: Town) -> None:
    lan, other = there(place), place.person("lan")
    await schedule(place.bot.database, Dates(opens=OPENS))
    for person, text in ((lan, LOAN), (other, ROAD)):
        await come_in(person, text)
    await lan.press("Gửi")
    await link(lan, other)
    await other.send("/caidat")
    place.clock.now = OPENS
    await place.settle()
    assert LOAN in await go_on(lan)


async def test_a_draft_left_alone_is_spoken_of_in_its_own_chat(place: Town) -> None:
    lan, other = place.person("lan"), there(place)
    for person, text in ((lan, LOAN), (other, ROAD)):
        await come_in(person, text)
    await link(lan, other)
    place.clock.forward(hours=26)
    await nudge(place.bot.database, place.bot.house)
    await place.settle()
    for person, text in ((lan, LOAN), (other, ROAD)):
        assert "Hôm qua bạn viết dở" in person.last
        assert text in person.last


async def test_a_draft_of_somebody_else_cannot_be_fetched(place: Town) -> None:
    lan, thief = place.person("lan"), place.person("thief")
    await come_in(lan, ROAD)
    await lan.press("Để nháp")
    await come_in(thief)
    for address in range(1, 4):
        for serial in range(1, 4):
            await thief.tap(f"/fetch_draft {address}.{serial}")
    assert ROAD not in thief.shown()
    assert ROAD[:30] in str((await lan.send("/cuatoi"), lan.options))
