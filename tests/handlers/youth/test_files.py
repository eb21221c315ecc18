"""Files that are still with the messenger: the card shows them at once, a job fetches them, a proposal gets them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.errors import DeliveryError, NotSentError, RefusedError
from bot.model import Attachment, AttachmentKind
from handlers.retries import PAUSES
from storage.database import Row, Statement
from tests.handlers.youth.test_propose import come_in
from tests.player import Messenger, Moving, Player, Town, town

LARGEST = 20 * 1024 * 1024


@dataclass
class Attic:
    """What a messenger keeps: bytes by reference, or why it does not give them, once or for ever."""

    files: dict[str, bytes] = field(default_factory=dict)
    opens: asyncio.Event | None = None  # nothing is given before
    asked: int = 0
    troubles: list[DeliveryError] = field(default_factory=list)


class Keeping(Messenger):
    """A messenger that keeps files until they are fetched."""

    def __init__(self, attic: Attic) -> None:
        super().__init__("buttons", buttons=True)
        self.abilities = replace(self.abilities, largest_file=LARGEST)
        self.attic = attic

    async def fetch(self, reference: str) -> AsyncGenerator[bytes, None]:
        self.attic.asked += 1
        if self.attic.opens:
            await self.attic.opens.wait()
        if self.attic.troubles:
            raise self.attic.troubles.pop(0)
        if reference not in self.attic.files:
            raise RefusedError
        yield self.attic.files[reference]


def photo(attic: Attic, name: str = "anh.jpg", size: int = 0) -> Attachment:
    """A photo that is with the messenger."""
    reference = f"ref-{name}"
    attic.files[reference] = f"bytes of {name}".encode()
    return Attachment(AttachmentKind.PHOTO, name, "image/jpeg", size, reference=reference)


async def rows(place: Town, sql: str) -> list[Row]:
    [found] = await place.bot.database.read(Statement(sql))
    return found


async def kept(place: Town, lan: Player) -> list[bytes]:
    """The bytes in the file store of what the sent proposals hold."""
    digests = [row["digest"] for row in await rows(place, "SELECT digest FROM proposal_files ORDER BY proposal_id, n")]
    folder = place.settings.files.folder
    return [(folder / digest[:2] / digest).read_bytes() for digest in digests]


async def test_a_proposal_holds_the_bytes_of_what_came_with_it(tmp_path: Path) -> None:
    attic = Attic()
    async with town(tmp_path, messengers={"buttons": Keeping(attic)}) as place:
        lan = place.person("lan")
        await come_in(lan)
        card = await lan.send("và hai ảnh", files=[photo(attic, "mot.jpg"), photo(attic, "hai.jpg")])
        assert "2 tệp: mot.jpg, hai.jpg" in card
        await lan.press("Gửi")
        assert await kept(place, lan) == [b"bytes of mot.jpg", b"bytes of hai.jpg"]


async def test_a_file_that_comes_after_the_proposal_was_sent_still_gets_there(tmp_path: Path) -> None:
    attic = Attic(troubles=[NotSentError(), NotSentError()])
    async with town(tmp_path, messengers={"buttons": Keeping(attic)}) as place:
        lan = place.person("lan")
        await come_in(lan)
        await lan.send(files=[photo(attic)], settle=False)
        await place.bot.engine.idle()
        await lan.press("Gửi", settle=False)
        await place.bot.engine.idle()
        assert [row["digest"] for row in await rows(place, "SELECT digest FROM proposal_files")] == [None]
        await place.settle()
        assert await kept(place, lan) == [b"bytes of anh.jpg"]


async def until(town: Town, lan: Player, text: str) -> None:
    """Returns when a text is on the screen, while something else goes on."""
    async with asyncio.timeout(20):
        while text not in lan.last:  # noqa: ASYNC110 nothing tells of what is shown
            await asyncio.sleep(0.01)


async def test_nobody_waits_for_slow_downloads_and_each_is_asked_for_once(tmp_path: Path) -> None:
    attic = Attic(opens=asyncio.Event())
    async with town(tmp_path, messengers={"buttons": Keeping(attic)}) as place:
        people = [place.person(f"person {n}") for n in range(4)]
        for person in people:
            await come_in(person)
        for person in people:
            await person.send(files=[photo(attic, f"{person.chat}.jpg")], settle=False)
            await place.bot.sender.idle()
        async with asyncio.timeout(20):
            while attic.asked < len(people):
                await place.bot.clock.take_jobs()
                await asyncio.sleep(0.01)
        for n in range(6):
            for person in people:
                await person.send(f"thêm ý thứ {n}", settle=False)
                await until(place, person, f"thêm ý thứ {n}")
        await people[0].send("/cuatoi", settle=False)
        await until(place, people[0], "Bạn chưa gửi")
        assert attic.opens
        attic.opens.set()
        for person in people:
            await person.press("✅ Gửi")
        assert sorted(await kept(place, people[0])) == sorted(f"bytes of {one.chat}.jpg".encode() for one in people)
        assert attic.asked == len(people)


async def test_a_messenger_in_trouble_is_asked_again_for_hours_and_then_the_person_is_told(tmp_path: Path) -> None:
    attic = Attic(troubles=[NotSentError()] * (len(PAUSES) + 1))
    async with town(tmp_path, messengers={"buttons": Keeping(attic)}) as place:
        lan = place.person("lan")
        await come_in(lan)
        begun = place.clock.now
        await lan.send(files=[photo(attic)])
        assert "không tải được “anh.jpg”" in lan.last
        assert (place.clock.now - begun).total_seconds() > sum(PAUSES)
        assert attic.troubles == []


async def test_what_the_messenger_will_never_give_is_said_at_once(tmp_path: Path) -> None:
    attic = Attic(troubles=[RefusedError()])
    async with town(tmp_path, messengers={"buttons": Keeping(attic)}) as place:
        lan = place.person("lan")
        await come_in(lan)
        await lan.send(files=[photo(attic)])
        assert "không tải được “anh.jpg”" in lan.last


async def test_a_file_that_is_too_large_is_refused_plainly_and_the_words_are_taken(tmp_path: Path) -> None:
    attic = Attic()
    async with town(tmp_path, messengers={"buttons": Keeping(attic)}) as place:
        lan = place.person("lan")
        await come_in(lan)
        await lan.send("xem phim này", files=[photo(attic, "phim.mp4", LARGEST + 1)])
        assert "“phim.mp4” lớn quá 20 MB" in lan.shown()
        assert "xem phim này" in lan.last
        assert "tệp:" not in lan.last
        await lan.send(files=[photo(attic, "phim.mp4", LARGEST + 1)])
        assert lan.last.startswith("Xem lại")
        assert await rows(place, "SELECT * FROM fetches") == []


async def test_a_file_that_turns_out_too_large_is_said_to_be(tmp_path: Path) -> None:
    attic = Attic()
    async with town(tmp_path, messengers={"buttons": Keeping(attic)}, BOT_FILES__MAX_MEGABYTES="1") as place:
        lan = place.person("lan")
        await come_in(lan)
        large = photo(attic)
        attic.files[large.reference] = b"x" * 1_100_000
        await lan.send(files=[large])
        assert "“anh.jpg” lớn quá 1 MB" in lan.last


async def test_nothing_is_fetched_for_somebody_who_is_not_taken_in(tmp_path: Path) -> None:
    attic = Attic()
    async with town(tmp_path, messengers={"buttons": Keeping(attic)}) as place:
        lan = place.person("lan")
        await lan.send("ảnh nhà em", files=[photo(attic)], settle=False)
        await place.bot.engine.idle()
        await place.bot.sender.idle()
        await lan.press("Không")
        assert await rows(place, "SELECT * FROM fetches") == []
        place.clock.forward(hours=2)
        for file in stored(tmp_path):
            os.utime(file, (0, 0))  # the disk's clock is not the bot's
        await place.bot.clock.clean()
        assert stored(tmp_path) == []


def stored(tmp_path: Path) -> list[Path]:
    return [file for file in (tmp_path / "files").rglob("*") if file.is_file()]


async def test_a_file_of_a_draft_outlives_the_cleaning(tmp_path: Path) -> None:
    attic = Attic()
    async with town(tmp_path, messengers={"buttons": Keeping(attic)}) as place:
        lan = place.person("lan")
        await come_in(lan)
        await lan.send(files=[photo(attic)])
        place.clock.forward(days=40)
        await place.bot.clock.clean()
        await lan.press("Gửi")
        assert await kept(place, lan) == [b"bytes of anh.jpg"]


async def test_a_download_that_a_restart_cuts_short_is_no_fault_of_its_own(tmp_path: Path) -> None:
    attic, clock = Attic(opens=asyncio.Event()), Moving()
    keeping = Keeping(attic)
    async with town(tmp_path, clock, messengers={"buttons": keeping}) as place:
        lan = place.person("lan")
        await come_in(lan)
        await lan.send(files=[photo(attic)], settle=False)
        await place.bot.sender.idle()
    for _ in range(4):
        async with town(tmp_path, clock, messengers={"buttons": keeping}) as place:
            asked = attic.asked
            async with asyncio.timeout(20):
                while attic.asked == asked:
                    await place.bot.clock.take_jobs()
                    await asyncio.sleep(0.01)
    assert attic.opens
    attic.opens.set()
    async with town(tmp_path, clock, messengers={"buttons": keeping}) as place:
        lan.town = place
        await place.settle()
        await lan.press("✅ Gửi")
        assert await kept(place, lan) == [b"bytes of anh.jpg"]


async def test_a_flood_of_files_is_not_fetched(tmp_path: Path) -> None:
    attic = Attic()
    async with town(tmp_path, messengers={"buttons": Keeping(attic)}) as place:
        lan = place.person("lan")
        for n in range(30):
            await lan.send(files=[photo(attic, f"{n}.jpg")])
        assert attic.asked == 20
        assert "Nhiều tệp quá" in lan.shown()
        place.clock.forward(hours=2)
        await lan.send(files=[photo(attic, "sau.jpg")])
        assert attic.asked == 21
