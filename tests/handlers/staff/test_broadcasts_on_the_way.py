"""What can be done with a broadcast that is being sent, and what its report says."""

from __future__ import annotations

import csv

from handlers.acts.rights import Role
from tests.handlers.staff.test_broadcasts import NEWS, STATUS, half_sent, write, youth
from tests.handlers.staff.test_staff import NAUGHTY, make_staff
from tests.handlers.youth.test_propose import stored
from tests.player import Town


async def test_what_is_called_off_in_the_middle_goes_to_nobody_else(place: Town) -> None:
    boss, _ = await half_sent(place)
    await boss.tap("/broadcast 1 cancel yes")
    assert "đã huỷ" in boss.shown()
    assert "Đã gửi: 1" in boss.last
    assert "không muốn nhận): 2" in boss.last
    assert [row["n"] for row in await stored(place, "SELECT count(*) AS n FROM outbox WHERE status = 'cancelled'")] == [
        2
    ]
    await boss.tap("/broadcast 1 resume")
    assert "không làm vậy được nữa" in boss.shown()


async def test_calling_off_takes_a_second_press(place: Town) -> None:
    [lan] = await youth(place, "lan")
    boss = await make_staff(place, Role.PROVINCE)
    await write(boss)
    await boss.press("Hẹn giờ")
    await boss.send("8h sáng mai")
    await boss.press("Đúng rồi")
    await boss.press("Thông báo 1")
    assert "Sẽ gửi lúc 8 giờ sáng thứ Ba" in boss.last
    assert "Huỷ thông báo 1?" in await boss.press("Huỷ")
    assert await stored(place, STATUS) == [{"status": "ready"}]
    await boss.press("Huỷ hẳn")
    place.clock.forward(hours=23)
    await place.settle()
    assert NEWS not in lan.shown()
    assert await stored(place, STATUS) == [{"status": "cancelled"}]


async def test_what_is_paused_goes_on_where_it_was(place: Town) -> None:
    boss, _ = await half_sent(place)
    await boss.tap("/broadcast 1 pause")
    assert "tạm dừng" in boss.last
    assert "Đang chờ: 2" in boss.last
    place.clock.forward(hours=1)
    await place.settle()
    assert "Đang chờ: 2" in await boss.send("/thongbao 1")
    await boss.press("Gửi tiếp")
    assert "Đã gửi: 3" in boss.last
    sent = await stored(
        place, "SELECT count(DISTINCT person_id) AS n FROM outbox WHERE broadcast_id = 1 AND status = 'sent'"
    )
    assert sent == [{"n": 3}]


async def test_the_report_is_no_formula_whatever_was_written(place: Town) -> None:
    await youth(place, "lan")
    boss = await make_staff(place, Role.PROVINCE)
    await write(boss, NAUGHTY)
    await boss.press("Gửi ngay")
    await boss.press("Báo cáo CSV")
    [file] = boss.screen.last.files
    raw = file.path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    assert {row[2] for row in rows[1:]} == {"'" + NAUGHTY}
    assert ["Xã Na Sầm", "buttons", "1", "0", "0", "0", "0", "0"] in [row[3:] for row in rows]
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell]
