"""What people do beside writing and pressing: albums, corrections, buttons of long ago."""

from __future__ import annotations

import pytest

from tests.handlers.youth.test_propose import LOAN, come_in, stored
from tests.player import Player

pytestmark = pytest.mark.everywhere

PICTURES = (b"\xff\xd8\xff one", b"\xff\xd8\xff two", b"\xff\xd8\xff three")


async def kept(person: Player) -> list[bytes]:
    """The bytes that the sent proposals hold."""
    rows = await stored(person.town, "SELECT digest FROM proposal_files ORDER BY proposal_id, n")
    folder = person.town.settings.files.folder
    return [(folder / str(row["digest"])[:2] / str(row["digest"])).read_bytes() for row in rows]


async def test_an_album_is_on_the_card_and_its_pictures_with_the_proposal(lan: Player) -> None:
    await come_in(lan)
    await lan.album("đường vào thôn em đây ạ", *PICTURES)
    assert f"{LOAN}\nđường vào thôn em đây ạ" in lan.last
    assert "3 tệp" in lan.last
    await lan.press("Gửi")
    assert await kept(lan) == list(PICTURES)


async def test_what_is_corrected_is_correct_on_the_card_and_in_the_proposal(lan: Player) -> None:
    await come_in(lan)
    await lan.send("xã em có bốn trăm hộ")
    if lan.messenger.corrects:
        assert f"{LOAN}\nxã em có năm trăm hộ" in await lan.correct("xã em có bốn trăm hộ", "xã em có năm trăm hộ")
    await lan.press("Gửi")
    [row] = await stored(lan.town, "SELECT text FROM proposals")
    assert row["text"] == f"{LOAN}\nxã em có {'năm' if lan.messenger.corrects else 'bốn'} trăm hộ"


async def test_an_old_button_shows_the_card_as_it_is_now(lan: Player) -> None:
    await come_in(lan)
    old = lan.button("Gửi") if lan.messenger.abilities.buttons else ""
    await lan.send("một ý nữa của em")
    if old:
        await lan.tap(old)
        assert "đã thay đổi" in lan.shown()
    assert await stored(lan.town, "SELECT * FROM proposals") == []
    assert f"{LOAN}\nmột ý nữa của em" in lan.shown()
    assert "LS-2026-00001" in await lan.press("Gửi")
    if old:
        await lan.tap(old)
        assert "đã xong" in lan.last
    assert len(await stored(lan.town, "SELECT * FROM proposals")) == 1
