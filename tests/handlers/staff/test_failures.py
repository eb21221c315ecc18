"""What failed: an owner sees it without a word of what it says, has it tried again, or lets it go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.feature import Command, Features
from bot.turn import Turn, Where
from handlers.acts.rights import Right, Role
from handlers.features import FEATURES
from storage import claims, outbox
from storage.database import Statement
from storage.outbox import Kind, Outgoing
from tests.bot.invented import ANY
from tests.handlers.staff.test_staff import make_staff
from tests.player import Player, Town, town

SECRET = "đường vào bản em hỏng từ lâu rồi ạ"


@dataclass
class Storm:
    """A feature that fails as long as the weather is bad, and otherwise says what it was given."""

    is_bad: bool = True
    features: Features = field(init=False)

    def __post_init__(self) -> None:
        async def run(turn: Turn) -> None:
            if self.is_bad:
                raise RuntimeError(turn.argument)
            turn.say(ANY, unit=f"đã nhận {len(turn.argument)} chữ")

        def idle(where: Where, text: str, has_files: bool) -> str:
            return "storm" if text == SECRET else FEATURES.idle(where, text, has_files)

        storm = Command("storm", Right.TALK, run)
        self.features = replace(FEATURES, commands=(*FEATURES.commands, storm), idle=idle)


@pytest.fixture
def storm() -> Storm:
    return Storm()


@pytest.fixture
async def here(tmp_path: Path, storm: Storm) -> AsyncIterator[Town]:
    async with town(tmp_path, features=storm.features) as place:
        yield place


async def failed(place: Town) -> tuple[Player, str]:
    """Somebody whose message was given up, and its number."""
    lan = place.person("lan")
    assert "Mã lỗi" in await lan.send(SECRET)
    [rows] = await place.bot.database.read(Statement("SELECT id FROM inbox WHERE status = 'failed'"))
    return lan, str(rows[0]["id"])


async def payloads(place: Town) -> list[tuple[str, bool]]:
    [rows] = await place.bot.database.read(Statement("SELECT status, payload FROM inbox WHERE channel = 'buttons'"))
    return [(row["status"], SECRET in row["payload"]) for row in rows]


async def test_an_owner_sees_what_failed_and_nothing_of_what_it_says(here: Town) -> None:
    _, number = await failed(here)
    boss = await make_staff(here, Role.OWNER)
    page = await boss.send("/loi")
    assert f"#{number} · 02/03/2026 10:00 · buttons · tin nhắn · mã lỗi" in page
    assert SECRET not in boss.shown()


async def test_what_is_tried_again_when_the_cause_is_mended_is_answered(here: Town, storm: Storm) -> None:
    lan, number = await failed(here)
    boss = await make_staff(here, Role.OWNER)
    storm.is_bad = False
    await boss.send("/loi")
    assert f"Đã cho #{number} chạy lại" in await boss.press(f"Thử lại #{number}")
    assert lan.last == f"đã nhận {len(SECRET)} chữ"
    assert ("failed", True) not in await payloads(here)
    assert "Không có tin hay việc nào bị lỗi" in await boss.send("/loi")


async def test_what_fails_again_is_in_the_list_again_and_its_writer_is_told_again(here: Town) -> None:
    lan, number = await failed(here)
    boss = await make_staff(here, Role.OWNER)
    await boss.send("/loi")
    await boss.press(f"Thử lại #{number}")
    assert lan.shown().count("Mã lỗi") == 2
    assert f"#{number}" in await boss.send("/loi")


async def test_what_is_dropped_is_gone_with_its_words(here: Town) -> None:
    _, number = await failed(here)
    boss = await make_staff(here, Role.OWNER)
    await boss.send("/loi")
    assert f"Đã bỏ #{number}" in await boss.press(f"Bỏ #{number}")
    assert (await payloads(here))[0] == ("dropped", False)
    assert "Không còn" in await boss.tap(f"/failures drop {number}")
    assert "Không còn" in await boss.tap(f"/failures retry {number}")


async def test_both_are_recorded(here: Town) -> None:
    _, number = await failed(here)
    boss = await make_staff(here, Role.OWNER)
    await boss.tap(f"/failures retry {number}")
    await boss.tap(f"/failures drop {number}")
    [rows] = await here.bot.database.read(Statement("SELECT act, object FROM record WHERE act IN ('retry', 'drop')"))
    assert [(row["act"], row["object"]) for row in rows] == [("retry", number), ("drop", number)]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
async def test_nobody_but_an_owner_knows_of_it(here: Town, role: Role) -> None:
    _, number = await failed(here)
    someone = await make_staff(here, role)
    nothing = await someone.send("/khongco")
    for said in ("/loi", "/failures"):
        assert await someone.send(said) == nothing
    for pressed in (f"/failures retry {number}", f"/failures drop {number}"):
        assert await someone.tap(pressed) == nothing
    assert (await payloads(here))[0] == ("failed", True)


async def test_more_than_a_page_can_be_turned(here: Town) -> None:
    lan = here.person("lan")
    for _ in range(7):
        await lan.send(SECRET)
    boss = await make_staff(here, Role.OWNER)
    assert "7 · trang 1/2" in await boss.send("/loi")
    assert "7 · trang 2/2" in await boss.press("Cũ hơn")


async def test_what_did_not_arrive_is_counted(here: Town) -> None:
    lan = here.person("lan")
    await lan.send("chào")
    [[row]] = await here.bot.database.read(Statement("SELECT id FROM addresses WHERE chat = 'lan'"))
    said = Outgoing(row["id"], 0, {"text": [{"$": "help.lost"}], "buttons": [], "files": []}, kind=Kind.ANSWER)
    await here.bot.database.write(outbox.add("answer:1:1", said, "", 0))
    await claims.claim(here.bot.database, "another", 1)
    await here.bot.database.write([claims.void_leases()])
    boss = await make_staff(here, Role.OWNER)
    assert "chưa rõ đã tới: 1" in await boss.send("/loi")


async def test_what_may_not_have_arrived_is_offered_once_and_shown_when_asked_for(here: Town) -> None:
    lan = here.person("lan")
    await lan.send("chào")
    [[row]] = await here.bot.database.read(Statement("SELECT id FROM addresses WHERE chat = 'lan'"))
    text = {"text": [{"$": ANY, "unit": "Câu trả lời của bạn đây"}], "buttons": [], "files": []}
    said = Outgoing(row["id"], 0, text, kind=Kind.ANSWER)
    await here.bot.database.write(outbox.add("answer:1:1", said, "", 0))
    await claims.claim(here.bot.database, "another", 1)
    await here.bot.database.write([claims.void_leases()])
    await lan.send("/trogiup")
    await lan.send("/trogiup")
    assert lan.shown().count("không chắc đã đến nơi") == 1
    assert await lan.press("Xem tin") == "Câu trả lời của bạn đây"
    assert "Không có tin nào bị lỡ" in await lan.send("/xemtin")
    boss = await make_staff(here, Role.OWNER)
    assert "chưa rõ đã tới: 1" in await boss.send("/loi")
