"""Which commune is meant: never decided by a name that several bear."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import pack as packs
from bot.insight.folding import fold
from bot.insight.places import Candidate, Gazetteer
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


def mentioned(sentence: str) -> list[str]:
    return [told(candidate) for candidate in TODAY.mentioned(sentence)]


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


# -- whole sentences


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Đường vào xã Tri Lễ hỏng nặng", ["Xã Tri Lễ"]),
        ("xã Chiến Thắng Bắc Sơn chưa có sóng", ["Xã Vũ Lễ < Xã Chiến Thắng, Huyện Bắc Sơn"]),
        ("Em ở xã Thống Nhất, chưa có điện", ["Xã Thống Nhất"]),
        ("o xa kien moc va xa bac xa khong co nuoc", ["Xã Kiên Mộc < Xã Bắc Xa, Huyện Đình Lập"]),
        ("Tri Lễ", ["Xã Tri Lễ"]),
    ],
)
def test_a_sentence_names_a_place_beside_a_type_word(sentence: str, expected: list[str]) -> None:
    assert mentioned(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "mong mọi người đoàn kết",
        "xã em thống nhất làm đường",
        "các xã thống nhất phương án",
        "Các xã Đoàn Kết lại",
        "xã thống nhất phương án rồi mà chưa làm",
        "thế giới hòa bình",
        "đường Chi Lăng hay tắc",
        "trường Hoàng Văn Thụ thiếu phòng học",
        "quyết thắng giải bóng đá xã",
    ],
)
def test_ordinary_words_and_roads_are_no_place(sentence: str) -> None:
    assert mentioned(sentence) == []


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


# -- any text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("em ở thôn Nà Pàn xã Bắc Hùng cũ, giờ là xã nào ạ", ["Xã Na Sầm < Xã Bắc Hùng, Huyện Văn Lãng"]),
        ("nha em o xa thong nhat huyen loc binh chua co dien", ["Xã Thống Nhất"]),
        ("Em là Nguyễn Văn An, hiện đang sinh sống ở Na Dương ạ", ["Xã Na Dương"]),
        ("mọi người trong thôn em đã thống nhất ý kiến với xã rồi", []),
        ("bạn em ở xã Tân Thành, Thái Nguyên lên đây học cùng trường", []),
        ("em ở huyện Sóc Sơn ngoài Hà Nội lên làm công nhân", []),
        ("nhà em ở Xãã Thiện Thuật, Huyện Bình Gia nhưng đi học xa", ["Xã Thiện Thuật"]),
    ],
)
def test_a_story_names_the_place_that_it_is_about(text: str, expected: list[str]) -> None:
    assert [told(candidate) for candidate in TODAY.understood(text)] == expected


@pytest.mark.parametrize(
    "text", ["động Tam Thanh", "cửa khẩu Tân Thanh", "tỉnh Thái Bình", "Trần Hưng Đạo", "chùa Tam Thanh"]
)
def test_what_only_bears_the_name_of_a_place_is_none(text: str) -> None:
    assert TODAY.understood(text) == []


def test_agreeing_is_no_place() -> None:
    assert found("em đồng ý ạ") == mentioned("xã đồng ý cho em vay vốn rồi mà chưa có tiền") == []
    assert found("em ở đồng ý ạ") == found("đồng ý") == ["Xã Tân Tri < Xã Đồng Ý, Huyện Bắc Sơn"]


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


@pytest.mark.parametrize(
    "text",
    [
        "xã bảo làm lại giấy tờ",
        "xa minh tien hanh lam duong cham",
        "xã hội hoan nghênh thanh niên khởi nghiệp",
        "phai dong tien hoc truoc thang 9",
        "van quan tam den thanh nien",
        "mong cuộc sống yên bình",
        "em tên là Hải Yến ạ",
        "cô Minh Khai dạy em năm lớp 5",
        "công ty Hòa Bình nợ lương công nhân",
        "quýt Bắc Sơn bán không ai mua",
        "hợp tác xã Liên Hội chưa chia lãi",
        "số 12 Hoàng Văn Thụ",
        "huyện Trùng Khánh, Cao Bằng",
        "phường Hoàng Văn Thụ, Hoàng Mai, Hà Nội",
        "xã Tân Thành, Vụ Bản, Nam Định",
        "em quê Thanh Hoá",
    ],
)
def test_what_only_bears_or_sounds_like_a_name_is_no_place(text: str) -> None:
    assert TODAY.understood(text) == []


def test_a_name_that_another_province_has_too_is_asked_about() -> None:
    assert [candidate.sure for candidate in TODAY.understood("em đang học ở Thái Bình")] == [False]
    assert [candidate.sure for candidate in TODAY.understood("em ở xã Thái Bình, Đình Lập")] == [True]


def test_a_name_in_a_long_sentence_is_asked_about() -> None:
    found = TODAY.understood("Thất Khê giờ đông dân mà bệnh viện thì chưa có, đi xa rất khổ")
    assert [told(candidate) for candidate in found] == ["Xã Thất Khê"]
    assert not found[0].sure


@pytest.mark.parametrize(
    "text",
    [
        "em quê xã Chiến Thắng, phù cừ, hưng yên",
        "em que xa doan ket, tien lu, hung yen, len day hoc nghe",
        "hang nhap tu xa tan van tien lu, hung yen ve ban",
        "xa bac son tien lu hung yen",
        "Xã Hồng Phong, Bình Dương, Hải Phòng",  # "Dương" is no road
        "xã Xuân Dương bên Chợ Mới Bắc Kạn làm miến giỏi",
        "miến Trùng Khánh của Cao Bằng",
    ],
)
def test_a_commune_in_a_district_elsewhere_is_none(text: str) -> None:
    assert TODAY.understood(text) == []


@pytest.mark.parametrize(
    "text",
    ["xã tri lễ đi làm, Hà Nội xa quá", "xa tri le di hoc ha noi", "xã Tri Lễ muốn sang Hàn Quốc làm việc thì hỏi ai"],
)
def test_who_goes_elsewhere_is_still_from_here(text: str) -> None:
    assert [told(candidate) for candidate in TODAY.understood(text)] == ["Xã Tri Lễ"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("thanh nien nhat tien thuoc h bac son can cho choi", "Xã Nhất Hòa < Xã Nhất Tiến, Huyện Bắc Sơn"),
        ("ao ca o ai quoc thuoc huyen loc binh can nuoc sach", "Xã Xuân Dương < Xã Ái Quốc, Huyện Lộc Bình"),
        ("Đoàn viên Thụy Hùng thuộc huyện Văn Lãng xin họp ít thôi", "Xã Thụy Hùng"),
        ("xã Mẫu Sơn của Lộc Bình", "Xã Mẫu Sơn"),
    ],
)
def test_a_commune_that_belongs_to_a_district_is_not_the_whole_district(text: str, expected: str) -> None:
    assert [told(candidate) for candidate in TODAY.understood(text)] == [expected]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Đề nghị xây bể bơi cho Vũ Sơn.", "Xã Vũ Lễ < Xã Vũ Sơn, Huyện Bắc Sơn"),  # "cho" is no market
        ("Đoàn viên Thất Khê có ý này ạ, họp ít đi.", "Xã Thất Khê"),  # "viên" is no hospital
        ("Chào chú, Khánh Khê chúng em chưa có mạng.", "Xã Khánh Khê"),  # the uncle is not called so
    ],
)
def test_a_word_that_only_looks_like_a_bearer_bears_no_name(text: str, first: str) -> None:
    assert told(TODAY.understood(text)[0]) == first


@pytest.mark.parametrize(
    "text", ["Gia Cát Lượng chịu thua mấy bạn này rồi", "Nguyễn Tri Phương giữ thành", "Cụ Đề Thám", "Trận Chi Lăng"]
)
def test_people_and_battles_of_history_are_no_place(text: str) -> None:
    assert TODAY.understood(text) == []


@pytest.mark.parametrize("text", ["Lạng Sơn", "em quê lạng sơn", "o lang son co cho nao day nghe khong a, em can gap"])
def test_the_province_as_a_whole_is_no_place_to_choose(text: str) -> None:
    assert TODAY.understood(text) == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Dân huu khanh xin cái cầu này mười năm rồi.", "Xã Lộc Bình < Xã Hữu Khánh, Huyện Lộc Bình"),
        ("bà ngoại thien thuat trồng hồi, năm nay được mùa", "Xã Thiện Thuật"),
        ("nhà mình tận đồng thắng cơ, xa lắm ạ", "Xã Châu Sơn < Xã Đồng Thắng, Huyện Đình Lập"),
        ("em viết địa chỉ hữu lũng có đúng không", "Xã Hữu Lũng"),
    ],
)
def test_a_bare_name_in_small_letters_is_asked_about(text: str, first: str) -> None:
    found = TODAY.understood(text)
    assert told(found[0]) == first
    assert not any(candidate.sure for candidate in found)


def test_words_that_only_fold_to_a_name_are_none() -> None:
    assert TODAY.understood("Mong an sinh cho lao động trẻ không hợp đồng") == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Trạm xá xa hoa binh thiếu bác sĩ suốt.", "Xã Thiện Long < Xã Hòa Bình, Huyện Bình Gia"),
        ("đường lên xã hòa bình bị sạt từ tháng bảy", "Xã Thiện Long < Xã Hòa Bình, Huyện Bình Gia"),
        ("thanh nien xa khang chien di lam xa nha het roi con gi", "Xã Kháng Chiến"),
        ("chau hoc lop 11, nha xa chien thang, muon hoc nghe dien", "Xã Chiến Thắng"),
    ],
)
def test_a_commune_whose_name_is_an_ordinary_word_is_asked_about(text: str, first: str) -> None:
    found = TODAY.understood(text)
    assert told(found[0]) == first
    assert not any(candidate.sure for candidate in found)


def test_money_that_is_lost_names_no_commune() -> None:
    assert TODAY.understood("xa minh tien bi mat ma khong ai tra lai cho dan") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nha e o xa dongs quan di hoc xa lam ad oi", ["Xã Na Dương < Xã Đông Quan, Huyện Lộc Bình"]),
        ("Xã Lnog Đống, Huyện Bắc Sơn", ["Xã Bắc Sơn < Xã Long Đống, Huyện Bắc Sơn"]),
    ],
)
def test_the_longest_slip_is_meant(text: str, expected: list[str]) -> None:
    assert [told(candidate) for candidate in TODAY.understood(text)] == expected


@pytest.mark.parametrize("text", ["Xứ Lạng", "hồ sơ ở xã vẫn in ra giấy rồi mới ký được ạ"])
def test_two_other_words_are_no_slip(text: str) -> None:
    assert TODAY.understood(text) == []


@pytest.mark.parametrize(("short", "long"), [("tp ls", "thành phố Lạng Sơn"), ("h. VQ", "huyện Văn Quan")])
def test_a_district_is_known_by_its_first_letters(short: str, long: str) -> None:
    assert found(f"em ở {short}") == found(long) != []
    assert found(short.split()[-1]) == []


def test_first_letters_of_two_districts_are_neither() -> None:
    assert found("huyện CL") == []


@pytest.mark.parametrize(
    "text",
    [
        "em không phải người xã Tri Lễ đâu ạ, em chỉ học nhờ",
        "xã em giáp xã Tri Lễ mà chưa có đường nối sang",
        "em ở xã Tân Văn, Tam Nông lên đây học nghề điện",
        "hàng lấy ở khác xã Tri Lễ thì giá cao hơn nhiều",
    ],
)
def test_who_is_near_a_commune_or_denies_it_is_asked(text: str) -> None:
    for candidates in (TODAY.understood(text), TODAY.mentioned(text)):
        assert candidates
        assert not any(candidate.sure for candidate in candidates)


@pytest.mark.parametrize(
    "text", ["ĐƯỜNG VÀO XÃ TRI LỄ HỎNG NẶNG QUÁ RỒI", "em ở xã Tri Lễ. Đường vào bản hỏng nặng quá"]
)
def test_a_capital_behind_a_commune_is_no_doubt(text: str) -> None:
    assert [candidate.sure for candidate in TODAY.understood(text)] == [True]
