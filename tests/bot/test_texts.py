"""Texts: every key used exists, every key that exists is used, and the languages say the same things."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import PackError
from bot.model import Phrase
from bot.outgoing import TYPED
from bot.pack import DEFAULT
from bot.texts import HERE, Texts, holes, load, read

ROOT = Path(__file__).parent.parent.parent
SOURCES = sorted(file for folder in ("bot", "handlers") for file in (ROOT / folder).rglob("*.py"))
# Families whose last part is made at run time, each from a list that stands elsewhere.
FAMILIES = (
    "age.", "agency.", "card.change_", "card.joined_", "command.", "group.", "kind.", "language.", "staff.welcome_",
    "state.", "topic.", "pack.", "menu.", "unread.", "case.", "settings.", "withdraw.reason_",
    "arrival.", "ways.", "word.", "role.", "channel.", "hearing.", "dialogue.ask_", "dialogue.change_", "dialogue.no_", "dialogue.standing_", "duty.",
    "pass.no_", "team.on_", "team.role_", "audience.by_", "audience.role_", "broadcast.is_", "broadcast.act_",
    "broadcast.count_", "broadcast.column_", "info.section_",
    "flags.name_", "care.kind_", "courtesy.", "alike.", "view.showing_",
    "event.short_", "event.you_", "event.door_", "event.live_", "manage.is_", "manage.count_", "manage.why_",
    "choose.is_", "planning.field_", "planning.for_", "planning.span_", "draft.",
)  # fmt: skip
KEY = re.compile(r"[a-z]+(?:\.[a-zA-Z0-9_-]+)+")


def every_text() -> Texts:
    return load(HERE, DEFAULT / "texts")


def strings(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def used() -> set[str]:
    static = ROOT / "bot/channels/web/static"
    page = "".join(file.read_text("utf-8") for file in sorted(static.iterdir()) if file.suffix in (".js", ".html"))
    in_page = set(re.findall(r"web\.[a-z_]+", page))
    return {text for file in SOURCES for text in strings(file) if KEY.fullmatch(text)} | in_page


def test_every_key_used_exists() -> None:
    texts = every_text()
    tables = {key.partition(".")[0] for key in texts.catalogues["vi"]}
    named = {
        key
        for key in used()
        if key.partition(".")[0] in tables and not key.endswith((".toml", ".json", ".py", ".html"))
    }
    missing = {key for key in named if not texts.has(key)}
    assert missing - {f for f in missing if any(f.startswith(family) for family in FAMILIES)} == set()


def test_every_key_that_exists_is_used() -> None:
    known = used()
    keys = {key: key.removesuffix(TYPED) for key in every_text().catalogues["vi"]}
    idle = {key for key, base in keys.items() if base not in known and not key.startswith(FAMILIES)}
    assert idle == set()


def test_what_stands_in_the_menu_is_a_command() -> None:
    vi = read(HERE / "vi.toml")
    named = {key.removeprefix("menu.") for key in vi if key.startswith("menu.")}
    assert sorted(name for name in named if f"command.{name}" not in vi) == []


def test_both_languages_have_the_same_keys_and_holes() -> None:
    vi, en = (every_text().catalogues[language] for language in ("vi", "en"))
    assert vi.keys() == en.keys()
    assert {key for key in vi if holes(vi[key]) != holes(en[key])} == set()


def test_no_text_is_empty_or_uses_markup_that_no_channel_knows() -> None:
    for catalogue in every_text().catalogues.values():
        for key, text in catalogue.items():
            assert text.strip(), key
            assert set(re.findall(r"</?([a-z]+)", text)) <= {"b", "i", "code"}, key


def test_no_text_towards_youth_runs_over_a_messages_length() -> None:
    for catalogue in every_text().catalogues.values():
        assert max(len(text) for text in catalogue.values()) < 2000


def test_a_language_that_lacks_a_text_says_it_in_vietnamese() -> None:
    texts = Texts({"vi": {"a.b": "chào {name}"}, "en": {}})
    assert texts.render("en", Phrase("a.b", {"name": "<Lan>"})) == "chào &lt;Lan&gt;"
    assert texts.render("fr", Phrase("a.b", {"name": "Lan"})) == "chào Lan"


def test_what_a_person_wrote_is_never_taken_for_a_hole() -> None:
    texts = Texts({"vi": {"a.b": "{one} {two}"}})
    assert texts.render("vi", Phrase("a.b", {"one": "{two}", "two": "{one} %s"})) == "{two} {one} %s"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [("a = ", "vi.toml"), ("[a]\nb = 1", "a.b is no text"), ("[a]\nb = [1]", "a.b is no text")],
)
def test_a_broken_file_is_named(tmp_path: Path, content: str, complaint: str) -> None:
    (tmp_path / "vi.toml").write_text(content)
    with pytest.raises(PackError, match=complaint):
        read(tmp_path / "vi.toml")


def test_a_folder_without_the_source_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"vi\.toml is missing"):
        load(tmp_path)
