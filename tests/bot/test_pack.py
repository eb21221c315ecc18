"""The pack that ships is whole, and a broken one says where it is broken."""

import json
import shutil
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

import pytest

from bot import pack as packs
from bot import texts
from bot.errors import PackError
from bot.pack import Pack
from bot.pack.shapes import within

Break = Callable[[str, str, str], Path]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return packs.load(packs.DEFAULT)


@pytest.fixture
def break_it(tmp_path: Path) -> Break:
    """Gives a copy of the pack in which one piece of one file was replaced."""

    def broken(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "pack"
        shutil.copytree(packs.DEFAULT, folder)
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")
        return folder

    return broken


def test_the_shipped_pack_has_every_unit_of_both_eras(pack: Pack) -> None:
    assert (len(pack.units(2021)), len(pack.units(2025)), len(pack.places.districts)) == (200, 65, 11)


def test_six_communes_were_merged_in_2024(pack: Pack) -> None:
    assert sum(bool(unit.merged_into) for unit in pack.units(2021)) == 6


def test_a_code_means_another_unit_in_another_era(pack: Pack) -> None:
    assert pack.unit("05977", 2021).name == "Phường Vĩnh Trại"
    assert pack.unit("05977").name == "Phường Đông Kinh"


def test_a_divided_commune_has_several_successors(pack: Pack) -> None:
    divided = {unit.bare for unit in pack.units(2021) if unit.divided}
    assert divided == {"Đại Đồng", "Bính Xá", "Kiên Mộc"}


def test_the_topics_stand_in_their_order_with_enough_examples(pack: Pack) -> None:
    slugs = [topic.slug for topic in pack.topics]
    assert (len(slugs), slugs[0], slugs[-1]) == (16, "von", "khac")
    assert all(len(topic.examples) >= 12 for topic in pack.topics)


def test_no_example_stands_under_two_topics(pack: Pack) -> None:
    examples = [example for topic in pack.topics for example in topic.examples]
    assert len(examples) == len(set(examples))


def test_the_agency_of_a_topic_follows_the_era(pack: Pack) -> None:
    assert pack.agencies("viec_lam", 2021) == ("so_ldtbxh",)
    assert pack.agencies("viec_lam", 2025) == pack.agencies("viec_lam", 2026) == ("so_noi_vu",)


def test_who_is_under_sixteen_is_not_taken_in(pack: Pack) -> None:
    assert [band.slug for band in pack.facts.ages if not band.admitted] == ["under-16"]


def test_nobody_under_eighteen_is_named_in_print(pack: Pack) -> None:
    assert not pack.age("16-17").may_be_named
    assert pack.age("18-22").may_be_named


def test_whoever_is_over_thirty_counts_apart(pack: Pack) -> None:
    assert pack.age("over-30").admitted
    assert not pack.age("over-30").youth


@pytest.mark.parametrize(
    ("hour", "quiet"), [((20, 59), False), ((21, 0), True), ((3, 0), True), ((6, 59), True), ((7, 0), False)]
)
def test_the_night_is_quiet(pack: Pack, hour: tuple[int, int], quiet: bool) -> None:
    assert pack.facts.quiet.covers(time(*hour)) is quiet


def test_an_event_is_followed_from_where_its_era_has_it(pack: Pack) -> None:
    assert len(pack.bridge_points(2021)) == 11 + 200
    assert len(pack.bridge_points(2025)) == 65


@pytest.mark.parametrize(
    ("hours", "moment", "evening"),
    [
        ((21, 7), "2026-03-20 06:00", "2026-03-19 20:30"),
        ((21, 7), "2026-03-20 23:00", "2026-03-20 20:30"),
        ((0, 7), "2026-03-20 06:00", "2026-03-19 20:30"),
        ((12, 14), "2026-03-20 13:00", "2026-03-19 20:30"),
    ],
)
def test_what_the_night_would_swallow_is_said_the_evening_before(
    pack: Pack, hours: tuple[int, int], moment: str, evening: str
) -> None:
    quiet = packs.Quiet(time(hours[0]), time(hours[1]), time(20, 30))
    found = quiet.evening(datetime.fromisoformat(moment).replace(tzinfo=pack.zone), pack.zone)
    assert f"{found:%Y-%m-%d %H:%M}" == evening


def test_quiet_hours_may_lie_within_a_day() -> None:
    noon = packs.Quiet(time(12), time(14))
    assert [noon.covers(time(hour)) for hour in (11, 12, 13, 14)] == [False, True, True, False]


@pytest.mark.parametrize(
    "find", [lambda pack: pack.unit("99999"), lambda pack: pack.topic("x"), lambda pack: pack.age("x")]
)
def test_what_does_not_exist_is_a_key_error(pack: Pack, find: Callable[[Pack], object]) -> None:
    with pytest.raises(KeyError):
        find(pack)


def test_both_languages_say_the_same_keys_with_the_same_holes(pack: Pack) -> None:
    vi, en = (texts.read(pack.texts.file(language)) for language in pack.facts.languages)
    assert {key: texts.holes(text) for key, text in vi.items()} == {key: texts.holes(text) for key, text in en.items()}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_texts_of_the_pack_are_short_enough_to_be_read(pack: Pack, language: str) -> None:
    said = texts.read(pack.texts.file(language))
    lines = {key: said[f"pack.{key}"].count("\n") + 1 for key in ("welcome", "privacy", "next_steps")}
    assert lines["welcome"] <= 5
    assert lines["privacy"] <= 13
    assert lines["next_steps"] == 2


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("pack.toml", "Asia/Ho_Chi_Minh", "Asia/Hanoi_On_Mars", r"pack\.toml: time_zone: Asia/Hanoi_On_Mars"),
        ("pack.toml", 'helpline = "111"', 'help_line = "111"', r"pack\.toml: help"),
        ("pack.toml", 'name = "pack.province"', 'name = "pack.realm"', r"vi\.toml: pack\.realm is missing"),
        ("pack.toml", 'slug = "18-22"', 'slug = "16-17"', r"pack\.toml: ages: 16-17 stands there twice"),
        ("pack.toml", "conclusion_days = 10", "conclusion_days = 0", r"conclusion_days: must be at least 1"),
        ("pack.toml", "[quiet]", "[quiet", r"pack\.toml: "),
        ("pack.toml", "eve = 20:30:00", "eve = 22:00:00", r"quiet\.eve: lies within the quiet hours"),
        ("pack.toml", "reminders = [10080", "reminders = [0", r"events\.reminders: must be at least 1"),
        ("pack.toml", '"districts", "units"', '"villages"', r"events\.bridge_points: villages does not exist"),
        ("pack.toml", 'groups = ["business_owner"', 'groups = ["pirates"', r"events\.groups: pirates does not exist"),
        ("pack.toml", "admitted = true", 'admitted = "perhaps"', r"pack\.toml: ages\.0\.admitted"),
        ("topics.toml", 'slug = "khoi_nghiep"', 'slug = "von"', r"topics\.toml: topics: von stands there twice"),
        ("topics.toml", 'slug = "khac"', 'slug = "sonst"', r"topics: khac does not exist"),
        ("topics.toml", '"so_khdt"', '"so_nao"', r"topics\.khoi_nghiep\.agencies_2021: so_nao does not exist"),
        ("topics.toml", '"lãi suất" = 2.5', '"lãi suất" = 0', r"topics\.von\.keywords\.lãi suất: must be above 0"),
        ("places.json", '"successors": ["06187"]', '"successors": ["99999"]', r"units_2021\.05971\.successors: 99999"),
        ("places.json", '"successors": ["06187"]', '"successors": ["05986"]', r"05986 does not name it among its formers"),
        ("places.json", '"divided": false', '"divided": true', r"units_2021\.05971\.divided: contradicts"),
        ("places.json", '"district": "178"', '"district": "777"', r"units_2021\.05971\.district: 777"),
        ("places.json", '"formers": ["05983", ', '"formers": ["05983", "06646", ', r"06646 does not name it among its suc"),
        ("places.json", '"Thống Nhất"', '"Nơi Nào"', r"places\.json: ordinary: Nơi Nào does not exist"),
        ("places.json", "{", "", r"places\.json: "),
        ("texts/vi.toml", 'cong_an = "Công an tỉnh"', "", r"vi\.toml: agency\.cong_an is missing"),
    ],
)  # fmt: skip
def test_a_broken_pack_names_the_file_and_the_key(break_it: Break, file: str, old: str, new: str, said: str) -> None:
    with pytest.raises(PackError, match=said):
        packs.load(break_it(file, old, new))


@pytest.mark.parametrize("file", ["pack.toml", "topics.toml", "places.json", "texts/vi.toml"])
def test_a_missing_file_is_named(break_it: Break, file: str) -> None:
    folder = break_it("pack.toml", "name", "name")
    (folder / file).unlink()
    with pytest.raises(PackError, match=file.replace(".", r"\.")):
        packs.load(folder)


def test_a_unit_with_a_field_nobody_knows_is_refused(break_it: Break) -> None:
    folder = break_it("pack.toml", "name", "name")
    tree = json.loads((folder / "places.json").read_text("utf-8"))
    tree["units_2025"][0]["colour"] = "green"
    (folder / "places.json").write_text(json.dumps(tree), "utf-8")
    with pytest.raises(PackError, match=r"units_2025\.0\.colour"):
        packs.load(folder)


# -- eras and languages


@pytest.mark.parametrize(
    ("year", "era"), [(0, 2025), (1999, 2021), (2021, 2021), (2024, 2021), (2025, 2025), (2031, 2025)]
)
def test_a_year_counts_the_newest_communes_that_were_there(pack: Pack, year: int, era: int) -> None:
    assert pack.era(year) == era
    assert pack.units(year) == pack.units(era)


@pytest.mark.parametrize(
    ("name", "type_", "bare", "inside"),
    [
        ("Mill End Ward", "Ward", "Mill End", "Mill End Ward"),
        ("Ward of Gulls", "Ward", "of Gulls", "ward of Gulls"),
        ("Wardour", "Ward", "Wardour", "Wardour"),
    ],
)
def test_the_type_stands_before_a_name_or_after_it(name: str, type_: str, bare: str, inside: str) -> None:
    assert packs.District("1", name, type_).bare == bare
    assert within(name, type_) == inside


TEXTS = texts.Texts(
    {"vi": {"a.a": "vi", "a.b": "vi", "a.c": "vi", "a.d": "vi"}, "en": {"a.a": "en", "a.b": "en", "a.c": "en"}, "eo": {"a.a": "eo", "a.b": "eo"}, "cy": {"a.a": "cy"}},
    ("cy", "eo", "en"),
)  # fmt: skip


@pytest.mark.parametrize(("key", "said"), [("a.a", "cy"), ("a.b", "eo"), ("a.c", "en"), ("a.d", "vi")])
def test_what_the_source_lacks_the_next_language_says_and_at_last_the_machine(key: str, said: str) -> None:
    assert TEXTS.template("cy", key) == said


@pytest.mark.parametrize("language", ["vi", "fr", ""])
def test_a_language_that_a_pack_does_not_speak_is_answered_in_its_source(language: str) -> None:
    assert TEXTS.template(language, "a.a") == "cy"


def test_a_language_borrows_from_the_source_first() -> None:
    spoken = texts.Texts({"vi": {"a.a": "vi"}, "en": {"a.a": "en"}, "eo": {}}, ("en", "eo"))
    assert spoken.template("eo", "a.a") == "en"
    assert spoken.every("a.a") == {"en"}
    assert (spoken.missing("eo"), spoken.missing("en")) == (["a.a"], [])
