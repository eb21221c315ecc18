"""The dialogue's calendar: shown as a list, made step by step, changed by presses, held against the law."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.acts import staff
from handlers.acts.rights import Role
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import stored
from tests.player import Player, Town, town

NA_SAM = "06124"
LAW = "khoản 2 Điều 10 Luật Thanh niên"


async def local(place: Town, scope: str, name: str = "na sam") -> Player:
    """Staff of some communes."""
    someone = place.person(name)
    await someone.send(f"/nhanma {await staff.invite(place.bot.database, Role.LOCALITY, place.clock(), scope)}")
    return someone


async def redate(boss: Player, field: str, typed: str, code: str = "LS-2026") -> str:
    """Changes one day of a dialogue and saves it."""
    await boss.tap(f"/redate {code}-{field}")
    assert "sẽ như thế này" in await boss.send(typed)
    return await boss.press("Lưu")


async def make(boss: Player, *typed: str) -> str:
    """Answers the steps of a new dialogue one after the other; "!" before a text means a press."""
    for text in typed:
        await (boss.press(text[1:]) if text.startswith("!") else boss.send(text))
    return boss.last


@pytest.mark.everywhere
async def test_a_dialogue_is_dated_step_by_step_and_read_back_before_it_is_saved(lan: Player) -> None:
    code = await staff.invite(lan.town.bot.database, Role.PROVINCE, lan.town.clock())
    await lan.send(f"/nhanma {code}")
    assert "Chương trình LS-2026" in await lan.send("/chuongtrinh")
    await lan.press("Lập chương trình tiếp theo")
    review = await make(
        lan, "Thanh niên với chuyển đổi số", "!Dùng LS", "!2025", "1/4/2026", "15/5/2026", "8h 3/4/2026",
        "5/5/2026", "!ngày 25 tháng 5 năm 2026",
    )  # fmt: skip
    for line in (
        "Thanh niên với chuyển đổi số",
        "Công bố kế hoạch: thứ Tư, ngày 1 tháng 4 năm 2026",
        "Nhận ý kiến từ: 8 giờ sáng thứ Sáu, ngày 3 tháng 4 năm 2026",
        "Nhận ý kiến đến: hết thứ Ba, ngày 5 tháng 5 năm 2026",
        "Ngày đối thoại: thứ Sáu, ngày 15 tháng 5 năm 2026",
        "Hạn ra thông báo kết luận: thứ Hai, ngày 25 tháng 5 năm 2026",
    ):
        assert line in review
    assert await stored(lan.town, "SELECT code FROM dialogues") == [{"code": "LS-2026"}]
    assert "LS-2027" in await lan.press("Lưu")
    page = await lan.press("LS-2027")
    assert "sắp tới" in page
    assert "công bố kế hoạch: hạn 01/04/2026" in page
    assert "bàn giao danh sách cho nơi trả lời: hạn 10/05/2026" in page


async def test_a_day_is_changed_by_a_press(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    assert "chưa định" in await boss.send("/chuongtrinh")
    await boss.press("Công bố")
    review = await boss.send("thứ 2 tuần sau")
    assert "Công bố kế hoạch: thứ Hai, ngày 9 tháng 3 năm 2026" in review
    assert "Đã lưu" in await boss.press("Lưu")
    assert "thứ Hai, ngày 9 tháng 3 năm 2026" in await boss.send("/chuongtrinh")


async def test_what_is_unclear_is_asked_back_with_the_readings(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    await boss.tap("/redate LS-2026-opens")
    assert "buổi nào" in await boss.send("5h 5/3/2026")
    review = await boss.press("5 giờ chiều")
    assert "Nhận ý kiến từ: 5 giờ chiều thứ Năm, ngày 5 tháng 3 năm 2026" in review


async def test_what_is_no_day_is_asked_for_again_and_again_replaces_it(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    await boss.tap("/redate LS-2026-held")
    assert "chưa hiểu rõ" in await boss.send("hôm nào đẹp trời")
    await boss.send("20/4/2026")
    await boss.press("Nhập lại")
    assert "ngày 21 tháng 4" in await boss.send("21/4/2026")
    assert "chưa lưu" in await boss.press("Thôi, không lưu")
    assert await stored(place, "SELECT held_at FROM dialogues") == [{"held_at": None}]


async def test_less_than_the_days_of_the_law_are_refused_with_its_article(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    await redate(boss, "published", "10/3/2026")
    await boss.tap("/redate LS-2026-held")
    refused = await boss.send("8/4/2026")
    assert "chỉ có 29 ngày, cần ít nhất 30" in refused
    assert LAW in refused
    assert "sẽ như thế này" in await boss.send("9/4/2026")
    assert "Đã lưu" in await boss.press("Lưu")
    await boss.tap("/redate LS-2026-published")
    assert LAW in await boss.send("11/3/2026"), "the other day is held against the law too"


async def test_a_setting_makes_the_law_a_warning(tmp_path: Path) -> None:
    async with town(tmp_path, BOT_DIALOGUE__LATE_PUBLICATION="warn") as place:
        boss = await make_staff(place, Role.PROVINCE)
        await redate(boss, "published", "10/3/2026")
        await boss.tap("/redate LS-2026-held")
        review = await boss.send("20/3/2026")
        assert "⚠️" in review
        assert LAW in review
        assert "Đã lưu" in await boss.press("Lưu")
        assert LAW in await boss.send("/chuongtrinh")


@pytest.mark.parametrize(
    ("first", "then", "refused"),
    [
        (("opens", "10/4/2026"), ("closes", "9/4/2026"), "phải sau ngày bắt đầu"),
        (("held", "10/4/2026"), ("opens", "11/4/2026"), "trước ngày đối thoại"),
        (("opens", "10/4/2026"), ("held", "9/4/2026"), "phải bắt đầu nhận ý kiến trước"),
        (("closes", "10/4/2026"), ("held", "9/4/2026"), "không thể trước ngày ngừng nhận"),
        (("held", "10/4/2026"), ("concludes", "9/4/2026"), "không thể trước ngày đối thoại"),
    ],
)
async def test_days_in_the_wrong_order_are_refused(
    place: Town, first: tuple[str, str], then: tuple[str, str], refused: str
) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    await redate(boss, *first)
    await boss.tap(f"/redate LS-2026-{then[0]}")
    assert refused in await boss.send(then[1])


async def test_a_closing_day_may_be_the_day_of_the_dialogue_itself(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    await redate(boss, "held", "20/4/2026")
    assert "Đã lưu" in await redate(boss, "closes", "20/4/2026")


async def test_the_prefix_stays_once_proposals_bear_it(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    assert "Mã" in str((await boss.send("/chuongtrinh"), boss.options))
    assert "🔤 Mã" in boss.options
    await boss.press("🔤 Mã")
    await boss.send("tn")
    assert "TN-2026" in await boss.press("Lưu")
    await boss.send("đường vào thôn em lầy lội quá")
    for label in ("Đồng ý", "18–22", "Bỏ qua"):
        await boss.press(label)
    assert "TN-2026-00001" in await boss.press("Gửi")
    await boss.send("/chuongtrinh")
    assert "🔤 Mã" not in boss.options
    await boss.tap("/redate TN-2026-prefix")
    await boss.send("LS")
    assert "không đổi mã nữa" in await boss.press("Lưu")


async def test_one_is_current_and_the_next_takes_its_place_when_asked_to(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    await boss.tap("/plan province")
    none = ["!Chưa định"] * 5
    await make(boss, "!Chưa có chủ đề", "!Dùng LS", "!2025", *none)
    assert "LS-2027" in await boss.press("Lưu")
    await boss.press("LS-2027")
    await boss.press("Chuyển sang chương trình này")
    assert "chưa lưu" in await boss.press("Thôi")
    await boss.tap("/succeed LS-2027")
    assert "LS-2027 là chương trình đang diễn ra" in await boss.press("Chuyển sang chương trình này")
    assert "đang diễn ra" in await boss.send("/chuongtrinh")
    assert "LS-2027" in boss.last
    assert "đã kết thúc" in await boss.tap("/dialogue LS-2026")


async def test_a_commune_makes_its_own_and_sees_no_other(place: Town) -> None:
    na_sam = await local(place, NA_SAM)
    assert "Xã Na Sầm chưa có chương trình" in await na_sam.send("/chuongtrinh")
    await na_sam.press("Lập chương trình")
    none = ["!Chưa định"] * 5
    review = await make(na_sam, "Việc làm cho thanh niên xã", "!Dùng NS", "!2025", *none)
    assert "chương trình NS · Xã Na Sầm" in review
    assert "NS-2026" in await na_sam.press("Lưu")
    assert "Chương trình NS-2026 · Xã Na Sầm · đang diễn ra" in await na_sam.send("/chuongtrinh")
    for forged in ("/dialogue LS-2026", "/redate LS-2026-held", "/duty LS-2026 publish", "/succeed LS-2026"):
        assert "Chương trình LS-2026" not in await na_sam.tap(forged)
    await na_sam.tap("/plan province")
    assert "không lập được" in na_sam.last
    boss = await make_staff(place, Role.PROVINCE)
    assert "đã có chương trình riêng: 1/65" in await boss.send("/chuongtrinh")
    for named in (NA_SAM, "xã Na Sầm", "na sam", "ns-2026"):
        assert "Chương trình NS-2026" in await boss.send(f"/chuongtrinh {named}")
    await boss.send("/chuongtrinh")
    await boss.press("Xã, phường")
    assert "Chương trình NS-2026" in await boss.press("NS-2026 · Xã Na Sầm")
    assert "không có chương trình LS-1999" in await boss.send("/chuongtrinh LS-1999")
    assert "không có chương trình" in await na_sam.send("/chuongtrinh phường Đông Kinh")


async def test_staff_of_several_communes_choose_one(place: Town) -> None:
    someone = await local(place, f"{NA_SAM} 05977")
    await someone.send("/chuongtrinh")
    assert "Xã Na Sầm chưa có" in await someone.press("Na Sầm")
    lost = await local(place, "", "nowhere")
    assert "chưa được giao" in await lost.send("/chuongtrinh")


async def test_the_prefix_of_another_chair_is_refused(place: Town) -> None:
    na_sam = await local(place, NA_SAM)
    await na_sam.tap(f"/plan {NA_SAM}")
    none = ["!Chưa định"] * 5
    await make(na_sam, "!Chưa có chủ đề", "LS", "!2025", *none)
    assert "đã dùng mã này" in await na_sam.press("Lưu")


async def test_a_duty_is_ticked_off_and_taken_back(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    await redate(boss, "published", "10/3/2026")
    await boss.send("/chuongtrinh")
    assert "✅ công bố kế hoạch" in await boss.press("Xong: công bố")
    assert "⏳ công bố kế hoạch: hạn 10/03/2026" in await boss.press("Chưa xong: công bố")
