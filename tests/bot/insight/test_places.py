"""Which commune is meant: never decided by a name that several bear."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import pack as packs
from bot.insight.candidates import Candidate
from bot.insight.folding import fold
from bot.insight.places import Gazetteer
from bot.pack import Pack, Unit

PACK = packs.load(packs.DEFAULT)
TODAY = Gazetteer(PACK)
BEFORE = Gazetteer(PACK, 2021)
TYPED: dict[str, Callable[[str], str]] = {
    "NFC": str,
    "NFD": lambda text: unicodedata.normalize("NFD", text),
    "without marks": fold,
    "in capitals": str.upper,
}
SHORT = {"Xã": "x.", "Phường": "P.", "Thị trấn": "TT", "Huyện": "h.", "Thành phố": "TP"}


def told(candidate: Candidate) -> str:
    former = candidate.former
    return candidate.unit.name + (f" < {former.name}, {former.district}" if former else "")


def found(answer: str, gazetteer: Gazetteer = TODAY) -> list[str]:
    return [told(candidate) for candidate in gazetteer.find(answer)]


def abbreviated(name: str) -> str:
    for long, short in SHORT.items():
        name = name.replace(f"{long} ", f"{short} ")
    return name


# -- every name


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
@pytest.mark.parametrize("unit", PACK.units(2021), ids=lambda unit: f"{unit.name}, {unit.district}")
def test_every_old_unit_leads_to_its_successors(unit: Unit, typed: Callable[[str], str]) -> None:
    candidates = TODAY.find(typed(f"{unit.name}, {unit.district}"))
    assert {candidate.unit.code for candidate in candidates} == set(unit.successors)
    assert all(candidate.sure for candidate in candidates)
    assert all(candidate.former in (None, unit) for candidate in candidates)


@pytest.mark.parametrize("unit", PACK.units(2021), ids=lambda unit: f"{unit.name}, {unit.district}")
def test_every_old_unit_is_known_by_its_abbreviation(unit: Unit) -> None:
    candidates = TODAY.find(abbreviated(f"{unit.name}, {unit.district}"))
    assert {candidate.unit.code for candidate in candidates} == set(unit.successors)


@pytest.mark.parametrize("unit", PACK.units(2021), ids=lambda unit: f"{unit.name}, {unit.district}")
def test_a_dialogue_of_2021_finds_the_unit_itself(unit: Unit) -> None:
    assert [candidate.unit for candidate in BEFORE.find(f"{unit.name}, {unit.district}")] == [unit]


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
@pytest.mark.parametrize("unit", PACK.units(2025), ids=lambda unit: unit.name)
def test_every_new_unit_comes_first_by_its_name(unit: Unit, typed: Callable[[str], str]) -> None:
    assert TODAY.find(typed(unit.name))[0] == Candidate(unit)


@pytest.mark.parametrize("unit", PACK.units(2025), ids=lambda unit: unit.name)
def test_a_new_unit_said_to_be_new_is_the_only_one(unit: Unit) -> None:
    assert TODAY.find(f"{unit.name} mới") == [Candidate(unit)]


@pytest.mark.parametrize("unit", PACK.units(2021), ids=lambda unit: f"{unit.name}, {unit.district}")
def test_a_bare_name_offers_every_unit_that_bears_it(unit: Unit) -> None:
    alike = [one for one in PACK.places.units if fold(one.bare) == fold(unit.bare)]
    expected = {code for one in alike for code in (one.successors or (one.code,))}
    assert {candidate.unit.code for candidate in TODAY.find(fold(unit.bare))} >= expected


# -- names that several share


def test_a_name_of_several_means_all_of_them_then_and_now() -> None:
    assert found("Chi Lăng")[:3] == [
        "Xã Chi Lăng",
        "Phường Lương Văn Tri < Phường Chi Lăng, Thành phố Lạng Sơn",
        "Xã Thất Khê < Xã Chi Lăng, Huyện Tràng Định",
    ]


def test_a_name_that_no_unit_of_today_bears_may_still_mean_four() -> None:
    assert found("Hoà Bình") == [
        "Xã Thiện Long < Xã Hòa Bình, Huyện Bình Gia",
        "Xã Văn Quan < Xã Hòa Bình, Huyện Văn Quan",
        "Xã Yên Bình < Xã Hòa Bình, Huyện Hữu Lũng",
        "Xã Vạn Linh < Xã Hòa Bình, Huyện Chi Lăng",
    ]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("xã Chi Lăng, Tràng Định", "Xã Thất Khê < Xã Chi Lăng, Huyện Tràng Định"),
        ("Hoàng Văn Thụ, Bình Gia", "Xã Bình Gia < Xã Hoàng Văn Thụ, Huyện Bình Gia"),
        ("Hồng Phong huyện Cao Lộc", "Xã Đồng Đăng < Xã Hồng Phong, Huyện Cao Lộc"),
        ("Thụy Hùng, Cao Lộc", "Xã Đồng Đăng < Xã Thụy Hùng, Huyện Cao Lộc"),
        ("Mẫu Sơn Cao Lộc", "Xã Ba Sơn < Xã Mẫu Sơn, Huyện Cao Lộc"),
        ("xa tan thanh h. cao loc", "Xã Tân Đoàn < Xã Tân Thành, Huyện Cao Lộc"),
        ("Chiến Thắng, Bắc Sơn", "Xã Vũ Lễ < Xã Chiến Thắng, Huyện Bắc Sơn"),
        ("Tân Thành, Bắc Sơn", "Xã Nhất Hòa < Xã Tân Thành, Huyện Bắc Sơn"),
        ("p. Hoàng Văn Thụ", "Phường Kỳ Lừa < Phường Hoàng Văn Thụ, Thành phố Lạng Sơn"),
        ("phường chi lăng", "Phường Lương Văn Tri < Phường Chi Lăng, Thành phố Lạng Sơn"),
        ("tt Cao Lộc", "Phường Kỳ Lừa < Thị trấn Cao Lộc, Huyện Cao Lộc"),
        ("Tân Thanh, Văn Lãng", "Xã Hoàng Văn Thụ < Xã Tân Thanh, Huyện Văn Lãng"),
        ("xã Tân Thành huyện Hữu Lũng", "Xã Tân Thành"),
        ("Mẫu Sơn, Lộc Bình", "Xã Mẫu Sơn"),
        ("Huyện Chi Lăng xã Vân An", "Xã Chiến Thắng < Xã Vân An, Huyện Chi Lăng"),
        ("Đồng Mỏ, Chi Lăng, Lạng Sơn", "Xã Chi Lăng < Thị trấn Đồng Mỏ, Huyện Chi Lăng"),
        ("thị trấn Thái Bình", "Xã Thái Bình < Thị trấn Nông Trường Thái Bình, Huyện Đình Lập"),
        ("Mai Sao, xã Nhân Lý", "Xã Nhân Lý < Xã Mai Sao, Huyện Chi Lăng"),
        ("em ở tri lễ ạ", "Xã Tri Lễ"),
        ("thôn Tân Thành xã Yên Bình", "Xã Yên Bình"),
        ("tên cũ là Mai Pha", "Phường Đông Kinh < Xã Mai Pha, Thành phố Lạng Sơn"),
    ],
)
def test_a_type_or_a_district_decides(answer: str, expected: str) -> None:
    assert found(answer) == [expected]
    assert TODAY.find(answer)[0].sure


def test_marks_that_were_typed_narrow_a_name() -> None:
    assert found("Tân Thanh") == ["Xã Hoàng Văn Thụ < Xã Tân Thanh, Huyện Văn Lãng"]
    assert len(found("Tân Thành")) == 3
    assert len(found("tan thanh")) == 4
    assert found("Nhật Tiến") == ["Xã Vân Nham < Xã Nhật Tiến, Huyện Hữu Lũng"]


def test_a_type_word_alone_may_leave_two() -> None:
    assert found("xã Chi Lăng") == ["Xã Chi Lăng", "Xã Thất Khê < Xã Chi Lăng, Huyện Tràng Định"]


def test_old_and_new_narrow_a_name() -> None:
    assert found("xã Chiến Thắng mới") == ["Xã Chiến Thắng"]
    assert found("xã Hoàng Văn Thụ cũ") == [
        "Xã Bình Gia < Xã Hoàng Văn Thụ, Huyện Bình Gia",
        "Xã Hoàng Văn Thụ < Xã Hoàng Văn Thụ, Huyện Văn Lãng",
    ]


def test_a_divided_commune_gives_all_its_successors() -> None:
    former = "Xã Đại Đồng, Huyện Tràng Định"
    assert found("xã Đại Đồng") == [f"Xã Quốc Khánh < {former}", f"Xã Thất Khê < {former}"]


# -- districts


def test_a_district_alone_offers_the_commune_of_its_name_and_then_the_others() -> None:
    there = ["Xã Bắc Sơn", "Xã Tân Tri", "Xã Hưng Vũ", "Xã Vũ Lễ", "Xã Vũ Lăng", "Xã Nhất Hòa"]
    assert found("Bắc Sơn") == found("huyện Bắc Sơn") == found("Bắc Sơn, tỉnh Lạng Sơn") == there


def test_the_city_offers_its_wards() -> None:
    assert found("tp Lạng Sơn") == ["Phường Đông Kinh", "Phường Lương Văn Tri", "Phường Tam Thanh", "Phường Kỳ Lừa"]


def test_the_province_is_no_place_to_choose() -> None:
    assert found("tỉnh Lạng Sơn") == []


def test_a_dialogue_of_2021_gives_the_formers_of_a_new_name() -> None:
    assert found("Tuấn Sơn", BEFORE) == ["Xã Minh Sơn", "Xã Minh Hòa", "Xã Hòa Thắng"]


# -- what does not fit


@pytest.mark.parametrize(
    ("answer", "first"),
    [
        ("Tri Lẽ", "Xã Tri Lễ"),  # the wrong mark
        ("tri lêx", "Xã Tri Lễ"),  # a letter too many
        ("thatkhe", "Xã Thất Khê"),  # no space
        ("phường Hoàng Đồng", "Phường Tam Thanh < Xã Hoàng Đồng, Thành phố Lạng Sơn"),  # the wrong type
        ("Chiến Thắng, Hữu Lũng", "Xã Chiến Thắng"),  # the wrong district
        ("Chiến Thắngg Bắc Sơn", "Xã Vũ Lễ < Xã Chiến Thắng, Huyện Bắc Sơn"),
        ("chắc là gần Tri Lễ thôi", "Xã Tri Lễ"),
    ],
)
def test_what_fits_only_nearly_is_asked_about(answer: str, first: str) -> None:
    candidates = TODAY.find(answer)
    assert told(candidates[0]) == first
    assert not any(candidate.sure for candidate in candidates)


@pytest.mark.parametrize(
    "answer", ["", "không biết", "hà nội", "12", "xã", "?", "em không muốn nói", "thôn Đoàn Kết", "bản Chiến Thắng"]
)
def test_what_names_no_place_finds_none(answer: str) -> None:
    assert found(answer) == []


# -- always


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    TODAY.mentioned(text)
    assert len({candidate.unit for candidate in TODAY.find(text)}) == len(TODAY.find(text))


PIECES = [
    "xã",
    "x.",
    "huyện",
    "cũ",
    "mới",
    "la",
    "tỉnh",
    ",",
    "các",
    "thôn",
    "Chi Lăng",
    "Bắc Sơn",
    "Tân Thanh",
    "Lạng Sơn",
    "x",
]


@given(st.lists(st.sampled_from(PIECES), max_size=8), st.sampled_from([TODAY, BEFORE]))
def test_any_order_of_names_and_types_is_taken(pieces: list[str], gazetteer: Gazetteer) -> None:
    candidates = gazetteer.find(" ".join(pieces))
    assert candidates == gazetteer.find(" ".join(pieces))
    assert len({candidate.unit for candidate in candidates}) == len(candidates)


def test_the_pack_of_another_place_needs_no_other_code(pack: Pack) -> None:
    one = next(unit for unit in pack.units(2025) if unit.bare == "Tri Lễ")
    places = packs.Places("Tỉnh Khác", (), (Unit("1", "Xã Làng Mới", "Xã", 2025),))
    other = Gazetteer(packs.Pack(pack.folder, pack.facts, pack.topics, places))
    assert [candidate.unit.code for candidate in other.find("xã Làng Mới")] == ["1"]
    assert other.find(one.name) == []


def test_names_that_staff_added_are_known() -> None:
    known = Gazetteer(PACK, aliases={"phố chợ": "06184"})
    assert [told(candidate) for candidate in known.find("em ở phố chợ ạ")] == ["Xã Đồng Đăng"]
    assert found("em ở phố chợ ạ") == []


def test_another_pack_has_years_and_types_of_its_own() -> None:
    city = packs.load(Path(__file__).parents[2] / "packs" / "larkhaven")
    now, then = Gazetteer(city), Gazetteer(city, 2010)
    assert told(now.find("lantern hill ward")[0]).startswith("Lantern Hill Ward")
    assert [one.unit.code for one in then.find("Quayside Ward, Harbour Borough")] == ["W7"]
    assert {one.unit.code for one in now.find("Saltmarsh")} == {"W4", "W5"}
