"""Topics are learnt from what people put right, in a process of their own; all processes read by the same model."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bot import pack as packs
from bot.insight.topics import file_of
from bot.knowledge import Knowledge
from bot.learning import Learning
from bot.model import Json
from bot.pack.examples import FILE as EXAMPLES
from handlers.acts import proposals
from storage import inbox, jobs, topic_models
from storage.database import Statement, micros
from storage.proposals import Content, Tag
from storage.topic_models import Trained
from tests.handlers.youth.test_alike import LOAN, SAME, somebody_sends
from tests.handlers.youth.test_propose import come_in, stored
from tests.player import Town, town

PART = 8  # one in so many examples
TEXTS = ("máy bay không người lái phun thuốc cho đồi na", "xin hỗ trợ máy bay phun thuốc", "drone phun thuốc trừ sâu")


class Elsewhere:
    """Workers that note what they are asked to learn, and give what they are told to."""

    def __init__(self, learnt: Json) -> None:
        self.learnt = learnt
        self.asked: list[tuple[object, ...]] = []

    async def run(self, work: object, *arguments: object) -> Json:
        self.asked.append(arguments)
        return self.learnt


def learning(place: Town, workers: object, enough: int = 3) -> Learning:
    house = place.bot.house
    return Learning(place.bot.database, house.knowledge, house.pack, house.era, workers, place.clock, enough)  # type: ignore[arg-type]


def shipped() -> Json:
    return json.loads(file_of(packs.DEFAULT).read_text("utf-8"))


async def correct(place: Town, texts: tuple[str, ...] = TEXTS) -> None:
    """Texts whose topics their authors chose."""
    for text in texts:
        said = Content(
            text,
            "",
            "question",
            (Tag("nong_nghiep", 1000, "author"),),
            "",
            "",
            "18-22",
            "",
            only_province=False,
            files=(),
        )
        async with place.bot.database.transaction() as tx:
            await proposals.send(tx, said, "key", None, None, micros(place.clock()))


@pytest.fixture
def short_pack(tmp_path: Path) -> Path:
    """The pack with a part of its examples: learning from all of them takes half a minute."""
    folder = tmp_path / "pack"
    shutil.copytree(packs.DEFAULT, folder)
    examples = (folder / EXAMPLES).read_text("utf-8").splitlines(keepends=True)
    (folder / EXAMPLES).write_text("".join(examples[::PART]), "utf-8")
    return folder


async def test_what_was_put_right_is_learnt_in_a_process_of_its_own_and_kept_if_it_is_no_worse(
    tmp_path: Path, short_pack: Path
) -> None:
    async with town(tmp_path, BOT_PACK__PATH=str(short_pack)) as place:
        await correct(place)
        before = place.bot.house.topics.version
        one = learning(place, place.bot.house.workers)
        await one.retrain()
        [row] = await stored(place, "SELECT version, is_kept, corrections, share_before, share_after FROM topic_models")
        assert row["corrections"] == 3
        assert bool(row["is_kept"]) == (int(str(row["share_after"])) >= int(str(row["share_before"])))
        assert int(str(row["share_after"])) > 5000
        await one.refresh()
        assert place.bot.house.topics.version == (row["version"] if row["is_kept"] else before)
        await one.retrain()
        assert len(await stored(place, "SELECT id FROM topic_models")) == 1, "nothing new was put right"


async def test_nothing_is_learnt_before_there_is_enough(place: Town) -> None:
    await correct(place, TEXTS[:2])
    workers = Elsewhere({})
    await learning(place, workers).retrain()
    assert workers.asked == []


@pytest.mark.parametrize("kept", [True, False])
async def test_a_model_that_is_kept_is_read_by_in_every_process_and_after_a_restart(tmp_path: Path, kept: bool) -> None:
    learnt = {"model": {**shipped(), "version": "newer"}, "kept": kept, "before": 0.7, "after": 0.8 if kept else 0.6}
    async with town(tmp_path) as place:
        old = place.bot.house.topics.version
        await correct(place)
        workers = Elsewhere(learnt)
        await learning(place, workers).retrain()
        assert [text for text, _, _ in workers.asked[0][1]] == list(TEXTS)  # type: ignore[attr-defined]
        other = Knowledge(place.bot.house.pack, place.bot.house.era)
        another = Learning(place.bot.database, other, place.bot.house.pack, place.bot.house.era, workers, place.clock)
        await another.refresh()
        assert other.topics.version == ("newer" if kept else old)
    async with town(tmp_path) as place:
        assert place.bot.house.topics.version == ("newer" if kept else old)


async def test_a_model_of_other_examples_is_not_used(place: Town) -> None:
    tried = Trained("newer", "another pack", is_kept=True, corrections=3, before=0.7, after=0.8)
    await place.bot.database.write(topic_models.add(tried, {**shipped(), "version": "newer"}, 0))
    await place.bot.learning.refresh()
    assert place.bot.house.topics.version == shipped()["version"]


# -- what a process leaves undone


async def test_a_look_up_that_dies_midway_is_done_again(tmp_path: Path) -> None:
    async with town(tmp_path) as place:
        await somebody_sends(place, LOAN)
        lan = place.person("lan")
        await come_in(lan, SAME)
        assert "1 bạn cũng hỏi" in lan.last
        await lan.press("Bỏ")
        await lan.send(SAME, settle=False)
        await place.bot.engine.idle()
        messengers = place.messengers
        due = await jobs.next_due(place.bot.database)
        if due is not None:  # the clock may have taken it already
            await inbox.take_jobs(place.bot.database, due)  # and here the process ends
    async with town(tmp_path, messengers=messengers) as place:
        await place.settle()
        assert "1 bạn cũng hỏi" in place.person("lan").last


async def test_what_was_not_read_before_a_process_ended_is_read_by_the_next(tmp_path: Path) -> None:
    async with town(tmp_path) as place:
        await somebody_sends(place, LOAN)
        await place.bot.database.write(
            [Statement("DELETE FROM readings"), Statement("UPDATE proposals SET read_revision = 0")]
        )
    async with town(tmp_path) as place:
        await place.settle()
        assert len(await stored(place, "SELECT * FROM readings WHERE group_id IS NOT NULL")) == 1
