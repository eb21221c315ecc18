"""What is promised of readings holds on the files that lie here."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot import pack as packs
from bot.commands.evaluate import read
from bot.insight import evaluating
from bot.insight.evaluating import Figures
from bot.insight.noise import KINDS, noisy

DATA = Path(__file__).parent / "data"
PACK = packs.load(packs.DEFAULT)


def figures(what: str, change: Callable[[str, int], str] = lambda text, at: text) -> Figures:
    rows = [{**row, "text": change(row["text"], at)} for at, row in enumerate(read(DATA / f"dev-{what}.jsonl", what))]
    return evaluating.MEASURES[what](rows, PACK).figures


def test_topics_are_right_typed_well_and_badly() -> None:
    kinds = list(KINDS)
    assert figures("topics")["lower 90 % bound"] >= 0.85
    assert figures("topics", lambda text, at: noisy(text, kinds[at % len(kinds)]))["lower 90 % bound"] >= 0.80


def test_places_are_right_and_hardly_ever_sure_and_wrong() -> None:
    found = figures("places")
    assert found["texts"] >= 1150
    assert found["right"] >= 0.97
    assert found["confident and wrong"] <= 0.003


def test_languages_are_told() -> None:
    found = figures("language")
    assert found["accuracy"] >= 0.95
    assert found["vi, unmarked"] >= 0.90


def test_the_same_need_is_found_and_hardly_anything_else_is_shown() -> None:
    found = figures("similar")
    assert found["hit@3"] >= 0.75
    assert found["of what is shown, right"] >= 0.80
    assert found["pairs: F1"] >= 0.45


@pytest.mark.parametrize("what", evaluating.MEASURES)
def test_every_row_gets_a_prediction(what: str) -> None:
    rows = list(read(DATA / f"dev-{what}.jsonl", what))[:20]
    predictions = evaluating.MEASURES[what](rows, PACK).predictions
    assert [(one["id"], one["text"]) for one in predictions] == [(row["id"], row["text"]) for row in rows]
