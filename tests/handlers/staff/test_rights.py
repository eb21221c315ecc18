"""The table of who may do what on the staff's side: each cell is allowed, or exactly as if there were no such command."""

from __future__ import annotations

import pytest

from handlers.acts.rights import Role
from storage.database import Statement
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import come_in
from tests.player import Player, Town

OBJECTS = {
    "somebody else's": "LS-2026-00001",
    "named": "LS-2026-00002",
    "only the province's": "LS-2026-00003",
    "withdrawn": "LS-2026-00004",
    "own": "LS-2026-00005",
    "unknown": "LS-2026-00099",
    "no code at all": "xyz",
}
TEXT = "Ý kiến số {n} về đường sá ở thôn em"
READING = ("/xem {code}", "/view {code}", "/view {code} files")
ACTING = ("/takeup {code}", "/takeup {code} 1", "/gan {code}", "/correct {code}", "/hoilai {code}", "/ask {code}",
          "/nghe {code}", "/hear {code}")  # fmt: skip
LISTING = (
    "/hangdoi",
    "/queue",
    "/queue 2",
    "/queue 2 von",
    "/queue p1+received",
    "/queue ?state",
    "/hangdoi da_rut_lai",
)

BUTTONS = ("/view", "/takeup", "/correct", "/ask", "/queue", "/hear")  # a button carries the name, in whatever language
READERS = {Role.OWNER, Role.PROVINCE, Role.VIEWER}
ACTORS = {Role.OWNER, Role.PROVINCE}


def tried(commands: tuple[str, ...], by: str) -> list[str]:
    """The commands that can be given that way."""
    return [command for command in commands if by == "word" or command.startswith(BUTTONS)]


def may(role: str, command: str, what: str) -> bool:
    """The table, as it was decided: of what somebody may not see, they learn as much as of what is not there."""
    if command in LISTING:
        return role in READERS
    if what in ("unknown", "no code at all"):
        return False
    if command in READING:
        return role in ACTORS or (role in READERS and what != "only the province's")
    return role in ACTORS


async def everything(place: Town, role: str) -> Player:
    """One proposal of each sort, the last one by the person who is given, in that role."""
    lan = place.person("lan")
    await come_in(lan, TEXT.format(n=1))
    await lan.press("Gửi")
    for n in (2, 3, 4):
        await lan.send(TEXT.format(n=n))
        await lan.press("Gửi")
    someone = await make_staff(place, Role(role)) if role else place.person("nobody")
    await come_in(someone, TEXT.format(n=5))
    await someone.press("Gửi")
    changes = ("name = 'Hoàng Thị Lan' WHERE number = 2", "only_province = 1 WHERE number = 3")
    withdrawn = "state = 'withdrawn' WHERE number = 4"
    await place.bot.database.write([Statement(f"UPDATE proposals SET {change}") for change in (*changes, withdrawn)])
    return someone


async def said(someone: Player, command: str, by: str) -> list[tuple[str, str]]:
    """The messages that a command brings, with their buttons."""
    before = set(someone.screen.messages)
    await (someone.tap(command) if by == "press" else someone.send(command))
    return [
        (message.text, str(message.buttons)) for key, message in someone.screen.messages.items() if key not in before
    ]


@pytest.mark.parametrize("by", ["word", "press"])
@pytest.mark.parametrize("role", ["", *Role])
async def test_each_cell_is_allowed_or_as_if_there_were_no_such_command(place: Town, role: str, by: str) -> None:
    someone = await everything(place, role)
    nothing = await said(someone, "/khongco", by)
    assert "chưa hiểu" in str(nothing)
    for what, code in OBJECTS.items():
        for command in tried((*READING, *ACTING), by):
            answer = await said(someone, command.format(code=code), by)
            case = f"{role or 'nobody'}: {command} {what}"
            if may(role, command, what):
                assert "chưa hiểu" not in str(answer), case
                assert "được xem không có" not in str(answer), case
            elif role in (READERS if command in READING else ACTORS):
                unknown = f"Trong những gì bạn được xem không có {code.upper()}."
                assert answer == [(unknown, "[]")], case
            else:
                assert answer == nothing, case
            await someone.send("/huy")


@pytest.mark.parametrize("by", ["word", "press"])
@pytest.mark.parametrize("role", ["", *Role])
async def test_the_list_is_shown_or_is_not_there(place: Town, role: str, by: str) -> None:
    someone = await everything(place, role)
    nothing = await said(someone, "/khongco", by)
    shown = ""
    for command in tried(LISTING, by):
        answer = await said(someone, command, by)
        if may(role, command, ""):
            assert "chưa hiểu" not in str(answer)
        else:
            assert answer == nothing, f"{role or 'nobody'}: {command}"
        shown += someone.shown()
    assert (TEXT.format(n=3) in shown) == (role in ACTORS)
    assert (TEXT.format(n=1) in shown) == (role in READERS)


@pytest.mark.parametrize("role", [*sorted(set(Role) - ACTORS), ""])
async def test_who_may_not_act_changes_nothing(place: Town, role: str) -> None:
    someone = await everything(place, role)
    lan = place.person("lan")
    heard = len(lan.screen.messages)
    for code in OBJECTS.values():
        for command in ACTING:
            await said(someone, command.format(code=code), "press")
    [states] = await place.bot.database.read(Statement("SELECT state, revision FROM proposals ORDER BY id"))
    assert [row["state"] for row in states] == ["received", "received", "received", "withdrawn", "received"]
    assert {row["revision"] for row in states} == {1}
    assert len(lan.screen.messages) == heard


@pytest.mark.parametrize("role", sorted(READERS))
async def test_a_name_is_shown_where_it_was_given_and_nowhere_else(place: Town, role: str) -> None:
    someone = await everything(place, role)
    assert "Người gửi: Hoàng Thị Lan" in await someone.send("/xem LS-2026-00002")
    assert "Người gửi: ẩn danh" in await someone.send("/xem LS-2026-00001")
