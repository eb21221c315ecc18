"""Several people do anything at any time: nobody goes without an answer, nothing is lost, doubled or changed."""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.model import Phrase, plain
from bot.turn import House
from handlers.features import FEATURES
from storage.database import Row, Statement
from tests.player import Messenger, Moving, Town, town
from tests.replay import replay_all
from tests.walkers import Walker

WALKS = int(os.environ.get("WALKS", "4"))  # 500 take some minutes
FIRST = int(os.environ.get("FIRST_WALK", "0"))
STEPS = 100
SHOWN = 600  # characters of a text that its card shows
MARK = re.compile(r"\[\w+\.\d+\]")  # what each text of a walker ends in, never twice the same

STORED = """
SELECT p.*, a.chat, (SELECT group_concat(f.name, ', ') FROM proposal_files f WHERE f.proposal_id = p.id) AS files,
       (SELECT count(*) FROM proposal_files f WHERE f.proposal_id = p.id) AS file_count,
       (SELECT group_concat(topic, ' ') FROM (SELECT topic FROM proposal_topics t WHERE t.proposal_id = p.id ORDER BY rank))
         AS topics
FROM proposals p JOIN addresses a ON a.id = p.address_id WHERE p.id > :after ORDER BY p.id
"""


@dataclass
class Walk:
    """A walk and how far it went."""

    dice: random.Random
    walkers: list[Walker]
    steps: int = 0
    replays: int = 0
    proposals: int = 0


@pytest.mark.parametrize("seed", range(FIRST, FIRST + WALKS))
async def test_people_may_do_anything_at_any_time(tmp_path: Path, seed: int) -> None:
    walk = Walk(random.Random(seed), [])
    messengers = {"buttons": Messenger("buttons", buttons=True), "lists": Messenger("lists", buttons=False)}
    clock = Moving()
    with capture_logs() as logs:
        while walk.steps < STEPS:
            async with town(tmp_path, clock, FEATURES, messengers) as here:
                await stroll(here, walk)
    acts = sum(walker.player.acts for walker in walk.walkers)
    print(f"walk {seed}: {acts} acts in {walk.steps} steps, {walk.replays} replays, {walk.proposals} proposals")
    assert [line for line in logs if line["log_level"] not in ("debug", "info")] == []


async def stroll(here: Town, walk: Walk) -> None:
    """Goes on until the walk is over or the bot is started anew."""
    walk.walkers = walk.walkers or [
        Walker(here.person(f"{kind}{n}", kind), walk.dice) for kind in ("buttons", "lists") for n in range(2)
    ]
    for walker in walk.walkers:
        walker.player.town = here
    await look_around(here, walk)
    while walk.steps < STEPS:
        walk.steps += 1
        for walker in walk.dice.sample(walk.walkers, walk.dice.choice((1, 1, 2, 4))):
            here.clock.forward(seconds=walk.dice.choice((1, 3, 60)))
            await walker.act()
        if walk.dice.random() < 0.03:
            return
        await look_around(here, walk)


async def look_around(here: Town, walk: Walk) -> None:
    """Waits until all is quiet and checks every promise."""
    await here.settle()
    for walker in walk.walkers:
        assert walker.was_answered(), f"{walker.player.chat} has no answer:\n{walker.player.shown()}"
    [new] = await here.bot.database.read(Statement(STORED, {"after": walk.proposals}))
    for row in new:
        [walker] = [walker for walker in walk.walkers if walker.player.chat == row["chat"]]
        is_what_was_sent(here.bot.house, walker, row)
    for walker in (one for one in walk.walkers if one.player.chat in {row["chat"] for row in new}):
        walker.sends.clear()
        walker.hasty = False
    walk.proposals += len(new)
    if new:
        await nothing_is_doubled(here)
    walk.replays += await replay_all(here, FEATURES)


def is_what_was_sent(house: House, walker: Walker, row: Row) -> None:
    """What is stored was on a message on which "send" was pressed, and its author was told the code."""
    cards = {shown(house, row, language) for language in house.texts.languages}
    pressed = {re.sub(r"\n\n(\d+\. .*✅|👥).*", "", text, flags=re.DOTALL) for text in walker.may_have_sent()}
    assert cards & pressed, f"stored: {cards}\npressed: {pressed}"
    told = [message.text for message in walker.player.screen.messages.values() if message.text.startswith("🎉")]
    assert sum(row["code"] in text for text in told) == 1, "lists name it too"


def shown(house: House, row: Row, language: str) -> str:
    """The card of what is stored."""
    topics = [Phrase(f"topic.{topic}") for topic in row["topics"].split()]
    holes = dict(zip(("first", "second", "third"), topics, strict=False))
    lines = [
        Phrase("card.kind", {"kind": Phrase(f"kind.{row['kind']}")}),
        Phrase("card.topics", {"topics": Phrase(f"card.joined_{len(topics)}", holes)}),
        Phrase("card.place", {"place": house.pack.place(row["place"], row["former_place"], house.era)}),
        Phrase("card.age", {"age": Phrase(f"age.{row['age_band']}")}),
        Phrase("card.named", {"name": row["name"]}) if row["name"] else Phrase("card.anonymous"),
        Phrase("card.only_province" if row["only_province"] else "card.all_readers"),
    ]
    if row["files"]:
        lines.insert(0, Phrase("card.files", {"count": row["file_count"], "names": row["files"]}))
    if row["lead"]:
        lines.insert(0, Phrase("card.lead", {"lead": row["lead"]}))
    card = Phrase("card.review", {"text": told(row), "lines": lines})
    return plain(house.texts.render(language, card))


def told(row: Row) -> Phrase:
    """The text as its card shows it."""
    text = row["text"]
    if not text:
        return Phrase("card.files_only")
    if len(text) <= SHOWN:
        return Phrase("card.text", {"text": text})
    return Phrase("card.long_text", {"text": text[:SHOWN].rstrip(), "more": len(text) - SHOWN})


async def nothing_is_doubled(here: Town) -> None:
    """No text of anybody stands in two proposals, or twice in one."""
    [rows] = await here.bot.database.read(Statement("SELECT text FROM proposals"))
    marks = Counter(mark for row in rows for mark in MARK.findall(row["text"]))
    assert {mark: times for mark, times in marks.items() if times > 1} == {}
