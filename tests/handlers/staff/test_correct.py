"""Staff correct what a proposal is filed under."""

from __future__ import annotations

import json

from handlers.acts.rights import Role
from storage.database import Statement
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.staff.test_view import CODE, RECORD, sent
from tests.handlers.youth.test_propose import LOAN, stored
from tests.player import Town

TOPICS = "SELECT topic, chosen_by FROM proposal_topics ORDER BY rank"


async def test_topics_are_chosen_anew_and_are_staffs_from_then_on(place: Town) -> None:
    await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send(f"/xem {CODE}")
    await boss.press("Sửa chủ đề")
    await boss.press("Chủ đề")
    await boss.press("✅ Vốn vay")
    await boss.press("Môi trường")
    assert f"Đã sửa {CODE}" in await boss.press("Xong")
    assert {"topic": "moi_truong", "chosen_by": "staff"} in await stored(place, TOPICS)
    assert "von" not in str(await stored(place, TOPICS))
    assert "Chủ đề: Môi trường" in await boss.press(CODE)


async def test_who_and_when_are_recorded_and_what_was_before_is_kept(place: Town) -> None:
    await sent(place)
    boss = await make_staff(place, Role.OWNER)
    await boss.send(f"/gan {CODE}")
    await boss.press("Loại")
    await boss.press("Hiến kế")
    [now] = await stored(place, "SELECT kind, text, revision FROM proposals")
    assert now == {"kind": "initiative", "text": LOAN, "revision": 2}
    [before] = await stored(place, "SELECT revision, content FROM revisions")
    assert before["revision"] == 1
    assert json.loads(str(before["content"]))["kind"] == "question"
    [note] = await stored(place, RECORD.format(act="correct"))
    assert note == {"object": f"{CODE} 1", "chat": "staff owner"}
    assert "Đã thay đổi 1 lần" in await boss.press(CODE)


async def test_a_place_is_found_by_its_name(place: Town) -> None:
    await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send(f"/correct {CODE}")
    await boss.press("Nơi")
    await boss.send("phường Kỳ Lừa")
    assert "Nơi: Phường Kỳ Lừa" in await boss.press(CODE)


async def test_what_was_not_chosen_stays_as_its_author_changed_it_meanwhile(place: Town) -> None:
    lan = await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send(f"/gan {CODE}")
    await boss.press("Loại")
    await lan.send(f"/sua {CODE}")
    await lan.press("Viết lại")
    await lan.send("Em muốn vay vốn mở trại nấm")
    await lan.press("Đổi thông tin")
    await lan.press("Nơi")
    await lan.send("phường Kỳ Lừa")
    await lan.press("Lưu thay đổi")
    await boss.press("Góp ý")
    shown = await boss.press(CODE)
    for line in ("Loại: Góp ý", "Em muốn vay vốn mở trại nấm", "Nơi: Phường Kỳ Lừa"):
        assert line in shown


async def test_choosing_what_it_is_already_leaves_no_trace(place: Town) -> None:
    await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    for presses in (("Loại", "Câu hỏi"), ("Nơi", "Bỏ qua"), ("Chủ đề", "Xong"), ("Thôi, không sửa",)):
        await boss.send(f"/gan {CODE}")
        for label in presses:
            await boss.press(label)
        assert "vẫn như cũ" in boss.last
    assert await stored(place, "SELECT * FROM revisions") == []


async def test_what_is_withdrawn_is_corrected_no_more(place: Town) -> None:
    await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send(f"/gan {CODE}")
    await boss.press("Loại")
    await place.bot.database.write([Statement("UPDATE proposals SET state = 'withdrawn'")])
    assert "không sửa được nữa" in await boss.press("Hiến kế")
    assert "không sửa được nữa" in await boss.send(f"/gan {CODE}")
    assert "Sửa chủ đề" not in str(boss.options)


async def test_nothing_of_the_authors_words_lies_in_the_conversation(place: Town) -> None:
    await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send(f"/gan {CODE}")
    await boss.press("Loại")
    states = await stored(place, "SELECT state FROM conversations WHERE name = 'correct'")
    assert len(states) == 1
    assert LOAN not in str(states)
