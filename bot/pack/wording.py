"""What is wrong with the texts of a pack: each fault with its key."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from bot.pack import faults
from bot.pack.shapes import Facts, Topic

Catalogue = Mapping[str, str]

OWN = (
    "pack.theme",
    "pack.office",
    "pack.place_example",
    "pack.bot_name",
    "pack.bot_about",
    "pack.bot_description",
    "pack.welcome",
    "pack.privacy",
    "pack.helpline",
    "pack.next_steps",
    "pack.publication_rule",
)  # what every pack says itself
LOCAL = (
    "unread.location",
    "start.too_young",
    "place.ask",
    "place.which",
    "place.unknown",
    "card.all_readers",
    "card.only_province",
    "card.readers_all",
    "card.readers_province",
    "card.sender_young",
    "help.text",
    "staff.welcome_province",
    "queue.only_province",
    "export.only_province",
    "web.title",
)  # what speaks of a commune, a province, an office or an age: a pack of another place says it anew
LONGEST = {
    "pack.bot_name": 64,
    "pack.bot_about": 120,
    "pack.bot_description": 512,
}  # characters; Telegram takes no more
WORD = re.compile(r"[a-z0-9_]{1,32}")  # what Telegram takes for a command
_COMMAND = "command."
_HOLE = re.compile(r"\{([a-z_]+)\}")
_TAG = re.compile(r"</?([A-Za-z]+)")
_MARKUP = frozenset({"b", "i", "code"})
_NAMED = re.compile(r"(?<![\w<>/}.:])/([a-z0-9_]+)\b(?!/)")  # "/help", but neither "and/or", "</b>" nor a path


@dataclass(frozen=True, slots=True)
class Machine:
    """What the machine says and does by itself: its texts by language, its source, and the names of its commands."""

    texts: Mapping[str, Catalogue]
    source: str
    commands: Set[str]

    @property
    def said(self) -> Catalogue:
        """Every text of the machine's own, in its source language."""
        return self.texts[self.source]


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of a pack by language, beside the machine's, and what they have to say."""

    facts: Facts
    topics: tuple[Topic, ...]
    own: Mapping[str, Catalogue]
    machine: Machine

    @property
    def source(self) -> str:
        return self.facts.languages[0]

    @property
    def expected(self) -> set[str]:
        """The keys that the pack has to say, because the machine cannot."""
        named = faults.names(self.facts, self.topics)
        keys = {f"{section}.{slug}" for section, slugs in named.items() for slug in slugs}
        return keys | {*OWN, self.facts.name, self.facts.office, *(f"language.{name}" for name in self.facts.languages)}

    def whole(self, language: str) -> Catalogue:
        """What is said in a language, without what is borrowed from others."""
        return {**self.machine.texts.get(language, {}), **self.own.get(language, {})}

    def command_words(self) -> Iterator[tuple[str, str, str]]:
        """Each command's word as a language, the command and the word."""
        common = self.whole(self.source)
        for language in self.facts.languages:
            for key, word in {**common, **self.whole(language)}.items():
                if key.startswith(_COMMAND):
                    yield language, key.removeprefix(_COMMAND), word


def of_source(wording: Wording) -> Iterator[str]:
    """The keys that the source language lacks."""
    needed = wording.expected | wording.machine.said.keys() - {"language." + name for name in wording.machine.texts}
    yield from (f"{key} is missing" for key in sorted(needed - wording.whole(wording.source).keys()))


def of_language(wording: Wording, language: str) -> Iterator[str]:
    """What is wrong with the texts that the pack has in one language."""
    expected, said = wording.expected, wording.machine.said
    for key, text in wording.own.get(language, {}).items():
        if key not in expected and key not in said:
            yield f"{key}: nobody says this"
        elif complaint := _complaint(text, _HOLE.findall(said.get(key, ""))):
            yield f"{key}: {complaint}"
        elif len(text) > LONGEST.get(key, len(text)):
            yield f"{key}: {len(text)} characters, {LONGEST[key]} are allowed"
    yield from _of_named_commands(wording, language)


def _complaint(text: str, holes: list[str]) -> str:
    """What is wrong with a text that has these holes in the machine's own words; "" if nothing is."""
    if not text.strip():
        return "is empty"
    strange = sorted(set(_HOLE.findall(text)) - set(holes))
    if strange:
        return f"nothing fills {{{strange[0]}}}"
    lost = sorted(set(holes) - set(_HOLE.findall(text)))
    if lost:
        return f"{{{lost[0]}}} is missing"
    if re.search(r"[{}]", _HOLE.sub("", text)):
        return "has a brace that is no hole"
    tags = sorted(set(_TAG.findall(text)) - _MARKUP)
    return f"no messenger knows <{tags[0]}>" if tags else ""


def _of_named_commands(wording: Wording, language: str) -> Iterator[str]:
    """Texts that tell people of a command that does not exist, the machine's own too."""
    known = {word for _, _, word in wording.command_words()} | wording.machine.commands
    for key, text in wording.whole(language).items():
        yield from (f"{key}: there is no command /{word}" for word in _NAMED.findall(text) if word not in known)


def of_commands(wording: Wording) -> Iterator[tuple[str, str]]:
    """What is wrong with the words of commands, each with the language that says so."""
    meant: dict[str, dict[str, str]] = defaultdict(dict)  # word -> command -> the first language that says it
    for language, command, word in wording.command_words():
        if not WORD.fullmatch(word):
            yield language, f"command.{command}: Telegram takes a-z, 0-9 and _, 1 to 32 of them, not {word!r}"
        meant[word].setdefault(command, language)
    for word, commands in meant.items():
        others = sorted({*commands, *({word} & wording.machine.commands)})
        if len(others) > 1:
            first = next(command for command in commands if command != word)
            rest = ", ".join(f"command.{other}" for other in others if other != first)
            yield commands[first], f"command.{first}: {word} is also what {rest} goes by"
