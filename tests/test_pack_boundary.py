"""What belongs to one place, one law or one language stands in a pack or in texts, never in code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import texts
from bot.insight.language import guess

ROOT = Path(__file__).parent.parent
CODE = sorted(file for folder in ("bot", "handlers", "storage") for file in (ROOT / folder).rglob("*.py"))
OF_ONE_PLACE = re.compile(
    r"lạng sơn|lang son|ho_chi_minh|điều \d|khoản \d|article \d|\b\d{1,3}/20\d\d\b|-CP\b|\bUBND\b|\bQH1\d\b",
    re.IGNORECASE,
)

INSIGHT = ROOT / "bot" / "insight"  # knows how people write, so it holds their words
LETTER = re.compile("[ăđơư\u1ea0-\u1ef9]", re.IGNORECASE)
BOTH = re.compile(r"\b(day|vi)\b")  # words of the code that are Vietnamese ones as well
TAG = re.compile(r"</?[a-z]+[^>]*>?")  # of HTML
EXCUSED = {
    "bot/pack/__init__.py": "names the folder of the pack that comes along",
    "bot/talk.py": "a docstring shows which two words must not be taken for one",
    "handlers/questions.py": "reads ages and consent as people type them",
    "handlers/staff/filters.py": "reads filters as staff type them",
}  # a file, and why it holds Vietnamese all the same


def found_in(code: str) -> list[str]:
    return [match[0] for match in OF_ONE_PLACE.finditer(code)]


@pytest.mark.parametrize("file", CODE, ids=lambda file: str(file.relative_to(ROOT)))
def test_code_names_neither_the_place_nor_its_law(file: Path) -> None:
    assert found_in(file.read_text("utf-8")) == []


@pytest.mark.parametrize("line", ["'Lạng Sơn'", "Asia/Ho_Chi_Minh", "# Điều 10", "Luật 91/2025/QH15", "356/2025/NĐ-CP"])
def test_the_search_would_find_it(line: str) -> None:
    assert found_in(line)


def test_there_is_code_to_search() -> None:
    assert ROOT / "bot" / "pack" / "shapes.py" in CODE


# -- no Vietnamese


def commands_in_vietnamese() -> set[str]:
    vietnamese, english = (texts.read(texts.HERE / f"{language}.toml") for language in ("vi", "en"))
    return {word for key, word in vietnamese.items() if key.startswith("command.") and word not in english.values()}


def strings(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def vietnamese_in(code: str) -> list[str]:
    """Lines with a Vietnamese letter, and strings that are Vietnamese without marks or name a Vietnamese command."""
    marked = [line for line in code.splitlines() if LETTER.search(line)]
    unmarked = [text for text in strings(code) if guess(BOTH.sub("", TAG.sub("", text))) == "vi"]
    named = {word for text in strings(code) for word in re.findall(r"/([a-z]+)\b", text)}
    return [*marked, *unmarked, *sorted(named & commands_in_vietnamese())]


@pytest.mark.parametrize(
    "file", [file for file in CODE if INSIGHT not in file.parents], ids=lambda file: str(file.relative_to(ROOT))
)
def test_code_says_nothing_in_vietnamese_or_says_why(file: Path) -> None:
    found = vietnamese_in(file.read_text("utf-8"))
    excused = str(file.relative_to(ROOT)) in EXCUSED
    assert bool(found) == excused, found or "nothing to excuse any more"


@pytest.mark.parametrize(
    "line", ["# một câu", "say('xin loi ban')", "'<li>xin loi ban</li>'", "WORDS = {'khong', 'dong y'}", "'type /gopy'"]
)
def test_the_search_would_find_vietnamese(line: str) -> None:
    assert vietnamese_in(line)


@pytest.mark.parametrize(
    "line", ["'a day or two'", "LANGUAGES = ('vi', 'en')", "# a café in a naïve façade", "'/help'", "'</a></li>'"]
)
def test_the_search_finds_nothing_else(line: str) -> None:
    assert vietnamese_in(line) == []
