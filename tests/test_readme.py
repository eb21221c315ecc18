"""The README and CONTRIBUTING tell the truth: their commands, settings and files exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.config import documented, variable
from bot.config.table import table

ROOT = Path(__file__).parent.parent
PAGES = ("README.md", "CONTRIBUTING.md")

FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
SHELL = ("", "sh", "bash", "shell", "console")
ASSIGNMENT = r"(?:[A-Z_]+=\S* )*"  # variables in front of a command
MAKE = re.compile(rf"^\$? ?{ASSIGNMENT}make(?: -\S+)* ([a-z][\w-]*)")
BOT = re.compile(rf"^\$? ?{ASSIGNMENT}(?:\S*/)?python[\d.]* -m bot ([a-z][\w-]*)")
CODE = re.compile(r"`([^`\n]+)`")
SETTING = re.compile(r"\[([a-z]+)\] ([a-z_]+)(?: = .*)?")
VARIABLE = re.compile(r"\bBOT_[A-Z_]+\b")


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def shell_lines(text: str) -> list[str]:
    """Each command of the fenced shell blocks; several in one line are parted."""
    blocks = [body for language, body in FENCE.findall(text) if language in SHELL]
    return [part.strip() for body in blocks for part in re.split(r"&&|;|\n", body)]


def inline_code(text: str) -> list[str]:
    return CODE.findall(FENCE.sub("", text))


def commands(text: str, shape: re.Pattern[str]) -> set[str]:
    return {found[1] for line in shell_lines(text) + inline_code(text) if (found := shape.match(line))}


def targets() -> set[str]:
    return set(re.findall(r"^([a-z][\w-]*):(?!=)", page("Makefile"), re.MULTILINE))


def modules() -> set[str]:
    return {file.stem for file in (ROOT / "bot" / "commands").glob("*.py")} - {"__init__"}


@pytest.mark.parametrize("name", PAGES)
def test_every_make_command_is_a_target(name: str) -> None:
    named = commands(page(name), MAKE)
    assert named, f"{name} names no make command"
    assert named <= targets()


def test_every_command_of_the_bot_in_the_readme_is_a_module() -> None:
    assert {name.replace("-", "_") for name in commands(page("README.md"), BOT)} <= modules()


def test_every_setting_in_the_readme_exists() -> None:
    text = page("README.md")
    named = {found.groups() for code in inline_code(text) if (found := SETTING.fullmatch(code))}
    assert named <= {(one.section, one.key) for one in documented()}


def test_every_variable_in_the_readme_exists() -> None:
    assert set(VARIABLE.findall(page("README.md"))) <= {variable(one.section, one.key) for one in documented()}


@pytest.mark.parametrize("name", PAGES)
def test_every_link_into_the_repository_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", page(name))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    pages = {file.name for file in folder.glob("*.md")} - {"README.md"}
    linked = set(
        re.findall(r"^\| *\[?[^|]*?(\d{4}-[\w-]+\.md)", (folder / "README.md").read_text("utf-8"), re.MULTILINE)
    )
    assert linked == pages


def test_the_table_of_settings_is_the_one_made_from_the_code() -> None:
    start, end = "<!-- python -m bot.config.table -->\n", "\n<!-- end -->"
    assert page("README.md").partition(start)[2].partition(end)[0] == table()
