"""What is said beside a draft: help where somebody may be in danger, personal data, other languages, asides."""

from __future__ import annotations

import pytest

from tests.handlers.youth.test_propose import LOAN, come_in, stored
from tests.player import Player, Town

DANGER = "em chán sống lắm rồi, em muốn chết"
SIGN = "em đã chuẩn bị sẵn dây rồi, tạm biệt mọi người"
HELPLINE = "hãy gọi 111"
PHONE = "0912 345 678"
PRIVATE = f"Anh Nguyễn Văn Hùng nợ tiền em mở quán, số của anh ấy là {PHONE}, xin giúp em đòi lại"


# -- danger


async def test_whoever_may_be_in_danger_gets_the_helpline_before_all_else(lan: Player) -> None:
    before = set(lan.screen.messages)
    await lan.send(DANGER)
    new = [message.text for key, message in lan.screen.messages.items() if key not in before]
    said = "\n".join(new)
    assert HELPLINE in said
    assert said.index(HELPLINE) < said.index("Bạn đồng ý chứ?")
    await lan.press("Đồng ý")
    await lan.press("18–22")
    await lan.send("xã Bắc Hùng, Văn Lãng")
    await lan.press("✅ Gửi")
    [row] = await stored(lan.town, "SELECT flag FROM proposal_flags WHERE flag IN ('danger', 'sign')")
    assert row["flag"] == "danger"


@pytest.mark.parametrize("text", [DANGER, SIGN, "/gopy bố đánh em suốt, em sợ lắm", "bo duong so mo em, em so lam"])
async def test_it_comes_wherever_it_is_said(place: Town, text: str) -> None:
    lan = place.person("lan")
    await come_in(lan)
    before = set(lan.screen.messages)
    await lan.send(text)
    first = next(message.text for key, message in lan.screen.messages.items() if key not in before)
    assert HELPLINE in first


async def test_it_comes_where_a_text_is_corrected_into_it(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    await lan.send("em buồn quá")
    await lan.correct("em buồn quá", DANGER)
    assert HELPLINE in lan.shown()


async def test_what_is_only_about_trees_and_prices_brings_no_helpline(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan, "Cây hồi của nhà em chết hết vì sâu, xin hỗ trợ giống mới")
    assert HELPLINE not in lan.shown()


# -- personal data


async def test_personal_data_is_shown_and_left_out_by_one_press(lan: Player) -> None:
    await come_in(lan, PRIVATE)
    assert f"Số điện thoại: {PHONE}" in lan.last
    assert "Tên người: Nguyễn Văn Hùng" in lan.last
    await lan.press("Bỏ những điều này ra")
    assert PHONE not in lan.last
    assert "Bỏ những điều này ra" not in str(lan.options)
    await lan.press("✅ Gửi")
    [row] = await stored(lan.town, "SELECT text FROM proposals")
    assert row["text"] == "Anh … nợ tiền em mở quán, số của anh ấy là …, xin giúp em đòi lại"


async def test_it_stays_where_its_author_leaves_it(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan, PRIVATE)
    await lan.press("✅ Gửi")
    [row] = await stored(place, "SELECT text FROM proposals")
    assert row["text"] == PRIVATE


async def test_a_card_without_personal_data_offers_nothing(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan, "Xin 50 triệu vay vốn mở quán, quán em rộng 120 m2")
    assert "Bỏ những điều này ra" not in lan.shown()


# -- language


async def test_another_language_is_offered_and_nobody_is_switched(lan: Player) -> None:
    await come_in(lan)
    await lan.press("✅ Gửi")
    await lan.send("Where can young farmers get a loan for a greenhouse?")
    assert "đổi sang English không?" in lan.shown()
    assert "Xem lại" in lan.last
    await lan.press("✅ Gửi")
    [row] = await stored(lan.town, "SELECT language FROM readings WHERE proposal_id = 2")
    assert row["language"] == "en"
    assert await stored(lan.town, "SELECT flag FROM proposal_flags") == [{"flag": "foreign"}]


async def test_the_offer_is_taken_by_a_press_and_the_card_speaks_it(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    await lan.press("✅ Gửi")
    await lan.send("Where can young farmers get a loan for a greenhouse?")
    await lan.press("English")
    assert "From now on I speak English." in lan.shown()
    assert "Review" in lan.shown()


# -- asides


@pytest.mark.parametrize(
    "text", ["mấy giờ, ở đâu vậy ạ", "chương trình tổ chức ở đâu ạ", "buổi đối thoại khi nào diễn ra"]
)
async def test_a_question_about_the_programme_is_answered_and_is_no_proposal(place: Town, text: str) -> None:
    stranger = place.person("stranger")
    assert "Mỗi năm một lần" in await stranger.send(text)
    lan = place.person("lan")
    await come_in(lan)
    await lan.send(text)
    assert "Mỗi năm một lần" in lan.shown()
    assert text not in lan.last
    await lan.press("✅ Gửi")
    assert [row["text"] for row in await stored(place, "SELECT text FROM proposals")] == [LOAN]


async def test_the_name_that_was_used_is_kept_beside_the_code(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    await lan.press("✅ Gửi")
    await lan.send("Đường vào thôn em lầy lội quá")
    await lan.press("Đổi thông tin")
    await lan.press("Nơi")
    await lan.send("xã Tân Thanh huyện Văn Lãng")
    await lan.press("✅ Gửi")
    names = [row["typed_place"] for row in await stored(place, "SELECT typed_place FROM proposals ORDER BY id")]
    assert names == ["xã Bắc Hùng, Văn Lãng", "xã Tân Thanh huyện Văn Lãng"]


async def test_the_version_of_the_model_stands_on_every_tag(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    await lan.press("✅ Gửi")
    versions = {row["version"] for row in await stored(place, "SELECT version FROM proposal_topics")}
    assert versions == {place.bot.house.topics.version}
    assert versions != {""}
