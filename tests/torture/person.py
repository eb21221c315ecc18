"""Somebody on Telegram who reads what comes, presses what is there, and writes proposals until told to stop.

Where nothing comes they press again, as people do. Some press twice at once, some press what is long over.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from tests.telegram.phone import Phone
from tests.telegram.screen import Shown, shown
from tests.telegram.world import World
from tests.torture.news import SIGN

PATIENCE = 120.0  # seconds after the last kill until somebody who is not answered gives up
NUDGE = 6.0  # seconds until they press again
LOOKED_AT = 15  # messages: what lies further up is never changed
FIRST_PERSON = 7_310_550_001
NAME = "Nông Thị Kín"
SEND = "✅ Gửi"
OVER = ("Đồng ý, bắt đầu", "18–22 tuổi", "Bỏ qua", SEND)
CODE = re.compile(r"\bLS-2026-\d{5}\b")
CARD = re.compile(r"Xem lại\n\n(.*?)\n\n(?:📎 \d+ tệp: ([^\n]*)\n)?Loại: ", re.DOTALL)
FILES_ONLY = "(chỉ có tệp)"
ASIDES = ("Việc này đã xong rồi", "mà mình không chắc đã đến nơi")  # said beside what goes on
STEPS = {
    "code": CODE.pattern,
    "card": CARD.pattern,
    "hello": "Bạn đồng ý chứ",
    "age": "bao nhiêu tuổi",
    "place": "ở xã, phường nào",
}
WISHES = (
    "em muốn vay vốn mở quán ở <chợ> & bến xe, hỏi ở đâu ạ",
    "đường vào thôn hỏng, xin sửa giúp",
    "nên mở lớp dạy nghề sửa xe máy vào buổi tối",
    "nước suối đục từ hôm có mỏ đá",
)


@dataclass
class Draft:
    """What somebody is writing: texts and photos by the id of their message, in the order in which they went."""

    texts: dict[int, str] = field(default_factory=dict)
    photos: dict[int, bytes] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "\n".join(self.texts.values())

    @property
    def card(self) -> tuple[str, str]:
        """What its card must show: the text and the names of the files."""
        return self.text or FILES_ONLY, ", ".join(f"photo-{id_}.jpg" for id_ in self.photos)


@dataclass(frozen=True)
class Seen:
    """A message as it stood on the screen at one time."""

    step: str
    shown: Shown

    def repeats(self, other: Seen) -> bool:
        """Whether this is the same once more. A card is one step, however often it changes."""
        plain = (self.shown.text, self.shown.buttons) == (other.shown.text, other.shown.buttons)
        return self.step == other.step and (self.step == "card" or plain)


@dataclass(frozen=True)
class Habits:
    """How somebody goes about it: the seconds that they think, and how likely they press twice, or what is over."""

    thinks: float
    twice: float = 0.0
    over: float = 0.0


class Person:
    """One person. `sent` holds the code of each proposal and the draft that its card showed when it was sent."""

    def __init__(self, world: World, number: int, chance: random.Random, stop: asyncio.Event, habits: Habits) -> None:
        self.phone = Phone(world, FIRST_PERSON + number, NAME)
        self.sent: dict[str, Draft] = {}
        self.draft = Draft()
        self.diary: list[Seen] = []
        self.again = 0
        self._chance = chance
        self._stop = stop
        self._habits = habits
        self._words = 0
        self._screen: dict[int, Shown] = {}
        self._pressed: tuple[int, str] | None = None

    def __str__(self) -> str:
        return f"person {self.phone.person.id}"

    async def live(self) -> None:
        """Gets known, then sends one proposal after the other, the last one to its code or up to its card."""
        await self.write()
        await self.press("Đồng ý, bắt đầu")
        await self.press("18–22 tuổi")
        await self.tell_place()
        while True:
            await self.shown_as_written()
            for _ in range(self._chance.choice((0, 0, 1, 2))):
                await self._chance.choice((self.write, self.change, self.show))()
                await self.shown_as_written()
            if self._stop.is_set() and self._chance.random() < 0.3:
                return  # the draft stays
            await self.send()
            if self._stop.is_set():
                return
            await self._chance.choice((self.write, self.write, self.show))()

    # -- what is done

    async def write(self) -> None:
        """Writes something new."""
        await self._think()
        self._pressed = None
        text = self._new_text()
        self.draft.texts[self.phone.send(text)] = text

    async def change(self) -> None:
        """Writes one's own message anew."""
        if not self.draft.texts:
            return
        await self._think()
        message_id = self._chance.choice(list(self.draft.texts))
        self.draft.texts[message_id] = self._new_text()
        self.phone.edit(message_id, self.draft.texts[message_id])

    async def show(self) -> None:
        """Sends a photo, or two at once with something under them."""
        if len(self.draft.photos) > 2:
            return
        await self._think()
        photos = [self._chance.randbytes(self._chance.randint(200, 4000)) for _ in range(self._chance.choice((1, 2)))]
        caption = self._new_text() if len(photos) > 1 else ""
        ids = self.phone.album(photos, caption) if caption else [self.phone.photo(photos[0])]
        self.draft.photos |= zip(ids, photos, strict=True)
        if caption:
            self.draft.texts[ids[0]] = caption

    async def tell_place(self) -> None:
        if self._chance.random() < 0.5:
            return await self.press("Bỏ qua")
        await self.until(lambda: self._button("Bỏ qua") is not None)
        await self._think()
        self.phone.send("xã Tân Thanh, Văn Lãng")
        return None

    async def press(self, label: str) -> None:
        """Presses a button as soon as it is there."""
        await self.until(lambda: self._button(label) is not None)
        await self._think()
        found = self._button(label)
        assert found
        self._press_on(*found)
        await self._press_what_is_over()

    async def send(self) -> None:
        """Presses the card that shows the draft, and reads the code."""
        card, draft = self._card(), self.draft
        await self._think()
        self.draft = Draft()
        assert card
        self._press_on(card.id, dict(button for row in card.buttons for button in row)[SEND])
        await self.until(lambda: self._new_code() is not None)
        code = self._new_code()
        assert code
        self.sent[code] = draft
        await self._press_what_is_over()

    def _press_on(self, message_id: int, data: str) -> None:
        self._pressed = message_id, data
        self.phone.press_on(message_id, data)
        if self._chance.random() < self._habits.twice:
            self._press_again()

    def _press_again(self) -> None:
        if self._pressed:
            self.again += 1
            self.phone.press_on(*self._pressed)

    async def _press_what_is_over(self) -> None:
        """Presses a button of a question that was answered long ago; it changes nothing."""
        old = [
            (message.id, data)
            for message in list(self._screen.values())[:-LOOKED_AT]
            for label, data in (button for row in message.buttons for button in row)
            if label in OVER
        ]
        if old and self._chance.random() < self._habits.over:
            self.again += 1
            self.phone.press_on(*self._chance.choice(old))

    # -- what is seen

    async def shown_as_written(self) -> None:
        """Waits for the card to show the draft."""
        await self.until(lambda: self._card() is not None)

    async def until(self, seen: Callable[[], bool]) -> None:
        """Watches the screen until something is seen. Raises TimeoutError with what is there instead.

        As long as the bot is killed they wait as long as it takes.
        """
        tries, over = 0, 0.0
        while True:
            self.read()
            if seen():
                return
            if not await self._something_comes(NUDGE * 2**tries):
                self._press_again()
                tries = min(tries + 1, 3)
            over = over or (time.monotonic() if self._stop.is_set() else 0.0)
            if over and time.monotonic() > over + PATIENCE:
                raise TimeoutError(f"{self} was left with:\n{self.end_of_screen()}")

    async def _something_comes(self, patience: float) -> bool:
        """Whether something comes before they lose patience."""
        try:
            async with asyncio.timeout(self._chance.uniform(1, 2) * patience):
                await self.phone.world.changed(self.phone.chat.id)
        except TimeoutError:
            return False
        return True

    def read(self) -> None:
        """Reads what is new, in its order: what came, and what changed."""
        newest = islice(reversed(self.phone.chat.messages.values()), LOOKED_AT)
        for message in reversed([one for one in newest if one.by_bot]):
            before = self._screen.get(message.id)
            if before is None or before.edited != message.edits:
                now = self._screen[message.id] = shown(message)
                if not is_beside(now.text):
                    self.diary.append(Seen(step_of(now.text), now))

    def steps(self) -> list[str]:
        """The steps in the order in which they were seen; what came again at once counts once."""
        kept: list[Seen] = []
        for seen in self.diary:
            if not kept or not seen.repeats(kept[-1]):
                kept.append(seen)
        return [seen.step for seen in kept]

    def end_of_screen(self) -> str:
        return "\n".join(f"{'bot' if one.by_bot else 'me'}: {one.text} {one.labels}" for one in self.phone.screen[-8:])

    def _button(self, label: str) -> tuple[int, str] | None:
        """Where a button is: the message and the data."""
        for message in reversed(self._screen.values()):
            for found, data in (button for row in message.buttons for button in row):
                if found == label:
                    return message.id, data
        return None

    def _card(self) -> Shown | None:
        """The card that can be sent and shows the draft."""
        for message in reversed(self._screen.values()):
            if SEND in message.labels and on_card(message.text) == self.draft.card:
                return message
        return None

    def _new_code(self) -> str | None:
        found = CODE.search(self.diary[-1].shown.text)
        return found[0] if found and found[0] not in self.sent else None

    # -- what is made up

    async def _think(self) -> None:
        await asyncio.sleep(self._chance.expovariate(1 / self._habits.thinks))

    def _new_text(self) -> str:
        """A text that nobody ever wrote before."""
        self._words += 1
        return f"{self._chance.choice(WISHES)} (việc {self.phone.person.id}/{self._words})"


def step_of(text: str) -> str:
    """What a message is about; itself where that is not known."""
    return next((step for step, sign in STEPS.items() if re.search(sign, text, re.DOTALL)), text)


def is_beside(text: str) -> bool:
    """Whether a message has nothing to do with the conversation."""
    return bool(SIGN.match(text)) or any(aside in text for aside in ASIDES)


def on_card(text: str) -> tuple[str, str]:
    """The text of a proposal and the names of its files, as a card shows them."""
    found = CARD.search(text)
    assert found, text
    return found[1], found[2] or ""
