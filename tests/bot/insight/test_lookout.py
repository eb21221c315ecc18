"""Danger that is said around: what was learnt beside the rules."""

import pytest

from bot import pack as packs
from bot.insight.danger import Danger, danger
from bot.insight.lookout import EXAMPLES, FILE, NONE, Lookout, digest, learn, lookout
from bot.insight.topic_model import read_file
from bot.pack import Pack

PACK = packs.load(packs.DEFAULT)
OUT = lookout(PACK)
TOLD = packs.told(PACK.folder / EXAMPLES)


@pytest.mark.parametrize("text", [one.text for one in TOLD if one.topics[0] != NONE])
def test_whoever_is_in_danger_is_seen(text: str) -> None:
    assert OUT.danger(text) is not None


def test_hardly_any_ordinary_text_is_taken_for_a_sign() -> None:
    ordinary = packs.examples(PACK.folder)
    assert sum(OUT.danger(one.text) is not None for one in ordinary) <= 0.01 * len(ordinary)
    others = [one for one in TOLD if one.topics[0] == NONE]
    assert sum(OUT.danger(one.text) is not None for one in others) <= 0.05 * len(others)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("em không muốn sống nữa", Danger.SELF_HARM),  # outright
        ("em mệt quá, muốn nghỉ ngơi mãi mãi thôi", Danger.SELF_HARM),
        ("chú họ bắt em làm theo phim bậy", Danger.ABUSE),
    ],
)
def test_the_kind_of_danger_is_told(text: str, kind: Danger) -> None:
    assert OUT.danger(text) is kind


def test_without_a_model_the_rules_are_alone() -> None:
    bare = Lookout()
    for one in TOLD[:40]:
        assert bare.danger(one.text) is danger(one.text)


def test_a_pack_without_a_model_has_a_lookout(pack: Pack) -> None:
    city = packs.load(pack.folder.parents[2] / "tests" / "packs" / "larkhaven")
    assert lookout(city).danger("I want to die") is Danger.SELF_HARM


def test_the_model_that_comes_along_was_made_from_what_comes_along() -> None:
    model = read_file(PACK.folder / FILE)
    assert model is not None
    assert model.source == digest(PACK), "danger.jsonl changed: make model"


def test_learning_twice_gives_the_same_model() -> None:
    assert learn(PACK.folder) == learn(PACK.folder)
