"""Staff choose who comes: counters against the plan, nobody told before all are, the others kindly."""

from __future__ import annotations

from handlers.acts.rights import Role
from storage.database import Statement
from storage.events import Quotas
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import come_in, stored
from tests.occasions import hold
from tests.player import Player, Town

NAMES = ("lan", "hoa", "mai")


async def applied(here: Town, quotas: Quotas | None = None) -> tuple[Player, list[Player]]:
    """Three who applied for two seats: two farmers and a pupil."""
    boss = await make_staff(here, Role.PROVINCE)
    people = []
    for name in NAMES:
        someone = here.person(name)
        await come_in(someone)
        await someone.press("Gửi")
        people.append(someone)
    groups = "CASE chat WHEN 'mai' THEN 'pupil_student' ELSE 'farmer' END"
    await here.bot.database.write(
        [Statement(f"UPDATE people SET crowd = (SELECT {groups} FROM addresses a WHERE a.person_id = people.id)"
                   " WHERE age_band <> ''")]
    )  # fmt: skip
    await hold(here, is_selective=True, seats=2, quotas=quotas or Quotas({"farmer": 1, "pupil_student": 1}))
    for someone in people:
        await someone.send("/dangky 1")
        await someone.send(f"Em là {someone.chat}, em muốn đến hỏi chuyện")
    return boss, people


async def test_the_chosen_confirm_and_the_others_are_told_kindly(place: Town) -> None:
    boss, (lan, hoa, mai) = await applied(place)
    shown = await boss.send("/chonnguoi 1")
    assert "Tất cả: 0/2" in shown
    assert "1. ▫️ Em là lan" in shown
    assert "Nông dân · Xã Na Sầm" in shown
    await boss.press("Chọn 1")
    shown = await boss.press("Chọn 3")
    for counter in ("Tất cả: 2/2", "Nông dân: 1/1", "Học sinh, sinh viên: 1/1", "Xã Na Sầm: 2"):
        assert counter in shown
    for one in (lan, hoa, mai):
        assert "được chọn" not in one.last
        assert "Mình đã nhận đăng ký của bạn" in await one.send("/sukien 1"), "who is picked is not told yet"
    await boss.press("Báo kết quả")
    assert "2 người được chọn và 1 người còn lại" in await boss.press("Báo tất cả")
    assert "Bạn được chọn" in lan.last
    assert "Cảm ơn bạn đã đăng ký" in hoa.last
    assert "✅ Bạn sẽ đến" in await mai.press("Xác nhận đến")
    await lan.press("Không đến được")
    states = await stored(place, "SELECT state FROM sign_ups ORDER BY id")
    assert [row["state"] for row in states] == ["no", "declined", "going"]


async def test_a_seat_given_back_can_go_to_somebody_who_was_declined(place: Town) -> None:
    boss, (lan, hoa, _) = await applied(place)
    await boss.send("/chonnguoi 1")
    await boss.press("Chọn 1")
    await boss.press("Báo kết quả")
    await boss.press("Báo tất cả")
    await lan.press("Không đến được")
    await boss.send("/chonnguoi 1")
    await boss.press("Chọn 1")
    await boss.press("Báo kết quả")
    await boss.press("Báo tất cả")
    assert "Bạn được chọn" in hoa.last
    assert hoa.shown().count("Cảm ơn bạn đã đăng ký") == 1


async def test_above_a_quota_there_is_a_warning(place: Town) -> None:
    boss, _ = await applied(place)
    await boss.send("/chonnguoi 1")
    await boss.press("Chọn 1")
    shown = await boss.press("Chọn 2")
    assert "⚠️ Nông dân: 2/1" in shown
    assert "⚠️ Nông dân" not in await boss.press("Bỏ chọn 2")


async def test_quotas_are_typed_by_group_and_commune(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    await hold(place)
    await boss.send("/suasukien 1")
    await boss.press("Số chỗ")
    await boss.press("Đăng ký, ban tổ chức chọn")
    assert "Chủ cơ sở, hợp tác xã, doanh nghiệp" in await boss.send("30 chỗ")
    await boss.send("nhiều nông dân")
    assert "thiếu tên hoặc số" in boss.shown()
    await boss.send("Nông dân 5, phi công 3")
    assert "không tìm thấy nơi nào tên “phi công”" in boss.shown()
    card = await boss.send("Nông dân 5, học sinh 3, 2 xã Thất Khê")
    for line in ("30 chỗ", "Nông dân: 5", "Học sinh, sinh viên: 3", "Xã Thất Khê: 2"):
        assert line in card


async def test_who_is_chosen_and_does_not_confirm_is_still_reminded(place: Town) -> None:
    boss, _ = await applied(place)
    await boss.send("/chonnguoi 1")
    await boss.press("Chọn 1")
    await boss.press("Báo kết quả")
    await boss.press("Báo tất cả")
    assert len(await stored(place, "SELECT 1 FROM reminders WHERE state = 'waiting'")) == 3
