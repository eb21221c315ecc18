"""The table of who may do what with a proposal as its author: it is one's own, or as if there were none of that code."""

from __future__ import annotations

import pytest

from handlers.acts.rights import Role
from storage.database import Statement
from tests.handlers.staff.test_rights import OBJECTS, TEXTS, everything, said
from tests.handlers.youth.test_propose import come_in
from tests.player import Town

SHOWING = ("/cuatoi {code}", "/mine {code}", "/mine {code} files")
CHANGING = ("/sua {code}", "/change {code}", "/rutlai {code}", "/withdraw {code}", "/them {code}", "/add {code}")
BUTTONS = ("/mine", "/change", "/withdraw", "/add")
UNKNOWN = OBJECTS["unknown"]
ONES = {what: code for what, code in OBJECTS.items() if what != "no code at all"}


def given(by: str) -> list[str]:
    """The commands that can be given that way: a button carries the name, in whatever language."""
    return [command for command in (*SHOWING, *CHANGING) if by == "word" or command.startswith(BUTTONS)]


@pytest.mark.parametrize("by", ["word", "press"])
@pytest.mark.parametrize("role", ["", *Role])
async def test_whoever_one_is_only_ones_own_is_there(place: Town, role: str, by: str) -> None:
    someone = await everything(place, role)
    for command in given(by):
        nothing = await said(someone, command.format(code=UNKNOWN), by)
        await someone.send("/huy")
        for what, code in ONES.items():
            answer = await said(someone, command.format(code=code), by)
            await someone.send("/huy")
            as_nothing = [(text.replace(code, UNKNOWN), buttons.replace(code, UNKNOWN)) for text, buttons in answer]
            assert (as_nothing == nothing) == (what != "own"), f"{role or 'nobody'}: {command} {what}"


@pytest.mark.parametrize("role", ["", *Role])
async def test_nobody_changes_what_is_not_their_own(place: Town, role: str) -> None:
    someone = await everything(place, role)
    for what, code in ONES.items():
        if what != "own":
            for command in CHANGING:
                await someone.tap(command.format(code=code))
                await someone.send("Chữ của người khác, không phải của bạn ấy")
                for label in ("Gửi thêm", "Lưu thay đổi", "Có, rút lại", "Việc đã xong"):
                    if label in str(someone.screen.last.buttons):
                        await someone.press(label)
                await someone.send("/huy")
    [rows] = await place.bot.database.read(Statement("SELECT text, state, revision FROM proposals ORDER BY id LIMIT 4"))
    assert [row["text"] for row in rows] == [TEXTS[n] for n in (1, 2, 3, 4)]
    assert [row["state"] for row in rows] == ["received", "received", "received", "withdrawn"]
    assert {row["revision"] for row in rows} == {1}
    assert (await place.bot.database.read(Statement("SELECT 1 FROM showings"))) == [[]]
    [parts] = await place.bot.database.read(Statement("SELECT id FROM parts"))
    assert parts == []


@pytest.mark.parametrize("role", ["", *Role])
async def test_the_list_of_ones_own_holds_nobody_elses(place: Town, role: str) -> None:
    someone = await everything(place, role)
    listed = await someone.send("/cuatoi")
    assert OBJECTS["own"] in listed
    assert not [code for what, code in ONES.items() if what not in ("own", "unknown") and code in listed]


@pytest.mark.parametrize("role", ["", *Role])
async def test_the_buttons_of_another_chat_open_nothing(place: Town, role: str) -> None:
    """Numbers of conversations are counted per chat: pressed elsewhere, they mean that chat's own or nothing."""
    someone = await everything(place, role)
    hoa = place.person("hoa")
    secret = "Điều này chỉ mình em biết thôi nhé"
    await come_in(hoa, secret)
    await hoa.press("Để nháp")
    for serial in range(12):
        for data in (f"{serial}.0.show", f"{serial}.1.send", f"/discard {serial}"):
            await someone.tap(data)
    assert secret not in someone.shown()
    [drafts] = await place.bot.database.read(
        Statement("SELECT 1 FROM conversations c JOIN addresses a ON a.id = c.address_id WHERE a.chat = 'hoa'")
    )
    assert len(drafts) == 1
