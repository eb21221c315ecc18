"""Texts of somebody in danger are found, and hardly any other."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insight.danger import Danger, danger
from bot.insight.folding import fold

OF_SOMEBODY = [
    "em muốn chết",
    "em mun chet lam r",
    "em không muốn sống nữa",
    "k muon song nua",
    "chán sống quá rồi",
    "em định tự tử",
    "em muon tu tu",
    "có lúc em nghĩ đến cái chết",
    "con muốn nhảy cầu cho xong",
    "em đã uống thuốc sâu một lần",
    "nhà mắng suốt em chỉ muốn ăn lá ngón",
    "em hay cắt tay mỗi khi buồn",
    "e rach tay may lan roi ma k ai bit",
    "sống để làm gì nữa",
    "em thấy cuộc sống vô nghĩa, chắc em biến mất thì tốt hơn",
    "ước gì ngủ mãi không dậy",
    "bạn em nói muốn tự tử, em sợ lắm",
    "thà chết còn hơn",
    "chết quách cho xong",
    "i want to die",
    "I don't want to live anymore",
    "i am going to kill myself",
    "thinking about suicide every night",
    "I cut myself",
    "bố em hay đánh em",
    "bo duong danh em suot",
    "em bị bố dượng sờ mó",
    "em bị xâm hại mà không dám nói",
    "chồng đánh em mỗi khi say",
    "mẹ em bị bố đánh đập hằng ngày",
    "em bị ép lấy chồng, em mới 16 tuổi",
    "nha em bat em lay chong em so qua",
    "cứu em với",
    "em gái em bị lừa bán sang Trung Quốc",
    "thầy giáo sờ soạng em",
    "bạn trai doạ giết em",
    "ban em bi hiep dam",
    "my father beats me",
    "I was raped",
    "my uncle touches me",
    "they force me to marry",
    "em bị bạo hành ở nhà",
    "em bị nhốt trong nhà không cho đi học",
    "con bị mẹ kế hành hạ",
    "toi bi nguoi yeu danh",
    "người ta tung ảnh của em em chỉ muốn chết đi",
    "em tuyệt vọng lắm rồi",
    "em không còn lý do để sống",
    "khong thiet song",
    "em muốn kết thúc cuộc đời",
    "cháu bị chú hàng xóm quấy rối",
    "em bị các bạn chặn đánh suốt",
    "mình bị người ta doạ giết",
    "em không thể sống nổi nữa",
    "bố em đánh em trai vì...",
]
OF_OTHER_THINGS = [
    "cây chết hàng loạt",
    "lợn chết vì dịch",
    "cá chết trắng sông",
    "nghèo chết đi được",
    "nóng muốn chết",
    "chờ muốn chết mà chưa có sổ đỏ",
    "đắt muốn chết",
    "không muốn sống ở quê vì không có việc",
    "khong muon song xa nha",
    "phòng chống tự tử ở học sinh",
    "tuyên truyền phòng chống xâm hại trẻ em",
    "bạo lực gia đình cần được ngăn chặn",
    "tư vấn tâm lý cho học sinh",
    "tu van huong nghiep cho hoc sinh lop 12",
    "tu van vay von",
    "lam tu tu cung duoc",
    "đường xấu có người chết",
    "trẻ em đuối nước chết mỗi hè",
    "cái chết trắng ma tuý",
    "kênh mương chết khô",
    "mạng chết suốt",
    "pin chết",
    "đất chết",
    "bán thuốc sâu giả",
    "vỏ thuốc sâu vứt bừa bãi",
    "thuốc sâu phun chết ong",
    "em bị ngã xe vì đường hỏng",
    "nhà em bị lũ cuốn",
    "em bị trừ lương",
    "em bị mất thẻ bảo hiểm",
    "em bị nhà mạng trừ tiền",
    "em bị công ty nợ lương",
    "em bị lừa mất tiền trên mạng",
    "đội em bị đánh bại ở giải",
    "đánh cá bằng điện",
    "bố em đánh cá ở hồ",
    "bố em đi làm xa",
    "mẹ em ốm",
    "nạn tảo hôn vẫn còn",
    "lấy chồng sớm bỏ học nhiều",
    "cầu nhảy cho thanh niên tập",
    "nhảy cầu là môn thể thao",
    "cầu treo nguy hiểm chết người",
    "sóng yếu không sống nổi với công nghệ",
    "lương thấp sống sao nổi",
    "đánh bắt cá",
    "dịch tả giết đàn lợn",
    "buôn bán người qua biên giới",
    "học sinh bị đuối nước",
    "chán học",
    "chán quá không có chỗ chơi",
    "hết sóng",
    "em không muốn học nữa",
    "giảng dạy kỹ năng phòng tránh xâm hại",
    "cắt tay áo",
    "em bị bắt đóng quỹ",
    "thầy ép em học thêm",
    "nhà em bị ép giá na",
    "the river is dead",
    "my phone died",
    "trees are dying",
    "stop child abuse campaign",
    "kill pests on rice",
]


@pytest.mark.parametrize("text", OF_SOMEBODY)
def test_somebody_in_danger_is_found(text: str) -> None:
    assert danger(text) is not None
    assert danger(unicodedata.normalize("NFD", text.upper())) is not None


@pytest.mark.parametrize("text", [text for text in OF_SOMEBODY if "tự" not in text and "tuyệt" not in text])
def test_somebody_in_danger_is_found_without_marks(text: str) -> None:
    assert danger(fold(text)) is not None


@pytest.mark.parametrize("text", OF_OTHER_THINGS)
def test_trees_prices_and_campaigns_are_in_no_danger(text: str) -> None:
    assert danger(text) is None


def test_the_two_dangers_are_told_apart() -> None:
    assert danger("em không muốn sống nữa") is Danger.SELF_HARM
    assert danger("bố dượng hay đánh em") is Danger.ABUSE


def test_slowly_is_not_death() -> None:
    assert danger("cứ làm từ từ") is None
    assert danger("em muon tu tu lam quen") is None


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    assert danger(text) in (None, *Danger)
