"""Personal data in texts: found by shape and by the words before it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insight.personal import Kind, personal, without

FOUND = [
    ("Gọi cho em số 0912 345 678 nhé", Kind.PHONE, "0912 345 678"),
    ("sđt 0987.654.321", Kind.PHONE, "0987.654.321"),
    ("lh 0351234567 gặp Hoa", Kind.PHONE, "0351234567"),
    ("+84 912345678", Kind.PHONE, "+84 912345678"),
    ("số bàn 0205 3812 345", Kind.PHONE, "0205 3812 345"),
    ("CCCD 020098001234", Kind.ID_NUMBER, "020098001234"),
    ("số của em là 020098001234", Kind.ID_NUMBER, "020098001234"),
    ("cmnd 082345678 cấp năm ngoái", Kind.ID_NUMBER, "082345678"),
    ("thẻ bhyt 2012345678", Kind.ID_NUMBER, "2012345678"),
    ("stk 1903 5678 9012 MB", Kind.BANK_ACCOUNT, "1903 5678 9012"),
    ("chuyển khoản vào 0912345678", Kind.BANK_ACCOUNT, "0912345678"),
    ("tài khoản 8400205123456 Agribank", Kind.BANK_ACCOUNT, "8400205123456"),
    ("email em.a@gmail.com", Kind.EMAIL, "em.a@gmail.com"),
    ("fb.com/nguyen.a", Kind.PROFILE, "fb.com/nguyen.a"),
    ("https://www.facebook.com/abc.123", Kind.PROFILE, "https://www.facebook.com/abc.123"),
    ("zalo.me/0912345678", Kind.PROFILE, "zalo.me/0912345678"),
    ("Anh Nguyễn Văn An ở xã lừa tiền em", Kind.NAME, "Nguyễn Văn An"),
    ("ông Nông Văn Dền cho vay nặng lãi", Kind.NAME, "Nông Văn Dền"),
    ("em tên là Lê Thị Hoa", Kind.NAME, "Lê Thị Hoa"),
    ("bạn Hoàng Minh bị đánh", Kind.NAME, "Hoàng Minh"),
    ("Em ở số nhà 12 ngõ 5 đường Trần Đăng Ninh", Kind.ADDRESS, "số nhà 12 ngõ 5 đường Trần Đăng Ninh"),
    ("số 47B đường Bà Triệu, nhà em", Kind.ADDRESS, "số 47B đường Bà Triệu"),
]


@pytest.mark.parametrize(("text", "kind", "part"), FOUND)
def test_personal_data_is_found_where_it_stands(text: str, kind: Kind, part: str) -> None:
    assert [(span.kind, text[span.start : span.end]) for span in personal(text)] == [(kind, part)]


@pytest.mark.parametrize(
    "text",
    [
        "vay 100000000 đồng",
        "vay 50 triệu trong 36 tháng",
        "năm 2025 2026",
        "diện tích 12000000 m2",
        "từ 7 giờ đến 11 giờ 30",
        "xã Hoàng Văn Thụ",
        "đường Trần Phú hay tắc",
        "phường Lương Văn Tri",
        "học trường Chu Văn An",
        "số 3 ở bão vừa rồi",
        "111",
        "Nghị định 13/2021",
        "giá 15.000 - 20.000 một cân",
        "em ở xã Tri Lễ",
        "anh chị ơi",
        "",
    ],
)
def test_other_numbers_and_names_are_none(text: str) -> None:
    assert personal(text) == []


def test_all_of_it_can_be_left_out() -> None:
    text = "Em là Lê Thị Hoa, em Nông Thị Mai, gọi 0912345678 hay a@b.vn"
    assert without(text, personal(text)) == "Em là Lê Thị Hoa, em …, gọi … hay …"


@given(st.text())
def test_spans_lie_within_the_text_and_never_overlap(text: str) -> None:
    spans = personal(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))
