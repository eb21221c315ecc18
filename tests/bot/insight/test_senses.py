"""Senses: points of texts, how they are stored, and how they are learnt."""

import json
from array import array
from pathlib import Path

import pytest

from bot import pack as packs
from bot.errors import PackError
from bot.insight.profiles import NO_SENSE, Profile, sense_of
from bot.insight.reader import profiler
from bot.insight.senses import FILE, Sense, Senses, closeness, from_json, read_file, to_json
from tests.bot.insight.learning_senses import NEEDS, digest, learn, needs

PACK = packs.load(packs.DEFAULT)
MAKE = profiler(PACK)
BARE = packs.load(Path(__file__).parents[2] / "packs" / "larkhaven")

TOLD = """
# the tram
## how much is a ticket
What does a ticket for the tram cost?
How much is a ticket
how much does it cost, the tram
## when it comes
At what hour does the tram leave?
when does the first tram leave
The first tram: at what hour?

# the park
## plant more trees
More trees in the park please
Plant trees in the park, it has no shade
our park needs more trees
## close it at night
Lock the park after dark
The park should be shut at night
the park stays open at night, lock it
"""


def sense(text: str) -> Sense:
    return MAKE.profile(text).sense


@pytest.mark.parametrize(
    ("asked", "the_same", "another"),
    [
        ("Lãi suất vay bao nhiêu một năm?", "muon tien ngan hang thi moi thang tra lai may phan tram", "vay cần giấy tờ gì?"),
        ("Thôn em chưa có sóng điện thoại", "muon goi dien phai leo len doi moi bat duoc mang", "Mua điện thoại trả góp ở đâu?"),
        ("Đường lầy lội quá, xin đổ bê tông", "mua xuong la xe may khong vao duoc ban, mong lam duong", "Đường vào bản có được lắp đèn không?"),
    ],
)  # fmt: skip
def test_the_same_need_lies_nearer_than_another_one_in_the_same_words(asked: str, the_same: str, another: str) -> None:
    assert closeness(sense(asked), sense(the_same)) > closeness(sense(asked), sense(another))


def test_a_text_lies_where_it_lies_whatever_its_place() -> None:
    here, there = sense("Xã Tri Lễ chưa có nước sạch"), sense("Xã Quốc Khánh chưa có nước sạch")
    assert here == there
    assert closeness(here, there) == pytest.approx(1, abs=0.03)


def test_a_text_of_which_nothing_is_known_has_no_sense() -> None:
    assert sense("") == sense("👍") == NO_SENSE
    assert closeness(NO_SENSE, NO_SENSE) == closeness(NO_SENSE, sense("vay vốn")) == 0


def test_senses_of_two_versions_are_not_compared() -> None:
    mine = sense("vay vốn")
    assert closeness(mine, Sense("other", mine.numbers, mine.cells)) == 0


def test_near_senses_share_a_cell_by_which_they_are_found() -> None:
    mine, theirs = sense("Thôn em chưa có sóng điện thoại"), sense("muon goi dien phai leo len doi moi bat duoc mang")
    assert len(mine.cells) == 3
    assert set(mine.cells) & set(theirs.cells)


# -- stored


def test_a_sense_is_stored_and_read_alone_or_with_its_profile() -> None:
    profile = MAKE.profile("Lãi suất vay bao nhiêu?")
    assert Sense.parse(str(profile.sense)) == profile.sense == sense_of(profile.dump())
    assert Sense.parse(str(NO_SENSE)) == NO_SENSE


def test_a_profile_from_before_senses_can_still_be_read() -> None:
    profile = MAKE.profile("Lãi suất vay bao nhiêu?")
    before = profile.dump().rpartition("\t")[0]
    assert sense_of(before) == NO_SENSE
    known = (profile.things, profile.everyday, profile.asks, profile.words, profile.topics)
    assert Profile.load(before) == Profile(*known, profile.aims)
    assert Profile.load(before.rpartition("\t")[0]) == Profile(*known)


@pytest.mark.parametrize("stored", ["nothing", "a b", "version AAAA x", "version %%% 1,2"])
def test_something_else_is_no_sense(stored: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the text is
        Sense.parse(stored)


@pytest.mark.parametrize(
    "wrong", [{"names": []}, {"middles": ""}, {"middles": "AAAA"}, {"width": 0}, {"rarities": [0]}]
)
def test_a_file_that_was_cut_is_told_by_its_name(wrong: dict[str, object], tmp_path: Path) -> None:
    raw = to_json(Senses("a", "b", 2, {"k:loan": 0}, array("d", [1]), array("b", [1, 2]), array("b", [1, 2])))
    (tmp_path / FILE).write_text(json.dumps(raw), "utf-8")
    assert read_file(tmp_path / FILE)
    (tmp_path / FILE).write_text(json.dumps({**raw, **wrong}), "utf-8")
    with pytest.raises(PackError, match=FILE):
        read_file(tmp_path / FILE)


def test_a_pack_may_have_no_senses() -> None:
    assert read_file(BARE.folder / FILE) is None
    assert profiler(BARE).profile("The tram is late").sense == NO_SENSE


# -- learnt


def test_needs_are_learnt_apart_and_the_same_way_each_time(tmp_path: Path) -> None:
    (tmp_path / NEEDS).write_text(TOLD, "utf-8")
    told = needs(tmp_path / NEEDS)
    assert (len(told), len({one.need for one in told}), len({one.family for one in told})) == (12, 4, 2)
    make = profiler(BARE)
    senses = learn(told, make, width=8, rounds=100, least=1)
    assert senses == from_json(to_json(senses)) == learn(told, make, width=8, rounds=100, least=1)
    points = [senses.of(make.read(one.text)) for one in told]
    for place, one in enumerate(told):
        others = [other for other in range(len(told)) if other != place]
        nearest = max(others, key=lambda other: closeness(points[place], points[other]))
        assert told[nearest].need == one.need


def test_a_text_before_its_need_is_told_by_its_line(tmp_path: Path) -> None:
    (tmp_path / NEEDS).write_text("# the tram\nWhat does it cost?\n", "utf-8")
    with pytest.raises(ValueError, match=f"{NEEDS}:2"):
        needs(tmp_path / NEEDS)


def test_the_senses_of_the_pack_are_learnt_from_its_needs() -> None:
    learnt = read_file(PACK.folder / FILE)
    assert learnt
    assert learnt.source == digest(needs(PACK.folder / NEEDS), MAKE.concepts), "needs or lexicon changed: make likeness"
