"""docs/packs.md is true: its examples are pieces of a whole pack, and its complaints are those that come."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import texts
from bot.commands.check import check_pack, faults_of
from bot.config import documented, variable
from bot.model import Json
from bot.pack.wording import LONGEST

ROOT = Path(__file__).parent.parent.parent
CITY = Path(__file__).parent / "larkhaven"
PAGE = (ROOT / "docs" / "packs.md").read_text("utf-8")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
FILES = {"pack.toml", "places.json", "topics.toml", "texts/en.toml", "texts/eo.toml", "demo.jsonl", "demo.toml"}


def blocks(language: str) -> list[str]:
    return [body for named, body in FENCE.findall(PAGE) if named == language]


def keys(tree: Json, above: str = "") -> Iterator[str]:
    """The dotted keys of a tree; what stands in a list has the key of the list."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield f"{above}{name}"
            yield from keys(value, f"{above}{name}.")
    elif isinstance(tree, list):
        for value in tree:
            yield from keys(value, above)


def whole(file: str) -> Json:
    text = (CITY / file).read_text("utf-8")
    return (
        tomllib.loads(text)
        if file.endswith(".toml")
        else json.loads(text.splitlines()[0] if file.endswith("l") else text)
    )


@pytest.mark.parametrize(
    ("language", "number", "file"),
    [
        ("toml", 0, "pack.toml"),
        ("toml", 1, "topics.toml"),
        ("toml", 2, "texts/en.toml"),
        ("toml", 3, "texts/en.toml"),
        ("json", 0, "places.json"),
        ("json", 1, "demo.jsonl"),
    ],
)
def test_every_key_of_an_example_is_one_of_the_file(language: str, number: int, file: str) -> None:
    example = blocks(language)[number]
    shown = tomllib.loads(example) if language == "toml" else json.loads(example)
    assert set(keys(shown)) <= set(keys(whole(file)))


def test_the_facts_that_are_shown_are_all_there_are() -> None:
    assert set(keys(tomllib.loads(blocks("toml")[0]))) == set(keys(whole("pack.toml")))


def test_all_that_a_pack_says_itself_is_shown() -> None:
    assert tomllib.loads(blocks("toml")[2])["pack"].keys() == whole("texts/en.toml")["pack"].keys()


def test_an_example_of_a_text_has_the_holes_that_are_filled() -> None:
    own = texts.read(texts.HERE / "en.toml")
    [(key, shown)] = tomllib.loads(blocks("toml")[3])["place"].items()
    assert texts.holes(shown) == texts.holes(own[f"place.{key}"])


def test_the_files_that_are_named_are_those_of_a_pack() -> None:
    assert {str(file.relative_to(CITY)) for file in CITY.rglob("*.*")} == FILES
    tree = PAGE[PAGE.index("larkhaven/\n") : PAGE.index("## 1")]
    assert set(re.findall(r"^  (\S+)", tree, re.MULTILINE)) == FILES


def test_the_texts_to_look_at_first_exist_and_are_said_otherwise_in_the_example() -> None:
    own = texts.read(texts.HERE / "en.toml")
    named = {
        key
        for key in re.findall(r"`([a-z]+\.[a-z_]+)`", PAGE)
        if key.split(".")[1] not in ("toml", "json", "jsonl", "txt")
    }
    assert len(named) > 12
    assert named <= own.keys()
    assert named <= texts.read(CITY / "texts" / "en.toml").keys()


def test_the_lengths_that_are_named_are_those_that_are_checked() -> None:
    for key, longest in LONGEST.items():
        [line] = [line for line in blocks("toml")[2].splitlines() if line.startswith(key.removeprefix("pack."))]
        assert re.search(rf"# {longest}\b", line)


def test_the_settings_that_are_named_exist() -> None:
    settings = documented()
    for section, key in re.findall(r"`\[([a-z]+)\] ([a-z_]+)`", PAGE):
        assert (section, key) in {(one.section, one.key) for one in settings}
    assert set(re.findall(r"BOT_[A-Z_]+", PAGE)) <= {variable(one.section, one.key) for one in settings}


def test_the_complaints_that_are_shown_are_those_that_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(CITY, tmp_path / "larkhaven")
    monkeypatch.chdir(tmp_path)
    for file, old, new in (
        ("pack.toml", "oldest = 15", "oldest = 14"),
        ("places.json", '"district": "N"', '"district": "X"'),
        ("texts/en.toml", 'learning = "Schools and courses"', ""),
        ("texts/en.toml", "“{typed}”", "“{name}”"),
        ("texts/eo.toml", '"helpo"', '"suggest"'),
        ("demo.jsonl", '"getting_about"', '"flying"'),
    ):
        path = Path("larkhaven") / file
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    assert faults_of(Path("larkhaven")) == blocks("text")[0].splitlines()


def test_the_pack_that_is_shown_is_fine(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_pack(CITY) == 0
    assert capsys.readouterr().out.splitlines()[0] == blocks("text")[1].strip()
