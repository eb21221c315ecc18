"""Looking a proposal up by code and key: what is shown, what never is, and how often one may be wrong."""

from __future__ import annotations

import re

import pytest

from storage.database import Row, Statement
from tests.handlers.youth.test_propose import come_in
from tests.player import Player, Town

CODE = "LS-2026-00001"
WRONG = "Mã hoặc khoá chưa đúng"


async def sent(lan: Player) -> str:
    """The key of what was sent."""
    await come_in(lan)
    found = re.search(r"Khoá tra cứu: (\w{6})", await lan.press("Gửi"))
    assert found
    return found[1]


def other(key: str) -> str:
    """Another key."""
    return key[:5] + ("A" if key[5] != "A" else "B")


async def rows(town: Town, sql: str) -> list[Row]:
    [found] = await town.bot.database.read(Statement(sql))
    return found


async def set_state(town: Town, state: str) -> None:
    await town.bot.database.write([Statement("UPDATE proposals SET state = :state", {"state": state})])


# -- what is shown


@pytest.mark.everywhere
async def test_code_and_key_show_the_state_and_since_when_and_nothing_else(lan: Player) -> None:
    key = await sent(lan)
    shown = await lan.send(f"/tracuu {CODE} {key}")
    assert re.fullmatch(rf"{CODE}: Đã nhận, từ 02/03/2026 10:0\d\.", shown.strip())
    await set_state(lan.town, "taken_up")
    assert f"{CODE}: Đang xử lý, từ" in await lan.send(f"/tracuu {CODE} {key}")
    assert await rows(lan.town, "SELECT * FROM lookups") == []


async def test_it_is_asked_for_step_by_step(lan: Player) -> None:
    key = await sent(lan)
    assert "mã và khoá tra cứu trong một dòng" in await lan.send("/tracuu")
    assert "Mã của ý kiến" in await lan.press("từng bước")
    assert "chưa thấy mã" in lan.shown() or "chưa thấy mã" in await lan.send("em không nhớ")
    assert f"Khoá tra cứu của {CODE}" in await lan.send(CODE)
    assert f"{CODE}: Đã nhận" in await lan.send(key)
    assert await rows(lan.town, "SELECT * FROM conversations") == []


async def test_a_code_alone_is_asked_for_its_key(lan: Player) -> None:
    key = await sent(lan)
    await lan.send(f"/tracuu {CODE}")
    assert f"Khoá tra cứu của {CODE}" in await lan.press("từng bước")
    assert f"{CODE}: Đã nhận" in await lan.send(f"{CODE} {key}")


async def test_a_plain_line_is_enough_where_nothing_is_open(lan: Player) -> None:
    key = await sent(lan)
    assert f"{CODE}: Đã nhận" in await lan.send(f"{CODE} {key}")
    assert f"Khoá tra cứu của {CODE}" in await lan.send(CODE.lower())
    assert f"{CODE}: Đã nhận" in await lan.send(key.lower())


async def test_many_spaces_and_small_letters_do_not_matter(lan: Player) -> None:
    key = (await sent(lan)).lower()
    assert f"{CODE}: Đã nhận" in await lan.send(f"/tracuu ls-2O26-1  {key}")
    assert f"{CODE}: Đã nhận" in await lan.send(f"/tracuu ls 2026 00001 {key[:3]} {key[3:]}")


async def test_the_same_is_said_of_a_wrong_code_and_a_wrong_key(lan: Player) -> None:
    key = await sent(lan)
    wrong = await lan.send(f"/tracuu {CODE} {other(key)}")
    assert WRONG in wrong
    assert await lan.send(f"/tracuu LS-2026-00099 {key}") == wrong
    assert await lan.send(f"/tracuu {CODE} ?!%&{key}{key}") == wrong


async def test_what_was_withdrawn_says_so(lan: Player) -> None:
    key = await sent(lan)
    await lan.send(f"/rutlai {CODE}")
    await lan.press("Có, rút lại")
    await lan.press("việc đã xong")
    assert f"{CODE}: Đã rút lại, từ" in await lan.send(f"/tracuu {CODE} {key}")


async def test_an_open_draft_stays_as_it_is(lan: Player) -> None:
    key = await sent(lan)
    draft = await lan.send("Đường vào thôn em lầy lội quá")
    assert draft.startswith("Xem lại")
    assert f"{CODE}: Đã nhận" in await lan.send(f"/tracuu {CODE} {key}") or f"{CODE}: Đã nhận" in lan.shown()
    assert "cất lại" not in lan.shown()
    assert await rows(lan.town, "SELECT name, status FROM conversations") == [{"name": "propose", "status": "open"}]
    await lan.press("Gửi")
    assert [row["text"] for row in await rows(lan.town, "SELECT text FROM proposals ORDER BY id")][1:] == [
        "Đường vào thôn em lầy lội quá"
    ]


# -- limits


async def test_after_five_wrong_tries_the_right_key_waits_for_an_hour_too(lan: Player) -> None:
    key = await sent(lan)
    for _ in range(5):
        assert WRONG in await lan.send(f"/tracuu {CODE} {other(key)}")
    later = await lan.send(f"/tracuu {CODE} {key}")
    assert re.search(r"thử lại từ 02/03/2026 11:0\d nhé", later)
    assert await lan.send(f"/tracuu {CODE} {other(key)}") == later
    assert len(await rows(lan.town, "SELECT * FROM lookups")) == 10
    lan.town.clock.forward(minutes=61)
    assert f"{CODE}: Đã nhận" in await lan.send(f"/tracuu {CODE} {key}")


async def test_one_may_try_again_at_the_very_time_that_was_told(lan: Player) -> None:
    key = await sent(lan)
    for _ in range(5):
        await lan.send(f"/tracuu {CODE} {other(key)}")
    told = re.search(r"từ \S+ 11:(\d\d)", await lan.send(f"/tracuu {CODE} {key}"))
    assert told
    lan.town.clock.now = lan.town.clock.now.replace(hour=4, minute=int(told[1]), second=0)
    assert f"{CODE}: Đã nhận" in await lan.send(f"/tracuu {CODE} {key}")


async def test_right_tries_do_not_count(lan: Player) -> None:
    key = await sent(lan)
    for _ in range(7):
        assert f"{CODE}: Đã nhận" in await lan.send(f"/tracuu {CODE} {key}")
