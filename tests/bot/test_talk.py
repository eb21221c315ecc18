"""The rules by which a conversation is run from the top at every turn."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import InvalidError
from bot.state import Answer
from bot.talk import Talk
from storage.database import Transaction
from tests.bot.invented import ANY, conversation, features, label, labels, log_of, open_state, said, words
from tests.player import Player, town


def long_enough(answer: Answer) -> str:
    if len(answer.text) < 5:
        raise InvalidError(ANY, unit="too short")
    return answer.text


async def test_a_text_is_said_once_however_often_the_conversation_is_run(tmp_path: Path) -> None:
    async def greeting(talk: Talk) -> None:
        talk.say(ANY, unit="hello")
        await talk.ask("name", ANY, words, unit="name?")
        talk.say(ANY, unit="nice name")
        await talk.ask("age", ANY, words, unit="age?")
        talk.say(ANY, unit="done")

    async with town(tmp_path, features=features(conversation("greeting", greeting))) as here:
        lan = here.person("lan")
        assert await lan.send("/greeting") == "hello\n\nname?"
        assert await lan.send("Lan") == "nice name\n\nage?"
        assert await lan.send("19") == "done"


async def test_a_refused_answer_says_only_the_reason_and_the_question(tmp_path: Path) -> None:
    async def telling(talk: Talk) -> None:
        talk.say(ANY, unit="hello")
        body = await talk.ask("body", ANY, long_enough, unit="what?")
        talk.say(ANY, unit=f"taken: {body}")

    async with town(tmp_path, features=features(conversation("telling", telling))) as here:
        lan = here.person("lan")
        await lan.send("/telling")
        assert await lan.send("abc") == "too short\n\nwhat?"
        assert await lan.send("x") == "too short\n\nwhat?"
        assert await lan.send("a bridge") == "taken: a bridge"


async def test_an_answer_is_parsed_once_in_its_own_turn(tmp_path: Path) -> None:
    parsed: list[str] = []

    def noted(answer: Answer) -> str:
        parsed.append(answer.text)
        return answer.text

    async def three(talk: Talk) -> None:
        for n in range(3):
            await talk.ask(f"question{n}", ANY, noted, unit="and?")

    async with town(tmp_path, features=features(conversation("three", three))) as here:
        lan = here.person("lan")
        for text in ("/three", "one", "two", "three"):
            await lan.send(text)
    assert parsed == ["one", "two", "three"]


async def test_a_value_is_plain_json_in_the_turn_it_is_given_and_in_every_later_one(tmp_path: Path) -> None:
    seen: list[tuple[object, object, object]] = []

    async def pair() -> object:
        return ("b", 2)

    async def effect(tx: Transaction) -> object:
        return {3: "c"}

    async def telling(talk: Talk) -> None:
        answer = await talk.ask("answer", ANY, lambda answer: ("a", 1), unit="what?")
        kept = await talk.keep("kept", pair)
        done = await talk.once("done", effect)
        seen.append((answer, kept, done))
        await talk.ask("more", ANY, words, unit="more?")

    async with town(tmp_path, features=features(conversation("telling", telling))) as here:
        lan = here.person("lan")
        for text in ("/telling", "something", "and more"):
            await lan.send(text)
    assert seen == [(["a", 1], ["b", 2], {"3": "c"})] * 2


async def test_a_stored_choice_that_is_no_longer_offered_is_asked_again(tmp_path: Path) -> None:
    offered = ["red", "blue"]

    async def colours(talk: Talk) -> None:
        colour = await talk.choose("colour", ANY, labels(*offered), unit="which?")
        await talk.ask("why", ANY, words, unit=f"why {colour}?")
        talk.say(ANY, unit=f"done with {colour}")

    async with town(tmp_path, features=features(conversation("colours", colours))) as here:
        lan = here.person("lan")
        await lan.send("/colours")
        assert await lan.press("red") == "why red?"
        offered.remove("red")
        assert await lan.send("it is bright") == "which?"
        assert await lan.press("blue") == "done with blue", "what was written before waits for its question"


async def test_what_no_question_took_is_treated_as_new_text_at_the_end(tmp_path: Path) -> None:
    asks = True

    async def first(talk: Talk) -> None:
        if asks:
            await talk.ask("body", ANY, words, unit="what?")
        talk.say(ANY, unit="over")

    async def second(talk: Talk) -> None:
        text = await talk.ask("text", ANY, words, unit="text?")
        talk.say(ANY, unit=f"second took {text}")

    both = features(conversation("first", first), conversation("second", second, takes="text"), idle="second")
    async with town(tmp_path, features=both) as here:
        lan = here.person("lan")
        await lan.send("/first")
        asks = False
        assert await lan.send("a long story") == "over\n\nsecond took a long story"


async def test_what_is_written_at_a_choice_waits_for_the_question_it_is_set_aside_for(tmp_path: Path) -> None:
    async def story(talk: Talk) -> None:
        await talk.choose("sure", ANY, labels("yes", "no"), aside="body", unit="sure?")
        body = await talk.ask("body", ANY, words, unit="what?")
        talk.say(ANY, unit=f"taken: {body}")

    async with town(tmp_path, features=features(conversation("story", story))) as here:
        lan = here.person("lan")
        await lan.send("/story")
        assert (await lan.send("the road is broken")).endswith("sure?")
        assert await lan.press("yes") == "taken: the road is broken"


async def two_questions(talk: Talk) -> None:
    first = await talk.choose("first", ANY, labels("yes", "no"), unit="first?")
    second = await talk.choose("second", ANY, labels("yes", "no"), unit="second?")
    talk.say(ANY, unit=f"{first} and {second}")


async def test_a_button_of_another_question_changes_nothing_and_shows_the_open_one(tmp_path: Path) -> None:
    async with town(tmp_path, features=features(conversation("two", two_questions))) as here:
        lan = here.person("lan")
        await lan.send("/two")
        old = lan.button("yes")
        await lan.press("no")
        before = await open_state(here)
        assert await lan.tap(old) == "second?"
        assert await open_state(here) == before
        assert await lan.press("yes") == "no and yes"


async def test_every_question_put_gets_the_next_number(tmp_path: Path) -> None:
    async with town(tmp_path, features=features(conversation("two", two_questions))) as here:
        lan = here.person("lan")
        await lan.send("/two")
        first = lan.button("yes")
        await lan.press("yes")
        second = lan.button("yes")
        await lan.send("/quaylai")
        third = lan.button("yes")
        assert [data.split(".")[1] for data in (first, second, third)] == ["1", "2", "3"]


async def test_the_same_question_shown_again_keeps_its_number(tmp_path: Path) -> None:
    async with town(tmp_path, features=features(conversation("two", two_questions))) as here:
        lan = here.person("lan")
        await lan.send("/two")
        before = lan.button("yes")
        await lan.send("something else")
        assert lan.button("yes") == before


async def test_a_button_whose_conversation_is_over_says_so(tmp_path: Path) -> None:
    async with town(tmp_path, features=features(conversation("two", two_questions))) as here:
        lan = here.person("lan")
        await lan.send("/two")
        old = lan.button("yes")
        await lan.press("yes")
        await lan.press("yes")
        over = here.bot.house.texts.template("vi", "talk.over")
        assert over in await lan.tap(old)
        assert said(lan).count("yes and yes") == 1


async def test_an_option_that_is_not_offered_is_refused(tmp_path: Path) -> None:
    async with town(tmp_path, features=features(conversation("two", two_questions))) as here:
        lan = here.person("lan")
        await lan.send("/two")
        forged = lan.button("yes").replace("yes", "maybe")
        gone = here.bot.house.texts.template("vi", "talk.gone")
        assert await lan.tap(forged) == f"{gone}\n\nfirst?"
        assert log_of(await open_state(here)) == {}


async def test_a_label_may_be_typed_with_marks_or_without(tmp_path: Path) -> None:
    async def choosing(talk: Talk) -> None:
        way = await talk.choose("way", ANY, {"a": label("Đường bộ"), "b": label("Đường thuỷ")}, unit="way?")
        talk.say(ANY, unit=f"way {way}")

    async with town(tmp_path, features=features(conversation("choosing", choosing))) as here:
        lan = here.person("lan")
        await lan.send("/choosing")
        assert await lan.send("duong THUỶ") == "way b"


class Ticking:
    """A conversation that asks for up to two fruits."""

    def __init__(self) -> None:
        self.chosen: list[str] = []

    async def run(self, talk: Talk) -> None:
        fruits = labels("plum", "pear", "peach")
        self.chosen = await talk.choose_many("fruits", ANY, fruits, 2, ["pear"], unit="fruits?")
        talk.say(ANY, unit=", ".join(self.chosen))


@pytest.mark.parametrize("messenger", ["buttons", "lists"])
async def test_options_are_ticked_and_unticked_until_ready(tmp_path: Path, messenger: str) -> None:
    async with town(tmp_path, features=features(conversation("ticking", Ticking().run))) as here:
        lan = here.person("lan", messenger)
        await lan.send("/ticking")
        assert ticked(lan) == ["pear"]
        await lan.press("plum")
        assert ticked(lan) == ["plum", "pear"]
        await lan.press("pear")
        assert ticked(lan) == ["plum"]
        assert await lan.press("Xong") == "plum"


async def test_more_ticks_than_allowed_are_refused_with_a_reason(tmp_path: Path) -> None:
    async with town(tmp_path, features=features(conversation("ticking", Ticking().run))) as here:
        lan = here.person("lan")
        await lan.send("/ticking")
        await lan.press("plum")
        await lan.press("peach")
        assert "tối đa 2" in lan.shown()
        assert await lan.press("Xong") == "pear, plum"


def ticked(person: Player) -> list[str]:
    shown = [button.label for button in person.screen.last.buttons] or person.last.splitlines()
    return [line.split()[-1] for line in shown if "✅" in line]


async def test_a_person_without_an_open_conversation_has_nothing_to_go_back_to(tmp_path: Path) -> None:
    async with town(tmp_path, features=features(conversation("two", two_questions))) as here:
        assert await here.person("lan").send("/quaylai") == "Không có việc gì đang dở cả."
