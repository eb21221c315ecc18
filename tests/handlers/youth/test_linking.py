"""One person on two messengers, as scripts: a code from one, entered in the other, asked about in both."""

from __future__ import annotations

import re

import pytest

from handlers.acts import linking
from handlers.acts.rights import Role
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import LOAN, come_in, stored
from tests.occasions import hold
from tests.player import Player, Town

ROAD = "Đường vào thôn em lầy lội quá, xe chở na không ra được"
CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")


async def code_of(person: Player) -> str:
    """A new code, as it is shown."""
    await person.send("/lienket")
    found = CODE.search(await person.press("Lấy mã"))
    assert found
    return found[0]


async def link(shower: Player, entrant: Player) -> None:
    """The whole way: both say yes."""
    await entrant.send(f"/lienket {await code_of(shower)}")
    await entrant.press("Đúng, liên kết")
    await answer(shower, "Đúng, liên kết")


async def answer(person: Player, label: str) -> None:
    """Answers what came by itself: by a press, or by the code that its line bears."""
    if person.messenger.abilities.buttons:
        await person.press(label)
        return
    found = re.search(rf"{label}[^\n]*: gửi (\w\d)", person.shown().replace("*", ""))
    assert found, person.shown()
    await person.send(found[1])


def there(place: Town, channel: str = "lists") -> Player:
    """The same person on another messenger."""
    return place.person("lan", channel)


@pytest.mark.everywhere
async def test_what_was_sent_on_one_messenger_is_seen_on_the_other(lan: Player) -> None:
    other = lan.town.person("em", "buttons")
    await come_in(lan)
    await lan.press("Gửi")
    await come_in(other, ROAD)
    await other.press("Gửi")
    await link(lan, other)
    assert "Đã liên kết" in lan.last
    assert "Đã liên kết" in other.last
    for person in (lan, other):
        listed = await person.send("/cuatoi")
        assert LOAN in listed
        assert ROAD in listed
    await lan.send("/lienket")
    await lan.press("Tách")
    await lan.press("Tách ra")
    assert "Nơi này đã được tách" in other.shown()
    mine, theirs = await lan.send("/cuatoi"), await other.send("/cuatoi")
    assert (LOAN in mine, ROAD in mine) == (True, False)
    assert (LOAN in theirs, ROAD in theirs) == (False, True)


async def test_a_code_can_be_shown_on_either_side(place: Town) -> None:
    lan, other = place.person("lan"), there(place)
    await come_in(lan)
    await lan.press("Gửi")
    await link(other, lan)
    assert LOAN in await other.send("/cuatoi")


async def test_nothing_is_linked_before_both_sides_have_agreed(place: Town) -> None:
    lan, thief = place.person("lan"), place.person("thief")
    await come_in(lan)
    await lan.press("Gửi")
    await thief.send(await code_of(lan))
    assert LOAN not in await thief.send("/cuatoi")
    await thief.press("Đúng, liên kết")
    assert LOAN not in await thief.send("/cuatoi")
    assert "Có phải bạn không?" in lan.last
    await lan.press("Không")
    assert "không đồng ý" in thief.last
    assert "không còn hiệu lực" in await thief.press("Đúng, liên kết")
    assert LOAN not in await thief.send("/cuatoi")


async def test_a_request_is_no_matter_of_others(place: Town) -> None:
    lan, other, thief = place.person("lan"), there(place), place.person("thief")
    await come_in(lan)
    await lan.press("Gửi")
    await other.send(f"/lienket {await code_of(lan)}")
    for number in range(1, 5):
        for what in ("yes", "no", "parted", "part"):
            await thief.tap(f"/connect {what} {number}")
    await lan.tap("/connect yes 1")  # the side that shows the code cannot agree for the other
    assert LOAN not in await other.send("/cuatoi")
    await other.tap("/connect yes 1")
    await thief.tap("/connect yes 1")
    assert LOAN not in await thief.send("/cuatoi")
    await lan.press("Đúng, liên kết")
    assert LOAN in await other.send("/cuatoi")
    people = await stored(place, "SELECT DISTINCT person_id FROM addresses WHERE chat = 'lan'")
    assert len(people) == 1
    assert LOAN not in await thief.send("/cuatoi")


async def test_a_code_works_once_and_for_ten_minutes(place: Town) -> None:
    lan, other, third = place.person("lan"), there(place), place.person("third")
    await come_in(lan)
    code = await code_of(lan)
    assert "muốn liên kết" in await other.send(f"/lienket {code.lower().replace('-', ' ')}")
    assert "không đúng, đã dùng" in await third.send(f"/lienket {code}")
    late = await code_of(lan)
    place.clock.forward(minutes=11)
    assert "không đúng, đã dùng" in await third.send(late)
    assert "của chính nơi đây" in await lan.send(f"/lienket {await code_of(lan)}")


async def test_a_code_alone_is_asked_about_while_a_draft_is_open_and_is_no_part_of_it(lan: Player) -> None:
    other = lan.town.person("em", "buttons")
    await come_in(other, ROAD)
    await other.press("Gửi")
    code = await code_of(other)
    await come_in(lan)
    assert f"“{code}”" in await lan.send(code)
    assert "muốn liên kết" in await lan.press("Liên kết Zalo")
    await lan.press("Đúng, liên kết")
    await other.press("Đúng, liên kết")
    await lan.send("/gopy")
    card = lan.last
    assert LOAN in card
    assert code not in card


async def test_what_only_looks_like_a_code_goes_into_the_draft_when_its_author_says_so(lan: Player) -> None:
    await come_in(lan)
    await lan.send("QL4B-KM25")
    assert f"{LOAN}\nQL4B-KM25" in await lan.press("Thêm vào điều đang viết")


async def test_a_code_that_is_the_first_word_in_a_new_chat_links_it(place: Town) -> None:
    lan, other = place.person("lan"), there(place)
    await come_in(lan)
    await lan.press("Gửi")
    code = await code_of(lan)
    await other.send("/start")
    await other.send(code)
    assert "muốn liên kết" in await other.press("Liên kết Zalo")
    await other.press("Đúng, liên kết")
    await answer(lan, "Đúng, liên kết")
    assert LOAN in await other.send("/cuatoi")


async def test_whoever_guesses_is_stopped_even_before_a_right_code(place: Town) -> None:
    lan, thief = place.person("lan"), place.person("thief")
    await come_in(lan)
    code = await code_of(lan)
    for n in range(linking.TRIES):
        assert "không đúng, đã dùng" in await thief.send(f"/lienket 2222-222{n + 2}")
    assert "Một tiếng nữa" in await thief.send(code)
    place.clock.forward(hours=2)
    assert "muốn liên kết" in await thief.send(f"/lienket {await code_of(lan)}")


async def test_of_two_seats_of_one_person_the_first_who_waits_gets_one(place: Town) -> None:
    lan, other, mai = place.person("lan"), there(place), place.person("mai")
    await hold(place, seats=2)
    for one in (lan, other, mai):
        await come_in(one)
        await one.tap("/attend 1 yes")
    assert "thứ 1 trong danh sách chờ" in mai.last
    await link(lan, other)
    assert "Có chỗ cho bạn rồi" in mai.last
    due = await stored(place, "SELECT DISTINCT person_id FROM reminders WHERE state = 'waiting'")
    assert len(due) == 2


async def test_settings_are_those_of_the_side_that_shows_the_code_and_come_back(place: Town) -> None:
    lan, other = place.person("lan"), there(place)
    await come_in(lan)
    await lan.send("/huy")
    await other.send(ROAD)
    await other.press("Đồng ý")
    await other.press("23–30")
    await other.send("phường Kỳ Lừa")
    await other.send("/huy")
    await link(lan, other)
    assert "Bắc Hùng" in await other.send("/caidat")
    await lan.send("/lienket")
    await lan.press("Tách")
    await lan.press("Tách ra")
    assert "Kỳ Lừa" in await other.send("/caidat")
    assert "Bắc Hùng" in await lan.send("/caidat")
    bands = await stored(place, "SELECT age_band FROM people ORDER BY age_band")
    assert [row["age_band"] for row in bands] == ["18-22", "23-30"]


@pytest.mark.parametrize("shower_is_staff", [True, False])
async def test_a_role_goes_along_after_both_were_told_and_stays_where_it_came(
    place: Town, shower_is_staff: bool
) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    other = place.person("boss", "lists")
    await come_in(other)
    await other.send("/huy")
    assert "chưa hiểu" in await other.send("/hangdoi")
    first, second = (boss, other) if shower_is_staff else (other, boss)
    asked = await second.send(f"/lienket {await code_of(first)}")
    assert ("cán bộ cấp tỉnh" in asked) == (not shower_is_staff)
    await second.press("Đúng, liên kết")
    assert "cả hai nơi đều có quyền cán bộ cấp tỉnh" in first.shown().replace("<b>", "").replace("</b>", "")
    assert "chưa hiểu" in await other.send("/hangdoi")
    await answer(first, "Đúng, liên kết")
    assert "Chưa có đề xuất" in await other.send("/hangdoi")
    await other.send("/lienket")
    await other.press("Tách")
    await other.press("Tách ra")
    assert "chưa hiểu" in await other.send("/hangdoi")
    assert "Chưa có đề xuất" in await boss.send("/hangdoi")


async def test_of_two_roles_the_one_of_the_side_that_shows_the_code_counts(place: Town) -> None:
    viewer, province = await make_staff(place, Role.VIEWER), await make_staff(place, Role.PROVINCE)
    assert "nếu bên kia có quyền riêng" in await province.send(f"/lienket {await code_of(viewer)}")
    await province.press("Đúng, liên kết")
    assert "được xem đề xuất" in viewer.last
    assert "cán bộ cấp tỉnh" in viewer.last
    await viewer.press("Đúng, liên kết")
    assert [row["role"] for row in await stored(place, "SELECT role FROM staff")] == ["viewer"]


async def test_a_stranger_who_is_linked_has_agreed_already(place: Town) -> None:
    lan, other = place.person("lan"), there(place)
    await come_in(lan)
    await lan.press("Gửi")
    await link(lan, other)
    assert (await other.send(ROAD)).startswith("Xem lại")
    await other.press("Gửi")
    assert ROAD in await lan.send("/cuatoi")
    await other.send("/lienket")
    await other.press("Tách")
    await other.press("Tách ra")
    assert ROAD not in await lan.send("/cuatoi")
    assert ROAD in await other.send("/cuatoi")
    consents = await stored(place, "SELECT DISTINCT person_id FROM consents")
    assert len(consents) == 2


@pytest.mark.parametrize("label", ["Dưới 16 tuổi", "Không"])
async def test_who_turns_out_too_young_or_does_not_agree_is_linked_with_nobody(place: Town, label: str) -> None:
    lan, other = place.person("lan"), place.person("em")
    await come_in(lan)
    await lan.press("Gửi")
    await other.send(ROAD)
    if label != "Không":
        await other.press("Đồng ý")
    asked = other.button(label)
    await link(lan, other)
    assert LOAN in await other.send("/cuatoi")
    await other.tap(asked)
    assert LOAN not in await other.send("/cuatoi")
    assert LOAN in await lan.send("/cuatoi")
    assert await stored(place, "SELECT person_id, mailbox FROM addresses WHERE chat = 'em'") == [
        {"person_id": None, "mailbox": None}
    ]
    assert not (await other.send(ROAD)).startswith("Xem lại")


async def test_two_strangers_have_nothing_to_link(place: Town) -> None:
    lan, other = place.person("lan"), there(place)
    assert "chưa có gì" in await other.send(f"/lienket {await code_of(lan)}")


async def test_three_chats_come_together_and_each_can_go(place: Town) -> None:
    lan, other, third = place.person("lan"), there(place), place.person("em")
    for person, text in ((lan, LOAN), (other, ROAD), (third, "Trường em chưa có sân bóng để tập")):
        await come_in(person, text)
        await person.press("Gửi")
    await link(lan, other)
    await link(third, other)
    assert "3 ý kiến" in await lan.send("/cuatoi")
    await third.send("/lienket")
    await third.tap("/connect parted 1")
    assert "1 ý kiến" in await lan.send("/cuatoi")
    assert "2 ý kiến" in await third.send("/cuatoi")
    assert "2 ý kiến" in await other.send("/cuatoi")


async def test_a_notice_comes_once_to_the_messenger_used_last(place: Town) -> None:
    lan, other = place.person("lan"), there(place)
    await come_in(lan)
    await lan.press("Gửi")
    await link(lan, other)
    await other.send("/cuatoi")
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send("/xem LS-2026-00001")
    await boss.press("Nhận xử lý")
    assert "Cán bộ đã bắt đầu xem" in other.shown()
    assert "Cán bộ đã bắt đầu xem" not in lan.shown()


def test_a_code_alone_is_known_as_one_and_no_word_is() -> None:
    for _ in range(200):
        assert linking.is_code(linking.new_code())
    for text in ("THAN-THUA", "abcd-efgh", "LS-2026-00001", "2026-2027", "23AB-45CD9", "không"):
        assert not linking.is_code(text)
