"""Every conversation about events stands where it stood when it is run once more a day later in another world."""

from __future__ import annotations

from handlers.acts.rights import Role
from handlers.features import FEATURES
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import come_in
from tests.occasions import at, hold
from tests.player import Player, Town
from tests.replay import replay_all

PLANNING = (
    "/taosukien", "Buổi gặp", "thứ 6 ngày 21/3 8h", ">thứ Sáu, ngày 20", ">Nhập lại", "20/3", "8h30", ">Đúng", "Hội trường A",
    ">Mời ai", ">Theo xã", "Atlantis", "xã Na Sầm", ">Số chỗ", ">ban tổ chức chọn", "30", "Nông dân 5", ">Nhắc trước",
    ">30 phút", ">Xong", ">Điểm cầu", ">Có", "Lời giới thiệu",
)  # fmt: skip


async def walk(someone: Player, *acts: str) -> int:
    """Does one thing after the other, and replays what is open after each; gives how often something was."""
    replayed = 0
    for act in acts:
        await (someone.press(act[1:]) if act.startswith(">") else someone.send(act))
        replayed += await replay_all(someone.town, FEATURES)
    return replayed


async def test_planning_and_changing(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    assert await walk(boss, *PLANNING) == len(PLANNING)
    assert await walk(boss, ">Công bố") == 0
    assert await walk(boss, "/suasukien 1", ">Thời gian", "27/3 14h", ">Đúng", ">Nơi", "B", ">Tên", "Buổi khác") == 8
    assert await walk(boss, ">Lưu và báo", "/huysukien 1", ">Không") == 1
    assert await walk(boss, "/diendiemcau", "xã Na Sầm", "Phòng 1", "7h", "Anh Nam") == 5


async def test_what_young_people_say_about_one(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    await lan.press("Gửi")
    await hold(place, at(place, hours=2), is_selective=True)
    assert await walk(lan, "/dangky 1", "ok", "Em nuôi gà, muốn hỏi về vốn") == 3
    assert await walk(lan, ">Nông dân", "/diemdanh", "1111", "2222", "0427") == 3
    place.clock.now = at(place, hours=2)
    assert await walk(lan, "/hoingay", "?", "Bao giờ có sóng ở thôn em ạ?") == 2
