"""A young person's way from the first word to the code, as scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.database import Statement
from tests.player import Player, Town, town

LOAN = "em muốn vay vốn mở quán cà phê thì hỏi ở đâu ạ"


async def come_in(person: Player, text: str = LOAN) -> None:
    """The first visit up to the card."""
    await person.send(text)
    await person.press("Đồng ý")
    await person.press("18–22")
    await person.send("xã Bắc Hùng, Văn Lãng")


async def stored(town: Town, sql: str) -> list[dict[str, object]]:
    [rows] = await town.bot.database.read(Statement(sql))
    return [dict(row) for row in rows]


@pytest.mark.everywhere
async def test_a_first_visit_takes_at_most_six_acts_besides_the_text(lan: Player) -> None:
    await come_in(lan)
    done = await lan.press("Gửi")
    assert "LS-2026-00001" in done
    assert lan.acts - 1 <= 6


async def test_a_later_visit_takes_the_text_and_one_press(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    before = lan.acts
    card = await lan.send("Đường vào thôn em lầy lội quá, xe chở na không ra được")
    assert card.startswith("Xem lại")
    assert "LS-2026-00002" in await lan.press("Gửi")
    assert lan.acts - before == 2


async def test_the_card_shows_what_staff_will_see_guessed_or_by_default(lan: Player) -> None:
    await come_in(lan)
    for line in (
        LOAN,
        "Loại: Câu hỏi",
        "Chủ đề: Vốn vay",
        "trước là xã Bắc Hùng, huyện Văn Lãng",
        "Tuổi: 18–22 tuổi",
        "Người gửi: ẩn danh",
        "Ai đọc:",
    ):
        assert line in lan.last


async def test_a_whole_english_visit(place: Town) -> None:
    amy = place.person("amy", language="en-GB")
    greeting = await amy.send("Where can young farmers get a loan for a greenhouse?")
    assert "Do you agree?" in greeting
    await amy.press("I agree")
    await amy.press("23–30")
    card = await amy.send("Ky Lua ward")
    assert card.startswith("Review")
    assert "Phường Kỳ Lừa" in card
    assert "Topics: Loans" in card
    assert "Sent! Your code: LS-2026-00001" in await amy.press("Send")


async def test_the_language_is_offered_with_the_first_question_and_changes_it(place: Town) -> None:
    lan = place.person("lan", language="")
    await lan.send("/start")
    assert "Bạn đồng ý chứ?" in lan.last
    english = await lan.press("English")
    assert "Do you agree?" in english
    assert "Bạn đồng ý chứ?" in await lan.press("Tiếng Việt")
    await lan.press("English")
    assert "How old are you?" in await lan.press("I agree")


@pytest.mark.parametrize(("said", "language"), [("Where can I get a loan?", "en"), ("vay von o dau vay ad", "vi")])
async def test_the_first_text_decides_the_language(place: Town, said: str, language: str) -> None:
    await place.person("x", language="").send(said)
    assert await stored(place, "SELECT language FROM addresses") == [{"language": language}]


async def test_consent_is_stored_with_text_version_time_and_channel(lan: Player) -> None:
    await come_in(lan)
    [consent] = await stored(lan.town, "SELECT version, language, channel, given_at FROM consents")
    assert consent["version"] == lan.town.bot.house.pack.facts.consent_version
    assert (consent["language"], consent["channel"]) == ("vi", lan.messenger.name)
    assert consent["given_at"]
    [person] = await stored(lan.town, "SELECT * FROM people")
    assert person["age_band"] == "18-22"
    assert person["age_told_at"]


async def test_the_first_message_says_who_it_is_for_in_at_most_five_lines(lan: Player) -> None:
    await lan.send("/start")
    text = lan.last.split("\n\n1. ")[0]
    assert len(text.splitlines()) <= 5
    assert "16–30" in text


async def test_asking_what_is_kept_answers_and_asks_again(lan: Player) -> None:
    await lan.send(LOAN)
    answer = await lan.press("Mình lưu gì?")
    assert "Quyền của bạn" in answer
    assert "Bạn bao nhiêu tuổi" in await lan.press("Đồng ý")


@pytest.mark.parametrize("way", ["no", "too young"])
async def test_nothing_is_kept_of_somebody_who_does_not_agree_or_is_too_young(tmp_path: Path, way: str) -> None:
    async with town(tmp_path) as place:
        lan = place.person("lan")
        photo = await lan.photo()
        await lan.send("chuyện riêng BIMATKHONGNOI của em", files=[photo])
        if way == "no":
            end = await lan.press("Không")
            assert "Không sao" in end
        else:
            await lan.press("Đồng ý")
            end = await lan.press("Dưới 16")
            assert "từ 16 tuổi" in end
        assert "Bạn đồng ý chứ?" in await lan.send("/start")
        await lan.press("Không")
        place.clock.forward(hours=2)
        await place.bot.clock.clean()
        for table in ("people", "consents", "conversations", "proposals", "addresses", "files", "held_files", "outbox"):
            assert await stored(place, f"SELECT * FROM {table}") == [], table
        assert not any(file.is_file() for file in (tmp_path / "files").rglob("*"))
        everything = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
        assert "buttons" in everything.decode("latin-1"), "the files read are those of the database"
        assert b"BIMATKHONGNOI" not in everything


async def test_what_was_written_before_consent_waits_and_is_used(lan: Player) -> None:
    await lan.send("Em có hai việc muốn hỏi về vay vốn.")
    await lan.send("Việc thứ hai là thủ tục đăng ký kinh doanh.")
    await lan.press("Đồng ý")
    await lan.send("Việc thứ ba là thuế.")
    await lan.press("23–30")
    await lan.press("Bỏ qua")
    for said in ("hai việc", "thứ hai", "thứ ba"):
        assert said in lan.last


async def test_what_was_written_while_coming_in_is_shown_with_the_place_just_told(lan: Player) -> None:
    await lan.send("/start")
    await lan.send(LOAN)
    await lan.press("Đồng ý")
    await lan.press("18–22")
    await lan.send("phường Kỳ Lừa")
    assert LOAN in lan.last
    assert "Nơi: Phường Kỳ Lừa" in lan.last
    assert "Tuổi: 18–22 tuổi" in lan.last


async def test_a_link_carries_the_place_along(lan: Player) -> None:
    await lan.send("/start p_06187")
    await lan.press("Đồng ý")
    ready = await lan.press("18–22")
    assert "muốn hỏi" in ready
    assert "Phường Kỳ Lừa" in await lan.send(LOAN)


async def test_an_old_name_that_several_places_share_is_asked_about(lan: Player) -> None:
    await lan.send(LOAN)
    await lan.press("Đồng ý")
    await lan.press("18–22")
    asked = await lan.send("Chi Lăng")
    assert "Có mấy nơi hợp" in asked
    assert "Xã Thất Khê (trước là xã Chi Lăng, huyện Tràng Định)" in " ".join(lan.options)


async def test_a_place_nobody_knows_is_asked_again(lan: Player) -> None:
    await lan.send(LOAN)
    await lan.press("Đồng ý")
    await lan.press("18–22")
    assert "chưa tìm ra" in await lan.send("Gotham City")
    assert "Xem lại" in await lan.send("phường Kỳ Lừa")


@pytest.mark.everywhere
async def test_several_messages_and_files_in_any_order_make_one_card(lan: Player) -> None:
    await come_in(lan)
    first, second = await lan.photo("mot.jpg", b"1"), await lan.photo("hai.jpg", b"2")
    await lan.send(files=[first], settle=False)
    await lan.send("thêm một ý nữa", settle=False)
    await lan.send("và kèm ảnh", files=[second])
    assert LOAN in lan.last
    assert "thêm một ý nữa\nvà kèm ảnh" in lan.last
    assert f"2 tệp: {first.name}, {second.name}" in lan.last
    await lan.press("Gửi")
    assert await stored(lan.town, "SELECT name FROM proposal_files ORDER BY n") == [
        {"name": first.name},
        {"name": second.name},
    ]


async def test_a_file_alone_is_a_proposal(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    await lan.send(files=[await lan.photo()])
    assert "LS-2026-00002" in await lan.press("Gửi")


@pytest.mark.everywhere
async def test_everything_on_the_card_is_changed_by_presses(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Đổi thông tin")
    await lan.press("Loại")
    assert "Loại: Hiến kế" in await lan.press("Hiến kế")
    await lan.press("Đổi thông tin")
    await lan.press("Chủ đề")
    await lan.press("Môi trường")
    await lan.press("Du lịch")
    assert "Chủ đề: Vốn vay, tín dụng, quỹ khởi nghiệp; Môi trường; Du lịch" in await lan.press("Xong")
    await lan.press("Đổi thông tin")
    await lan.press("Nơi")
    assert "Nơi: Phường Kỳ Lừa" in await lan.send("phường Kỳ Lừa")
    await lan.press("Đổi thông tin")
    await lan.press("Tuổi")
    assert "Tuổi: 23–30 tuổi" in await lan.press("23–30")
    await lan.press("Đổi thông tin")
    await lan.press("Tên người gửi")
    await lan.press("Ghi tên")
    assert "Người gửi: Hoàng Lan" in await lan.send("  Hoàng   Lan ")
    await lan.press("Đổi thông tin")
    await lan.press("Ai đọc")
    assert "chỉ cấp tỉnh" in await lan.press("Chỉ cấp tỉnh đọc")
    await lan.press("Viết lại")
    assert "Nhà kính trồng hoa" in await lan.send("Nhà kính trồng hoa ở quê em cần vốn")
    await lan.press("Gửi")
    [row] = await stored(lan.town, "SELECT text, kind, place, age_band, name, only_province FROM proposals")
    assert row == {
        "text": "Nhà kính trồng hoa ở quê em cần vốn",
        "kind": "initiative",
        "place": "06187",
        "age_band": "23-30",
        "name": "Hoàng Lan",
        "only_province": 1,
    }


async def test_a_name_is_not_offered_under_eighteen(lan: Player) -> None:
    await lan.send(LOAN)
    await lan.press("Đồng ý")
    await lan.press("16–17")
    await lan.press("Bỏ qua")
    await lan.press("Đổi thông tin")
    await lan.press("Tên người gửi")
    assert "dưới 18" in lan.last
    assert not any("Ghi tên" in option for option in lan.options)


async def test_greetings_and_thanks_are_answered_and_never_proposals(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    assert "Chào bạn" in await lan.send("chào ad ạ")
    assert "Không có gì" in await lan.send("em cảm ơn ad nhiều")
    assert await stored(lan.town, "SELECT * FROM conversations") == []


async def test_what_is_not_understood_gets_help_with_three_ways_on(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    for nonsense in ("?", "/khongco", "ok"):
        assert "chưa hiểu" in await lan.send(nonsense)
        assert len(lan.options) == 3


async def test_a_draft_is_kept_and_gone_on_with(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Để nháp")
    await lan.send("/gopy")
    assert "còn một bản nháp" in lan.last
    assert LOAN in await lan.press("Viết tiếp")
    assert "LS-2026-00001" in await lan.press("Gửi")


@pytest.mark.parametrize(
    ("vietnamese", "english", "answer"),
    [
        ("/huy", "/cancel", "Mình dừng ở đây"),
        ("/trogiup", "/help", "gửi tới lãnh đạo tỉnh"),
        ("/quaylai", "/back", "Bước trước đã xong"),
        ("/ngonngu", "/language", "ngôn ngữ nào"),
    ],
)
async def test_each_command_has_its_name_in_each_language(
    place: Town, vietnamese: str, english: str, answer: str
) -> None:
    for n, command in enumerate((vietnamese, english)):
        person = place.person(f"person {n}")
        await come_in(person)
        await person.send(command)
        assert answer in person.shown()


async def test_going_back_puts_the_question_before_again(lan: Player) -> None:
    await lan.send(LOAN)
    await lan.press("Đồng ý")
    assert "Bạn đồng ý chứ?" in await lan.send("/quaylai")
    assert "Bạn bao nhiêu tuổi" in await lan.press("Đồng ý")


async def test_changing_the_language_shows_the_open_card_in_it(lan: Player) -> None:
    await come_in(lan)
    await lan.send("/ngonngu")
    assert "Review" in await lan.press("English")
    assert "Sent!" in await lan.press("Send")


async def test_a_restart_in_the_middle_changes_nothing(tmp_path: Path) -> None:
    async with town(tmp_path) as place:
        lan = place.person("lan")
        await lan.send(LOAN)
        await lan.press("Đồng ý")
        data = lan.button("18–22")
    async with town(tmp_path) as place:
        lan = place.person("lan")
        lan._ids = iter(range(100, 200))  # type: ignore[assignment]
        assert "xã, phường nào" in await lan.tap(data)
        assert LOAN in await lan.send("phường Kỳ Lừa")
