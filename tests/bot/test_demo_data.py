"""The invented proposals of the pack: complete, true to its places, ages and kinds, and free of personal data."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

PACK = Path(__file__).parents[2] / "bot" / "packs" / "lang-son"
TOPICS = {
    "von",
    "khoi_nghiep",
    "thu_tuc",
    "viec_lam",
    "dao_tao",
    "giao_duc",
    "nong_nghiep",
    "thi_truong",
    "chuyen_doi_so",
    "du_lich",
    "dat_dai",
    "moi_truong",
    "an_ninh",
    "doan_hoi",
    "chinh_sach",
    "khac",
}
FIELDS = {
    "text": str,
    "kind": str,
    "topics": list,
    "place": str,
    "former_place": str,
    "age_band": str,
    "name": str,
    "only_province": bool,
    "lead": str,
    "dialogue": str,
    "day": int,
    "minute": int,
    "state": str,
}
DAYS = {"current": range(41), "finished": range(250, 331)}
STATES = {"current": {"received"}, "finished": {"answered", "forwarded"}}
WAKING = range(5 * 60, 24 * 60)
LONG = 600

Item = dict[str, Any]


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return [json.loads(line) for line in (PACK / "demo.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def places() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PACK / "places.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def pack() -> dict[str, Any]:
    return tomllib.loads((PACK / "pack.toml").read_text(encoding="utf-8"))


def words(text: str) -> frozenset[str]:
    """The words of a text without marks or case, to see whether two texts say the same."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return frozenset(re.findall(r"\w+", "".join(sign for sign in bare if not unicodedata.combining(sign))))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared words over all words of two texts, 0 to 1."""
    return len(one & other) / len(one | other)


def has_no_marks(text: str) -> bool:
    return unicodedata.normalize("NFD", text.lower()).isascii() and "đ" not in text.lower()


def test_there_are_two_hundred_proposals(items: list[Item]) -> None:
    assert len(items) == 200


def test_every_line_has_the_same_fields_of_the_right_type(items: list[Item]) -> None:
    assert all({key: type(value) for key, value in item.items()} == FIELDS for item in items)


def test_texts_are_composed_unicode_without_stray_spaces(items: list[Item]) -> None:
    for text in [item[key] for item in items for key in ("text", "lead", "name")]:
        assert text == unicodedata.normalize("NFC", " ".join(text.split()))


def test_no_two_proposals_say_the_same_in_the_same_words(items: list[Item]) -> None:
    said = [words(item["text"]) for item in items]
    assert all(alike(one, other) < 0.6 for i, one in enumerate(said) for other in said[:i])


def test_kinds_and_ages_are_those_of_the_pack(items: list[Item], pack: dict[str, Any]) -> None:
    assert {item["kind"] for item in items} == set(pack["kinds"])
    assert {item["age_band"] for item in items} == {age["slug"] for age in pack["ages"] if age["admitted"]}


def test_whoever_may_not_be_named_is_never_named(items: list[Item], pack: dict[str, Any]) -> None:
    nameless = {age["slug"] for age in pack["ages"] if not age["may_be_named"]}
    assert any(item["age_band"] in nameless for item in items)
    assert not [item for item in items if item["age_band"] in nameless and item["name"]]


def test_most_people_stay_anonymous_and_some_give_a_full_name(items: list[Item]) -> None:
    names = [item["name"] for item in items if item["name"]]
    assert 10 <= len(names) <= 20
    assert len(set(names)) == len(names)
    assert all(len(name.split()) >= 3 for name in names)


def test_topics_are_known_and_at_most_three(items: list[Item]) -> None:
    for item in items:
        assert 1 <= len(item["topics"]) <= 3
        assert len(set(item["topics"])) == len(item["topics"])
        assert set(item["topics"]) <= TOPICS


def test_every_topic_is_the_main_one_several_times(items: list[Item]) -> None:
    main = Counter(item["topics"][0] for item in items)
    assert main["khac"] >= 3
    assert all(main[topic] >= 5 for topic in TOPICS - {"khac"})


@pytest.mark.parametrize(("dialogue", "least", "most"), [("current", 115, 125), ("finished", 75, 85)])
def test_both_dialogues_are_filled(items: list[Item], dialogue: str, least: int, most: int) -> None:
    assert least <= sum(item["dialogue"] == dialogue for item in items) <= most


def test_the_current_dialogue_is_mostly_about_its_theme(items: list[Item]) -> None:
    start_up = {"von", "khoi_nghiep"}
    share = {
        dialogue: sum(bool(start_up & set(item["topics"])) for item in items if item["dialogue"] == dialogue)
        / sum(item["dialogue"] == dialogue for item in items)
        for dialogue in DAYS
    }
    assert share["current"] > 0.5 > share["finished"]


def test_days_hours_and_states_fit_the_dialogue(items: list[Item]) -> None:
    for item in items:
        assert item["day"] in DAYS[item["dialogue"]]
        assert item["minute"] in WAKING
        assert item["state"] in STATES[item["dialogue"]]


def test_places_are_units_of_today_and_many_of_them(items: list[Item], places: dict[str, Any]) -> None:
    named = {item["place"] for item in items} - {""}
    assert named <= {unit["code"] for unit in places["units_2025"]}
    assert len(named) >= 50


def test_a_former_commune_lies_in_the_place_it_is_given_with(items: list[Item], places: dict[str, Any]) -> None:
    successors = {unit["code"]: unit["successors"] for unit in places["units_2021"]}
    with_former = [item for item in items if item["former_place"]]
    assert all(item["place"] in successors[item["former_place"]] for item in with_former)


def test_former_communes_come_from_every_district(items: list[Item], places: dict[str, Any]) -> None:
    district = {unit["code"]: unit["district"] for unit in places["units_2021"]}
    formers = {item["former_place"] for item in items} - {""}
    assert len(formers) >= 30
    assert {district[code] for code in formers} == {unit["code"] for unit in places["districts_2021"]}


def test_long_stories_and_only_they_have_a_lead_question(items: list[Item]) -> None:
    assert all(bool(item["lead"]) == (len(item["text"]) > LONG) for item in items)
    assert sum(bool(item["lead"]) for item in items) == 8


def test_a_dozen_are_for_the_province_alone(items: list[Item]) -> None:
    assert sum(item["only_province"] for item in items) == 12


def test_people_write_as_on_a_phone(items: list[Item]) -> None:
    texts = [item["text"] for item in items]
    english = [text for text in texts if re.search(r"\b(the|is|to)\b.*\b(the|for|to|or)\b", text)]
    unmarked = [text for text in texts if has_no_marks(text) and text not in english]
    assert len(english) == 8
    assert len(unmarked) >= 20
    assert sum(len(text) < 60 for text in texts) >= 10


def test_no_text_carries_a_number_or_address_to_reach_somebody_by(items: list[Item]) -> None:
    trace = re.compile(r"\d{7,}|(?:\d[ .\-]?){9,}|@|https?:|www\.")
    assert not [item["text"] for item in items if trace.search(item["text"] + item["lead"] + item["name"])]
