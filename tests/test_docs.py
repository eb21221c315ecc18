"""The documentation tells the truth: what it names exists, and its pictures are there, light and legible."""

from __future__ import annotations

import re
import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pictures import phone, workbook
from pictures.__main__ import OUT, PHONE, WORKBOOK, main, parser
from pictures.stage import stage
from pictures.tools import LARGEST, PACKAGES, ToolError, missing, run

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
ARCHITECTURE = (DOCS / "architecture.md").read_text("utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]

SPAN = re.compile(r"`([^`\n]+)`")
NAMED_FILE = re.compile(r"(?:bot|docs|handlers|storage|tests|benchmarks|pictures)/[\w./-]*|[\w-]+\.toml")
NAMED_TEST = re.compile(r"test_\w+")
DEFINED_TEST = re.compile(r"^ *(?:async )?def (test_\w+)", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")
PICTURE = re.compile(r"[\w./-]+\.(?:png|svg|jpe?g|gif)\b")
PNG = b"\x89PNG\r\n\x1a\n"


def without_fences(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def spans(shape: re.Pattern[str]) -> set[str]:
    """What the page on architecture says in code letters, of one shape."""
    return {span for span in SPAN.findall(without_fences(ARCHITECTURE)) if shape.fullmatch(span)}


def test_every_file_named_in_the_architecture_exists() -> None:
    named = spans(NAMED_FILE)
    assert len(named) > 30
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_every_test_named_in_the_architecture_exists() -> None:
    defined = {
        name for file in (ROOT / "tests").rglob("*.py") for name in DEFINED_TEST.findall(file.read_text("utf-8"))
    }
    named = spans(NAMED_TEST)
    assert len(named) > 30
    assert sorted(named - defined) == []


def test_every_rule_of_the_architecture_names_a_file() -> None:
    rules = re.findall(r"^- \*\*.*?(?=^- |^$)", ARCHITECTURE, re.DOTALL | re.MULTILINE)
    assert len(rules) > 20
    assert [rule for rule in rules if not any(NAMED_FILE.fullmatch(span) for span in SPAN.findall(rule))] == []


def test_the_layers_of_the_architecture_are_those_that_are_checked() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    [layers] = [
        one["layers"] for one in settings["tool"]["importlinter"]["contracts"] if one["name"].startswith("Who imports")
    ]
    fences = re.findall(r"^```\n(.*?)^```", ARCHITECTURE, re.DOTALL | re.MULTILINE)
    assert layers in [fence.splitlines() for fence in fences]


def test_every_messenger_stands_among_those_that_do_not_know_each_other() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    [apart] = [one["modules"] for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "independence"]
    channels = ROOT / "bot" / "channels"
    with_a_channel = {
        file.relative_to(channels).parts[0].removesuffix(".py")
        for file in channels.rglob("*.py")
        if re.search(r"^class \w+Channel\b", file.read_text("utf-8"), re.MULTILINE)
    }
    assert {f"bot.channels.{name}" for name in with_a_channel} == set(apart)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_of_a_page_is_there(page: Path) -> None:
    text = without_fences(page.read_text("utf-8"))
    links = set(LINK.findall(text))
    pictures = {name for name in PICTURE.findall(text) if "pictures/" in name}
    assert sorted(link for link in links if not (page.parent / link).exists()) == []
    assert sorted(name for name in pictures if not any((at / name).exists() for at in (page.parent, ROOT))) == []


def test_there_is_no_picture_that_nobody_makes() -> None:
    assert {picture.name for picture in OUT.glob("*.png")} == {*phone.NAMES, *workbook.NAMES}


@pytest.mark.parametrize("name", [*phone.NAMES, *workbook.NAMES])
def test_a_picture_loads_over_a_slow_line(name: str) -> None:
    content = (OUT / name).read_bytes()
    assert content.startswith(PNG)
    assert len(content) <= LARGEST


def test_the_drawing_stands_on_its_own_and_knows_the_dark() -> None:
    text = (OUT / "way-of-a-message.svg").read_text("utf-8")
    drawing = ElementTree.fromstring(text)
    assert drawing.find("{*}title") is not None
    assert drawing.find("{*}desc") is not None
    assert "prefers-color-scheme: dark" in text
    addresses = set(re.findall(r"https?://[^\"\s]+", text))
    assert addresses == {"http://www.w3.org/2000/svg"}


# -- how pictures are made


def test_pictures_go_where_the_pages_look_for_them() -> None:
    asked = parser().parse_args([])
    assert (asked.only, asked.out) == (None, DOCS / "pictures")
    asked = parser().parse_args(["--only", WORKBOOK, "--out", "elsewhere"])
    assert (asked.only, asked.out) == (WORKBOOK, Path("elsewhere"))


def test_a_kind_of_pictures_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["--only", "sculpture"])
    assert "sculpture" in capsys.readouterr().err


def test_what_is_missing_is_named_by_its_package() -> None:
    assert missing(PACKAGES, lambda program: None) == sorted(set(PACKAGES.values()))
    assert missing(PACKAGES, lambda program: f"/usr/bin/{program}") == []
    assert missing(["soffice", "pdftoppm"], {"soffice": "/usr/bin/soffice"}.get) == ["poppler-utils"]


def test_a_machine_without_the_programs_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["--only", WORKBOOK, "--out", str(tmp_path)]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert "apt-get install fontconfig libreoffice-calc pngquant poppler-utils" in line
    assert main(["--only", PHONE, "--out", str(tmp_path)]) == 1
    assert "apt-get install chromium pngquant" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


async def test_a_program_that_fails_is_named_with_its_complaint() -> None:
    with pytest.raises(ToolError, match=r"ls failed: .*no-such-file"):
        await run("ls", "no-such-file")


async def test_the_bot_in_the_pictures_says_the_same_each_time(tmp_path: Path) -> None:
    assert await proposals(tmp_path / "first") == await proposals(tmp_path / "second") != []


async def proposals(folder: Path) -> list[tuple[str, int]]:
    """The codes and times of what the bot in the pictures has been told."""
    folder.mkdir()
    async with stage(folder) as bot:
        with closing(sqlite3.connect(bot.database)) as reading:
            return reading.execute("SELECT code, created_at FROM proposals ORDER BY code").fetchall()


def test_a_page_is_cut_to_its_words_without_header_and_footer() -> None:
    boxes = (
        '<page width="842.0" height="595.0">'
        '<word xMin="400.0" yMin="20.0" xMax="480.0" yMax="30.0">header</word>'
        '<word xMin="86.0" yMin="74.0" xMax="100.0" yMax="80.0">first</word>'
        '<word xMin="200.0" yMin="300.0" xMax="286.0" yMax="314.0">last</word>'
        '<word xMin="420.0" yMin="570.0" xMax="460.0" yMax="580.0">footer</word>'
    )
    assert workbook.filled(boxes) == (136, 112, 472, 552)
