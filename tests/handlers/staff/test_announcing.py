"""What staff see before a broadcast goes out: all of it, and the hour at which people will get it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from handlers.acts.rights import Role
from storage.database import Statement
from tests.handlers.staff.test_broadcasts import NEWS, youth
from tests.handlers.staff.test_staff import make_staff
from tests.player import Town, town

LONG = "Tỉnh đã trả lời các câu hỏi của bạn. " * 20


async def test_whoever_releases_it_reads_all_of_it_first(tmp_path: Path) -> None:
    async with town(tmp_path, BOT_BROADCASTS__RELEASE_ABOVE="1") as place:
        lan, _ = await youth(place, "lan", "hoa")
        other, boss = await make_staff(place, Role.OWNER), await make_staff(place, Role.PROVINCE)
        await boss.send("/announce")
        await boss.send(f"{LONG}Hết rồi nhé.", files=[await boss.photo("giay-moi.jpg")])
        await boss.press("Thêm nút liên kết")
        await boss.send("Đọc kết luận https://example.org/ket-luan")
        await boss.press("English")
        await boss.send("The province has answered your questions.")
        for label in ("Người nhận", "Tất cả mọi người", "Tiếp tục để gửi", "Gửi ngay"):
            await boss.press(label)
        await other.press("Thông báo 1")
        assert "Hết rồi nhé" not in other.last
        await other.press("Đọc cả thông báo")
        whole, english = list(other.screen.messages.values())[-2:]
        assert whole.text.startswith(LONG.strip())
        assert "Hết rồi nhé" in whole.text
        assert english.text.startswith("The province has answered")
        for shown in (whole, english):
            assert [(one.label, one.url) for one in shown.buttons] == [("Đọc kết luận", "https://example.org/ket-luan")]
            assert [file.name for file in shown.files] == ["giay-moi.jpg"]
        assert "Tỉnh đã trả lời" not in lan.last
        await other.press("Duyệt và gửi")
        assert "Hết rồi nhé" in lan.last


@pytest.mark.parametrize(
    ("typed", "read_back", "due"),
    [
        ("23h ngày 3/3", "Lúc 11 giờ đêm thứ Ba, ngày 3 tháng 3 năm 2026 là giờ yên tĩnh", "2026-03-04 07:00"),
        ("2026-03-04 05:00", "nên mình gửi lúc 7 giờ sáng thứ Tư, ngày 4 tháng 3 năm 2026", "2026-03-04 07:00"),
        ("2026-03-04 07:00", "Gửi lúc 7 giờ sáng thứ Tư, ngày 4 tháng 3 năm 2026, đúng không?", "2026-03-04 07:00"),
    ],
)
async def test_what_is_set_for_the_night_is_read_back_for_the_morning(
    place: Town, typed: str, read_back: str, due: str
) -> None:
    await youth(place, "lan")
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send("/announce")
    await boss.send(NEWS)
    for label in ("Người nhận", "Tất cả mọi người", "Tiếp tục để gửi", "Hẹn giờ"):
        await boss.press(label)
    assert read_back in await boss.send(typed)
    assert "sẽ gửi lúc 7 giờ sáng thứ Tư" in await boss.press("Đúng rồi")
    [[row]] = await place.bot.database.read(Statement("SELECT due_at FROM broadcasts"))
    here = datetime.fromtimestamp(row["due_at"] / 1_000_000, place.bot.house.zone)
    assert here.strftime("%Y-%m-%d %H:%M") == due
