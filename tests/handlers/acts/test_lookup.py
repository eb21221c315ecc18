"""Looking up by code and key: who is stopped and when, the same work for every code, and how codes are typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.engine import Glance
from handlers.acts import lookup, proposals
from handlers.acts.lookup import Ask, Found, is_line, of_network, read
from tests.handlers.youth.test_lookup import CODE, WRONG, other, rows, sent
from tests.handlers.youth.test_propose import LOAN
from tests.player import Moving, Town, town


async def test_a_stranger_may_ask_without_consent_and_nothing_is_kept_of_them(place: Town) -> None:
    key = await sent(place.person("lan"))
    mai, recorded = place.person("mai"), await rows(place, "SELECT * FROM record")
    shown = await mai.send(f"/tracuu {CODE} {key}")
    assert f"{CODE}: Đã nhận" in shown
    for secret in (LOAN, "Na Sầm", "Bắc Hùng", "Vốn vay", "Câu hỏi"):
        assert secret not in mai.shown()
    assert WRONG in await mai.send(f"/tracuu {CODE} {other(key)}")
    assert len(await rows(place, "SELECT * FROM people")) == 1
    kept = [row["subject"] for row in await rows(place, "SELECT subject FROM lookups")]
    assert kept[0] == f"code:{CODE}"
    assert re.fullmatch(r"from:[0-9a-f]{64}", kept[1])
    assert await rows(place, "SELECT * FROM record") == recorded


async def test_the_tries_of_a_code_count_over_all_chats_and_of_a_code_that_is_not_there_as_well(place: Town) -> None:
    key = await sent(place.person("lan"))
    for code in (CODE, "LS-2026-00099"):
        for n in range(5):
            person = place.person(f"p{n}", "buttons" if n % 2 else "lists")
            assert WRONG in await person.send(f"/tracuu {code} {other(key)}")
        assert "thử lại từ" in await place.person("mai").send(f"/tracuu {code} {key}")


async def test_twenty_wrong_tries_of_one_chat_leave_another_alone(place: Town) -> None:
    key = await sent(place.person("lan"))
    thief, mai = place.person("thief"), place.person("mai")
    for n in range(20):
        assert WRONG in await thief.send(f"/tracuu LS-2026-{100 + n} {key}")
    assert "thử lại từ" in await thief.send(f"/tracuu {CODE} {key}")
    assert f"{CODE}: Đã nhận" in await mai.send(f"/tracuu {CODE} {key}")


async def test_a_restart_forgets_no_try(tmp_path: Path) -> None:
    clock = Moving()
    async with town(tmp_path, clock) as place:
        lan = place.person("lan")
        key = await sent(lan)
        for _ in range(5):
            await lan.send(f"/tracuu {CODE} {other(key)}")
    async with town(tmp_path, clock) as place:
        assert "thử lại từ" in await place.person("mai").send(f"/tracuu {CODE} {key}")


async def test_tries_are_forgotten_after_an_hour(place: Town) -> None:
    lan = place.person("lan")
    key = await sent(lan)
    await lan.send(f"/tracuu {CODE} {other(key)}")
    place.clock.forward(minutes=59)
    await place.bot.clock.clean()
    assert len(await rows(place, "SELECT * FROM lookups")) == 2
    place.clock.forward(minutes=2)
    await place.bot.clock.clean()
    assert await rows(place, "SELECT * FROM lookups") == []


async def test_who_was_overtaken_by_other_wrong_tries_is_told_nothing(place: Town) -> None:
    key = await sent(place.person("lan"))
    ask, now = Ask(CODE, key, "from:me"), place.clock()
    database = place.bot.database
    found = await lookup.check(Glance(database), ask, now)
    assert isinstance(found, Found)
    for n in range(5):
        async with database.transaction() as tx:
            assert await lookup.count(tx, Ask(CODE, "", f"from:{n}"), now, wrong=True)
    async with database.transaction() as tx:
        assert not await lookup.count(tx, ask, now, wrong=False)


@pytest.mark.parametrize("code", [CODE, "LS-2026-00099"])
async def test_the_key_is_stretched_whether_there_is_such_a_code_or_not(place: Town, code: str) -> None:
    key = await sent(place.person("lan"))
    stretched: list[tuple[str, int]] = []

    def stretch(key: str, salt: str) -> str:
        stretched.append((key, len(salt)))
        return proposals.key_digest(key, salt)

    found = await lookup.check(Glance(place.bot.database), Ask(code, key, "from:me"), place.clock(), stretch)
    assert (found is not None) == (code == CODE)
    assert stretched == [(key, 16)]


async def test_over_the_limit_no_key_is_stretched(place: Town) -> None:
    lan = place.person("lan")
    key = await sent(lan)
    for _ in range(5):
        await lan.send(f"/tracuu {CODE} {other(key)}")

    def stretch(key: str, salt: str) -> str:
        raise AssertionError("the key was looked at")

    found = await lookup.check(Glance(place.bot.database), Ask(CODE, key, "from:me"), place.clock(), stretch)
    assert isinstance(found, lookup.Later)


# -- what is typed


@pytest.mark.parametrize(
    ("typed", "code", "key"),
    [
        ("LS-2026-00042 AC3FEU", "LS-2026-00042", "AC3FEU"),
        ("  ls - 2026 - 00042   ac3 feu ", "LS-2026-00042", "AC3FEU"),
        ("ls202600042ac3feu", "LS-2026-00042", "AC3FEU"),
        ("LS-2026-000 42 AC3FEU", "LS-2026-00042", "AC3FEU"),
        ("LS-2026-42", "LS-2026-00042", ""),
        ("LS-2O26-OOO42, ac3feu", "LS-2026-00042", "AC3FEU"),
        ("LS-2026-123456 234567", "LS-2026-123456", "234567"),
        ("LS-2026-00042 AC3FE1", "LS-2026-00042", "AC3FEL"),
        ("LS-2026-00042 AC3FE0", "LS-2026-00042", "AC3FE0"),
        ("\uff2c\uff33-2026-00042", "LS-2026-00042", ""),
        ("AC3FEU", "", ""),
        ("", "", ""),
        ("em muốn vay vốn 2026", "", ""),
    ],
)
def test_codes_and_keys_are_read_as_people_type_them(typed: str, code: str, key: str) -> None:
    assert read(typed) == (code, key)


@pytest.mark.parametrize(
    "text", ["LS-2026-00042 thế nào rồi ạ", "em muốn vay vốn", "quốc lộ 1A", "năm 2026 em 18 tuổi", "AC3FEU"]
)
def test_what_only_holds_a_code_is_a_text(text: str) -> None:
    assert not is_line(text)


def test_an_address_is_kept_in_a_way_that_needs_the_secret() -> None:
    kept = of_network(b"s" * 32, "192.0.2.7")
    assert kept != of_network(b"t" * 32, "192.0.2.7")
    assert kept != of_network(b"s" * 32, "192.0.2.8")
    assert kept == of_network(b"s" * 32, "::ffff:192.0.2.7")
    assert of_network(b"s" * 32, "2001:db8::1") == of_network(b"s" * 32, "2001:db8::ffff:2")
    assert of_network(b"s" * 32, "2001:db8::1") != of_network(b"s" * 32, "2001:db8:0:1::1")
