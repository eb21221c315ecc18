"""What a person wrote is on the card, waits, or they are told: never swallowed by a question in between."""

from __future__ import annotations

import pytest

from tests.handlers.youth.test_propose import LOAN, come_in, stored
from tests.player import Player, Town

STORY = "Em muốn vay vốn mua máy cày, xã em đường rất xấu, xe tải không vào được, mong tỉnh giúp chúng em với ạ"


@pytest.mark.parametrize("word", ["bò", "bố", "bơ", "bo", "Bỏ", "gui", "viet lai"])
async def test_a_word_that_looks_like_a_button_is_a_word(place: Town, word: str) -> None:
    lan = place.person("lan")
    await come_in(lan, "Nhà em muốn vay vốn để nuôi")
    card = await lan.send(word)
    assert f"để nuôi\n{word}" in card


@pytest.mark.everywhere
async def test_a_label_typed_with_its_marks_is_a_press(lan: Player) -> None:
    await come_in(lan)
    assert "Đã gửi" in await lan.send("gửi")


async def test_a_typed_send_counts_for_the_card_that_was_seen(place: Town) -> None:
    lan = place.person("lan", "lists")
    await come_in(lan)
    await lan.send("một ý nữa chưa hiện trên thẻ", settle=False)
    assert "đã thay đổi" in (await lan.send("Gửi")) or "đã thay đổi" in lan.shown()
    assert await stored(place, "SELECT * FROM proposals") == []


async def test_a_command_with_a_text_starts_with_it(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    assert STORY in await lan.send(f"/gopy {STORY}")
    assert "LS-2026-00002" in await lan.press("Gửi")


async def test_a_photo_with_a_command_is_kept(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    assert "1 tệp" in await lan.send("/gopy", files=[await lan.photo()])


async def test_a_story_told_at_the_place_question_waits_for_the_card(lan: Player) -> None:
    await lan.send(LOAN)
    await lan.press("Đồng ý")
    await lan.press("18–22")
    assert "giữ lại" in await lan.send(STORY)
    assert "giữ lại" in await lan.send(files=[await lan.photo()])
    card = await lan.send("phường Kỳ Lừa", files=[await lan.photo("hai.jpg", b"2")])
    for said in (LOAN, STORY, "2 tệp", "Phường Kỳ Lừa"):
        assert said in card


async def test_a_photo_with_a_name_leaves_the_name_out_of_the_text(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Đổi thông tin")
    await lan.press("Tên người gửi")
    await lan.press("Ghi tên")
    card = await lan.send("Nguyễn Văn A", files=[await lan.photo()])
    assert "Người gửi: Nguyễn Văn A" in card
    assert f"{LOAN}\nNguyễn" not in card
    assert "1 tệp" in card


async def test_a_photo_with_a_new_text_comes_with_it(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Viết lại")
    card = await lan.send("Hoàn toàn khác rồi ạ", files=[await lan.photo()])
    assert "Hoàn toàn khác" in card
    assert LOAN not in card
    assert "1 tệp" in card


@pytest.mark.everywhere
async def test_what_is_written_beside_a_kept_draft_goes_with_either_choice(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Để nháp")
    await lan.send("/gopy")
    assert LOAN[:40] in lan.shown()
    await lan.send(STORY)
    card = await lan.press("Viết tiếp")
    assert LOAN in card
    assert STORY in card


async def test_the_draft_that_was_open_is_gone_on_with(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Để nháp")
    await lan.send(STORY)
    again = await lan.send("/gopy")
    assert STORY in again
    assert LOAN not in again
    assert "Xem lại" in again


async def test_one_press_goes_on_with_the_draft_just_kept(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Để nháp")
    assert LOAN in await lan.press("Viết tiếp")


async def test_an_empty_card_is_not_kept(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    await lan.send("/gopy")
    await lan.press("Để nháp")
    assert "viết thêm" in lan.shown()


async def test_stopping_says_what_becomes_of_the_words(lan: Player) -> None:
    await lan.send(LOAN)
    assert "không giữ lại" in await lan.send("/huy")
    await come_in(lan)
    assert "Bản nháp còn được giữ" in await lan.send("/huy")


@pytest.mark.parametrize(
    "said", ["15", "Em 15 tuổi", "em 12 tuoi a", "I am 14 years old", "dưới 16", "em chưa đủ 16 tuổi", "under 16 years"]
)
async def test_an_age_that_is_written_is_read(place: Town, said: str) -> None:
    lan = place.person("lan", "lists")
    await lan.send(LOAN)
    await lan.press("Đồng ý")
    assert "từ 16 tuổi" in await lan.send(said)
    assert await stored(place, "SELECT * FROM people") == []


async def test_somebody_taken_in_as_sixteen_is_never_named(lan: Player) -> None:
    await lan.send(LOAN)
    await lan.press("Đồng ý")
    await lan.press("16–17")
    await lan.press("Bỏ qua")
    await lan.press("Đổi thông tin")
    await lan.press("Tuổi")
    await lan.press("18–22")
    await lan.press("Đổi thông tin")
    assert "dưới 18" in await lan.press("Tên người gửi")


async def test_a_rewritten_text_loses_the_sentence_of_the_old_one(lan: Player) -> None:
    await come_in(lan, "Đường vào thôn em rất xấu. " * 30)
    await lan.press("Gửi")
    assert "📌 Sửa đường giúp thôn em" in await lan.send("Sửa đường giúp thôn em")
    await lan.press("Viết lại")
    assert "📌" not in await lan.send("Em muốn có sân bóng đá")


async def test_pressing_send_twice_says_only_that_it_is_done(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    send = lan.button("Gửi")
    await lan.tap(send, settle=False)
    await lan.tap(send)
    assert lan.last == "Việc này đã xong rồi."
    assert len(await stored(place, "SELECT * FROM proposals")) == 1


async def test_a_flood_before_consent_is_refused_with_a_reason_not_scored_word_by_word(place: Town) -> None:
    lan = place.person("lan")
    for n in range(120):
        await lan.send(f"ý kiến số {n}", settle=False)
    assert "Nhiều quá" in await lan.send("thêm một ý nữa ạ")
    await lan.press("Đồng ý")
    await lan.press("18–22")
    await lan.press("Bỏ qua")
    assert "kiến số 9" in (await lan.press("Xem hết")) + lan.shown()


@pytest.mark.parametrize(
    "said",
    [
        "2",
        "0",
        "7 tuổi",
        "anh trai em 25 tuổi, em 14 tuổi",
        "em sắp 20 tuổi",
        "dưới 30",
        "under 20",
        "em học lớp 10",
        "sinh năm 2012",
    ],
)
async def test_what_is_no_plain_age_decides_nothing(place: Town, said: str) -> None:
    lan = place.person("lan")
    await lan.send(LOAN)
    await lan.press("Đồng ý")
    assert "Bạn bao nhiêu tuổi" in await lan.send(said)
    assert await stored(place, "SELECT * FROM people") == []
    await lan.press("18–22")
    assert LOAN in await lan.press("Bỏ qua")


async def test_an_age_inside_a_story_is_a_story(lan: Player) -> None:
    await lan.send("/start")
    await lan.press("Đồng ý")
    await lan.send("Em 20 tuổi, em muốn vay vốn mua máy cày")
    await lan.press("18–22")
    assert "vay vốn mua máy cày" in await lan.press("Bỏ qua")


async def test_a_story_that_names_a_place_decides_no_place(lan: Player) -> None:
    await lan.send("/start")
    await lan.press("Đồng ý")
    await lan.press("18–22")
    await lan.send("Em muốn tỉnh sửa đường ở phường Kỳ Lừa vì xe tải không vào được, bà con khổ lắm")
    card = await lan.press("Bỏ qua")
    assert "sửa đường ở phường Kỳ Lừa" in card
    assert "Nơi: không nói" in card


@pytest.mark.parametrize("said", ["không phải phường Kỳ Lừa", "gần phường Kỳ Lừa", "phường Kỳ Lừa, Hà Nội"])
async def test_a_place_with_anything_against_it_is_asked_about(lan: Player, said: str) -> None:
    await lan.send(LOAN)
    await lan.press("Đồng ý")
    await lan.press("18–22")
    assert "mấy nơi hợp" in await lan.send(said)


async def test_a_new_draft_is_put_aside_when_an_old_one_is_gone_on_with(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Để nháp")
    await lan.send("/gopy")
    await lan.press("Viết ý kiến mới")
    await lan.send(STORY)
    await lan.send("/quaylai")
    assert LOAN in await lan.press("Viết tiếp")
    assert "được cất lại" in lan.shown()
    await lan.press("Gửi")
    await lan.send("/gopy")
    assert STORY in await lan.press("Viết tiếp")


async def test_files_that_have_no_room_are_never_dropped_in_silence(lan: Player) -> None:
    await come_in(lan)
    await lan.send(files=[await lan.photo(f"{n}.jpg", bytes([n])) for n in range(5)])
    await lan.press("Đổi thông tin")
    await lan.press("Loại")
    await lan.send("Hiến kế", files=[await lan.photo("6.jpg", b"6")])
    assert "5 tệp thôi" in lan.shown()
    assert "Loại: Hiến kế" in lan.last


@pytest.mark.parametrize("command", ["/trogiup", "/huy", "/quaylai", "/ngonngu", "/riengtu", "/start", "/khongco"])
async def test_a_photo_or_a_story_with_a_command_is_kept(lan: Player, command: str) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    await lan.send(f"{command} {STORY}", files=[await lan.photo()])
    assert STORY in lan.shown()
    assert "1 tệp" in lan.shown()


@pytest.mark.everywhere
async def test_the_way_back_may_be_typed(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Viết lại")
    assert LOAN in await lan.send("quay lại")


@pytest.mark.parametrize(
    ("said", "answer"), [("đồng ý", "bao nhiêu tuổi"), ("không ạ", "Không sao"), ("ừm", "Bạn chọn một")]
)
async def test_a_plain_word_answers_the_question_of_consent(lan: Player, said: str, answer: str) -> None:
    await lan.send(LOAN)
    await lan.send(said)
    assert answer in lan.shown()


async def test_a_message_that_is_too_long_is_said_at_once(lan: Player) -> None:
    await lan.send("/start")
    await lan.send("đường xấu " * 1210)
    assert any(reason in lan.shown() for reason in ("dài quá 12000", "Nhiều quá"))  # in one message, in several


async def test_who_stops_at_the_place_is_remembered_and_asked_for_it_again(lan: Player) -> None:
    await lan.send(LOAN)
    await lan.press("Đồng ý")
    await lan.press("18–22")
    lan.town.clock.forward(hours=3)
    await lan.town.bot.clock.clean()
    await lan.send("/huy")
    assert "xã, phường nào" in await lan.send(STORY)
    assert "Nơi: Phường Kỳ Lừa" in await lan.send("phường Kỳ Lừa")


async def test_a_link_at_the_question_of_consent_waits_for_the_card(lan: Player) -> None:
    link = "https://example.org/" + "a" * 300
    await lan.send("/start")
    assert "Mình giữ lại" in await lan.send(link)
    await lan.press("Đồng ý")
    await lan.press("18–22")
    await lan.press("Bỏ qua")
    assert link in lan.last


async def test_a_photo_under_an_unknown_command_is_kept(lan: Player) -> None:
    await come_in(lan)
    photo = await lan.photo("don.jpg")
    await lan.send("/abc", files=[photo])
    assert "chưa hiểu" in lan.shown()
    assert f"1 tệp: {photo.name}" in lan.last


async def test_a_command_one_may_not_use_is_treated_like_one_that_is_not_there(lan: Player) -> None:
    await come_in(lan)
    answers = [await lan.send(f"/{command} đường vào thôn em") for command in ("hangdoi", "khongco")]
    assert answers[0].count("đường vào thôn em") == 1
    assert answers[1].count("đường vào thôn em") == 2


async def test_a_wish_at_the_question_of_the_place_is_a_place_and_a_text(lan: Player) -> None:
    wish = "Đường vào thôn em ở xã Na Dương hỏng quá, đề nghị sửa"
    await lan.send("/batdau")
    await lan.press("Đồng ý")
    await lan.press("18–22")
    await lan.send(wish)
    if wish not in lan.shown():
        await lan.send("/gopy")
    assert wish in lan.last
    assert "Na Dương" in lan.last


async def test_a_wish_that_names_no_place_is_kept_where_the_place_is_asked(lan: Player) -> None:
    wish = "Đường vào thôn hỏng quá rồi, mong tỉnh sửa giúp"
    await lan.send("/batdau")
    await lan.press("Đồng ý")
    await lan.press("18–22")
    assert "Mình giữ lại" in await lan.send(wish)
    await lan.press("Bỏ qua")
    if wish not in lan.last:
        await lan.send("/gopy")
    assert wish in lan.last
