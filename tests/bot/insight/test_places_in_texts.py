"""Which commune a text speaks of: a sentence, a story, people and words that only sound like one."""

import pytest

from bot import pack as packs
from bot.insight.candidates import Candidate
from bot.insight.places import Gazetteer

TODAY = Gazetteer(packs.load(packs.DEFAULT))


def told(candidate: Candidate) -> str:
    former = candidate.former
    return candidate.unit.name + (f" < {former.name}, {former.district}" if former else "")


def found(answer: str) -> list[str]:
    return [told(candidate) for candidate in TODAY.find(answer)]


def mentioned(sentence: str) -> list[str]:
    return [told(candidate) for candidate in TODAY.mentioned(sentence)]


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


# -- two places


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Xã Thiện Thuật lẫn Hoa Thám đều cần bác sĩ giỏi", {"Xã Thiện Thuật", "Xã Hoa Thám"}),
        ("Xe buýt từ xã Vũ Lăng sang Nhất Hòa chạy thưa quá, ngày có hai chuyến", {"Xã Vũ Lăng", "Xã Nhất Hòa"}),
        ("Cầu treo giữa Tri Lễ và xã Lợi Bác mục hết ván rồi ạ", {"Xã Tri Lễ", "Xã Lợi Bác"}),
        ("đường xã Khánh Khê - Na Sầm nhiều ổ gà quá ạ", {"Xã Khánh Khê", "Xã Na Sầm"}),
        ("em lớn lên ở quý hòa nhưng đi làm dâu tận xã cai kinh", {"Xã Quý Hòa", "Xã Cai Kinh"}),
        ("nha o quy hoa, sang nao cung dap xe len xa hoa tham hoc nghe", {"Xã Quý Hòa", "Xã Hoa Thám"}),
        ("ca tri le lan x loi bac deu mat song khi mua to", {"Xã Tri Lễ", "Xã Lợi Bác"}),
        ("Chúng em người Na Dương, trọ ở Đồng Đăng để đi học", {"Xã Na Dương", "Xã Đồng Đăng"}),
        ("nhà ở x. quý hòa, tối nào cũng sang xã đoàn kết tập văn nghệ", {"Xã Quý Hòa", "Xã Đoàn Kết"}),
        ("Cả xã Tri Lễ lẫn Quan Sơn đều xin thêm phòng học", {"Xã Tri Lễ", "Xã Quan Sơn"}),
        ("đường từ xã tri lễ sang đoàn kết trơn lắm, mưa là không đi nổi", {"Xã Tri Lễ", "Xã Đoàn Kết"}),
        ("Xã Vũ Lăng thì có sân bóng rồi mà Hoa Thám chưa có cái nào", {"Xã Vũ Lăng", "Xã Hoa Thám"}),
        ("Xã Tri Lễ, Lợi Bác, Na Dương đều xin thêm xe buýt", {"Xã Tri Lễ", "Xã Lợi Bác", "Xã Na Dương"}),
    ],
)
def test_who_names_two_communes_is_asked_which(text: str, expected: set[str]) -> None:
    found = TODAY.understood(text)
    assert {candidate.unit.name for candidate in found} == expected
    assert len([candidate for candidate in TODAY.mentioned(text) if candidate.sure]) != 1


def test_a_place_that_is_joined_is_no_district_of_the_other() -> None:
    both = {candidate.unit.name for candidate in TODAY.find("xã Hồng Phong và Văn Quan")}
    assert {"Xã Hồng Phong", "Xã Đồng Đăng", "Xã Văn Quan"} <= both
    assert not any(candidate.sure for candidate in TODAY.find("xã Hồng Phong và Văn Quan"))
    assert [told(candidate) for candidate in TODAY.find("xã Hồng Phong, Bình Gia")] == ["Xã Hồng Phong"]


@pytest.mark.parametrize(
    "text",
    [
        "Đi từ xã Mai Sao đến Nhân Lý chỉ mất mười phút đạp xe",  # both are one today
        "xã Nhân Lý và chị Hải Yến bí thư lo cho tụi em lắm ạ",
        "xã Nhân Lý và thống nhất cả thôn cùng góp công làm đường",
        "em ở xã Nhân Lý, học trường cấp ba Lương Văn Tri",
        "xa nhan ly va chung em rat quan tam den viec nay a",
        "em ở xã Nhân Lý, làm công nhân tận Bắc Giang mấy năm rồi",
        "Xã Nhân Lý ấy ạ, thôn Tân Minh chưa có điện, mong được kéo sớm",
    ],
)
def test_what_is_no_second_commune_leaves_one(text: str) -> None:
    assert [candidate.unit.name for candidate in TODAY.understood(text)] == ["Xã Nhân Lý"]


# -- people, history, ordinary speech


@pytest.mark.parametrize(
    "text",
    [
        "Bác Sơn thợ mộc đóng bàn cho lớp em",
        "Bác Hùng cho bọn em mượn sân phơi",
        "Nho chi Hong Thai day them cho lop",
        "lop em co thay Chau Son day ve rat hay",
        "chúng em biết ơn hoàng quốc việt đã dạy bơi cho cả xóm",
        "Chiến thắng Chi Lăng được kể trong sách sử lớp bảy",
        "Trận đánh ở ải, rồi Chi Lăng năm 1427 ghi vào sử",
        "bạn nhỏ nào cũng mê kể chuyện Đề Thám đánh giặc",
        "xin ve gia mien phi cho tre em ngheo vao bao tang",
        "Buổi kết nạp tân đoàn viên nên có văn nghệ",
        "em tu minh khai sinh cho con tren mang khong duoc",
        "tối qua mai pha cà phê cho cả nhóm uống",
        "tu minh hoa them mau vao tranh",
        "duong o thon Tan Minh cu the nay thi lay het, di hoc kho lam",
    ],
)
def test_people_history_and_words_that_run_on_are_no_place(text: str) -> None:
    assert TODAY.understood(text) == []


def test_a_title_is_no_slip_where_somebody_lives_there() -> None:
    assert told(TODAY.understood("Ở Bác Sơn có chợ phiên")[0]) == "Xã Bắc Sơn"


# -- ordinary names and small letters that are meant


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("em buôn hàng ở nhật tiến, chưa có chỗ gửi con nhỏ.", "Xã Vân Nham < Xã Nhật Tiến, Huyện Hữu Lũng"),
        ("thanh nien tre o nhat tien can lop hoc nghe gan nha", "Xã Nhất Hòa < Xã Nhất Tiến, Huyện Bắc Sơn"),
        ("chau hoc xa, nha tan khanh long, moi tuan ve mot lan", "Xã Đoàn Kết < Xã Khánh Long, Huyện Tràng Định"),
        ("Học sinh Thống Nhất cần thêm xe đạp tới trường, nhiều em đi bộ", "Xã Thống Nhất"),
        ("Sáng nay em đi qua Nhân Lý thấy nước ngập ngang bánh xe", "Xã Nhân Lý"),
        ("Đoàn Kết chứ đâu, hỏi mãi thế bạn", "Xã Đoàn Kết"),
        ("ở thôn nà lùng, xã thống nhất hay mất điện lúc tối", "Xã Thống Nhất"),
        ("thon khuoi pat xa doan ket chieu nao cung cat dien", "Xã Đoàn Kết"),
    ],
)
def test_an_ordinary_name_at_the_word_of_a_place_is_asked_about(text: str, first: str) -> None:
    found = TODAY.understood(text)
    assert told(found[0]) == first
    assert not any(candidate.sure for candidate in found)


def test_a_hamlet_without_a_name_leaves_ordinary_words() -> None:
    assert TODAY.understood("ở thôn em, xã thống nhất cho làm sân bóng từ năm ngoái") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("năm bạn đoàn viên xã tri lễ, tình nguyện quét vôi trường mẫu giáo.", ["Xã Tri Lễ"]),
        ("doan vien xa tri le, tinh nguyen quet voi truong mau giao ca tuan", ["Xã Tri Lễ"]),
        ("tụi em ở xã tri lễ, tính ra đi bộ mất hai tiếng mới tới trường", ["Xã Tri Lễ"]),
        ("nha xa thien tan, moi thang em ve tham me mot lan thoi a", ["Xã Thiện Tân"]),
        ("Khánh Xuân phía huyện Lộc Bình", ["Xã Lộc Bình < Xã Khánh Xuân, Huyện Lộc Bình"]),
        ("Xã Quan Sơn trên Chi Lăng chúng em chưa có xe buýt", ["Xã Quan Sơn"]),
        ("hoang van thu binh gia, xa hoang van thu do a", ["Xã Bình Gia < Xã Hoàng Văn Thụ, Huyện Bình Gia"]),
    ],
)
def test_the_words_behind_a_commune_do_not_take_it_away(text: str, expected: list[str]) -> None:
    assert [told(candidate) for candidate in TODAY.understood(text)] == expected
