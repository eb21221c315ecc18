"""A young person and events: what there is, answering, waiting for a seat, the calendar, the code, the day itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import icalendar
import pytest
import zxingcpp
from PIL import Image

from handlers.acts import events as acts
from handlers.acts.rights import Role
from handlers.occasion import cancelled, invitation, moved
from storage import events
from storage.audiences import Audience
from storage.database import Statement, micros, moment
from storage.events import Event, Plan
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import come_in, stored
from tests.occasions import at, hold, office, timing
from tests.player import Player, Town, town

BAC_HUNG = "xã Bắc Hùng, Văn Lãng"
NA_SAM = "06124"


async def arrive(lan: Player) -> None:
    """Somebody who has sent a first proposal, at a place that has become Na Sầm."""
    await come_in(lan)
    await lan.press("Gửi")


async def change(here: Town, event: Event, plan: Plan) -> None:
    house, by = here.bot.house, await office(here)
    async with here.bot.database.transaction() as tx:
        assert await acts.change(
            tx, by, event.id, event.revision, plan, [], lambda e: invitation(house, e), lambda e: moved(house, e),
            timing(here),
        )  # fmt: skip


async def call_off(here: Town, event: Event) -> None:
    house, by = here.bot.house, await office(here)
    async with here.bot.database.transaction() as tx:
        assert await acts.cancel(tx, by, event.id, lambda e: cancelled(house, e), timing(here))


async def now_is(here: Town, event: Event) -> Event:
    reader = await here.bot.database.snapshot()
    found = await events.get(reader, event.id)
    await reader.close()
    assert found
    return found


def calendar(lan: Player) -> icalendar.Event:
    """The event in the file that came last."""
    [file] = lan.screen.last.files
    [found] = icalendar.Calendar.from_ical(Path(file.path).read_bytes()).walk("VEVENT")
    assert isinstance(found, icalendar.Event)
    return found


@pytest.mark.everywhere
async def test_an_invitation_is_answered_by_a_press_and_reminded_of(lan: Player) -> None:
    await arrive(lan)
    here = lan.town
    await hold(here, at(here, days=3, hours=4))
    assert "Mời bạn!" in lan.last
    assert "Gặp mặt thanh niên" in lan.last
    assert "chưa trả lời" in await lan.send("/sukien")
    await lan.press("Gặp mặt thanh niên")
    assert "✅ Bạn sẽ đến" in await lan.press("Mình sẽ đến")
    assert "✅ Bạn sẽ đến" in await lan.send("/sukien")
    await lan.press("Gặp mặt thanh niên")
    assert "Bạn không đến lần này" in await lan.press("Không đến")


async def test_answers_change_at_any_time_without_disturbing_a_draft(lan: Player) -> None:
    await arrive(lan)
    await hold(lan.town)
    await lan.send("Đường vào thôn em hỏng đã ba năm nay, mong tỉnh sửa giúp")
    for answer, standing in (("yes", "Bạn sẽ đến"), ("maybe", "Bạn có thể đến"), ("no", "Bạn không đến")):
        assert standing in await said(lan, f"/attend 1 {answer}", standing)
    await lan.send("/cuatoi")
    await lan.send("Nhất là mùa mưa, xe máy không qua được")
    await lan.press("Gửi")
    assert "LS-2026-00002" in lan.shown()
    assert "mùa mưa" in str(await stored(lan.town, "SELECT text FROM proposals WHERE number = 2"))


async def said(lan: Player, command: str, what: str) -> str:
    """What a command brings, wherever it stands: a card may be shown again below it."""
    before = set(lan.screen.messages)
    if lan.messenger.abilities.buttons:
        await lan.tap(command)
    else:
        await lan.send(command.replace("/attend", "/thamdu"))
    return "\n".join(m.text for key, m in lan.screen.messages.items() if key not in before or what in m.text)


async def test_what_is_for_others_is_not_there(lan: Player) -> None:
    await arrive(lan)
    await hold(lan.town, audience=Audience(groups=("farmer",)))
    assert "chưa có sự kiện nào" in await lan.send("/sukien")
    assert "không tìm thấy" in await lan.send("/sukien 1")
    assert "không tìm thấy" in await lan.send("/start e_1")
    await lan.send("/thamdu 1 yes")
    assert await stored(lan.town, "SELECT * FROM sign_ups") == []


@pytest.mark.parametrize(
    "audience",
    [
        Audience(),
        Audience(places=(NA_SAM, "05977")),
        Audience(groups=("farmer", "worker")),
        Audience(topics=("von",)),
        Audience(places=(NA_SAM,), topics=("von",), age_bands=("18-22",), languages=("vi",)),
    ],
)
async def test_it_is_for_whom_it_says(lan: Player, audience: Audience) -> None:
    await arrive(lan)
    await lan.town.bot.database.write([Statement(f"UPDATE people SET crowd = 'farmer', place = '{NA_SAM}'")])
    await hold(lan.town, audience=audience)
    assert "Mời bạn!" in lan.last
    assert "Gặp mặt" in await lan.send("/sukien")


async def test_who_wants_no_news_is_not_invited_and_finds_it_all_the_same(lan: Player) -> None:
    await arrive(lan)
    await lan.send("/caidat news")
    await hold(lan.town)
    assert "Mời bạn!" not in lan.shown()
    assert "Gặp mặt" in await lan.send("/sukien")


async def test_full_means_a_place_in_line_and_a_free_seat_goes_to_the_first(place: Town) -> None:
    people = [place.person(name) for name in ("lan", "hoa", "mai")]
    lan, hoa, mai = people
    for one in people:
        await arrive(one)
    await hold(place, seats=1)
    for one in people:
        await one.tap("/attend 1 yes")
    assert "✅ Bạn sẽ đến" in lan.last
    assert "thứ 1 trong danh sách chờ" in hoa.last
    assert "thứ 2 trong danh sách chờ" in mai.last
    await lan.tap("/attend 1 no")
    assert "Có chỗ cho bạn rồi" in hoa.last
    assert "✅ Bạn sẽ đến" in await hoa.send("/sukien 1")
    assert "thứ 1 trong danh sách chờ" in await mai.send("/sukien 1")
    assert "Có chỗ cho bạn" not in mai.shown()
    due = await stored(place, "SELECT DISTINCT person_id FROM reminders WHERE state = 'waiting'")
    assert len(due) == 1, "only who has a seat is reminded"


async def two_for_one_seat(place: Town) -> tuple[Player, Player, Event]:
    """Two people who said that they come to an event with one seat; the second one waits."""
    lan, hoa = place.person("lan"), place.person("hoa")
    for one in (lan, hoa):
        await arrive(one)
    event = await hold(place, seats=1)
    for one in (lan, hoa):
        await one.tap("/attend 1 yes")
    return lan, hoa, event


async def test_more_seats_are_given_to_those_who_wait(place: Town) -> None:
    _, hoa, event = await two_for_one_seat(place)
    await change(place, event, replace(event.plan, seats=2))
    assert "✅ Bạn sẽ đến" in await hoa.send("/sukien 1")
    assert len(await stored(place, "SELECT 1 FROM reminders WHERE state = 'waiting'")) == 6


async def test_a_change_promises_nobody_a_seat_who_waits_for_one(place: Town) -> None:
    lan, hoa, event = await two_for_one_seat(place)
    await change(place, event, replace(event.plan, start_at=event.plan.start_at + 3_600_000_000))
    await place.settle()
    for one in (lan, hoa):
        assert "Đăng ký của bạn vẫn giữ nguyên" in one.last
    assert "thứ 1 trong danh sách chờ" in await hoa.press("Xem sự kiện")


async def test_the_button_of_a_reminder_is_noted(lan: Player) -> None:
    await arrive(lan)
    await hold(lan.town, at(lan.town, days=2, hours=4))
    await lan.send("/thamdu 1 yes")
    lan.town.clock.forward(days=1, hours=4)
    await lan.town.settle()
    assert "Nhắc bạn: Gặp mặt thanh niên" in lan.last
    assert "thứ Tư, ngày 4 tháng 3 năm 2026" in lan.last
    assert "Hội trường A" in lan.last
    await lan.send("/thamdu 1 no r1")
    [noted] = await stored(lan.town, "SELECT pressed_at FROM reminders WHERE id = 1")
    assert noted["pressed_at"]
    assert await stored(lan.town, "SELECT state FROM reminders ORDER BY id") == [{"state": "made"}, {"state": "void"}]


async def test_the_calendar_file_keeps_its_name_and_counts_up(lan: Player) -> None:
    await arrive(lan)
    event = await hold(lan.town)
    await lan.send("/luulich 1")
    first = calendar(lan)
    assert (first["SUMMARY"], first["STATUS"]) == ("Gặp mặt thanh niên", "CONFIRMED")
    assert first.start == moment(event.plan.start_at)
    await change(lan.town, event, replace(event.plan, start_at=event.plan.start_at + 86_400_000_000))
    await lan.town.settle()
    await lan.send("/luulich 1")
    second = calendar(lan)
    assert second["UID"] == first["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)
    assert second.start - first.start == timedelta(days=1)
    await lan.send("/thamdu 1 yes")
    await call_off(lan.town, await now_is(lan.town, event))
    await lan.town.settle()
    assert "đã huỷ" in lan.last
    await lan.send("/luulich 1")
    third = calendar(lan)
    assert (third["UID"], third["SEQUENCE"], third["STATUS"]) == (first["UID"], 2, "CANCELLED")


async def test_the_qr_code_opens_the_bot_with_the_event(tmp_path: Path) -> None:
    async with town(tmp_path, BOT_WEB__ENABLED="true", BOT_WEB__PUBLIC_URL="https://noi.example.org/chat") as here:
        lan = here.person("lan")
        await arrive(lan)
        await hold(here)
        await lan.send("/maqr 1")
        [file] = lan.screen.last.files
        with Image.open(file.path) as picture:
            [code] = zxingcpp.read_barcodes(picture.convert("L"))
        assert code.text == "https://noi.example.org/chat/?start=e_1"
        assert "Gặp mặt thanh niên" in await lan.send("/start e_1")


async def test_somebody_new_who_scans_it_is_taken_in_and_sees_it(lan: Player) -> None:
    await hold(lan.town)
    await lan.send("/start e_1")
    await lan.press("Đồng ý")
    await lan.press("18–22")
    assert "Gặp mặt thanh niên" in await lan.send(BAC_HUNG)


async def test_ones_own_bridge_point_is_named(lan: Player) -> None:
    await arrive(lan)
    await lan.town.bot.database.write([Statement(f"UPDATE people SET place = '{NA_SAM}'")])
    await hold(lan.town, has_points=True)
    name = next(unit.name for unit in lan.town.bot.house.pack.units() if unit.code == NA_SAM)
    assert f"Điểm cầu của bạn: {name}" in await lan.send("/sukien 1")
    filled = Statement(f"UPDATE bridge_points SET room = 'Nhà văn hoá', opens = '7h30' WHERE place = '{NA_SAM}'")
    await lan.town.bot.database.write([filled])
    shown = await lan.send("/sukien 1")
    assert f"Điểm cầu của bạn: {name}, Nhà văn hoá" in shown
    assert "Mở cửa: 7h30" in shown
    await lan.send("/luulich 1")
    assert calendar(lan)["LOCATION"] == f"{name}, Nhà văn hoá"


# -- a seat in one line


async def test_applying_takes_one_line(lan: Player) -> None:
    await arrive(lan)
    await hold(lan.town, is_selective=True, seats=5)
    assert "Không cần nói tên" in await lan.send("/dangky 1")
    assert "một, hai câu" in await lan.send("ok")
    assert "thuộc nhóm nào" in await lan.send("Em nuôi gà ở Na Sầm, muốn hỏi về vốn")
    assert "Đã nhận đăng ký" in await lan.press("Nông dân")
    assert await stored(lan.town, "SELECT crowd FROM people WHERE crowd <> ''") == [{"crowd": "farmer"}]
    assert "Mình đã nhận đăng ký của bạn" in await lan.send("/sukien 1")
    await lan.send("/thamdu 1 yes")
    [row] = await stored(lan.town, "SELECT state, line FROM sign_ups")
    assert row == {"state": "applied", "line": "Em nuôi gà ở Na Sầm, muốn hỏi về vốn"}
    await lan.send("/thamdu 1 no")
    assert (await stored(lan.town, "SELECT state FROM sign_ups")) == [{"state": "no"}]


# -- on the day


async def begun(lan: Player) -> Event:
    """An event that begins in an hour."""
    await arrive(lan)
    return await hold(lan.town, at(lan.town, hours=2))


async def test_checking_in_by_four_digits(lan: Player) -> None:
    await begun(lan)
    assert "bốn chữ số" in await lan.send("/diemdanh")
    assert "Mã có bốn chữ số" in await lan.send("abc")
    assert "Mã chưa đúng" in await lan.send("1111")
    assert "Đã điểm danh" in await lan.send("04 27")
    assert "đã điểm danh rồi" in await lan.send("/diemdanh 0427")
    assert await stored(lan.town, "SELECT event_id, how FROM check_ins") == [{"event_id": 1, "how": "code"}]


async def test_a_code_is_not_guessed(lan: Player) -> None:
    await begun(lan)
    await lan.send("/diemdanh")
    for n in range(5):
        await lan.send(f"100{n}")
    assert "nhiều lần quá" in await lan.send("0427")
    assert await stored(lan.town, "SELECT * FROM check_ins") == []


async def test_checking_in_by_the_link_of_the_hall(lan: Player) -> None:
    event = await begun(lan)
    assert "Đã điểm danh" in await lan.send(f"/start c_{event.token}")
    assert "đã điểm danh rồi" in await lan.send(f"/start c_{event.token}")
    assert "chưa có sự kiện" in await lan.send("/start c_wrong")


@pytest.mark.parametrize(("ahead", "open_"), [(-4, False), (-2.9, True), (3.9, True), (4.1, False)])
async def test_the_door_is_open_on_the_day(lan: Player, ahead: float, open_: bool) -> None:
    await arrive(lan)
    await hold(lan.town, at(lan.town, hours=6))
    lan.town.clock.now = at(lan.town, hours=6) + timedelta(hours=ahead)
    assert ("Đã điểm danh" in await lan.send("/diemdanh 0427")) == open_


async def test_a_question_while_it_is_on_reaches_staff_at_once(place: Town) -> None:
    lan, boss = place.person("lan"), await make_staff(place, Role.PROVINCE)
    viewer = await make_staff(place, Role.VIEWER)
    await begun(lan)
    assert "không có sự kiện nào đang diễn ra" in await lan.send("/hoingay 1")
    place.clock.now = at(place, hours=2)
    assert "đang diễn ra" in await lan.send("/hoingay")
    assert "Đã chuyển câu hỏi" in await lan.send("Bao giờ có sóng ở thôn Nà Pàn ạ?")
    assert "TRỰC TIẾP" in boss.last
    assert "Bao giờ có sóng" in boss.last
    assert "Nà Pàn" in await boss.press("Câu hỏi trực tiếp")
    assert "Bao giờ có sóng" not in viewer.shown()


async def test_nobody_asks_so_much_that_others_are_not_heard(lan: Player) -> None:
    await begun(lan)
    lan.town.clock.now = at(lan.town, hours=2)
    for n in range(6):
        await lan.send("/hoingay 1")
        await lan.send(f"Câu hỏi số {n} về sóng điện thoại ở thôn")
    assert "Ít phút nữa" in lan.last
    assert len(await stored(lan.town, "SELECT 1 FROM live_questions")) == 5
    lan.town.clock.forward(minutes=11)
    await lan.send("/hoingay 1")
    assert "Đã chuyển câu hỏi" in await lan.send("Câu hỏi nữa về sóng điện thoại ở thôn")


async def test_nothing_can_be_said_to_what_has_begun(lan: Player) -> None:
    await begun(lan)
    lan.town.clock.now = at(lan.town, hours=3)
    assert "không nhận câu trả lời" in await said(lan, "/attend 1 yes", "không nhận")
    assert await stored(lan.town, "SELECT * FROM sign_ups") == []


async def test_somebody_unknown_is_shown_how_to_begin(lan: Player) -> None:
    await hold(lan.town)
    for command in ("/sukien", "/thamdu 1 yes", "/luulich 1", "/maqr 1", "/dangky 1", "/diemdanh", "/hoingay"):
        assert "làm quen" in await lan.send(command)
    assert micros(lan.town.clock.now) > 0
