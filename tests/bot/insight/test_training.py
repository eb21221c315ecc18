"""Learning topics: from examples, from corrections, and keeping only what is not worse."""

import json
import shutil
from pathlib import Path

import pytest

from bot import pack as packs
from bot.errors import PackError
from bot.insight.concepts import Lexicon
from bot.insight.features import features
from bot.insight.separating import Sample, separate
from bot.insight.topic_model import TopicModel, from_json, read_file, stamped, to_json
from bot.insight.topics import TopicScorer, scorer
from bot.insight.training import digest, examples_of, is_fixed, train
from bot.pack import Pack
from bot.workers import OneAtATime

CITY = Path(__file__).parents[2] / "packs" / "larkhaven"
LINES = {
    "getting_about": ["the tram is late again", "no bus after nine", "trams do not stop here", "bicycle lane on the bridge", "the last bus leaves early"],
    "green_places": ["plant trees in the park", "the park is flooded", "benches by the canal", "more flowers please", "trees were cut in the park"],
    "learning": ["the library closes early", "evening courses are full", "books for the school library", "a workshop for apprentices", "the course is too short"],
    "safe_nights": ["lamps are dark at night", "fights after the concert", "the underpass is dark", "wardens come too late", "dark stairs at night"],
    "khac": ["hello there", "good luck to you", "nothing to say", "what a day", "see you"],
}  # fmt: skip


@pytest.fixture
def city(tmp_path: Path) -> Path:
    folder = tmp_path / "city"
    shutil.copytree(CITY, folder)
    lines = [json.dumps({"text": text, "topics": [slug]}) for slug, texts in LINES.items() for text in texts]
    (folder / "examples.jsonl").write_text("\n".join(lines), "utf-8")
    return folder


def test_a_pack_learns_its_topics_from_its_examples(city: Path) -> None:
    trained = train(city)
    model = from_json(trained["model"])
    judge = scorer(packs.load(city), model)
    assert judge.version == model.version != ""
    assert judge.score("when does the tram come")[0].slug == "getting_about"
    assert trained["kept"]


def test_learning_twice_gives_the_same_model(city: Path) -> None:
    assert train(city) == train(city)


def test_corrections_are_learnt(city: Path) -> None:
    said = "zeppelin"
    corrections = [(f"a {said} for {n}", ("getting_about",), "staff") for n in range(6)]
    judge = scorer(packs.load(city), from_json(train(city, corrections)["model"]))
    assert judge.score(f"we want a {said}")[0].slug == "getting_about"
    assert said in judge.why(f"we want a {said}", "getting_about")


def test_corrections_that_make_it_worse_are_not_kept(city: Path) -> None:
    wrong = [(one.text, ("khac",), "staff") for one in examples_of(packs.load(city)) for _ in range(3)]
    trained = train(city, wrong)
    assert trained["after"] < trained["before"]
    assert not trained["kept"]


async def test_a_worker_can_learn(city: Path) -> None:
    assert (await OneAtATime().run(train, city))["kept"]


def test_the_fixed_part_stays_the_same() -> None:
    texts = [f"text {n}" for n in range(1000)]
    assert 150 < sum(map(is_fixed, texts)) < 250
    assert [is_fixed(text) for text in texts] == [is_fixed(text) for text in texts]


def test_the_model_that_comes_along_was_made_from_what_comes_along(pack: Pack) -> None:
    model = read_file(pack.folder / "topics-model.json")
    assert model is not None
    assert model.source == digest(pack), "examples or lexicon changed: make model"
    assert model.version == stamped(model).version
    assert set(model.topics) == {topic.slug for topic in pack.topics}


def test_every_topic_has_forty_examples_of_its_own(pack: Pack) -> None:
    own = [line.topics[0] for line in packs.examples(pack.folder)]
    assert all(own.count(topic.slug) >= 40 for topic in pack.topics)


def test_a_model_is_stored_as_plain_numbers() -> None:
    model = TopicModel(("a", "b"), (0.5, -0.5), {"w:x": ((0, 1.0), (1, -0.25))}, 4.0, 0.1, "source", 0.9)
    assert from_json(json.loads(json.dumps(to_json(stamped(model))))) == stamped(model)
    assert model.margins({"w:x": 2.0, "w:y": 1.0}) == [2.5, -1.0]


def test_a_file_that_is_no_model_is_named(tmp_path: Path) -> None:
    file = tmp_path / "topics-model.json"
    assert read_file(file) is None
    file.write_text("{}")
    with pytest.raises(PackError, match=r"topics-model\.json"):
        read_file(file)


def test_a_line_is_found_between_two_kinds() -> None:
    samples = [Sample(((0, 1.0),), 1.0), Sample(((1, 1.0),), 1.0), Sample(((0, 0.9), (1, 0.1)), 1.0)]
    weights, bias = separate(samples, [True, False, True], 2, 1.0)
    assert bias + weights[0] > 0 > bias + weights[1]


def test_a_model_for_other_topics_is_not_used(pack: Pack) -> None:
    strange = TopicModel(("x",), (1.0,), {}, 1.0, 0.0)
    assert TopicScorer(pack.topics, pack.concepts, strange).version == ""


def test_a_long_story_has_no_stronger_features_than_a_line(pack: Pack) -> None:
    lexicon = Lexicon(pack.concepts)
    for text in ("vay vốn", "vay vốn " + "để nuôi gà và làm đường vào thôn " * 20):
        found = features(text, lexicon)
        for kind in {name[:2] for name in found}:
            assert sum(v * v for name, v in found.items() if name.startswith(kind)) == pytest.approx(1)
