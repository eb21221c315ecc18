"""What a text is after, whatever it is about."""

import pytest

from bot import pack as packs
from bot.insight.aims import FILE, digest, learn, shares
from bot.insight.concepts import Lexicon
from bot.insight.topic_model import read_file
from bot.pack import Pack


def aim(text: str, pack: Pack) -> str:
    model = read_file(pack.folder / FILE)
    assert model is not None
    found = shares(model, Lexicon(pack.concepts).read(text))
    assert 0.8 < sum(found.values()) <= 1.01
    return max(found, key=lambda one: found[one])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Học phí lớp điện lạnh hết bao nhiêu tiền", "amount"),
        ("hoc phi lop dien lanh het bao nhieu tien", "amount"),
        ("Lớp điện lạnh học ở đâu", "where"),
        ("Lớp điện lạnh bao giờ khai giảng", "when"),
        ("Em chưa tốt nghiệp cấp ba có được học lớp điện lạnh không", "allowed"),
        ("Mở lớp dạy điện lạnh cho thanh niên", "teach"),
    ],
)
def test_on_one_subject_people_are_after_different_things(text: str, expected: str, pack: Pack) -> None:
    assert aim(text, pack) == expected


def test_the_model_was_learnt_from_the_texts_of_the_pack(pack: Pack) -> None:
    model = read_file(pack.folder / FILE)
    assert model is not None
    assert model.source == digest(pack), "make model"


def test_learning_again_gives_the_model_that_is_there(pack: Pack) -> None:
    model = read_file(pack.folder / FILE)
    assert model is not None
    assert learn(packs.DEFAULT)["version"] == model.version
