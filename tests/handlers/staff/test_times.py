"""When something shall happen: what is open is asked back, and only what lies ahead is taken."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.errors import InvalidError
from handlers.acts.rights import Role
from handlers.features import FEATURES
from handlers.staff.times import understood
from tests.handlers.staff.test_broadcasts import NEWS, STATUS, write, youth
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import stored
from tests.player import START, Town, town
from tests.replay import replay_all


@pytest.mark.parametrize("text", ["8h sáng mai", "14h thứ 6", "7h30 ngày 20/3", "tomorrow 8am"])
async def test_what_is_clear_is_taken(place: Town, text: str) -> None:
    assert understood(text, START, place.bot.house)["at"] is not None


async def test_what_is_past_or_far_away_is_refused(place: Town) -> None:
    with pytest.raises(InvalidError, match=r"when\.past"):
        understood("8h ngày 1/3/2026", START, place.bot.house)
    with pytest.raises(InvalidError, match="too_far"):
        understood("8h ngày 20/3/2029", START, place.bot.house)


async def test_a_day_without_a_time_is_asked_back_and_another_time_may_be_chosen(place: Town) -> None:
    [lan] = await youth(place, "lan")
    boss = await make_staff(place, Role.PROVINCE)
    await write(boss)
    await boss.press("Hẹn giờ")
    assert "Mấy giờ" in await boss.send("ngày 20/3")
    await boss.send("8h ngày 20/3")
    assert "8 giờ sáng thứ Sáu, ngày 20 tháng 3 năm 2026" in boss.last
    assert "Gửi lúc nào?" in await boss.press("Chọn lúc khác")
    await boss.send("9h ngày 21/3")
    assert "9 giờ sáng thứ Bảy, ngày 21 tháng 3 năm 2026" in boss.last
    await boss.press("Đúng rồi")
    place.clock.forward(days=18)
    await place.settle()
    assert NEWS not in lan.shown()
    place.clock.forward(days=1, hours=1)
    await place.settle()
    assert NEWS in lan.shown()
    assert await stored(place, STATUS) == [{"status": "done"}]


async def test_every_step_of_writing_stands_where_it_stood_when_it_is_run_again(place: Town) -> None:
    await youth(place, "lan")
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send("/announce")
    steps: list[tuple[Callable[[str], Awaitable[str]], str]] = [
        (boss.send, NEWS),
        (boss.press, "English"),
        (boss.send, "A talk about loans."),
        (boss.press, "Thêm nút liên kết"),
        (boss.send, "Đăng ký https://example.org"),
        (boss.press, "Xem thử"),
        (boss.press, "Người nhận"),
        (boss.press, "Độ tuổi"),
        (boss.press, "18–22"),
        (boss.press, "Xong"),
        (boss.press, "Tiếp tục để gửi"),
        (boss.press, "Sửa tiếp"),
        (boss.press, "Tiếp tục để gửi"),
        (boss.press, "Hẹn giờ"),
        (boss.send, "ngày 20/3"),
        (boss.send, "8h ngày 20/3"),
    ]
    for act, what in steps:
        await act(what)
        assert await replay_all(place, FEATURES) == 1


async def test_what_has_grown_over_the_limit_until_its_time_waits_for_a_second_person(tmp_path: Path) -> None:
    async with town(tmp_path, BOT_BROADCASTS__RELEASE_ABOVE="1") as place:
        [lan] = await youth(place, "lan")
        other, boss = await make_staff(place, Role.OWNER), await make_staff(place, Role.PROVINCE)
        await write(boss)
        await boss.press("Hẹn giờ")
        await boss.send("8h ngày 20/3")
        assert "Đã hẹn" in await boss.press("Đúng rồi")
        await youth(place, "hoa")
        place.clock.forward(days=18)
        await place.settle()
        assert NEWS not in lan.shown()
        assert await stored(place, STATUS) == [{"status": "unreleased"}]
        assert "chờ duyệt" in boss.last
        assert "Thông báo 1 (2 người nhận) đang chờ bạn duyệt" in other.last
        await other.press("Thông báo 1")
        await other.press("Duyệt và gửi")
        assert NEWS in lan.shown()
        assert await stored(place, STATUS) == [{"status": "done"}]
