"""The table of who may do what on the staff's side: each cell is allowed, or exactly as if there were no such command."""

from __future__ import annotations

import pytest

from handlers.acts.rights import Role
from storage import dialogues
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
    "from elsewhere": "LS-2026-00006",
    "passed to the commune": "LS-2026-00007",
    "unknown": "LS-2026-00099",
    "no code at all": "xyz",
}
TEXTS = {
    1: "Đường vào thôn em lầy lội quá",
    2: "Xã em chưa có sân bóng đá cho thanh niên",
    3: "Sóng điện thoại trong bản rất yếu, gọi không được",
    4: "Em muốn học nghề sửa xe máy ở gần nhà",
    5: "Quả na được mùa mà không ai mua",
    6: "Trường em thiếu sách tham khảo tiếng Anh",
    7: "Chợ phiên ở đây chưa có chỗ gửi xe",
}
READING = ("/xem {code}", "/view {code}", "/view {code} files")
ACTING = (
    *("/takeup {code}", "/takeup {code} 1", "/gan {code}", "/correct {code}", "/hoilai {code}", "/ask {code}"),
    *("/clear {code}", "/unflag {code}", "/nghe {code}", "/hear {code}"),
)
GROUPING = ("/regroup", "/merge 1 2", "/merge", "/datten", "/datten chợ cũ = phường Kỳ Lừa", "/diadanh", "/unalias 9")
LISTING = (
    "/hangdoi",
    "/queue",
    "/queue 2",
    "/queue 2 von",
    "/queue p1+received",
    "/queue ?state",
    "/hangdoi da_rut_lai",
    "/nhom",
    "/groups",
)

BUTTONS = (
    "/view",
    "/takeup",
    "/correct",
    "/ask",
    "/queue",
    "/clear",
    "/unflag",
    "/groups",
    "/regroup",
    "/merge",
    "/unalias",
    "/hear",
)  # a button carries the name, in whatever language
READERS = {Role.OWNER, Role.PROVINCE, Role.VIEWER, Role.LOCALITY}
ACTORS = {Role.OWNER, Role.PROVINCE}
HERE, ELSEWHERE = "06124", "05977"  # where most of them come from, and where the last two do
WHO = [
    ("", ""),
    *((role, "") for role in Role),
    *((Role.LOCALITY, at) for at in (HERE, ELSEWHERE, f"{ELSEWHERE} {HERE}")),
]
FROM = {"from elsewhere": {ELSEWHERE}, "passed to the commune": {ELSEWHERE, HERE}}  # whose communes' each one is


def tried(commands: tuple[str, ...], by: str) -> list[str]:
    """The commands that can be given that way."""
    return [command for command in commands if by == "word" or command.startswith(BUTTONS)]


def may(role: str, scope: str, command: str, what: str) -> bool:
    """The table, as it was decided: of what somebody may not see, they learn as much as of what is not there."""
    if command in LISTING:
        return role in READERS
    if what in ("unknown", "no code at all"):
        return False
    if role == Role.LOCALITY and not set(scope.split()) & FROM.get(what, {HERE}):
        return False
    if command in READING:
        return role in ACTORS or (role in READERS and what != "only the province's")
    return role in ACTORS


async def everything(place: Town, role: str, scope: str = "") -> Player:
    """One proposal of each sort, the last one by the person who is given, in that role."""
    lan = place.person("lan")
    await come_in(lan, TEXTS[1])
    await lan.press("Gửi")
    for n in (2, 3, 4):
        await lan.send(TEXTS[n])
        await lan.press("Gửi")
    someone = await make_staff(place, Role(role), scope=scope) if role else place.person("nobody")
    await come_in(someone, TEXTS[5])
    await someone.press("Gửi")
    place.clock.forward(days=1)  # more at once would be a flood, which is folded away
    for n in (6, 7):
        await lan.send(TEXTS[n])
        await lan.press("Gửi")
    async with place.bot.database.transaction() as tx:
        commune = await dialogues.add(tx, "NS-2026", "", 2025, is_current=True, now=0, scope=HERE)
    changes = (
        "name = 'Hoàng Thị Lan' WHERE number = 2",
        "only_province = 1 WHERE number = 3",
        "state = 'withdrawn' WHERE number = 4",
        f"place = '{ELSEWHERE}', former_place = '' WHERE number IN (6, 7)",
        f"dialogue_id = {commune.id} WHERE number = 7",
    )
    await place.bot.database.write([Statement(f"UPDATE proposals SET {change}") for change in changes])
    return someone


async def said(someone: Player, command: str, by: str) -> list[tuple[str, str]]:
    """The messages that a command brings, with their buttons."""
    before = set(someone.screen.messages)
    await (someone.tap(command) if by == "press" else someone.send(command))
    return [
        (message.text, str(message.buttons)) for key, message in someone.screen.messages.items() if key not in before
    ]


@pytest.mark.parametrize("by", ["word", "press"])
@pytest.mark.parametrize(("role", "scope"), WHO)
async def test_each_cell_is_allowed_or_as_if_there_were_no_such_command(
    place: Town, role: str, scope: str, by: str
) -> None:
    someone = await everything(place, role, scope)
    nothing = await said(someone, "/khongco", by)
    assert "chưa hiểu" in str(nothing)
    for what, code in OBJECTS.items():
        for command in tried((*READING, *ACTING), by):
            answer = await said(someone, command.format(code=code), by)
            case = f"{role or 'nobody'} of {scope}: {command} {what}"
            if may(role, scope, command, what):
                assert "chưa hiểu" not in str(answer), case
                assert "được xem không có" not in str(answer), case
            elif role in (READERS if command in READING else ACTORS):
                unknown = f"Trong những gì bạn được xem không có {code.upper()}."
                assert answer == [(unknown, "[]")], case
            else:
                assert answer == nothing, case
            await someone.send("/huy")


@pytest.mark.parametrize("by", ["word", "press"])
@pytest.mark.parametrize(("role", "scope"), WHO)
async def test_the_list_is_shown_or_is_not_there(place: Town, role: str, scope: str, by: str) -> None:
    someone = await everything(place, role, scope)
    nothing = await said(someone, "/khongco", by)
    shown = ""
    for command in tried(LISTING, by):
        answer = await said(someone, command, by)
        if may(role, scope, command, ""):
            assert "chưa hiểu" not in str(answer)
        else:
            assert answer == nothing, f"{role or 'nobody'}: {command}"
        shown += someone.shown()
    assert (TEXTS[3] in shown) == (role in ACTORS)
    for n, what in ((1, "somebody else's"), (6, "from elsewhere")):
        assert (TEXTS[n] in shown) == may(role, scope, "/view {code}", what), what
    await someone.tap("/queue p1+NS-2026")
    passed = may(role, HERE if HERE in scope else "", "/view {code}", "passed to the commune")
    assert (TEXTS[7] in someone.shown()) == passed


@pytest.mark.parametrize("by", ["word", "press"])
@pytest.mark.parametrize("role", ["", *Role])
async def test_groups_and_names_are_decided_on_or_are_not_there(place: Town, role: str, by: str) -> None:
    someone = await everything(place, role)
    nothing = await said(someone, "/khongco", by)
    for command in tried(GROUPING, by):
        answer = await said(someone, command, by)
        await someone.send("/huy")
        if role in ACTORS:
            assert "chưa hiểu" not in str(answer), command
        elif len(command.split()) <= 3:  # what is longer is somebody's text besides
            assert answer == nothing, f"{role or 'nobody'}: {command}"
    [aliases] = await place.bot.database.read(Statement("SELECT name FROM place_aliases"))
    assert bool(aliases) == (role in ACTORS and by == "word")


@pytest.mark.parametrize("role", [*sorted(set(Role) - ACTORS), ""])
async def test_who_may_not_act_changes_nothing(place: Town, role: str) -> None:
    someone = await everything(place, role)
    lan = place.person("lan")
    heard = len(lan.screen.messages)
    for code in OBJECTS.values():
        for command in ACTING:
            await said(someone, command.format(code=code), "press")
    [states] = await place.bot.database.read(Statement("SELECT state, revision FROM proposals ORDER BY id"))
    assert [row["state"] for row in states] == [*["received"] * 3, "withdrawn", *["received"] * 3]
    assert {row["revision"] for row in states} == {1}
    assert len(lan.screen.messages) == heard


@pytest.mark.parametrize("role", sorted(READERS))
async def test_a_name_is_shown_where_it_was_given_and_nowhere_else(place: Town, role: str) -> None:
    someone = await everything(place, role, HERE)
    assert "Người gửi: Hoàng Thị Lan" in await someone.send("/xem LS-2026-00002")
    assert "Người gửi: ẩn danh" in await someone.send("/xem LS-2026-00001")


# -- dialogues, passing on, and who is staff

OFFICE: dict[str, set[str]] = {
    "/dialogue": {Role.OWNER, Role.PROVINCE, Role.LOCALITY},
    "/dialogue LS-2026": {Role.OWNER, Role.PROVINCE},
    "/dialogue NS-2026": {Role.OWNER, Role.PROVINCE, "here"},
    "/plan province": {Role.OWNER, Role.PROVINCE},
    f"/plan {HERE}": {Role.OWNER, Role.PROVINCE, "here"},
    "/redate LS-2026-held": {Role.OWNER, Role.PROVINCE},
    "/redate NS-2026-held": {Role.OWNER, Role.PROVINCE, "here"},
    "/duty LS-2026 publish": {Role.OWNER, Role.PROVINCE},
    "/duty NS-2026 publish": {Role.OWNER, Role.PROVINCE, "here"},
    "/succeed LS-2027": {Role.OWNER, Role.PROVINCE},
    "/pass_on LS-2026-00001": {Role.OWNER, Role.PROVINCE},
    "/pass_on LS-2026-00007": {Role.OWNER, Role.PROVINCE, "here"},
    "/appoint": {Role.OWNER},
    "/team": {Role.OWNER},
    "/dismiss 1": set(),
}  # a command, and who gets something by it; everyone else learns as much as of what is not there
DONE = (
    *("Chương trình LS-2026", "Chương trình NS-2026", "Chủ đề của chương trình", "Đối thoại ngày nào", "✅ công bố"),
    *("Từ giờ dùng", "Chuyển sang chương trình nào", "Bạn mời người này", "Cán bộ ·"),
)


@pytest.mark.parametrize(("role", "scope"), WHO)
async def test_each_act_of_the_office_is_done_or_shows_nothing(place: Town, role: str, scope: str) -> None:
    someone = await everything(place, role, scope)
    async with place.bot.database.transaction() as tx:
        await dialogues.add_next(tx, "LS-2027", "", 2025, now=0)
    nothing = await said(someone, "/khongco", "press")
    ranks = {role, "here"} if HERE in scope else {role}
    for command, allowed in OFFICE.items():
        answer = await said(someone, command, "press")
        case = f"{role or 'nobody'} of {scope}: {command}"
        shows = any(sign in str(answer) for sign in DONE)
        if command == "/dialogue" and role == Role.LOCALITY:
            assert answer != nothing, case
            assert "LS-2026" not in str(answer), case
        else:
            assert shows == bool(ranks & allowed), case
        if role not in (Role.OWNER, Role.PROVINCE, Role.LOCALITY):
            assert answer == nothing, case
        await someone.send("/huy")


@pytest.mark.parametrize(("role", "scope"), [who for who in WHO if who[0] not in ACTORS and HERE not in who[1]])
async def test_who_may_not_change_a_calendar_changes_nothing(place: Town, role: str, scope: str) -> None:
    someone = await everything(place, role, scope)
    [before] = await place.bot.database.read(Statement("SELECT * FROM dialogues ORDER BY id"))
    for command in OFFICE:
        await said(someone, command, "press")
        for typed in ("20/4/2026", "LS"):
            await someone.send(typed)
        for label in ("Lưu", "Xã Na Sầm", "toàn tỉnh", "Có, thôi quyền"):
            if label in str(someone.screen.last.buttons):
                await someone.press(label)
        await someone.send("/huy")
    [after] = await place.bot.database.read(Statement("SELECT * FROM dialogues ORDER BY id"))
    [rows] = await place.bot.database.read(
        Statement("SELECT (SELECT count(*) FROM duties_done) + (SELECT count(*) FROM passings) AS n")
    )
    assert (after, rows[0]["n"]) == (before, 0)
