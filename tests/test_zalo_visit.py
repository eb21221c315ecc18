"""Whole visits on Zalo: as few messages as can be, with everything that Zalo does otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import icalendar
import pytest

from bot.pieces import units
from handlers.acts import staff
from handlers.acts.rights import Role
from storage.database import Statement
from tests.conftest import EVERYWHERE
from tests.handlers.staff.test_articles import put_up
from tests.handlers.youth.test_propose import LOAN, come_in, stored
from tests.messengers.zalo import LONGEST, PAGES, Zalo
from tests.occasions import at, hold
from tests.player import Town, town
from tests.zalo.phone import Phone

CODE = "LS-2026-00001"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    """A bot on Zalo, with pages on the web that its people can open."""
    async with town(tmp_path, join=EVERYWHERE["zalo webhook"], BOT_WEB__PUBLIC_URL=PAGES) as place:
        await place.settle()
        yield place


def messenger(place: Town) -> Zalo:
    [found] = place.messengers.values()
    assert isinstance(found, Zalo)
    return found


def phone(place: Town, *, is_protected: bool = False) -> Phone:
    there = messenger(place).there
    return Phone(there.world, "lan", there.url, is_protected=is_protected)


async def heard(place: Town, person: Phone) -> str:
    await place.settle()
    return person.last.text


async def test_a_first_proposal_takes_at_most_seven_messages(here: Town) -> None:
    lan = phone(here)
    for said in ("bắt đầu", "1", "2", "xã Bắc Hùng, Văn Lãng", LOAN, "1"):
        lan.send(said)
        await here.settle()
    assert CODE in lan.last.text
    written = [one for one in lan.world.chats[lan.chat] if not one.by_bot]
    assert len(written) <= 7


async def test_a_later_one_takes_two(here: Town) -> None:
    lan = here.person("lan", "zalo")
    await come_in(lan)
    await lan.press("Gửi")
    before = lan.acts
    await lan.send("Đường vào thôn em lầy lội quá, xe chở na không ra được")
    assert "LS-2026-00002" in await lan.send("gửi")
    assert lan.acts - before == 2


async def test_who_writes_two_texts_an_app_away_loses_none(here: Town) -> None:
    lan = here.person("lan", "zalo")
    await come_in(lan, "đường " * 700)
    await lan.press("Gửi")
    await lan.send("bỏ qua")
    [row] = await stored(here, "SELECT text FROM proposals")
    assert str(row["text"]).split() == ["đường"] * 700


async def test_a_voice_message_and_a_picture_are_files_of_the_proposal(here: Town) -> None:
    person = here.person("lan", "zalo")
    await come_in(person)
    lan = messenger(here).phones["lan"]
    lan.voice(b"voice")
    lan.photo(b"picture", "đây ạ", field="photo_url")
    await here.settle()
    await person.press("Gửi")
    rows = await stored(
        here, "SELECT f.kind, s.size, s.media_type FROM proposal_files f JOIN files s USING (digest) ORDER BY n"
    )
    assert [tuple(row.values()) for row in rows] == [("voice", 5, "audio/aac"), ("photo", 7, "image/jpeg")]


async def test_a_picture_that_expired_is_asked_for_again(here: Town) -> None:
    person = here.person("lan", "zalo")
    await come_in(person)
    lan = messenger(here).phones["lan"]
    address_expires = lan.world.clock
    lan.world.clock = lambda: address_expires() - 7200
    lan.photo(b"picture")
    lan.world.clock = address_expires
    await here.settle()
    assert "gửi lại tệp này" in person.shown()


async def test_a_repeated_message_is_one_message(here: Town) -> None:
    lan = phone(here)
    first = lan.send(LOAN)
    await here.settle()
    lan.again(first)
    lan.again(first)
    await here.settle()
    assert len(await stored(here, "SELECT * FROM inbox")) == 1


# -- what Zalo keeps to itself


async def test_a_link_is_asked_for_in_words_and_then_another_way_is_shown(here: Town) -> None:
    lan = phone(here)
    lan.send("bắt đầu")
    await here.settle()
    lan.link("https://example.org/don")
    assert "bỏ liên kết đi" in (await heard(here, lan))
    assert "Bạn đồng ý chứ?" in lan.last.text, "the question still stands"
    lan.link("https://example.org/don")
    assert PAGES in await heard(here, lan)
    lan.link("https://example.org/don")
    assert PAGES in await heard(here, lan)
    lan.send("1")
    assert "bao nhiêu tuổi" in await heard(here, lan)
    lan.link("https://example.org/don")
    assert PAGES not in await heard(here, lan), "it begins anew once something was read"


async def test_somebody_protected_is_led_to_the_page(here: Town) -> None:
    lan = phone(here, is_protected=True)
    for _ in range(2):
        lan.send("em muốn hỏi")
        await here.settle()
    assert PAGES in lan.last.text
    assert "em muốn hỏi" not in str(await stored(here, "SELECT payload FROM inbox"))


async def test_without_a_page_nobody_is_led_anywhere(tmp_path: Path) -> None:
    async with town(tmp_path, join=EVERYWHERE["zalo polling"]) as place:
        lan = phone(place, is_protected=True)
        for _ in range(3):
            lan.send("em muốn hỏi")
            await place.settle()
        assert "bỏ liên kết đi" in lan.last.text


# -- what Zalo does not carry


async def test_ones_own_photo_is_shown_and_a_recording_is_a_link(here: Town) -> None:
    person = here.person("lan", "zalo")
    await come_in(person)
    lan = messenger(here).phones["lan"]
    lan.photo(b"picture")
    lan.voice(b"voice")
    await here.settle()
    await person.press("Gửi")
    await person.send(f"/cuatoi {CODE}")
    await person.press("Gửi lại tệp")
    photo, text = lan.messages[-2:]
    assert photo.content == b"picture"
    assert f"Tệp của {CODE}:" in text.text
    assert f"{PAGES}/f/" in text.text
    assert "24 giờ" in text.text


async def test_an_event_for_the_calendar_is_a_link_that_leads_to_it_for_a_day(here: Town) -> None:
    person = here.person("lan", "zalo")
    await come_in(person)
    await person.press("Gửi")
    event = await hold(here)
    await person.send("/sukien 1")
    await person.press("Lưu vào lịch")
    text = messenger(here).phones["lan"].messages[-1].text
    assert f"{PAGES}/f/" in text
    assert "24 giờ" in text
    [file] = person.screen.last.files
    [entry] = icalendar.Calendar.from_ical(file.path.read_bytes()).walk("VEVENT")
    assert str(entry["UID"]) == event.uid
    assert str(entry["SUMMARY"]) == event.plan.title


async def test_a_group_is_told_to_write_in_private_and_nothing_else(here: Town) -> None:
    lan = phone(here)
    lan.in_group("chuyện của nhóm")
    await here.settle()
    assert await stored(here, "SELECT * FROM inbox") == []


async def test_nobody_is_named_in_a_log(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    lan = phone(here)
    lan.send(LOAN)
    await here.settle()
    [[row]] = await here.bot.database.read(Statement("SELECT chat FROM addresses"))
    logged = capsys.readouterr().out
    for secret in (row["chat"], LOAN, "TEST-zalo-token", "only-zalo-knows"):
        assert secret not in logged


# -- events, articles, linking


async def test_events_are_listed_in_pages_answered_by_number_and_kept_by_a_link(here: Town) -> None:
    person = here.person("lan", "zalo")
    await come_in(person)
    await person.press("Gửi")
    for n in range(1, 13):
        await hold(here, at(here, days=3 + n), title=f"Gặp mặt lần {n}")
    first = await person.send("su kien")
    assert "9. 📅 Gặp mặt lần 9" in first
    assert "10. 📅" not in first
    assert "12. 📅 Gặp mặt lần 12" in await person.send("tiếp")
    assert "Gặp mặt lần 12" in await person.send("12")
    assert "Bạn sẽ đến" in await person.send("mình sẽ đến")
    await person.press("Lưu vào lịch")
    [calendar] = person.screen.last.files
    assert calendar.path.read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert f"{PAGES}/f/" in person.last


async def test_a_long_article_comes_whole_in_texts_that_zalo_takes(here: Town) -> None:
    person = here.person("lan", "zalo")
    await come_in(person)
    await person.press("Gửi")
    await person.send(f"/nhanma {await staff.invite(here.bot.database, Role.PROVINCE, here.clock())}")
    sentence = "Thanh niên có phương án kinh doanh được vay tại ngân hàng. "
    await put_up(person, f"Vay vốn ở đâu?\n{sentence * 24}\n{sentence * 24}")
    await person.send("thong tin")
    await person.press("Hỗ trợ khởi nghiệp")
    before = len(person.screen.messages)
    await person.press("Vay vốn ở đâu?")
    parts = [one.text for one in list(person.screen.messages.values())[before:]]
    assert sum(part.count(sentence.strip()) for part in parts) == 48, "no sentence is cut in two"
    assert all(units(part) <= LONGEST for part in parts)
    assert len(parts) > 1


async def test_a_code_is_made_and_entered_without_a_stroke(here: Town) -> None:
    person = here.person("lan", "zalo")
    await come_in(person)
    await person.press("Gửi")
    assert "Lấy mã liên kết" in await person.send("lien ket")
    code = (await person.send("1")).partition("/lienket ")[2][:9]
    assert "của chính nơi đây" in await person.send(f"liên kết {code}")
    assert "của chính nơi đây" in await person.send(f"lien ket {code.lower()}")
    await person.send(LOAN)
    assert f"“liên kết {code}”" in await person.send(f"liên kết {code}"), "a draft is open, which might be meant"
    assert "của chính nơi đây" in await person.send("1")
    card = await person.send("xe máy biển số 29H5-3456")
    assert f"{LOAN}\nxe máy biển số 29H5-3456" in card, "no command stands before it"
    assert code not in card
