"""Which issues a text is about."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import pack as packs
from bot.insight.folding import fold
from bot.insight.topics import Scored, TopicScorer, scorer
from bot.pack import Topic

SCORER = scorer(packs.load(packs.DEFAULT))
SENTENCES = [
    ("Cho em hỏi quỹ nào cho thanh niên vay lãi suất thấp?", "von"),
    ("Em muốn khởi nghiệp mà chưa biết bắt đầu thế nào", "khoi_nghiep"),
    ("Mở tiệm bánh thì đăng ký kinh doanh và đóng thuế ra sao?", "thu_tuc"),
    ("Ra trường mãi chưa tìm việc được", "viec_lam"),
    ("Muốn đi học nghề hàn thì có lớp nào?", "dao_tao"),
    ("Trường cấp hai thiếu giáo viên Toán", "giao_duc"),
    ("Chăn nuôi dê mà hay bị bệnh, cần hợp tác xã giúp", "nong_nghiep"),
    ("Quýt không có đầu ra, thương lái trả rẻ", "thi_truong"),
    ("Bản em không bắt được sóng điện thoại", "chuyen_doi_so"),
    ("Làm du lịch ở làng đá cần lớp hát then", "du_lich"),
    ("Nhà em xin cấp sổ đỏ lâu rồi chưa được", "dat_dai"),
    ("Rác thải chất đống gây ô nhiễm", "moi_truong"),
    ("Có đối tượng lừa đảo qua mạng, công an giúp với", "an_ninh"),
    ("Chi đoàn ít sinh hoạt, đoàn viên đi làm xa hết", "doan_hoi"),
    ("Bảo hiểm y tế hộ nghèo gia hạn thế nào", "chinh_sach"),
]


@pytest.mark.parametrize(("sentence", "slug"), SENTENCES, ids=[slug for _, slug in SENTENCES])
@pytest.mark.parametrize("typed", [str, fold, str.upper], ids=["with marks", "without marks", "in capitals"])
def test_each_topic_is_known_however_it_is_typed(sentence: str, slug: str, typed: type[str]) -> None:
    assert SCORER.score(typed(sentence))[0].slug == slug


def test_the_unicode_form_makes_no_difference() -> None:
    sentence = SENTENCES[0][0]
    assert SCORER.score(unicodedata.normalize("NFD", sentence)) == SCORER.score(sentence)


def test_a_text_about_two_things_gets_two_topics() -> None:
    slugs = [one.slug for one in SCORER.score("Em muốn vay vốn để làm du lịch cộng đồng")]
    assert set(slugs) >= {"von", "du_lich"}


@pytest.mark.parametrize("text", ["", "hôm nay trời đẹp", "cho em hỏi với ạ", "👍", "🙏 ạ"])
def test_what_fits_no_topic_is_other(text: str) -> None:
    assert SCORER.score(text) == [Scored("khac", 0.0)]


def test_marks_keep_words_apart_that_look_alike_without() -> None:
    topics = (Topic("sale", keywords={"bán": 2}), Topic("friend", keywords={"bạn": 2}))
    scorer = TopicScorer(topics)
    assert [one.slug for one in scorer.score("bán gà ở chợ")] == ["sale"]
    assert {one.slug for one in scorer.score("ban ga o cho")} == {"sale", "friend"}


def test_the_words_that_spoke_for_a_topic_are_told() -> None:
    assert any("lãi suất" in said for said in SCORER.why("Em muốn vay vốn, lãi suất bao nhiêu?", "von"))
    assert SCORER.why("Em muốn vay vốn", "moi_truong") == []


def test_a_word_said_ten_times_counts_once() -> None:
    assert SCORER.score("rác") == SCORER.score("rác " * 10)


def test_examples_alone_speak_for_a_topic() -> None:
    topics = (Topic("a", examples=("cá lội trong ao", "ao cạn cá chết")), Topic("b", examples=("chim bay",)))
    found = TopicScorer(topics).score("cá ao cạn")
    assert [one.slug for one in found] == ["a"]


@given(st.text())
def test_any_text_gets_one_to_three_topics_best_first(text: str) -> None:
    found = SCORER.score(text)
    assert 1 <= len(found) <= 3
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0 <= one.score <= 1 for one in found)
