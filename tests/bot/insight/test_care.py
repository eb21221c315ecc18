"""What staff should look at before a text is counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insight.care import Flag, Recent, flags

ADVERTS = [
    "VAY NHANH 50 triệu, giải ngân trong ngày, liên hệ zalo 0912345678",
    "Giảm giá sốc, mua ngay tại shop.xyz",
    "Tuyển CTV bán hàng thu nhập 20 triệu, inbox em",
    "viec nhe luong cao, dang ky ngay 0987654321",
    "Nhà cái uy tín, nạp tiền nhận thưởng",
    "Buy now with discount at www.shop.com",
    "Thuốc nam gia truyền giảm cân, kết bạn zalo",
]
INSULTS = ["đm làm ăn như cc", "lũ ăn hại", "vcl tỉnh này", "you stupid leaders", "đồ chó", "cút đi", "dcm"]
NOTHINGS = [
    "ok",
    "em không có ý kiến gì ạ",
    "Dạ",
    "👍",
    "",
    "chúc chương trình thành công",
    "haha",
    "em đồng ý ạ",
    "test",
]
FINE = [
    "xem https://baolangson.vn bài này nói về đường xã em",
    "Ngân hàng giải ngân trong bao lâu ạ",
    "chó chết vứt đầy suối",
    "cây chó đẻ chữa bệnh",
    "Em muốn bán hàng online, có được giảm giá gian hàng không",
    "lớp em thiếu giáo viên",
    "Không có ý kiến nào được trả lời, vì sao ạ",
    "đồng ý làm đường nhưng xin đừng thu tiền hộ nghèo",
    "lộn xộn ở chợ",
    "How can I get a loan?",
]


@pytest.mark.parametrize("text", ADVERTS)
def test_an_advert_is_flagged(text: str) -> None:
    assert flags(text) == [Flag.ADVERT]


@pytest.mark.parametrize("text", INSULTS)
def test_an_insult_is_flagged(text: str) -> None:
    assert Flag.INSULT in flags(text)


@pytest.mark.parametrize("text", NOTHINGS)
def test_polite_nothings_are_flagged(text: str) -> None:
    assert flags(text) == [Flag.EMPTY]


@pytest.mark.parametrize("text", FINE)
def test_what_is_fine_has_no_flag(text: str) -> None:
    assert flags(text) == []


def test_many_texts_of_one_author_in_ten_minutes_are_a_flood() -> None:
    own = [Recent(f"chuyện thứ {n}", 60.0 * n, True) for n in range(5)]
    assert flags("đường thôn em hỏng", own) == [Flag.FLOOD]
    assert flags("đường thôn em hỏng", own[1:]) == []
    assert flags("đường thôn em hỏng", [Recent(one.text, one.seconds + 600, True) for one in own]) == []


def test_what_a_whole_class_sends_is_a_copy() -> None:
    text = "Em đề nghị nhà trường lắp thêm quạt cho lớp học vào mùa hè ạ"
    others = [Recent(text.replace(" ạ", ""), 900.0, False), Recent(text + "!", 3000.0, False)]
    assert flags(text, others) == [Flag.COPY]
    assert flags(text, others[:1]) == []


def test_what_the_author_sent_before_is_a_copy() -> None:
    text = "Đường vào thôn em lầy lội quá"
    assert flags(text, [Recent(text, 7200.0, True)]) == [Flag.COPY]


def test_a_very_short_question_may_be_asked_by_many() -> None:
    assert flags("vay thế nào", [Recent("vay thế nào", 5.0, False)] * 3) == []


@given(st.text(), st.lists(st.builds(Recent, st.text(), st.floats(0, 1e6), st.booleans()), max_size=4))
def test_any_text_is_taken(text: str, recent: list[Recent]) -> None:
    assert set(flags(text, recent)) <= set(Flag)
