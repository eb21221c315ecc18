"""Proposals pass from the province's dialogue to a commune's and back; their author is told each time."""

from __future__ import annotations

import pytest

from handlers.acts.rights import Role
from storage import dialogues
from storage.database import Statement
from tests.handlers.staff.test_dialogue import NA_SAM, local
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import LOAN, come_in, stored
from tests.player import Player, Town

CODE = "LS-2026-00001"
DONG_KINH = "05977"


async def commune(place: Town, code: str = "NS-2026", scope: str = NA_SAM) -> None:
    """A commune's own dialogue."""
    async with place.bot.database.transaction() as tx:
        await dialogues.add(tx, code, "", 2025, is_current=True, now=0, scope=scope)


async def sent(place: Town) -> Player:
    """A proposal from Na Sầm to the province."""
    lan = place.person("lan")
    await come_in(lan)
    await lan.press("Gửi")
    return lan


async def where_it_is(place: Town) -> list[tuple[object, object]]:
    sql = "SELECT d.code, p.number FROM proposals p JOIN dialogues d ON d.id = p.dialogue_id ORDER BY p.id"
    return [(row["code"], row["number"]) for row in await stored(place, sql)]


async def test_it_goes_to_the_commune_and_back_and_its_author_is_told(place: Town) -> None:
    await commune(place)
    lan = await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    assert "toàn tỉnh" in await boss.send(f"/chuyen {CODE}")
    assert "Đã chuyển" in await boss.press("Xã Na Sầm")
    assert f"Ý kiến {CODE} của bạn được chuyển sang chương trình đối thoại của Xã Na Sầm" in lan.last
    assert (await where_it_is(place))[0][0] == "NS-2026"
    na_sam = await local(place, NA_SAM)
    await na_sam.send(f"/chuyen {CODE}")
    assert "Đã chuyển" in await na_sam.press("toàn tỉnh")
    assert "chương trình đối thoại của toàn tỉnh" in lan.last
    assert await where_it_is(place) == [("LS-2026", 1)]
    path = await lan.send(f"/cuatoi {CODE}")
    assert path.index("chuyển sang chương trình của Xã Na Sầm") < path.index("chuyển sang chương trình của toàn tỉnh")
    assert len(await stored(place, "SELECT * FROM passings")) == 2
    acts = await stored(place, "SELECT object FROM record WHERE act = 'pass on' ORDER BY id")
    assert [row["object"] for row in acts] == [f"{CODE} NS-2026", f"{CODE} LS-2026"]


async def test_numbers_of_neither_dialogue_get_a_gap_or_a_double(place: Town) -> None:
    await commune(place)
    lan = await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send(f"/chuyen {CODE}")
    await boss.press("Xã Na Sầm")
    await lan.send("Đường vào thôn em lầy lội quá, xe chở na không ra được")
    assert "LS-2026-00002" in await lan.press("Gửi")
    [first, second] = await where_it_is(place)
    assert first[0] == "NS-2026"
    assert int(str(first[1])) < 0, "it counts for nothing there"
    assert second == ("LS-2026", 2)


async def test_another_commune_than_the_authors_can_be_chosen(place: Town) -> None:
    await commune(place, "DK-2026", DONG_KINH)
    lan = await sent(place)
    boss = await make_staff(place, Role.OWNER)
    await boss.send(f"/xem {CODE}")
    await boss.press("Chuyển chương trình")
    await boss.press("Xã, phường khác")
    assert "Đã chuyển" in await boss.send("phường Đông Kinh")
    assert "Phường Đông Kinh" in lan.last
    there = await local(place, DONG_KINH, "dong kinh")
    assert LOAN in await there.send(f"/xem {CODE}"), "what was passed to them is theirs to read"


async def test_what_only_the_province_may_read_goes_to_no_commune(place: Town) -> None:
    await commune(place)
    lan = await sent(place)
    await place.bot.database.write([Statement("UPDATE proposals SET only_province = 1")])
    boss = await make_staff(place, Role.PROVINCE)
    heard = lan.screen.heard
    await boss.send(f"/chuyen {CODE}")
    assert "chỉ muốn cấp tỉnh đọc" in await boss.press("Xã Na Sầm")
    assert await where_it_is(place) == [("LS-2026", 1)]
    assert lan.screen.heard == heard


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ("UPDATE proposals SET state = 'withdrawn'", "không chuyển được nữa"),
        ("UPDATE proposals SET state = 'answered'", "không chuyển được nữa"),
        ("DELETE FROM dialogues WHERE scope <> ''", "chưa có chương trình đối thoại đang diễn ra"),
    ],
)
async def test_what_cannot_be_passed_on_says_why(place: Town, change: str, refused: str) -> None:
    await commune(place)
    await sent(place)
    await place.bot.database.write([Statement(change)])
    boss = await make_staff(place, Role.PROVINCE)
    if "proposals" in change:
        assert refused in await boss.send(f"/chuyen {CODE}")
    else:
        await boss.send(f"/chuyen {CODE}")
        assert refused in await boss.press("Xã Na Sầm")


async def test_a_commune_takes_nothing_out_of_the_provinces_dialogue(place: Town) -> None:
    await commune(place)
    await sent(place)
    na_sam = await local(place, NA_SAM)
    assert LOAN in await na_sam.send(f"/xem {CODE}")
    assert "Chỉ cán bộ cấp tỉnh" in await na_sam.send(f"/chuyen {CODE}")


async def test_what_two_pass_on_at_once_goes_once(place: Town) -> None:
    await commune(place)
    lan = await sent(place)
    one, other = await make_staff(place, Role.PROVINCE), await make_staff(place, Role.OWNER)
    for boss in (one, other):
        await boss.send(f"/chuyen {CODE}")
    heard = lan.screen.heard
    assert "Đã chuyển" in await one.press("Xã Na Sầm")
    assert "đã ở chương trình của Xã Na Sầm rồi" in await other.press("Xã Na Sầm")
    assert lan.screen.heard == heard + 1


async def test_the_queue_shows_each_dialogue_when_it_is_chosen(place: Town) -> None:
    await commune(place)
    await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send(f"/chuyen {CODE}")
    await boss.press("Xã Na Sầm")
    assert "Chưa có đề xuất" in await boss.send("/hangdoi")
    await boss.press("Chương trình ▾")
    assert LOAN in await boss.press("NS-2026")
    assert LOAN in await boss.send("/hangdoi NS-2026 7 ngay")
    na_sam = await local(place, NA_SAM)
    assert LOAN in await na_sam.send("/hangdoi NS-2026")
    stranger = await local(place, DONG_KINH, "dong kinh")
    assert LOAN not in await stranger.send("/hangdoi NS-2026")
