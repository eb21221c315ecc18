"""Any sequence of updates, well-formed or not: the bot goes on, and nobody who wrote is left without an answer."""

from __future__ import annotations

import copy
import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.model import Json
from tests.messengers.telegram import Phones, by_webhook, polling
from tests.player import Town, town
from tests.telegram.phone import Phone

NUMBERS = itertools.count(5001)
ELSEWHERE = itertools.cycle(range(2**30, 1_000, -9_999_999))  # where numbers start anew, lower and in the end higher
PEOPLE = 3

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ("message_id", "date", "text", "caption", "photo", "document", "voice", "sticker", "entities", "from",
          "media_group_id", "edit_date", "reply_to_message", "a_field_of_2031")  # fmt: skip
KINDS = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "channel_post",
    "inline_query",
    "kind_of_2031",
)


@dataclass
class Street:
    """Some people at their phones, and who of them is owed an answer: by what was on their screen before."""

    here: Town
    phones: list[Phone]
    owed: dict[int, int]

    def owes(self, phone: Phone) -> None:
        self.owed.setdefault(phone.person.id, heard(phone))


def heard(phone: Phone) -> int:
    """How much the bot has said or changed there."""
    return sum(1 + message.edited for message in phone.messages)


class Home:
    """A town whose whole state is not printed with each example."""

    def __init__(self, town: Town) -> None:
        self.town = town


Act = Callable[[Street], None]


def saying(n: int, text: str) -> Act:
    """Somebody writes something."""

    def act(street: Street) -> None:
        if (phone := street.phones[n]).person.blocked:
            phone.unblock()
        street.owes(phone)
        phone.send(text)

    return act


def doing(n: int, what: str) -> Act:
    """Somebody does something that one finger can do."""

    def act(street: Street) -> None:
        phone = street.phones[n]
        if phone.person.blocked:
            return phone.unblock()
        if what in ("block", "group"):
            if what == "block":
                phone.block()
            else:
                phone.group("Chi đoàn").send("/gopy@youth_test_bot")
            return None
        street.owes(phone)
        match what:
            case "photo":
                phone.photo(b"picture")
            case "album":
                phone.album([b"1", b"2", b"3"], "ảnh đường")
            case "edit":
                phone.edit(phone.send("viết nhầm"), "viết lại cho đúng")
            case _:
                getattr(phone, what)()
        return None

    return act


def pressing(n: int, data: str) -> Act:
    """Somebody presses: a button of that name, or one that never was."""

    def act(street: Street) -> None:
        phone = street.phones[n]
        if not phone.messages or phone.person.blocked:
            return
        street.owes(phone)
        shown = [data for message in phone.messages for row in message.buttons for _, data in row]
        phone.press_on(phone.last.id, shown[-1] if shown and data == "newest" else data)

    return act


def broken(n: int, field: str, value: Any, *, gone: bool) -> Act:
    """A message with a field that is wrong or missing, but from a chat that is known."""

    def act(street: Street) -> None:
        if (phone := street.phones[n]).person.blocked:
            return
        phone.person.started = True
        street.owes(phone)
        sender = {"id": phone.person.id, "is_bot": False, "first_name": "Lan"}
        number = street.here.clock.now.microsecond
        message: Json = {"message_id": number, "date": 0, "chat": phone.chat.shown, "from": sender, "text": "chào"}
        message[field] = value
        if gone:
            del message[field]
        channel_of(street).there.world.deliver({"message": message})

    return act


def garbage(kind: str, value: Any) -> Act:
    """An update of some kind that holds anything."""

    def act(street: Street) -> None:
        channel_of(street).there.world.deliver({kind: value})

    return act


def repeated(back: int) -> Act:
    """Telegram delivers something once more."""

    def act(street: Street) -> None:
        world = channel_of(street).there.world
        if made := world.updates.made[-back:]:
            world.repeat(copy.deepcopy(made[0]))

    return act


def channel_of(street: Street) -> Phones:
    [messenger] = street.here.messengers.values()
    assert isinstance(messenger, Phones)
    return messenger


who = st.integers(0, PEOPLE - 1)
words = st.sampled_from(
    ["em muốn vay vốn mở quán", "/start", "/gopy", "/huy", "/quaylai", "1", "đồng ý", "?"]
) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(str.strip)
acts = st.one_of(
    st.builds(saying, who, words),
    st.builds(
        doing,
        who,
        st.sampled_from(["photo", "album", "edit", "sticker", "contact", "location", "poll", "dice", "block", "group"]),
    ),
    st.builds(pressing, who, st.sampled_from(["newest", "newest", "newest", "1.1.yes", "/queue", "x", "9.9.9"])),
    st.builds(broken, who, st.sampled_from(FIELDS), values, gone=st.booleans()),
    st.builds(garbage, st.sampled_from(KINDS), values),
    st.builds(repeated, st.integers(1, 5)),
)


@pytest.fixture(params=[polling, by_webhook], ids=["polling", "webhook"])
async def home(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Home]:
    async with town(tmp_path, join=request.param) as running:
        yield Home(running)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(sequence=st.lists(acts, min_size=1, max_size=12), jumps=st.booleans())
async def test_no_sequence_of_updates_stops_the_bot_or_leaves_anybody_without_an_answer(
    home: Home, sequence: list[Act], jumps: bool
) -> None:
    here = home.town
    [messenger] = here.messengers.values()
    assert isinstance(messenger, Phones)
    world = messenger.there.world
    street = Street(here, [Phone(world, next(NUMBERS)) for _ in range(PEOPLE)], {})
    if jumps:
        world.jump(next(ELSEWHERE))
    with capture_logs() as logs:
        for act in sequence:
            act(street)
        await here.settle()
        after = Phone(world, next(NUMBERS))
        street.owes(after)
        after.send("xin chào")
        await here.settle()
    for phone in (*street.phones, after):
        if phone.person.id in street.owed and not phone.person.blocked:
            assert heard(phone) > street.owed[phone.person.id], phone.screen
    assert [line for line in logs if line["log_level"] in ("error", "critical")] == []
    assert [loop for loop in here.bot.loops if loop.done()] == []
