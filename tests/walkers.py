"""Restless people: they write, press, repeat and wait as the dice fall."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

from bot.insight.folding import words
from tests.player import Player, Shown

TEXTS = (
    "em muốn vay vốn mở quán cà phê thì hỏi ở đâu ạ",
    "duong vao ban bi sat lo, de nghi tinh sua som",
    "Chúng em kiến nghị có sân bóng cho thanh niên xã",
    "How can young people get a loan for a homestay?",
    "Nên có lớp dạy bán hàng trên mạng cho hợp tác xã",
    "<b>đường</b> & cầu 😀 hỏng\n1. quá\nạ",
)
PLACES = ("xã Tân Thành", "Chi Lăng", "phường Đông Kinh", "that khe", "xyz", "Hữu Lũng")
SMALL = (
    *("ok", "?", "1", "2", "9", "99", " 3. ", "chào", "cảm ơn bạn nhé", "hi", "Lan Anh", "ừ", "👍", "Gửi", "Xong"),
    *("0", "hai", "số 3", "Huy", "góp ý", "của tôi", "trợ giúp", "cài đặt", "quay lại", "bỏ qua", "tiếp", "K7", "hủy"),
)
COMMANDS = (
    *("/quaylai", "/quaylai", "/huy", "/gopy", "/ngonngu", "/ngonngu en", "/ngonngu vi", "/trogiup", "/start", "/back"),
    *("/start p_05977", "/khongbiet", "/riengtu", "/hangdoi", "/xuat", "/nhanma ABC", "/start i_ABC", "/", "/gopy x"),
)
SENDS = ("✅ Gửi", "✅ Send")
NUMBERED = re.compile(r"(\d+)\. (.+)")


@dataclass
class Walker:
    """Somebody restless. `sends` are the messages on which "send" was pressed since the last proposal.

    `hasty` says that "send" was typed without waiting.
    """

    player: Player
    dice: random.Random
    wrote: int = 0
    sends: list[str] = field(default_factory=list)
    heard: int = 0
    acts: int = 0
    hasty: bool = False
    several: bool = False

    async def act(self) -> None:
        """Does something, or several things without waiting."""
        doing = (self.write, self.press, self.command, self.small, self.photo, self.press_old, self.player.repeat)
        times = self.dice.choice((1, 1, 1, 1, 2, 3, 5))
        self.several = times > 1
        for _ in range(times):
            [act] = self.dice.choices(doing, (5, 16, 2, 2, 1, 2, 1))
            await act()

    async def write(self) -> None:
        text = self.dice.choice((*TEXTS, *TEXTS, *PLACES, SENDS[0]))
        if text in SENDS:
            return await self.say(text)
        if text in TEXTS:
            self.wrote += 1
            text = f"{text} [{self.player.chat}.{self.wrote}]"
        if self.dice.random() < 0.1:
            text += " và" * self.dice.choice((150, 300, 4000))
        await self.player.send(text, settle=False)
        return None

    async def small(self) -> None:
        await self.say(self.dice.choice(SMALL))

    async def command(self) -> None:
        await self.player.send(self.dice.choice(COMMANDS), settle=False)

    async def photo(self) -> None:
        files = [await self.player.photo(f"anh{n}.jpg") for n in range(self.dice.choice((1, 1, 2, 6)))]
        await self.player.send(self.dice.choice(("", "", "ảnh đây ạ")), files=files, settle=False)

    async def press(self) -> None:
        """Presses something on the newest message that offers anything."""
        if not self.player.messenger.abilities.buttons:
            return await self.say_number()
        if offering := self.offering():
            await self.press_on(offering[-1])
        return None

    async def press_old(self) -> None:
        """Presses something on any message that is still on the screen."""
        if offering := self.offering():
            await self.press_on(self.dice.choice(offering))

    async def press_on(self, message: Shown) -> None:
        leading_on = [button for button in message.buttons if button.label.startswith(("✅", "Đồng ý", "18", "Xong"))]
        button = self.dice.choice([*message.buttons, *leading_on * 2])
        if button.label in SENDS:
            self.sends.append(message.text)
        if self.dice.random() < 0.1:
            await self.say(button.label)
        else:
            await self.player.tap(button.data, settle=False)

    async def say_number(self) -> None:
        offered = [match.groups() for line in self.lines() if (match := NUMBERED.fullmatch(line))]
        if not offered:
            return await self.write()
        number, label = self.dice.choice([*offered, offered[0], offered[0]])
        label = number if "[" in label else label  # it repeats what somebody wrote
        await self.say(self.dice.choice((number, number, number, label)))
        return None

    async def say(self, text: str) -> None:
        """Writes something short, which may be a label or a number of a list."""
        labels = {match[1]: match[2] for line in self.lines() if (match := NUMBERED.fullmatch(line))}
        label = labels.get(text.strip(" ."), text)
        if words(label) in [words(send) for send in SENDS]:
            offering = self.offering() if self.player.messenger.abilities.buttons else self.shown()
            self.sends += [message.text for message in offering if offers_to_send(message)][-1:]
            if self.several and self.player.messenger.abilities.buttons:
                self.hasty = True
        await self.player.send(text, settle=False)

    def shown(self) -> list[Shown]:
        return list(self.player.screen.messages.values())

    def may_have_sent(self) -> list[str]:
        """The messages of which one is what a new proposal must show.

        A number or a label said without waiting means what has arrived by then: then every message counts.
        """
        lists = not self.player.messenger.abilities.buttons
        return [message.text for message in self.shown()] if lists or self.hasty else self.sends

    def offering(self) -> list[Shown]:
        return [message for message in self.player.screen.messages.values() if message.buttons]

    def lines(self) -> list[str]:
        """What may be the list under the last message."""
        return self.player.last.split("\n\n")[-1].splitlines() if self.player.screen.messages else []

    def was_answered(self) -> bool:
        """Whether something arrived since the last call, if anything was done; a repeat is nothing done."""
        acted, heard = self.player.acts > self.acts, self.player.screen.heard > self.heard
        self.acts, self.heard = self.player.acts, self.player.screen.heard
        return heard or not acted


def offers_to_send(message: Shown) -> bool:
    labels = [button.label for button in message.buttons] + [match[2] for match in NUMBERED.finditer(message.text)]
    return any(label in SENDS for label in labels)
