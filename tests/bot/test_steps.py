"""What is computed and done once, and how far a step back goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from bot.errors import RepeatedKeyError
from bot.state import State
from bot.talk import Talk
from storage import record
from storage.database import Transaction
from tests.bot.invented import ANY, conversation, features, labels, log_of, open_state, words
from tests.player import town
from tests.replay import talk_of


async def same_key_twice(talk: Talk) -> None:
    await talk.ask("place", ANY, words, unit="yours?")
    await talk.ask("place", ANY, words, unit="where?")


async def test_a_key_met_twice_in_one_run_is_an_error(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        talk = talk_of(here.bot.house, State(log=[["place", "answer", "here"]]), 1)
        with pytest.raises(RepeatedKeyError, match="'place'"):
            await same_key_twice(talk)


async def test_a_person_who_meets_a_repeated_key_gets_an_apology(tmp_path: Path) -> None:
    async with town(tmp_path, features=features(conversation("twice", same_key_twice))) as here:
        lan = here.person("lan")
        await lan.send("/twice")
        with capture_logs() as logs:
            assert "Mã lỗi" in await lan.send("here")
        assert errors(logs) == ["RepeatedKeyError"]


def errors(logs: Sequence[Mapping[str, Any]]) -> list[str]:
    """The kinds of errors by which turns failed."""
    return [line["where"].split()[0] for line in logs if line["event"] == "a turn failed"]


class Shop:
    """A conversation that computes something, asks, does something that lasts, and asks again."""

    def __init__(self) -> None:
        self.suggested: list[str] = []
        self.ordered: list[str] = []

    async def run(self, talk: Talk) -> None:
        kind = await talk.choose("kind", ANY, labels("tea", "rice"), unit="kind?")
        note = await talk.ask("note", ANY, words, unit="note?")

        async def suggest() -> str:
            self.suggested.append(note)
            return f"{kind} {note}"

        hint = await talk.keep("hint", suggest)
        match await talk.choose("review", ANY, labels("order", "edit"), unit=f"[{hint}]"):
            case "edit":
                await talk.again("note")
            case _:
                await talk.once("order", lambda tx: self.order(tx, hint))
        happy = await talk.choose("happy", ANY, labels("yes", "no"), unit="happy?")
        await talk.ask("why", ANY, words, unit=f"why {happy}?")
        talk.say(ANY, unit="thank you")

    async def order(self, tx: Transaction, what: str) -> int:
        await tx.rows("SELECT 1")
        self.ordered.append(what)
        return len(self.ordered)


@pytest.fixture
def shop() -> Shop:
    return Shop()


async def test_what_is_kept_holds_until_an_answer_before_it_changes(tmp_path: Path, shop: Shop) -> None:
    async with town(tmp_path, features=features(conversation("shop", shop.run))) as here:
        lan = here.person("lan")
        await lan.send("/shop")
        await lan.press("tea")
        assert await lan.send("green") == "[tea green]"
        await lan.send("hm")
        assert shop.suggested == ["green"]
        await lan.send("/quaylai")
        assert await lan.send("green") == "[tea green]"
        assert shop.suggested == ["green"], "the same answer changes nothing"
        await lan.send("/quaylai")
        assert await lan.send("black") == "[tea black]"
        assert shop.suggested == ["green", "black"]


async def test_an_effect_happens_once_over_every_replay_and_back_never_crosses_it(tmp_path: Path, shop: Shop) -> None:
    async with town(tmp_path, features=features(conversation("shop", shop.run))) as here:
        lan = here.person("lan")
        await lan.send("/shop")
        await lan.press("tea")
        await lan.send("green")
        assert await lan.press("order") == "happy?"
        past = here.bot.house.texts.template("vi", "talk.past")
        assert await lan.send("/quaylai") == f"{past}\n\nhappy?"
        assert await lan.press("yes") == "why yes?"
        assert await lan.send("/quaylai") == "happy?"
        assert await lan.send("/quaylai") == f"{past}\n\nhappy?"
        assert await lan.press("no") == "why no?"
        assert await lan.send("it was cold") == "thank you"
    assert shop.ordered == ["tea green"]


async def test_back_puts_the_question_before_again_with_its_answer_standing(tmp_path: Path, shop: Shop) -> None:
    async with town(tmp_path, features=features(conversation("shop", shop.run))) as here:
        lan = here.person("lan")
        await lan.send("/shop")
        await lan.press("tea")
        await lan.send("green")
        assert await lan.send("/quaylai") == "note?"
        assert await lan.send("/quaylai") == "kind?"
        first = here.bot.house.texts.template("vi", "talk.first")
        assert (await lan.send("/quaylai")) == f"{first}\n\nkind?"
        state = await open_state(here)
        assert {key: log_of(state)[key] for key in ("kind", "note")} == {"kind": "tea", "note": "green"}
        assert await lan.press("rice") == "note?", "both were put again"
        assert await lan.send("sticky") == "[rice sticky]"


async def test_again_puts_questions_again_and_takes_the_new_answer(tmp_path: Path, shop: Shop) -> None:
    async with town(tmp_path, features=features(conversation("shop", shop.run))) as here:
        lan = here.person("lan")
        await lan.send("/shop")
        await lan.press("tea")
        await lan.send("green")
        assert await lan.press("edit") == "note?"
        assert log_of(await open_state(here))["note"] == "green"
        assert await lan.send("black") == "[tea black]"
        assert await lan.press("edit") == "note?", "a second edit works like the first"


async def test_back_calls_an_edit_off_and_nothing_is_lost(tmp_path: Path, shop: Shop) -> None:
    async with town(tmp_path, features=features(conversation("shop", shop.run))) as here:
        lan = here.person("lan")
        await lan.send("/shop")
        await lan.press("tea")
        await lan.send("green")
        await lan.press("edit")
        assert await lan.send("/quaylai") == "[tea green]"
        assert shop.suggested == ["green"]
        assert await lan.press("order") == "happy?"
    assert shop.ordered == ["tea green"]


async def test_a_conversation_that_only_starts_over_is_an_error(tmp_path: Path) -> None:
    async def restless(talk: Talk) -> None:
        await talk.again("anything")

    async with town(tmp_path, features=features(conversation("restless", restless))) as here:
        with capture_logs() as logs:
            assert "Mã lỗi" in await here.person("lan").send("/restless")
        assert errors(logs) == ["EndlessConversationError"]


async def test_an_effect_sees_and_writes_in_the_transaction_of_its_turn(tmp_path: Path) -> None:
    async def noting(talk: Talk) -> None:
        await talk.ask("what", ANY, words, unit="what?")
        count = await talk.once("note", lambda tx: notes_with_one_more(tx))
        talk.say(ANY, unit=f"notes: {count}")
        raise RuntimeError

    async with town(tmp_path, features=features(conversation("noting", noting))) as here:
        lan = here.person("lan")
        await lan.send("/noting")
        with capture_logs():
            await lan.send("something")
        snapshot = await here.bot.database.snapshot()
        rows = await snapshot.rows("SELECT count(*) AS n FROM record WHERE act = 'noted'")
        await snapshot.close()
        assert rows[0]["n"] == 0, "the turn failed after it, so it never happened"


async def notes_with_one_more(tx: Transaction) -> int:
    await tx.run(record.note("noted", None, 0))
    rows = await tx.rows("SELECT count(*) AS n FROM record WHERE act = 'noted'")
    return cast(int, rows[0]["n"])
