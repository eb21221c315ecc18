"""An invented city that speaks English, played from end to end: not a word of the pack that comes along is seen there."""

from __future__ import annotations

import asyncio
import re
import shutil
import unicodedata
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import openpyxl
import pytest
from aiohttp.test_utils import make_mocked_request

from bot import accounts, preparation, texts
from bot.channels.web.page import About, Page
from bot.model import Reply, plain
from handlers.acts import staff
from handlers.acts.rights import Role
from tests.messengers.memory import Messenger
from tests.player import Player, Town, settings_in, town
from tests.processes import finish, read_until, start

CITY = Path(__file__).parent / "packs" / "larkhaven"
SETTINGS = {"BOT_PACK__PATH": str(CITY), "BOT_DIALOGUE__PREFIX": "LH"}
LETTER = "Why does the last tram to the harbour leave at nine? The bus is no better."
VIETNAMESE_COMMANDS = frozenset(
    word for key, word in texts.read(texts.HERE / "vi.toml").items() if key.startswith("command.")
) - {word for key, word in texts.read(texts.HERE / "en.toml").items() if key.startswith("command.")}  # fmt: skip
MARKED = {"\u0302": "aeo", "\u0306": "a", "\u031b": "ou"} | dict.fromkeys(
    ("\u0300", "\u0301", "\u0303", "\u0309", "\u0323"), "aeiouy"
)  # the letters that circumflex, breve, horn and the five tones stand on


def vietnamese_in(text: str) -> list[str]:
    """The words of a text that hold a Vietnamese letter, and its Vietnamese commands."""
    marked = [word for word in re.findall(r"\w+", unicodedata.normalize("NFC", text)) if any(map(_is_marked, word))]
    return marked + [word for word in re.findall(r"(?<![\w<])/(\w+)", text) if word in VIETNAMESE_COMMANDS]


def _is_marked(letter: str) -> bool:
    apart = unicodedata.normalize("NFD", letter.lower())
    return apart == "đ" or any(apart[0] in MARKED.get(mark, "") for mark in apart[1:])


class Keeping(Messenger):
    """A messenger that keeps everything it ever showed, whatever was put over it later."""

    def __init__(self, name: str, *, buttons: bool) -> None:
        super().__init__(name, buttons=buttons)
        self.everything: list[str] = []

    async def send(self, chat: str, reply: Reply, *, key: str) -> str:
        self._keep(reply)
        return await super().send(chat, reply, key=key)

    async def edit(self, chat: str, reference: str, reply: Reply) -> None:
        self._keep(reply)
        await super().edit(chat, reference, reply)

    def _keep(self, reply: Reply) -> None:
        self.everything += [plain(reply.text), *(button.label for row in reply.buttons for button in row)]
        self.everything += [file.name for file in reply.files]


@pytest.fixture(params=[True, False], ids=["buttons", "lists"])
async def city(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Town]:
    """The bot of Larkhaven; at the end nothing Vietnamese was seen by anybody."""
    messenger = Keeping("line", buttons=request.param)
    path = str(CITY)
    async with town(
        tmp_path, messengers={"line": messenger}, BOT_PACK__PATH=path, BOT_DIALOGUE__PREFIX="LH"
    ) as running:
        yield running
    assert messenger.everything
    assert not_english(messenger.everything) == []


def not_english(seen: Iterable[str]) -> list[str]:
    return [text for text in seen if vietnamese_in(text)]


def visitor(city: Town, name: str = "robin", language: str = "en") -> Player:
    return city.person(name, "line", language)


async def settled(city: Town, place: str, name: str = "robin") -> Player:
    """Somebody who said where they live; a letter lies on the card."""
    robin = visitor(city, name)
    await robin.send(LETTER)
    await robin.press("I agree")
    await robin.press("16 to 19")
    await robin.send(place)
    return robin


@pytest.mark.parametrize("text", ["chào", "Đồng", "xã", "nước", "hỏi", "type /gopy", "Tiếng"])
def test_the_search_would_find_vietnamese(text: str) -> None:
    assert vietnamese_in(text)


@pytest.mark.parametrize("text", ["Ĉu vi konsentas?", "type /suggest · …", "aŭskultas", "</b>"])
def test_the_search_finds_nothing_else(text: str) -> None:
    assert vietnamese_in(text) == []


# -- young people


async def test_a_first_letter_from_the_first_word_to_the_code(city: Town) -> None:
    robin = visitor(city)
    assert "Here people aged 13 to 25 in Larkhaven" in await robin.send(LETTER)
    assert "The Youth Council and the office" in await robin.press("What is kept?")
    assert "How old are you?" in await robin.press("I agree")
    assert "Which ward do you live in?" in await robin.press("13 to 15")
    card = await robin.send("Tanners Row, Northbank")
    assert "Millbridge Ward (formerly Tanners Row Ward, Northbank Borough)" in card
    assert "Trams, buses and bicycles" in card
    assert "Read by: Youth Council" in card
    assert re.search(r"Your code: LH-2026-00001", await robin.press("Send"))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Millbridge", "Place: Millbridge Ward"),
        ("lantern hill ward", "Place: Lantern Hill Ward"),
        ("I live in Quayside", "Place: Quayside Ward"),
        ("Tanners Row", "Place: Millbridge Ward (formerly Tanners Row Ward, Northbank Borough)"),
        ("Mill End, Southbank", "Place: Orchard Ward (formerly Mill End Ward, Southbank Borough)"),
        ("Gull Island", "Place: Quayside Ward (formerly Isle of Gulls, Harbour Borough)"),
    ],
)
async def test_a_ward_is_found_by_its_old_and_new_name(city: Town, typed: str, shown: str) -> None:
    robin = await settled(city, typed)
    assert shown in robin.last


async def test_a_name_that_two_wards_bore_is_asked_about(city: Town) -> None:
    robin = await settled(city, "Mill End")
    assert robin.last.startswith("Several wards fit “Mill End”")
    card = await robin.press("Southbank")
    assert "Orchard Ward (formerly Mill End Ward, Southbank Borough)" in card


async def test_a_divided_ward_is_asked_about(city: Town) -> None:
    robin = await settled(city, "Saltmarsh")
    assert any("Chapel Green Ward" in option for option in robin.options)
    assert any("Quayside Ward" in option for option in robin.options)


async def test_a_ward_that_nobody_knows_is_asked_for_again(city: Town) -> None:
    robin = await settled(city, "Atlantis")
    assert "I cannot find this ward in Larkhaven" in robin.last


async def test_whoever_is_under_thirteen_is_given_the_number_of_the_city(city: Town) -> None:
    kim = visitor(city, "kim")
    await kim.send("hello")
    await kim.press("I agree")
    assert "from 13 on" in await kim.send("I am 12 years old")
    assert "0800 555 019" in kim.last


@pytest.mark.parametrize(("age", "named"), [("13 to 15", False), ("16 to 19", True), ("Over 25", True)])
async def test_the_pack_says_who_may_be_named(city: Town, age: str, named: bool) -> None:
    robin = visitor(city)
    await robin.send(LETTER)
    await robin.press("I agree")
    await robin.press(age)
    await robin.send("Orchard")
    await robin.press("Change details")
    asked = await robin.press("Sender's name")
    assert ("under 16" in asked) is not named
    assert any("With my name" in option for option in robin.options) is named


async def test_everything_on_the_card_can_be_changed(city: Town) -> None:
    robin = await settled(city, "Chapel Green")
    for field, choice in (("Kind", "Praise"), ("Who reads it", "Only the Youth Council"), ("Age", "20 to 25")):
        await robin.press("Change details")
        await robin.press(field)
        assert "Review" in await robin.press(choice)
    await robin.press("Change details")
    await robin.press("Topics")
    for topic in ("Trams", "Safe at night", "Done"):
        await robin.press(topic)
    card = robin.last
    for line in ("Kind: Praise", "Topics: Safe at night", "Read by: the Youth Council only", "Age: 20 to 25"):
        assert line in card


async def test_the_command_words_are_those_of_the_city(city: Town) -> None:
    robin = await settled(city, "Orchard")
    assert "Your code" in await robin.press("Send")
    assert "/suggest: send a letter" in await robin.send("/help")
    assert "I did not understand" in await robin.send("/gopy")
    assert "Why does" in await robin.send("/my_letters")
    assert "Review" in await robin.send("/suggest more benches by the canal, please")


async def test_every_command_can_be_given(city: Town) -> None:
    robin = await settled(city, "Orchard")
    await robin.press("Send")
    for word in city.bot.house.texts.every("command.help") | {
        "start",
        "privacy",
        "settings",
        "back",
        "cancel",
        "place",
    }:
        assert await robin.send(f"/{word}")


async def test_a_draft_that_was_put_aside_is_called_by_the_citys_words(city: Town) -> None:
    robin = await settled(city, "Orchard")
    assert "/suggest" in await robin.send("/cancel")


async def test_a_visitor_from_far_away_is_spoken_to_in_english(city: Town) -> None:
    lan = visitor(city, "lan", language="vi")
    assert "Here people aged 13 to 25" in await lan.send("vay von o dau vay ad")


async def test_a_language_that_is_not_finished_borrows_the_rest(city: Town) -> None:
    robin = visitor(city)
    await robin.send(LETTER)
    asked = await robin.press("Esperanto")
    assert "Ĉu vi konsentas?" in asked
    assert "How old are you?" in await robin.press("Mi konsentas")
    await robin.press("16 to 19")
    await robin.send("Millbridge")
    assert "Just write what you want to ask" in await robin.send("/helpo")


# -- staff


async def appointed(city: Town, role: Role) -> Player:
    code = await staff.invite(city.bot.database, role, city.clock())
    boss = visitor(city, "boss")
    await boss.send(f"/redeem {code}")
    return boss


@pytest.mark.parametrize("role", Role)
async def test_every_role_is_welcomed_in_english(city: Town, role: Role) -> None:
    boss = await appointed(city, role)
    assert boss.last.startswith("You ")


async def test_staff_read_the_queue_at_the_citys_hour(city: Town) -> None:
    robin = await settled(city, "Saltmarsh, Harbour")
    await robin.press("Quayside")
    await robin.press("Send")
    boss = await appointed(city, Role.OWNER)
    assert "/inbox" in boss.last
    listed = await boss.send("/inbox")
    assert re.search(r"LH-2026-00001 · 02/03 16:0\d · .*Question · Trams, buses and bicycles", listed)
    assert "Quayside Ward (formerly Saltmarsh Ward, Harbour Borough) · 16 to 19" in listed


async def test_the_workbook_is_english_and_names_the_agencies_of_the_era(city: Town, tmp_path: Path) -> None:
    robin = await settled(city, "Orchard")
    await robin.press("Send")
    boss = await appointed(city, Role.PROVINCE)
    for form in ("xlsx", "csv", "json"):
        await boss.send(f"/export {form}")
        await finished(boss, form)
        if form == "xlsx":
            cells = cells_of(boss.screen.last.files[0].path)
            assert "Larkhaven Transport Board" in cells
            assert not_english(cells) == []
        else:
            assert vietnamese_in(boss.screen.last.files[0].path.read_text("utf-8-sig")) == []


async def finished(boss: Player, form: str) -> None:
    """Waits for the worker's file."""
    async with asyncio.timeout(20):
        while not any(file.name.endswith(form) for file in boss.screen.last.files):
            await boss.town.settle()
            await asyncio.sleep(0.05)


def cells_of(workbook: Path) -> list[str]:
    sheets = openpyxl.load_workbook(workbook).worksheets
    return [sheet.title for sheet in sheets] + [
        str(cell) for sheet in sheets for row in sheet.values for cell in row if cell
    ]


async def test_a_dialogue_of_the_old_years_uses_the_old_wards(tmp_path: Path) -> None:
    messenger = Keeping("line", buttons=True)
    path = str(CITY)
    async with town(tmp_path, messengers={"line": messenger}, BOT_PACK__PATH=path, BOT_DIALOGUE__ERA="2015") as then:
        robin = await settled(then, "Tanners Row")
        assert "Place: Tanners Row Ward" in robin.last
        assert then.bot.house.pack.agencies("getting_about", then.bot.house.era) == ("council",)
    assert not_english(messenger.everything) == []


# -- what messengers, the page and the terminal show besides


@pytest.mark.parametrize("language", ["en", "eo"])
def test_menus_and_profile_are_the_citys(tmp_path: Path, language: str) -> None:
    _, words = preparation.load_pack(settings_in(tmp_path, **SETTINGS))
    shown = accounts.profile(words, language)
    commands = [command.word for command in shown.commands]
    assert shown.name in ("Larkhaven Listens", "Larkhaven aŭskultas")
    assert "suggest" in commands
    assert not_english([shown.name, shown.about, shown.description, *(f"/{word}" for word in commands)]) == []
    assert not_english(command.description for command in shown.commands) == []


def test_the_page_is_the_citys(tmp_path: Path) -> None:
    _, words = preparation.load_pack(settings_in(tmp_path, **SETTINGS))
    page = Page(words, About(1, ""))
    for accepted in ("en-GB", "eo", "en;q=0.5", "de", "vi", ""):
        answer = page.index(make_mocked_request("GET", "/", headers={"Accept-Language": accepted}))
        assert isinstance(answer.body, bytes)
        shown = answer.body.decode()
        assert "Write to the mayor" in shown
        assert vietnamese_in(shown) == []


def test_no_text_that_could_be_said_there_is_vietnamese(tmp_path: Path) -> None:
    _, words = preparation.load_pack(settings_in(tmp_path, **SETTINGS))
    keys = words.catalogues[texts.SOURCE].keys() - {"language.vi"}  # which is not offered there
    said = {key: words.template(language, key) for language in (*words.languages, "vi") for key in keys}
    assert {key: text for key, text in said.items() if vietnamese_in(text)} == {}


def test_a_pack_of_one_language_speaks_it_alone(tmp_path: Path) -> None:
    shutil.copytree(CITY, tmp_path / "city")
    (tmp_path / "city" / "texts" / "eo.toml").unlink()
    rules = tmp_path / "city" / "pack.toml"
    rules.write_text(rules.read_text("utf-8").replace('["en", "eo"]', '["en"]'), "utf-8")
    _, words = preparation.load_pack(settings_in(tmp_path, BOT_PACK__PATH=str(tmp_path / "city")))
    assert words.languages == ("en",)
    assert words.template("vi", "command.propose") == "suggest"


async def test_in_the_terminal_from_the_first_word_to_the_export(tmp_path: Path) -> None:
    process = await start(tmp_path, "chat", LANG="vi_VN.UTF-8", **SETTINGS)
    assert process.stdin
    printed = await read_until(process, "4. ")
    script = [(LETTER, "Do you agree"), ("1", "How old"), ("2", "Which ward"), ("Tanners Row", "Review"), ("1", "LH-")]
    for said, expected in script:
        process.stdin.write(f"{said}\n".encode())
        printed += await read_until(process, expected)
    process.stdin.close()
    assert process.stdout
    printed += (await process.stdout.read()).decode()
    assert await process.wait() == 0
    assert vietnamese_in(printed) == []
    code, out, err = await finish(tmp_path, "export", "--format", "xlsx", "--out", "all.xlsx", **SETTINGS)
    assert (code, err) == (0, ""), err
    assert "1 proposal" in out
    cells = cells_of(tmp_path / "all.xlsx")
    assert LETTER in cells
    assert not_english(cells) == []


async def test_commands_and_their_errors_speak_english(tmp_path: Path) -> None:
    for arguments in (
        ("invite", "--role", "owner"),
        ("check",),
        ("export", "--format", "csv", "--out", "x.csv", "--language", "zz"),
        ("export", "--format", "csv", "--out", "x.csv", "--language", "en", "--dialogue", "none"),
    ):
        _, out, err = await finish(tmp_path, *arguments, **SETTINGS)
        assert out or err
        assert vietnamese_in(out + err) == []
