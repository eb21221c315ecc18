"""Before, during and after the intake: what a young person hears, and which dialogue a proposal goes to."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from storage import dialogues
from storage.database import Database, Statement
from storage.dialogues import Dates
from tests.handlers.youth.test_propose import LOAN, come_in, stored
from tests.player import Player, Town

OPENS = datetime(2026, 3, 20, 1, tzinfo=UTC)  # eight in the morning in the pack's zone
CLOSES = datetime(2026, 3, 1, 17, tzinfo=UTC)  # the end of the first of March there


async def schedule(database: Database, dates: Dates) -> None:
    """Gives the current dialogue its days."""
    async with database.transaction() as tx:
        current = await dialogues.current(tx)
        assert current
        tx.add(dialogues.schedule(current.id, dates))


async def codes(place: Town) -> list[object]:
    return [row["code"] for row in await stored(place, "SELECT code FROM proposals ORDER BY id")]


async def go_on(lan: Player) -> str:
    """Takes the draft up that was offered: by its button, or by its code where there are none."""
    coded = re.search("Viết tiếp bản nháp: gửi ([A-Z][0-9])", lan.last)
    return await (lan.send(coded[1]) if coded else lan.press("Viết tiếp bản nháp"))


@pytest.mark.everywhere
async def test_before_opening_the_draft_is_kept_and_offered_once_it_opens(lan: Player) -> None:
    place = lan.town
    await schedule(place.bot.database, Dates(opens=OPENS))
    await come_in(lan)
    assert "Mình nhận ý kiến từ 8 giờ sáng thứ Sáu, ngày 20 tháng 3 năm 2026" in lan.last
    kept = await lan.press("Gửi")
    assert "Chưa tới lúc nhận ý kiến: mình nhận từ 8 giờ sáng thứ Sáu" in kept
    assert await codes(place) == []
    place.clock.now = OPENS
    await place.settle()
    assert "Đã mở nhận ý kiến rồi" in lan.last
    assert LOAN in lan.last
    assert LOAN in await go_on(lan)
    assert "LS-2026-00001" in await lan.press("Gửi")
    assert await stored(place, "SELECT * FROM waiting_drafts") == []


async def test_a_day_that_begins_or_ends_the_intake_is_said_as_a_day(lan: Player) -> None:
    midnight = datetime(2026, 3, 19, 17, tzinfo=UTC)
    await schedule(lan.town.bot.database, Dates(opens=midnight))
    await come_in(lan)
    assert "Mình nhận ý kiến từ thứ Sáu, ngày 20 tháng 3 năm 2026." in lan.last
    assert "mình nhận từ thứ Sáu, ngày 20 tháng 3 năm 2026." in await lan.press("Gửi")
    lan.town.clock.now = datetime(2026, 4, 1, 3, tzinfo=UTC)
    await schedule(lan.town.bot.database, Dates(closes=midnight))
    shown = await lan.send("Mong tỉnh mở lớp dạy nghề cắt tóc cho thanh niên ạ")
    assert "Đợt này nhận ý kiến đến hết thứ Năm, ngày 19 tháng 3 năm 2026." in shown


async def test_a_draft_that_waits_outlives_the_thirty_days_of_others(lan: Player) -> None:
    place = lan.town
    later = datetime(2026, 5, 4, 1, tzinfo=UTC)
    await schedule(place.bot.database, Dates(opens=later))
    await come_in(lan)
    await lan.press("Gửi")
    place.clock.forward(days=50)
    await place.bot.clock.clean()
    place.clock.now = later
    await place.settle()
    assert LOAN in lan.last
    await go_on(lan)
    assert "LS-2026-00001" in await lan.press("Gửi")


async def test_a_draft_that_was_thrown_away_meanwhile_is_not_offered(lan: Player) -> None:
    await schedule(lan.town.bot.database, Dates(opens=OPENS))
    await come_in(lan)
    await lan.press("Gửi")
    await lan.send("/cuatoi")
    await lan.press("Bỏ nháp")
    before = lan.screen.heard
    lan.town.clock.now = OPENS
    await lan.town.settle()
    assert lan.screen.heard == before


async def test_a_draft_that_waits_is_not_spoken_of_the_next_day(lan: Player) -> None:
    place = lan.town
    await schedule(place.bot.database, Dates(opens=OPENS))
    await come_in(lan)
    await lan.press("Gửi")
    before = lan.screen.heard
    place.clock.forward(days=1, hours=1)
    await place.bot.clock.nudge()
    await place.settle()
    assert lan.screen.heard == before


async def test_a_draft_is_spoken_of_before_its_dialogue_closes(lan: Player) -> None:
    place = lan.town
    await schedule(place.bot.database, Dates(closes=datetime(2026, 3, 20, 17, tzinfo=UTC)))
    await come_in(lan)
    await lan.press("Để nháp")
    place.clock.now = datetime(2026, 3, 19, 3, tzinfo=UTC)
    await place.bot.clock.nudge()
    await place.settle()
    assert LOAN in lan.last


async def test_an_opening_that_moves_moves_the_offer(lan: Player) -> None:
    place = lan.town
    await schedule(place.bot.database, Dates(opens=OPENS))
    await come_in(lan)
    await lan.press("Gửi")
    later = datetime(2026, 3, 25, 1, tzinfo=UTC)
    await schedule(place.bot.database, Dates(opens=later))
    place.clock.now = OPENS
    await place.settle()
    assert "Đã mở" not in lan.last
    await go_on(lan)
    assert "thứ Tư, ngày 25 tháng 3" in await lan.press("Gửi"), "pressed again it still waits"
    place.clock.now = later
    await place.settle()
    assert "Đã mở nhận ý kiến rồi" in lan.last


async def test_at_night_the_offer_waits_for_the_morning(lan: Player) -> None:
    place = lan.town
    await schedule(place.bot.database, Dates(opens=datetime(2026, 3, 19, 17, tzinfo=UTC)))  # midnight there
    await come_in(lan)
    await lan.press("Gửi")
    place.clock.now = datetime(2026, 3, 19, 17, tzinfo=UTC)
    await place.settle()
    assert "Đã mở nhận ý kiến rồi" in lan.last
    assert place.clock.now >= datetime(2026, 3, 20, 0, tzinfo=UTC), "seven in the morning there"


async def test_after_closing_it_goes_to_the_next_dialogue_and_that_is_said(lan: Player) -> None:
    place = lan.town
    await schedule(place.bot.database, Dates(closes=CLOSES))
    await come_in(lan)
    assert "Đợt này nhận ý kiến đến" in lan.last
    await lan.press("Gửi")
    assert "chương trình đối thoại tiếp theo: LS-2027" in lan.shown()
    assert "LS-2027-00001" in lan.last
    await lan.send("Đường vào thôn em lầy lội quá, xe chở na không ra được")
    assert "LS-2027-00002" in await lan.press("Gửi")
    found = await stored(place, "SELECT code, is_current, last_number FROM dialogues ORDER BY id")
    assert found == [
        {"code": "LS-2026", "is_current": 1, "last_number": 0},
        {"code": "LS-2027", "is_current": 0, "last_number": 2},
    ]


async def test_a_dialogue_that_closes_while_somebody_writes_takes_it_for_the_next(lan: Player) -> None:
    await come_in(lan)
    assert "ngừng nhận" not in lan.last
    await schedule(lan.town.bot.database, Dates(closes=CLOSES))
    await lan.press("Gửi")
    assert "LS-2027" in lan.shown()
    assert await codes(lan.town) == ["LS-2027-00001"]


async def test_within_the_intake_nothing_is_said_of_it(lan: Player) -> None:
    closes = datetime(2026, 4, 1, tzinfo=UTC)
    await schedule(lan.town.bot.database, Dates(opens=CLOSES, closes=closes))
    await come_in(lan)
    assert "📅" not in lan.last
    assert "LS-2026-00001" in await lan.press("Gửi")


async def test_what_was_sent_is_changed_and_added_to_after_closing_too(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    await lan.town.bot.database.write([Statement("UPDATE dialogues SET closes_at = 0")])
    await lan.send("/them LS-2026-00001")
    await lan.send("và cả đường vào trường nữa ạ")
    assert "Đã thêm vào LS-2026-00001" in await lan.press("Gửi thêm")
