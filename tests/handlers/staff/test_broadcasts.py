"""Staff write to many people: the card, whom it reaches, now or at a time, and who may release it."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.acts import staff
from handlers.acts.rights import Right, Role, allows
from storage import broadcasts, claims, events, outbox, sign_ups
from storage.broadcasts import Broadcast
from storage.claims import Wanted
from storage.database import Statement, micros
from storage.events import Marks, Plan
from storage.sign_ups import SignUp
from tests.handlers.staff.test_rights import said
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import come_in, stored
from tests.player import Player, Town, town

NEWS = "Thứ bảy này có buổi nói chuyện về vay vốn, mời các bạn tới dự nhé."
STATUS = "SELECT status FROM broadcasts ORDER BY id"


async def youth(place: Town, *names: str, channel: str = "buttons") -> list[Player]:
    """People who take part."""
    people = [place.person(name, channel) for name in names]
    for one in people:
        await come_in(one)
        await one.press("Bỏ")
    return people


async def write(boss: Player, text: str = NEWS) -> None:
    """Writes a broadcast to everybody, up to the question whether to send it."""
    await boss.send("/thongbao")
    await boss.press("Viết thông báo mới")
    await boss.send(text)
    await boss.press("Người nhận")
    await boss.press("Tất cả mọi người")
    await boss.press("Tiếp tục để gửi")


async def half_sent(place: Town) -> tuple[Player, Broadcast]:
    """A broadcast that is being sent: the rows are made, and one of them is out."""
    await youth(place, "lan", "hoa", "mai")
    boss = await make_staff(place, Role.PROVINCE)
    await write(boss)
    await boss.press("Hẹn giờ")
    await boss.send("8h sáng mai")
    await boss.press("Đúng rồi")
    place.clock.forward(hours=22)
    await broadcasts.step(place.bot.database, micros(place.clock()))
    [one] = await claims.claim(place.bot.database, "elsewhere", micros(place.clock()), Wanted(0, 1))
    await place.bot.database.write([outbox.sent(one.id, "1", micros(place.clock()))])
    snapshot = await place.bot.database.snapshot()
    try:
        found = await broadcasts.get(snapshot, 1)
    finally:
        await snapshot.close()
    assert found
    return boss, found


@pytest.mark.everywhere
async def test_a_broadcast_from_the_first_word_to_the_report(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    code = await staff.invite(lan.town.bot.database, Role.PROVINCE, lan.town.clock())
    await lan.send(f"/nhanma {code}")
    await write(lan)
    assert "Số người nhận lúc này: 1" in lan.last
    assert "chưa đến một phút" in lan.last
    before = len(lan.screen.messages)
    await lan.press("Gửi ngay")
    got = [message.text for message in list(lan.screen.messages.values())[before:]]
    assert [text.startswith(NEWS) for text in got].count(True) == 1
    assert "Đã gửi: 1" in lan.shown()
    assert "1/1" in lan.shown()
    assert await stored(lan.town, STATUS) == [{"status": "done"}]
    await lan.send("/lammoi")
    await lan.press("Báo cáo CSV")
    [file] = lan.screen.last.files
    rows = list(csv.reader(file.path.read_text("utf-8-sig").splitlines()))
    assert rows[0][3:6] == ["Địa bàn", "Kênh", "Đã gửi"]
    assert rows[-1][3:6] == ["Tổng cộng", "", "1"]


async def test_it_goes_to_each_once_and_shows_its_progress_in_one_message(place: Town) -> None:
    people = await youth(place, "lan", "hoa")
    boss = await make_staff(place, Role.PROVINCE)
    await write(boss)
    shown = len(boss.screen.messages)
    await boss.press("Gửi ngay")
    for one in people:
        assert [message.text.startswith(NEWS) for message in one.screen.messages.values()].count(True) == 1
        assert "/caidat" in one.last
    assert "Đã gửi: 2" in boss.last
    assert "đã gửi xong" in boss.last
    assert len(boss.screen.messages) == shown + 2, "that it begins, and one message that changes"


async def test_where_nothing_can_be_edited_the_progress_comes_at_the_start_and_the_end_and_when_asked_for(
    place: Town,
) -> None:
    await youth(place, "lan", "hoa")
    boss = await make_staff(place, Role.PROVINCE, "lists")
    await write(boss)
    before = len(boss.screen.messages)
    await boss.press("Gửi ngay")
    told = [message.text for message in list(boss.screen.messages.values())[before:]]
    assert [text.partition("\n")[0] for text in told[1:]] == [
        "Thông báo 1 · đang gửi",
        "Thông báo 1 · đã gửi xong",
    ], "however long it takes"
    assert "Đã gửi: 2" in await boss.send("làm mới")


async def test_each_person_gets_it_in_their_language_or_in_the_one_there_is(place: Town) -> None:
    lan, hoa, amy = await youth(place, "lan", "hoa", "amy")
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send("/thongbao")
    await boss.press("Viết thông báo mới")
    await boss.send(NEWS)
    await boss.press("English")
    await boss.send("A talk about loans this Saturday.")
    await boss.press("Người nhận")
    await boss.press("Tất cả mọi người")
    await boss.press("Tiếp tục để gửi")
    await boss.press("Hẹn giờ")
    await boss.send("8h sáng mai")
    assert "8 giờ sáng thứ Ba, ngày 3 tháng 3" in boss.last
    await boss.press("Đúng rồi")
    await amy.send("/ngonngu en")
    await hoa.send("/caidat")
    await hoa.press("Tắt tin mới")
    heard = len(hoa.screen.messages)
    place.clock.forward(hours=22)
    await place.settle()
    assert lan.last.startswith(NEWS)
    assert amy.last.startswith("A talk about loans")
    assert len(hoa.screen.messages) == heard, "who wants no news any more gets none"


async def test_one_language_serves_everybody(place: Town) -> None:
    [amy] = await youth(place, "amy")
    await amy.send("/ngonngu en")
    boss = await make_staff(place, Role.PROVINCE)
    await write(boss)
    await boss.press("Gửi ngay")
    assert amy.last.startswith(NEWS)
    assert "/settings" in amy.last


async def test_a_preview_goes_to_its_author_alone_and_shows_all_that_goes_along(place: Town) -> None:
    [lan] = await youth(place, "lan")
    heard = len(lan.screen.messages)
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send("/announce")
    await boss.send(NEWS, files=[await boss.photo("giay-moi.jpg")])
    await boss.press("Thêm nút liên kết")
    assert "https://" in await boss.send("trang-dang-ky")
    await boss.send("Đăng ký https://example.org/dang-ky?x=1&y=2")
    await boss.press("Xem thử")
    [preview] = [one for one in boss.screen.messages.values() if one.text.startswith(NEWS)]
    assert [(button.label, button.url) for button in preview.buttons] == [
        ("Đăng ký", "https://example.org/dang-ky?x=1&y=2")
    ]
    assert [file.name for file in preview.files] == ["giay-moi.jpg"]
    assert len(lan.screen.messages) == heard
    await boss.press("Người nhận")
    await boss.press("Tất cả mọi người")
    await boss.press("Tiếp tục để gửi")
    await boss.press("Gửi ngay")
    assert (lan.screen.last.buttons, [file.name for file in lan.screen.last.files]) == (
        preview.buttons,
        ["giay-moi.jpg"],
    )


async def test_an_audience_is_narrowed_one_criterion_at_a_time_and_counted(place: Town) -> None:
    lan, hoa = await youth(place, "lan", "hoa")
    await hoa.send("/doinoi")
    await hoa.send("phường Đông Kinh")
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send("/announce")
    await boss.send(NEWS)
    await boss.press("Người nhận")
    await boss.press("Xã, phường")
    await boss.send("phường Đông Kinh; xã Không Có")
    assert "Mình chưa tìm ra “xã Không Có”" in boss.shown()
    await boss.send("Tân Thành")
    assert "Tân Thành” có thể là mấy nơi" in boss.shown()
    assert "Số người nhận lúc này: 1" in await boss.send("xã Na Sầm")
    await boss.press("Người nhận")
    await boss.press("Độ tuổi")
    await boss.press("16–17")
    assert "Số người nhận lúc này: 0" in await boss.press("Xong")
    assert "Chưa có ai hợp" in (await boss.press("Tiếp tục để gửi") or boss.shown())
    await boss.press("Người nhận")
    await boss.press("Độ tuổi")
    await boss.press("16–17")
    await boss.press("18–22")
    await boss.press("Xong")
    await boss.press("Tiếp tục để gửi")
    await boss.press("Gửi ngay")
    assert lan.last.startswith(NEWS)
    assert not hoa.last.startswith(NEWS)


async def test_staff_get_what_is_for_staff(place: Town) -> None:
    [lan] = await youth(place, "lan")
    viewer, boss = await make_staff(place, Role.VIEWER), await make_staff(place, Role.PROVINCE)
    await boss.send("/announce")
    await boss.send("Chiều nay nộp bảng tổng hợp nhé các anh chị.")
    await boss.press("Người nhận")
    await boss.press("Cán bộ")
    await boss.press("người xem")
    await boss.press("Xong")
    await boss.press("Tiếp tục để gửi")
    await boss.press("Gửi ngay")
    assert viewer.last == "Chiều nay nộp bảng tổng hợp nhé các anh chị."
    assert "bảng tổng hợp" not in lan.shown()


# -- a second person


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[Town]:
    """A bot where more than one recipient need a second member of staff."""
    async with town(tmp_path, BOT_BROADCASTS__RELEASE_ABOVE="1") as running:
        yield running


async def test_above_the_limit_a_second_member_of_staff_releases_it(strict: Town) -> None:
    lan, _ = await youth(strict, "lan", "hoa")
    other = await make_staff(strict, Role.OWNER)
    boss = await make_staff(strict, Role.PROVINCE)
    await write(boss)
    assert "cần một cán bộ khác duyệt" in boss.last
    assert "đang chờ một cán bộ khác duyệt" in await boss.press("Gửi ngay")
    assert not lan.last.startswith(NEWS)
    assert "Thông báo 1 (2 người nhận) đang chờ bạn duyệt" in other.last
    assert NEWS in await other.press("Thông báo 1")
    await other.press("Duyệt và gửi")
    assert lan.last.startswith(NEWS)
    assert "đã được duyệt" in boss.shown()
    assert [row["act"] for row in await stored(strict, "SELECT act FROM record WHERE act LIKE 'broadcast%'")] == [
        "broadcast made",
        "broadcast released",
    ]


@pytest.mark.parametrize("command", ["/broadcast 1 release", "/release 1"])
async def test_nobody_but_an_owner_releases_their_own(strict: Town, command: str) -> None:
    lan, _ = await youth(strict, "lan", "hoa")
    boss = await make_staff(strict, Role.PROVINCE)
    await write(boss)
    await boss.press("Gửi ngay")
    await boss.tap(command)
    await boss.send("Vì gấp quá, mai đã diễn ra rồi")
    assert await stored(strict, STATUS) == [{"status": "unreleased"}]
    assert NEWS not in lan.shown()
    await boss.send("/thongbao 1")
    assert "duyệt" not in " ".join(button.label for button in boss.screen.last.buttons)


async def test_an_owner_releases_alone_with_a_reason_that_is_kept(strict: Town) -> None:
    lan, _ = await youth(strict, "lan", "hoa")
    boss = await make_staff(strict, Role.OWNER)
    await write(boss)
    await boss.press("Gửi ngay")
    await boss.tap("/broadcast 1 release")
    assert NEWS not in lan.shown(), "not without a reason"
    await boss.press("Tự duyệt")
    assert "ít nhất 5 chữ cái" in await boss.send("ok")
    await boss.send("Bão tới tối nay, không ai khác trực")
    assert lan.last.startswith(NEWS)
    assert "chủ quản tự duyệt: Bão tới tối nay, không ai khác trực" in await boss.send("/thongbao 1")
    assert [row["act"] for row in await stored(strict, "SELECT act FROM record WHERE act LIKE 'broadcast%'")] == [
        "broadcast made",
        "broadcast released_alone",
    ]


async def test_what_has_grown_is_asked_about_although_its_author_is_no_staff_any_more(strict: Town) -> None:
    await youth(strict, "lan")
    other = await make_staff(strict, Role.OWNER)
    boss = await make_staff(strict, Role.PROVINCE)
    await write(boss)
    await boss.press("Hẹn giờ")
    await boss.send("8h sáng mai")
    await boss.press("Đúng rồi")
    [hoa] = await youth(strict, "hoa")
    await strict.bot.database.write([Statement("DELETE FROM staff WHERE role = 'province'")])
    strict.clock.forward(hours=22)
    await strict.settle()
    assert "Thông báo 1 (2 người nhận) đang chờ bạn duyệt" in other.last
    await other.press("Thông báo 1")
    await other.press("Duyệt và gửi")
    assert NEWS in hoa.shown()


async def test_without_a_limit_nobody_is_asked(tmp_path: Path) -> None:
    async with town(tmp_path, BOT_BROADCASTS__RELEASE_ABOVE="0") as here:
        lan, _ = await youth(here, "lan", "hoa")
        boss = await make_staff(here, Role.PROVINCE)
        await write(boss)
        await boss.press("Gửi ngay")
        assert lan.last.startswith(NEWS)


# -- who may


@pytest.mark.parametrize("by", ["word", "press"])
@pytest.mark.parametrize("role", ["", *Role])
async def test_each_command_is_allowed_or_as_if_there_were_none(place: Town, role: str, by: str) -> None:
    await half_sent(place)
    someone = place.person("someone")
    await come_in(someone)
    if role:
        await someone.send(f"/nhanma {await staff.invite(place.bot.database, Role(role), place.clock())}")
    nothing = await said(someone, "/khongco", by)
    words = ("/thongbao", "/thongbao 1", "/lammoi")
    presses = ("/broadcast", "/broadcast 1", "/broadcast 1 csv", "/broadcast 1 cancel", "/announce", "/refresh")
    for command in (*presses, *(words if by == "word" else ())):
        answer = await said(someone, command, by)
        assert (answer != nothing) == allows(role, Right.BROADCAST), f"{role or 'nobody'}: {command}"
        await someone.send("/huy")
    for command in ("/broadcast 1 pause", "/broadcast 1 cancel yes", "/release 1"):
        if not allows(role, Right.BROADCAST):
            assert await said(someone, command, by) == nothing
    if not allows(role, Right.BROADCAST):
        assert await stored(place, "SELECT act FROM broadcast_steps") == [{"act": "made"}]


async def test_who_loses_the_right_in_the_middle_sends_nothing(place: Town) -> None:
    [lan] = await youth(place, "lan")
    boss = await make_staff(place, Role.PROVINCE)
    await write(boss)
    await place.bot.database.write([Statement("UPDATE staff SET role = 'viewer'")])
    await boss.press("Gửi ngay")
    assert "chưa hiểu" in boss.last
    assert NEWS not in lan.shown()
    assert await stored(place, STATUS) == []


async def test_those_who_signed_up_for_an_event_can_be_chosen(place: Town) -> None:
    lan, hoa = await youth(place, "lan", "hoa")
    boss = await make_staff(place, Role.PROVINCE)
    [row] = await stored(place, "SELECT id, person_id FROM addresses WHERE chat = 'lan'")
    async with place.bot.database.transaction() as tx:
        plan = Plan("Gặp mặt đầu xuân", micros(place.clock()) + 86_400_000_000)
        event_id = await events.add(tx, plan, Marks("u", "0427", "t"), int(str(row["id"])), 0)
        tx.add(sign_ups.put(event_id, int(str(row["person_id"])), SignUp.GOING, "", 0, 0))
    await boss.send("/announce")
    await boss.send(NEWS)
    await boss.press("Người nhận")
    await boss.press("Đã đăng ký sự kiện")
    await boss.press("Gặp mặt đầu xuân")
    await boss.press("Xong")
    assert "Đã đăng ký sự kiện: sự kiện 1" in boss.last
    await boss.press("Tiếp tục để gửi")
    await boss.press("Gửi ngay")
    assert NEWS in lan.shown()
    assert NEWS not in hoa.shown()
