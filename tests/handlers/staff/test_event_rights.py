"""Who may do what about events: each cell is allowed, or exactly as if there were no such command."""

from __future__ import annotations

import pytest

from handlers.acts.rights import Role
from tests.handlers.staff.test_rights import said
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import stored
from tests.occasions import hold
from tests.player import Town

LEADING = (
    "/taosukien", "/make_event", "/make_event 1", "/suasukien 1", "/edit_event 1", "/huysukien 1", "/cancel_event 1",
    "/sukienql", "/manage", "/manage 1", "/manage 1 door", "/manage 1 reminders", "/manage 1 live", "/chonnguoi 1",
    "/choose 1", "/choose 1 tell", "/choose 1 tell!", "/choose 1 p1 1",
)  # fmt: skip
BRIDGING = ("/diemcau", "/points", "/points 1 silent", "/diendiemcau", "/point", "/point 1-05977")
LEADERS = {Role.OWNER, Role.PROVINCE}
BRIDGES = {*LEADERS, Role.LOCALITY}
DATA = ("/make_event", "/edit_event", "/cancel_event", "/manage", "/choose", "/point")  # what buttons carry


@pytest.mark.parametrize("by", ["word", "press"])
@pytest.mark.parametrize("role", ["", *Role])
async def test_each_cell_is_allowed_or_as_if_there_were_no_such_command(place: Town, role: str, by: str) -> None:
    someone = await make_staff(place, Role(role)) if role else place.person("nobody")
    await hold(place, is_selective=True, has_points=True)
    nothing = await said(someone, "/khongco", by)
    assert "chưa hiểu" in str(nothing)
    for commands, may in ((LEADING, LEADERS), (BRIDGING, BRIDGES)):
        for command in commands:
            if by == "word" or command.startswith(DATA):
                answer = await said(someone, command, by)
                assert (answer == nothing) == (role not in may), f"{role or 'nobody'}: {command}"
                await someone.send("/huy")


@pytest.mark.parametrize("role", ["", Role.LOCALITY, Role.AGENCY, Role.VIEWER])
async def test_who_may_not_changes_nothing(place: Town, role: str) -> None:
    someone = await make_staff(place, Role(role)) if role else place.person("nobody")
    await hold(place, is_selective=True, has_points=True)
    before = await stored(place, "SELECT * FROM events")
    for command in LEADING:
        await someone.tap(command)
        for label in ("Huỷ sự kiện", "Lưu và báo", "Công bố và mời"):
            if label in str(someone.screen.last.buttons):
                await someone.press(label)
        await someone.send("/huy")
    assert await stored(place, "SELECT * FROM events") == before


async def test_what_nobody_may_know_of_yet_is_not_there_for_anybody(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send("/taosukien")
    for said_ in ("Buổi kín", "20/3 8h30"):
        await boss.send(said_)
    await boss.press("Đúng")
    await boss.send("Hội trường A")
    await boss.press("Lưu nháp")
    viewer = await make_staff(place, Role.VIEWER)
    for someone in (viewer, place.person("nobody")):
        for command in ("/sukien", "/sukien 1", "/start e_1", "/luulich 1", "/maqr 1"):
            await someone.send(command)
        assert "Buổi kín" not in someone.shown()
