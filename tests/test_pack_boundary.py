"""What belongs to one place or one law stands in a pack, never in code."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = sorted(file for folder in ("bot", "handlers", "storage") for file in (ROOT / folder).rglob("*.py"))
OF_ONE_PLACE = re.compile(
    r"lạng sơn|lang son|ho_chi_minh|điều \d|khoản \d|article \d|\b\d{1,3}/20\d\d\b|-CP\b|\bUBND\b|\bQH1\d\b",
    re.IGNORECASE,
)


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
