"""`check --pack` names everything that is wrong with a pack, at once, and says nothing of what is right."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import texts
from bot.commands.check import faults_of
from bot.errors import PackError
from bot.pack import DEFAULT, load
from bot.pack.wording import LONGEST, OWN
from tests.processes import finish

ROOT = Path(__file__).parent.parent.parent
CITY = Path(__file__).parent / "larkhaven"
Break = Callable[..., Path]


@pytest.fixture
def broken(tmp_path: Path) -> Break:
    """Gives a copy of the city's pack in which pieces of files were replaced."""

    def copy(*changes: tuple[str, str, str]) -> Path:
        folder = tmp_path / "city"
        shutil.copytree(CITY, folder)
        for file, old, new in changes:
            text = (folder / file).read_text("utf-8")
            assert old in text
            (folder / file).write_text(text.replace(old, new, 1), "utf-8")
        return folder

    return copy


def complaints(folder: Path) -> list[str]:
    """The faults, their files named from the folder on."""
    return [fault.removeprefix(f"{folder}/") for fault in faults_of(folder)]


@pytest.mark.parametrize("folder", [DEFAULT, CITY], ids=["lang-son", "larkhaven"])
def test_a_whole_pack_has_no_fault(folder: Path) -> None:
    assert faults_of(folder) == []


EN, EO = "texts/en.toml", "texts/eo.toml"
FAULTS = [
    # places
    ("places.json", '"successors": ["W2"]', '"successors": ["W77"]', "units_2010.W3.successors: W77 does not exist"),
    ("places.json", '"district": "N"', '"district": "X"', "units_2010.W1.district: X does not exist"),
    ("places.json", '"merged_into": ["W7"]', '"merged_into": ["Q"]', "units_2010.W9.merged_into: Q does not exist"),
    ("places.json", '"formers": ["W3"]', '"formers": ["W3", "W99"]', "units_2024.W2.formers: W99 does not exist"),
    ("places.json", '"units_2010"', '"units_2011"', "units_2010: Field required"),
    ("places.json", '"code": "N"', '"code": "N-1"', "districts_2010: 'N-1' must match [A-Za-z0-9]{1,12}"),
    # ages
    ("pack.toml", "oldest = 15", "oldest = 14", "ages: nothing covers 15 to 15"),
    ("pack.toml", "oldest = 19", "oldest = 21", "ages: both 16-19 and 20-25 cover 20"),
    ("pack.toml", "oldest = 120", "oldest = 99", "ages: nothing covers 100 to 120"),
    ("pack.toml", "youngest = 0", "youngest = 5", "ages: nothing covers 0 to 4"),
    ("pack.toml", "youngest = 26", "youngest = 126", "ages.over-25: youngest is above oldest"),
    # facts
    ("pack.toml", "[2010, 2024]", "[2024, 2010]", "eras: the old one must come before the new one"),
    ("pack.toml", '"larkhaven-3"', '""', "consent_version: is empty"),
    ("pack.toml", '"question", ', "", "kinds: question is missing; every pack has it"),
    ("pack.toml", '"council", ', '"council", "court", ', "agencies: no topic names court"),
    ("pack.toml", "helpline =", "hotline =", "helpline: Field required"),
    ("pack.toml", "helpline =", "hotline =", "hotline: Unexpected keyword argument"),
    # topics
    ("topics.toml", '["night_wardens"]', '["knights"]', "topics.safe_nights.agencies_2024: knights does not exist"),
    ("topics.toml", '["night_wardens"]', '["council"]', "agencies: no topic names night_wardens"),
    # texts
    (EN, 'learning = "Schools and courses"', "", "topic.learning is missing"),
    (EN, 'council = "City Council"', "", "agency.council is missing"),
    (EN, 'welcome = """', 'greeting = """', "pack.welcome is missing"),
    (EN, 'welcome = """', 'greeting = """', "pack.greeting: nobody says this"),
    (EN, 'eo = "Esperanto"', "", "language.eo is missing"),
    (EN, "“{typed}”", "“{name}”", "place.which: nothing fills {name}"),
    (EN, "“{typed}”", "that", "place.which: {typed} is missing"),
    (EN, 'bot_name = "Larkhaven Listens"', f'bot_name = "{"L" * 65}"', "pack.bot_name: 65 characters, 64 are allowed"),
    (EN, '"A city to grow up in"', '" "', "pack.theme: is empty"),
    (EN, '"A city to grow up in"', '"A {City}"', "pack.theme: has a brace that is no hole"),
    (EN, '"A city to grow up in"', '"A {city}"', "pack.theme: nothing fills {city}"),
    (EN, '"A city to grow up in"', '"<u>A city</u>"', "pack.theme: no messenger knows <u>"),
    (EN, "type /suggest to go on", "type /gopy to go on", "talk.kept: there is no command /gopy"),
    (EN, 'eo = "Esperanto"', "eo = 3", "language.eo is no text"),
    (EO, 'changed = "De', 'altered = "De', "language.altered: nobody says this"),
    (EO, "{welcome}\n", "", "consent.ask: {welcome} is missing"),
    # commands
    (EN, 'queue = "inbox"', 'queue = "suggest"', "command.propose: suggest is also what command.queue goes by"),
    (EN, 'queue = "inbox"', 'queue = "help"', "command.queue: help is also what command.help goes by"),
    (EO, 'help = "helpo"', 'help = "suggest"', "command.propose: suggest is also what command.help goes by"),
    (EN, '"inbox"', '"In-Box"', "command.queue: Telegram takes a-z, 0-9 and _, 1 to 32 of them, not 'In-Box'"),
    (EN, '"inbox"', f'"{"i" * 33}"', f"command.queue: Telegram takes a-z, 0-9 and _, 1 to 32 of them, not '{'i' * 33}'"),
    # languages
    ("pack.toml", '["en", "eo"]', '["en"]', "languages in pack.toml does not name eo"),
    ("pack.toml", '["en", "eo"]', '["en", "eo", "cy"]', "No such file or directory"),
    ("pack.toml", '["en", "eo"]', '["en", "eo", "cy"]', "language.cy is missing"),
    # the invented proposals
    ("demo.jsonl", '"getting_about"', '"flying"', "line 1: topics: flying does not exist"),
    ("demo.jsonl", '["getting_about"]', "[]", "line 1: topics:  does not exist"),
    ("demo.jsonl", '"place": "W5"', '"place": "W55"', "line 1: place: W55 does not exist"),
    ("demo.jsonl", '"former_place": "W2"', '"former_place": "W6"', "line 2: former_place: W6 did not become W1"),
    ("demo.jsonl", '"kind": "praise"', '"kind": "blame"', "line 4: kind: blame does not exist"),
    ("demo.jsonl", '"over-25"', '"under-13"', "line 4: age_band: under-13 does not exist"),
    ("demo.jsonl", '"answered"', '"burnt"', "line 3: state: burnt does not exist"),
    ("demo.jsonl", '"finished"', '"forgotten"', "line 3: dialogue: forgotten does not exist"),
    ("demo.jsonl", '"minute": 980', '"minute": "noon"', "line 1: minute: Input should be a valid integer"),
    ("demo.toml", "day = 5", "day = 0", "demo.toml: events: 1: must come, and begin before it ends"),
    ("demo.toml", "ends = 20:00:00", "ends = 18:00:00", "events: 1: must come, and begin before it ends"),
    ("demo.toml", 'hall = "Quayside library"', "", "events: 1: lacks a title, or a hall or link"),
    ("demo.toml", '"results"', '"gossip"', "demo.toml: articles: 1: section: gossip does not exist"),
    ("demo.toml", '"getting_about"', '"flying"', "articles: 1: topic: flying does not exist"),
    ("demo.toml", "en = ", "cy = ", "articles: 1: texts: cy does not exist"),
    ("demo.toml", "day = 2", "day = -2", "articles: 1: lacks a text, or is of a day to come"),
    ("demo.toml", "day = 2", 'day = "noon"', "demo.toml: articles.0.day: Input should be a valid integer"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "said"), FAULTS)
def test_a_fault_is_named_with_its_file_and_key(broken: Break, file: str, old: str, new: str, said: str) -> None:
    assert any(said in complaint for complaint in complaints(broken((file, old, new))))


@pytest.mark.parametrize("file", ["pack.toml", "topics.toml", "places.json", "demo.jsonl", EN, EO])
def test_a_missing_file_is_named(broken: Break, file: str) -> None:
    folder = broken()
    (folder / file).unlink()
    assert f"{file}: No such file or directory" in complaints(folder)


@pytest.mark.parametrize("file", ["pack.toml", "topics.toml", "places.json", EN, EO])
def test_a_file_that_cannot_be_read_is_named(broken: Break, file: str) -> None:
    folder = broken()
    (folder / file).write_text("[[[", "utf-8")
    assert any(complaint.startswith(f"{file}: ") for complaint in complaints(folder))


def test_the_years_of_a_pack_stand_in_its_complaints(broken: Break) -> None:
    folder = broken(("topics.toml", "agencies_2024", "agencies_2025"))
    assert "topics.toml: topics.0.agencies_2025: Unexpected keyword argument" in complaints(folder)


def test_a_text_that_the_source_lacks_and_the_machine_too_is_named(broken: Break) -> None:
    folder = broken(("pack.toml", '["en", "eo"]', '["eo", "en"]'))
    found = complaints(folder)
    assert f"{EO}: talk.apology is missing" in found
    assert f"{EO}: topic.learning is missing" in found


def test_what_would_not_start_is_always_named(broken: Break) -> None:
    folder = broken(("pack.toml", "oldest = 15", "oldest = 17"))
    with pytest.raises(PackError) as caught:
        load(folder)
    assert str(caught.value) in faults_of(folder)


def test_every_text_of_its_own_that_the_code_says_is_asked_of_a_pack() -> None:
    code = "".join(file.read_text("utf-8") for name in ("bot", "handlers") for file in (ROOT / name).rglob("*.py"))
    said = set(re.findall(r'"(pack\.[a-z_]+)"', code))
    assert said - {"pack.toml"} <= set(OWN)
    assert LONGEST.keys() <= set(OWN)


def test_what_was_learnt_and_cannot_be_read_is_a_fault(broken: Break) -> None:
    folder = broken()
    (folder / "senses.json").write_text('{"version": "a"}', "utf-8")
    [fault] = complaints(folder)
    assert fault.startswith("senses.json: holds no senses")


# -- as people run it


async def test_all_faults_come_at_once_one_a_line(broken: Break, tmp_path: Path) -> None:
    broken(
        ("places.json", '"district": "N"', '"district": "X"'),
        ("pack.toml", "oldest = 15", "oldest = 14"),
        (EN, 'learning = "Schools and courses"', ""),
        (EO, 'help = "helpo"', 'help = "suggest"'),
        ("demo.jsonl", '"getting_about"', '"flying"'),
    )
    code, out, err = await finish(tmp_path, "check", "--pack", "city")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "city/pack.toml: ages: nothing covers 15 to 15",
        "city/places.json: units_2010.W1.district: X does not exist",
        "city/texts/en.toml: topic.learning is missing",
        "city/texts/en.toml: command.propose: suggest is also what command.help goes by",
        "city/demo.jsonl: line 1: topics: flying does not exist",
    ]


async def test_a_pack_that_is_fine_says_so_and_what_it_borrows(tmp_path: Path) -> None:
    code, out, err = await finish(tmp_path, "check", "--pack", str(CITY))
    assert (code, err) == (0, "")
    first, second, *borrowed = out.splitlines()
    assert first == "pack: larkhaven, en, eo: fine"
    assert second == f"{CITY}/texts/eo.toml: {len(borrowed)} texts are said in en:"
    own = texts.read(CITY / EO)
    assert "  topic.learning" in borrowed
    assert not {f"  {key}" for key in own} & set(borrowed)


async def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    code, out, err = await finish(tmp_path, "check", "--pack", "nowhere")
    assert (code, out, err.splitlines()) == (2, "", ["nowhere: there is no such folder"])


async def test_the_pack_of_the_settings_is_checked_as_well(broken: Break, tmp_path: Path) -> None:
    broken(("demo.jsonl", '"getting_about"', '"flying"'))
    code, out, err = await finish(tmp_path, "check", BOT_PACK__PATH="city")
    assert (code, out) == (2, "")
    assert err.splitlines() == ["city/demo.jsonl: line 1: topics: flying does not exist"]
