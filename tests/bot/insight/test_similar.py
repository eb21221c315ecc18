"""Proposals that ask for the same: terms, likeness, what is shown, groups."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import pack as packs
from bot.insight.commonness import Commonness, counted
from bot.insight.folding import fold
from bot.insight.grouping import Group, borne_out, joins, regroup
from bot.insight.likeness import likeness
from bot.insight.nearby import Nearby
from bot.insight.profiles import Profile
from bot.insight.reader import commonness, compared, profiler, regrouped
from bot.insight.senses import Sense
from bot.insight.similar import Near, promising, rarest, shown, terms
from bot.pack import Pack

PACK = packs.load(packs.DEFAULT)
MAKE, COMMON = profiler(PACK), commonness(PACK)
TEXTS = {
    "interest": "Lãi suất vay cho thanh niên là bao nhiêu một năm?",
    "interest too": "vay ngan hang thi tra lai may phan tram",
    "papers": "Thủ tục vay vốn cần giấy tờ gì, nộp ở đâu?",
    "papers too": "muon vay von phai lam ho so the nao a",
    "road": "Đường vào thôn lầy lội, bao giờ được đổ bê tông?",
    "road too": "duong ban em bun lay khong di noi, xin lam duong",
}


def alike(one: str, other: str) -> float:
    return likeness(MAKE.profile(one), MAKE.profile(other), COMMON)


@pytest.mark.parametrize("name", TEXTS)
def test_the_same_words_are_alike_whatever_their_marks_and_courtesies(name: str) -> None:
    again = f"Dạ cho em hỏi {fold(TEXTS[name])} ạ"
    assert alike(TEXTS[name], again) == 1.0
    assert shown([Near("1", alike(TEXTS[name], again))])


@pytest.mark.parametrize("topic", ["interest", "papers", "road"])
def test_the_same_need_in_other_words_is_the_nearest(topic: str) -> None:
    others = [name for name in TEXTS if name != topic]
    assert max(others, key=lambda name: alike(TEXTS[topic], TEXTS[name])) == f"{topic} too"


def test_the_same_topic_is_not_the_same_need() -> None:
    assert alike(TEXTS["interest"], TEXTS["papers"]) < alike(TEXTS["interest"], TEXTS["interest too"])
    assert not shown([Near("papers", alike(TEXTS["interest"], TEXTS["papers"]))])


def test_places_do_not_decide() -> None:
    here, there = "Xã Tri Lễ chưa có nước sạch", "Xã Quốc Khánh chưa có nước sạch"
    assert MAKE.profile(here) == MAKE.profile(there)
    assert alike("Đường vào xã Tri Lễ hỏng", "Xã Tri Lễ thiếu giáo viên") < 0.3


def test_likeness_is_the_same_both_ways() -> None:
    assert all(alike(one, other) == alike(other, one) for one in TEXTS.values() for other in TEXTS.values())


@given(st.text(), st.text())
def test_any_two_texts_have_a_likeness(one: str, other: str) -> None:
    assert 0 <= alike(one, other) <= 1


def test_a_profile_can_be_stored() -> None:
    for text in (*TEXTS.values(), "", "👍"):
        profile = MAKE.profile(text)
        assert Profile.load(profile.dump()) == profile


@pytest.mark.parametrize("stored", ["nothing", "a\tb", MAKE.profile(TEXTS["road"]).dump() + "\tmore"])
def test_something_else_is_no_profile(stored: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the text is
        Profile.load(stored)


# -- terms


def test_terms_are_plain_words_for_any_index() -> None:
    found = terms(MAKE.profile(TEXTS["road too"]))
    assert "kroad" in found
    assert all(term.isascii() and term.isalnum() for term in found)


def test_the_rarest_terms_are_looked_up_notions_before_words() -> None:
    frequencies = {"kloan": 900, "kinterest": 40, "vay": 1000, "phan": 3, "tram": 5, "lai": 50, "ngan": 60, "hang": 70}
    assert rarest([*frequencies, "khac"], frequencies) == ["phan", "tram", "kinterest", "lai", "ngan", "kloan"]


def test_the_cells_of_a_sense_are_always_looked_up_even_of_a_long_text() -> None:
    found = terms(MAKE.profile(TEXTS["road too"]))
    cells = [term for term in found if term.startswith("Cell")]
    assert len(cells) == 3
    assert rarest(found, dict.fromkeys(found, 2000) | {"kroad": 1})[:3] == sorted(cells)
    story = terms(MAKE.profile(" ".join(TEXTS.values()) + " cell cellar cellphone"))
    assert [term for term in story if term.startswith("Cell")] == story[:3]


def test_nothing_is_looked_up_that_nothing_holds() -> None:
    assert rarest(["kloan"], {}) == []


# -- which are compared in full


def test_of_many_those_whose_sense_is_nearest_are_compared_and_those_without_a_sense() -> None:
    mine = Sense("a", bytes([100, 0]))
    others = [Sense("a", bytes([number, 100 - number])) for number in range(100)]
    unknown = [Sense(), Sense("b", bytes([100, 0]))]
    found = promising(mine, [*others, *unknown], lambda one: one)
    assert set(found) == {*others[40:], *unknown}
    assert promising(mine, others[:60], lambda one: one) == others[:60]
    assert promising(Sense(), others, lambda one: one) == others


# -- what is shown


def test_mostly_nothing_is_shown_and_never_more_than_three() -> None:
    assert shown([Near("a", 0.85)]) == []
    assert [near.id for near in shown([Near(id_, 0.999) for id_ in "abcd"])] == ["a", "b", "c"]


# -- groups


def test_a_new_text_joins_the_group_of_a_near_one() -> None:
    assert joins([Near("a", 0.99), Near("b", 0.5)], {"a": "first", "b": "second"}) == "first"


def test_two_fairly_near_texts_of_a_group_are_enough() -> None:
    assert joins([Near("a", 0.7), Near("b", 0.6)], {"a": "first", "b": "first"}) == "first"
    assert joins([Near("a", 0.7), Near("b", 0.6)], {"a": "first", "b": "second"}) == ""
    assert joins([Near("a", 0.7), Near("b", 0.1)], {"a": "first", "b": "first"}) == ""


def test_a_copy_joins_however_little_the_others_of_the_group_are_like_it() -> None:
    assert joins([Near("a", 1.0), Near("b", 0.1), Near("c", 0.05)], dict.fromkeys("abc", "first")) == "first"


def test_what_is_near_to_nothing_starts_a_group() -> None:
    assert joins([], {}) == joins([Near("a", 0.3)], {"a": "first"}) == ""


def test_a_text_that_comes_moves_nothing_that_is_there() -> None:
    pairs = list(TEXTS.items())
    before = compared(pairs[:-1], PACK).groups
    after = compared(pairs, PACK).groups
    assert {id_: after[id_] for id_ in before} == before


def test_grouping_anew_puts_the_most_typical_first() -> None:
    texts = {
        "1": "Đường vào thôn lầy lội, xin đổ bê tông",
        "2": "đường bản em lầy lội, bao giờ đổ bê tông",
        "3": "đường lầy lội",
        "4": "trường thiếu giáo viên tiếng Anh",
    }
    groups = regroup({id_: MAKE.profile(text) for id_, text in texts.items()}, COMMON)
    assert {frozenset(group.ids) for group in groups} >= {frozenset({"4"})}
    assert len(groups[0].ids) >= 2
    assert groups == sorted(groups, key=lambda group: (-len(group.ids), group.ids))


def group_of(*likenesses: float) -> list[int]:
    """How many texts each group has, where three texts are so alike: first and second, first and third, second and third."""
    names = ("first", "second", "third")
    pairs = dict(zip((("first", "second"), ("first", "third"), ("second", "third")), likenesses, strict=True))
    return [len(ids) for ids in borne_out(names, pairs)]


def test_two_texts_alone_must_be_surer_than_three_that_bear_each_other_out() -> None:
    assert group_of(0.6, 0.6, 0.6) == [3]
    assert group_of(0.6, 0.1, 0.1) == [1, 1, 1]
    assert group_of(0.98, 0.1, 0.1) == [1, 2]


def test_grouping_nothing_gives_nothing() -> None:
    assert regroup({}, COMMON) == []
    assert regroup({"1": MAKE.profile("")}, COMMON) == [Group(("1",))]


def test_a_worker_groups_what_was_stored() -> None:
    stored = [(name, MAKE.profile(text).dump()) for name, text in TEXTS.items()]
    groups = regrouped(packs.DEFAULT, stored)
    assert sorted(id_ for group in groups for id_ in group) == sorted(TEXTS)


# -- the index


def test_the_index_finds_what_comparing_all_finds() -> None:
    file = Path(__file__).parent / "data" / "dev-similar.jsonl"
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()][:150]
    profiles = {row["id"]: MAKE.profile(row["text"]) for row in rows}
    index = Nearby(COMMON)
    for id_, profile in profiles.items():
        index.add(id_, profile)
    found = []
    for id_, profile in profiles.items():
        best = max((o for o in profiles if o != id_), key=lambda o: likeness(profile, profiles[o], COMMON))
        if likeness(profile, profiles[best], COMMON) >= 0.1:  # what is less alike is used for nothing
            found.append(best in [near.id for near in index.nearest(profile, without=id_)][:3])
    assert len(found) > 50
    assert sum(found) >= 0.98 * len(found)


# -- a pack that has learnt nothing


@pytest.fixture
def bare() -> Pack:
    return packs.load(Path(__file__).parents[2] / "packs" / "larkhaven")


def test_a_pack_without_a_lexicon_compares_words(bare: Pack) -> None:
    make = profiler(bare)
    one, other, third = (make.profile(text) for text in ("The tram is late", "Late is the tram!", "More trees please"))
    counts = counted([one, other, third])
    assert likeness(one, other, counts) > likeness(one, third, counts)
    assert commonness(bare) == Commonness()
