"""Staff ask the author something."""

from __future__ import annotations

import pytest

from handlers.acts.rights import Role
from storage.database import Statement
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.staff.test_view import CODE, sent
from tests.handlers.youth.test_propose import stored
from tests.player import Town

QUESTION = "Bạn ở thôn nào?"


async def test_a_question_is_shown_back_and_reaches_its_author_who_replies(place: Town) -> None:
    lan = await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send(f"/xem {CODE}")
    await boss.press("Hỏi lại người gửi")
    assert QUESTION in await boss.send(QUESTION)
    assert QUESTION not in lan.shown(), "nothing goes out before the press"
    assert f"Đã gửi câu hỏi tới người gửi {CODE}" in await boss.press("Gửi câu hỏi")
    assert f"hỏi thêm về ý kiến {CODE}" in lan.last
    assert QUESTION in lan.last
    await lan.press("Trả lời")
    await lan.send("Thôn Nà Pàn ạ")
    await lan.press("Gửi thêm")
    assert "Thôn Nà Pàn ạ" in boss.last
    shown = await boss.press(CODE)
    assert f"cán bộ hỏi: {QUESTION}" in shown
    assert "người gửi trả lời: Thôn Nà Pàn ạ" in shown


async def test_a_reply_goes_to_others_of_staff_where_whoever_asked_is_none_any_more(place: Town) -> None:
    lan = await sent(place)
    boss, owner = await make_staff(place, Role.PROVINCE), await make_staff(place, Role.OWNER)
    await boss.send(f"/hoilai {CODE} {QUESTION}")
    await boss.press("Gửi câu hỏi")
    await boss.tap(f"/clear {CODE}")
    await boss.press("Lời người gửi")
    await place.bot.database.write([Statement("DELETE FROM staff WHERE role = 'province'")])
    before = boss.shown()
    await lan.tap(f"/add {CODE}")
    await lan.send("Thôn Nà Pàn ạ")
    await lan.press("Gửi thêm")
    assert "Thôn Nà Pàn ạ" in owner.last
    await lan.tap(f"/agree {CODE}")
    assert "đồng ý cho bạn khác xem" in owner.last
    assert boss.shown() == before


async def test_staff_can_ask_again_later(place: Town) -> None:
    await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    for question in (QUESTION, "Bạn cần vay bao nhiêu?"):
        await boss.send(f"/hoilai {CODE}")
        await boss.send(question)
        await boss.press("Gửi câu hỏi")
    assert [row["text"] for row in await stored(place, "SELECT text FROM parts WHERE kind = 'asked' ORDER BY id")] == [
        QUESTION,
        "Bạn cần vay bao nhiêu?",
    ]


async def test_the_question_may_follow_the_code(place: Town) -> None:
    lan = await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    shown = await boss.send(f"/hoilai {CODE} {QUESTION}")
    assert QUESTION in shown
    await boss.press("Gửi câu hỏi")
    assert lan.last.count(CODE) == 1
    assert QUESTION in lan.last


async def test_a_question_can_be_written_anew(place: Town) -> None:
    lan = await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send(f"/hoilai {CODE}")
    await boss.send("Bạn ở thôn lào?")
    await boss.press("Viết lại")
    await boss.send(QUESTION)
    await boss.press("Gửi câu hỏi")
    assert QUESTION in lan.last
    assert "lào" not in lan.shown()


async def test_who_thinks_better_of_it_asks_nothing(place: Town) -> None:
    lan = await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send(f"/hoilai {CODE}")
    await boss.send(QUESTION)
    assert "Chưa gửi gì" in await boss.press("Thôi, không hỏi")
    assert QUESTION not in lan.shown()
    assert await stored(place, "SELECT * FROM parts") == []


@pytest.mark.parametrize("text", ["?", "sao " * 300])
async def test_a_question_too_short_or_too_long_is_asked_for_again(place: Town, text: str) -> None:
    await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send(f"/hoilai {CODE}")
    await boss.send(text)
    assert "ít nhất 5 chữ cái" in boss.shown()
    assert "Gửi câu hỏi" not in str(boss.options)


@pytest.mark.parametrize("change", ["state = 'withdrawn'", "state = 'answered'", "person_id = NULL, address_id = NULL"])
async def test_where_nobody_can_answer_nothing_is_asked(place: Town, change: str) -> None:
    await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send(f"/hoilai {CODE}")
    await boss.send(QUESTION)
    await place.bot.database.write([Statement(f"UPDATE proposals SET {change}")])
    assert "Không hỏi lại được" in await boss.press("Gửi câu hỏi")
    why = "không còn cách nào nhắn" if "NULL" in change else "đã có trả lời hoặc đã rút lại"
    assert why in await boss.send(f"/hoilai {CODE}")
    assert await stored(place, "SELECT * FROM parts") == []


async def test_what_follows_no_code_becomes_nobodys_proposal(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    assert "rồi đến mã của đề xuất" in await boss.send(f"/hoilai {QUESTION}")
    assert await stored(place, "SELECT * FROM conversations") == []


async def test_who_is_staff_no_more_in_mid_question_is_not_understood(place: Town) -> None:
    lan = await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send(f"/hoilai {CODE}")
    await boss.send(QUESTION)
    await place.bot.database.write([Statement("DELETE FROM staff")])
    assert "chưa hiểu" in await boss.press("Gửi câu hỏi")
    assert QUESTION not in lan.shown()
