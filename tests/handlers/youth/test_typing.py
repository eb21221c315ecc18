"""Where there are no buttons: numbers and words do what presses do, and no answer is lost to them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.acts import staff
from handlers.acts.rights import Role
from storage.database import Statement
from tests.handlers.youth.test_propose import LOAN, come_in, stored
from tests.player import Player, Town, town

CODE = "LS-2026-00001"
CARD = "Xem lại"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    async with town(tmp_path) as place:
        yield place


@pytest.fixture
def lan(here: Town) -> Player:
    return here.person("lan", "lists")


async def asked_by_staff(here: Town, lan: Player, question: str = "Bạn ở thôn nào?") -> str:
    """Staff ask about the proposal that was sent; gives the code that the button became."""
    boss = here.person("boss")
    await boss.send(f"/nhanma {await staff.invite(here.bot.database, Role.PROVINCE, here.clock())}")
    await boss.send(f"/hoilai {CODE} {question}")
    await boss.press("Gửi câu hỏi")
    found = re.search(r"Trả lời: gửi ([A-Z]\d)", lan.last)
    assert found, lan.last
    return found[1]


# -- numbers


@pytest.mark.parametrize("agree", ["1", "1.", " 1) ", "một", "Một", "mot", "số 1", "đồng ý, bắt đầu", "Đồng ý"])
async def test_a_choice_is_made_by_number_by_word_or_by_its_own_words(lan: Player, agree: str) -> None:
    await lan.send(LOAN)
    assert "Bạn bao nhiêu tuổi" in await lan.send(agree)


async def test_a_list_says_how_it_is_answered_and_shows_nine_at_a_time(lan: Player) -> None:
    await come_in(lan)
    assert lan.last.endswith("Gõ số để chọn.")
    await lan.press("Đổi thông tin")
    await lan.press("Chủ đề")
    assert [line.partition(".")[0] for line in lan.last.splitlines()[2:-1]] == [*"123456789", "17", "0"]
    second = await lan.send("tiếp")
    assert second.startswith("Trang 2/2")
    assert "10. Du lịch" in second
    assert "17. Xong" in second
    assert "1. ✅ Vốn vay" in second
    assert "1. ✅ Vốn vay" in await lan.send("Tiếp")


async def test_a_number_of_another_page_counts_and_what_is_ticked_stays_in_sight(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Đổi thông tin")
    await lan.press("Chủ đề")
    ticked = await lan.send("12")
    assert "12. ✅ Môi trường" in ticked
    assert "11." not in ticked
    assert "Chủ đề: Vốn vay, tín dụng, quỹ khởi nghiệp; Môi trường" in await lan.send("xong")


async def test_zero_goes_back_to_the_card_and_to_the_question_before(lan: Player) -> None:
    await lan.send(LOAN)
    await lan.press("Đồng ý")
    assert "Bạn đồng ý chứ?" in await lan.send("0")
    await lan.press("Đồng ý")
    await lan.press("18–22")
    await lan.send("bỏ qua")
    await lan.press("Đổi thông tin")
    assert "0. ← Quay lại" in lan.last
    assert CARD in await lan.send("0")
    await lan.press("Viết lại")
    assert CARD in await lan.send("quay lai")


async def test_skip_is_a_word_even_where_a_text_is_asked_for(lan: Player) -> None:
    await come_in(lan, "Con đường vào thôn em dài bốn cây số, mưa xuống là lầy. " * 12)
    assert "Nói trong một câu" in await lan.press("Gửi")
    assert "Đã gửi" in await lan.send("bỏ qua")
    assert (await stored(lan.town, "SELECT lead FROM proposals"))[0]["lead"] == ""


async def test_the_words_of_a_list_that_a_command_shows_are_taken(lan: Player) -> None:
    await come_in(lan)
    assert "Gửi ý kiến khác" in await lan.send("Gửi")
    assert "viết vào đây" in await lan.send("gui y kien khac")
    await lan.send(LOAN)
    await lan.send("của tôi")
    await lan.send("1")
    assert "làm việc này" in await lan.send(CODE), "a draft is open, which might be meant"
    assert "Đã đi đến đâu" in await lan.send("1")


# -- words that are commands


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("góp ý", "viết vào đây"), ("gop y", "viết vào đây"), ("Góp ý!", "viết vào đây"), ("của tôi", "1 ý kiến"),
        ("cua toi", "1 ý kiến"), ("mine", "1 ý kiến"), ("trợ giúp", "cứ gõ: góp ý"), ("cài đặt", "Cài đặt của bạn"),
        ("tra cứu", "mã và khoá"), ("hủy", "Không có việc gì"), ("riêng tư", "Mình lưu gì?"),
        ("ngôn ngữ", "ngôn ngữ nào"),
    ],
)  # fmt: skip
async def test_where_nothing_is_open_a_word_is_a_command(lan: Player, word: str, answer: str) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    assert answer in await lan.send(word)
    assert len(await stored(lan.town, "SELECT * FROM proposals")) == 1


@pytest.mark.parametrize("word", ["bắt đầu", "start", "trợ giúp"])
async def test_a_first_word_is_no_proposal(lan: Player, word: str) -> None:
    await lan.send(word)
    await lan.send("bắt đầu")
    assert "Bạn đồng ý chứ?" in lan.last
    assert await stored(lan.town, "SELECT * FROM conversations WHERE name = 'propose'") == []


async def test_a_question_takes_what_it_can_and_leaves_the_rest_to_the_command(lan: Player) -> None:
    await lan.send(LOAN)
    await lan.press("Đồng ý")
    await lan.press("18–22")
    assert "cứ gõ" in await lan.send("trợ giúp")
    assert "chưa tìm ra" not in lan.shown()
    assert CARD in await lan.send("bỏ qua")


@pytest.mark.parametrize("name", ["Huy", "Hai", "Ba", "Năm"])
async def test_a_name_that_is_a_command_or_a_number_is_a_name(lan: Player, name: str) -> None:
    await come_in(lan)
    await lan.press("Đổi thông tin")
    await lan.press("Tên người gửi")
    await lan.press("Ghi tên")
    assert f"Người gửi: {name}" in await lan.send(name)


@pytest.mark.parametrize(("word", "does"), [("Huy", "Mình dừng ở đây"), ("hai", "gửi lại nội dung mới")])
async def test_an_open_draft_asks_whether_a_word_belongs_to_it(lan: Player, word: str, does: str) -> None:
    await come_in(lan)
    asked = await lan.send(word)
    assert f"“{word}”" in asked
    assert len(lan.options) == 2
    assert f"{LOAN}\n{word}" in await lan.send("2")
    await lan.send(word)
    assert does in await lan.send("1")
    assert len(await stored(lan.town, "SELECT * FROM conversations")) == 1


async def test_an_answer_to_staff_is_never_eaten(here: Town, lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    await lan.send(await asked_by_staff(here, lan, "Mảnh đất này của ai?"))
    assert "của tôi" in await lan.send("của tôi")
    assert "của tôi" in await lan.press("Thêm vào điều đang viết")
    await lan.press("Gửi thêm")
    assert [row["text"] for row in await stored(here, "SELECT text FROM parts WHERE kind <> 'asked'")] == ["của tôi"]


async def test_a_number_that_answers_staff_is_never_eaten(here: Town, lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    await lan.send(await asked_by_staff(here, lan, "Nhà mình có mấy người đi làm xa?"))
    assert "“1”" in await lan.send("1")
    await lan.press("Thêm vào điều đang viết")
    await lan.press("Gửi thêm")
    assert [row["text"] for row in await stored(here, "SELECT text FROM parts WHERE kind <> 'asked'")] == ["1"]


async def test_a_number_in_words_that_answers_staff_is_not_taken_for_a_list_above(here: Town, lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    await lan.send(f"/them {CODE}")
    await lan.send("một ý nữa")
    await asked_by_staff(here, lan, "Có mấy hộ ở đó?")
    assert "Thêm vào điều đang viết" in await lan.send("hai")


async def test_somebody_elses_command_is_a_text(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    assert "hàng đợi" in await lan.send("hàng đợi")
    assert CARD in lan.last


async def test_with_buttons_words_stay_words(here: Town) -> None:
    hoa = here.person("hoa")
    await come_in(hoa)
    for word in ("trợ giúp", "của tôi", "0", "2", "K7"):
        assert word in await hoa.send(word)
    await hoa.press("Gửi")
    assert CARD in await hoa.send("trợ giúp")


# -- what comes by itself


async def test_a_notice_bears_a_code_instead_of_a_number(here: Town, lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    code = await asked_by_staff(here, lan)
    assert not re.search(r"^\d+\. ", lan.last, re.MULTILINE)
    assert "thêm gì" in await lan.send(f"gửi {code.lower()}")
    await lan.send("Thôn Nà Pàn ạ")
    await lan.press("Gửi thêm")
    [row] = await stored(here, "SELECT text FROM parts WHERE kind = 'replied'")
    assert row["text"] == "Thôn Nà Pàn ạ"


async def test_a_code_that_was_never_given_is_a_text(lan: Player) -> None:
    await come_in(lan)
    assert f"{LOAN}\nK7" in await lan.send("K7")


async def test_after_a_notice_the_next_number_is_confirmed(here: Town, lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    await lan.send("Đường vào thôn em lầy lội quá")
    await asked_by_staff(here, lan)
    sure = await lan.send("1")
    assert "“✅ Gửi” phải không" in sure
    assert len(await stored(here, "SELECT * FROM proposals")) == 1
    assert CARD in await lan.press("Không phải")
    assert "LS-2026-00002" in await lan.send("1"), "the list is the newest again"


async def test_a_confirmed_number_is_done(here: Town, lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    await lan.send("Đường vào thôn em lầy lội quá")
    await asked_by_staff(here, lan)
    await lan.send("1")
    assert "LS-2026-00002" in await lan.press("Đúng rồi")


async def test_where_nothing_is_open_a_number_after_a_notice_is_confirmed_too(here: Town, lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    await asked_by_staff(here, lan)
    assert "“Gửi ý kiến khác” phải không" in await lan.send("1")
    assert "chưa hiểu" in await lan.press("Không phải")


async def test_a_list_that_was_emptied_is_a_list_no_more(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Đổi thông tin")
    await lan.press("Chủ đề")
    await lan.town.bot.database.write([Statement("UPDATE outbox SET body = '{}' WHERE status = 'sent'")])
    assert "Chọn" in await lan.send("tiếp") or "chọn" in lan.last
