"""What a messenger does not let out by itself waits, holds up nothing, and is given when its person writes next."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channel import Policy
from handlers.acts import staff
from handlers.acts.rights import Role
from storage.database import Statement
from tests.handlers.youth.test_propose import come_in, stored
from tests.player import Messenger, Player, Town, town

CODE = "LS-2026-00001"
TAKEN_UP = "Cán bộ đã bắt đầu xem"


def careful(policy: Policy) -> Messenger:
    """A messenger without buttons that lets out only so much by itself."""
    messenger = Messenger("careful", buttons=False)
    messenger.abilities = replace(messenger.abilities, proactive=policy)
    return messenger


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    messengers = {
        "careful": careful(Policy(hours=24)),
        "frugal": careful(Policy(per_day=1)),
        "buttons": Messenger("buttons", buttons=True),
    }
    messengers["frugal"].name = "frugal"
    async with town(tmp_path, messengers=messengers) as place:
        yield place


async def sent(here: Town, channel: str) -> tuple[Player, Player]:
    """Somebody whose proposal was sent, and staff."""
    lan, boss = here.person("lan", channel), here.person("boss")
    await come_in(lan)
    await lan.press("Gửi")
    await boss.send(f"/nhanma {await staff.invite(here.bot.database, Role.PROVINCE, here.clock())}")
    return lan, boss


async def take_up(boss: Player, code: str = CODE) -> None:
    await boss.send(f"/xem {code}")
    await boss.press("Nhận xử lý")


async def statuses(here: Town) -> set[str]:
    return {str(row["status"]) for row in await stored(here, "SELECT status FROM outbox")}


async def test_within_its_hours_it_goes_at_once(here: Town) -> None:
    lan, boss = await sent(here, "careful")
    here.clock.forward(hours=23)
    await take_up(boss)
    assert TAKEN_UP in lan.last


async def test_after_them_it_waits_and_is_given_before_the_next_reply(here: Town) -> None:
    lan, boss = await sent(here, "careful")
    here.clock.forward(hours=25)
    await take_up(boss)
    assert TAKEN_UP not in lan.shown()
    assert "waiting" in await statuses(here)
    assert "1 ý kiến" in await lan.send("của tôi")
    told, listed = list(lan.screen.messages.values())[-2:]
    assert TAKEN_UP in told.text
    assert "1 ý kiến" in listed.text
    assert "waiting" not in await statuses(here)
    assert CODE in await lan.send("1"), "the list is the newest: no number has to be confirmed"


async def test_with_its_quota_used_up_it_comes_when_there_is_room_again(here: Town) -> None:
    lan, boss = await sent(here, "frugal")
    await lan.send("Đường vào thôn em lầy lội quá")
    await lan.press("Gửi")
    await take_up(boss)
    await take_up(boss, "LS-2026-00002")
    assert lan.shown().count(TAKEN_UP) == 1
    here.clock.forward(hours=24, minutes=1)
    await here.bot.clock.clean()
    await here.settle()
    assert lan.shown().count(TAKEN_UP) == 2


async def test_what_has_waited_for_two_months_is_given_up(here: Town) -> None:
    lan, boss = await sent(here, "careful")
    here.clock.forward(hours=25)
    await take_up(boss)
    await here.bot.database.write([Statement("UPDATE outbox SET created_at = 0 WHERE status = 'waiting'")])
    await here.bot.clock.clean()
    assert "waiting" not in await statuses(here)
    assert TAKEN_UP not in await lan.send("của tôi")
