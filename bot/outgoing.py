"""What was said in a turn as rows of the outbox, and rows of the outbox as replies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.channel import Abilities
from bot.model import Button, Json, OutgoingFile, Phrase, Reply, plain
from bot.texts import Texts
from bot.turn import Choice, Said, Told
from storage.conversations import Opening
from storage.outbox import Outgoing

QUIET = 2_000_000  # microseconds a card waits for more, where it cannot be edited
TYPED = "_typed"  # what the key of an addition for channels without buttons ends in


@dataclass(frozen=True, slots=True)
class Bundle:
    """Things said that share a message: all but the last are bare."""

    said: Sequence[Said]

    @property
    def last(self) -> Said:
        return self.said[-1]


def bundles(said: Sequence[Said]) -> list[Bundle]:
    """Puts what can share a message together; a message in a slot stays alone, since it will be edited."""
    found: list[Bundle] = []
    gathered: list[Said] = []
    for one in said:
        if one.slot and gathered:
            found.append(Bundle(gathered))
            gathered = []
        gathered = [*gathered, one]
        if not one.bare:
            found.append(Bundle(gathered))
            gathered = []
    return [*found, Bundle(gathered)] if gathered else found


def bodies(opening: Opening, said: Sequence[Said], able: Abilities, now: int, *, quiet: bool) -> list[Outgoing]:
    """The rows to be added for what was said. A quiet card waits where it could not be edited."""
    found = bundles(said)
    return [
        Outgoing(
            address_id=opening.address_id,
            n=n,
            body=body(bundle) | ({"coded": True} if n < len(found) - 1 and bundle.last.buttons else {}),
            choices=pressed(bundle.last),
            slot=bundle.last.slot,
            due_at=now + QUIET if quiet and not able.edits and n == len(found) - 1 else 0,
        )
        for n, bundle in enumerate(found)
    ]


def notices(told: Sequence[Told], first: int) -> list[Outgoing]:
    """The rows to be added for what was said in other chats, counted from `first`."""
    return [
        Outgoing(
            address_id=one.address_id,
            n=n,
            body=body(Bundle([one.said])),
            choices=pressed(one.said),
            slot=one.said.slot,
            kind=one.kind,
            stays=one.stays,
        )
        for n, one in enumerate(told, first)
    ]


def body(bundle: Bundle) -> Json:
    """The JSON of a message: phrases, rows of buttons, files."""
    return {
        "text": [said.text.to_json() for said in bundle.said],
        "buttons": [[as_json(choice) for choice in row] for row in bundle.last.buttons],
        "files": [{"path": str(f.path), "name": f.name, "media_type": f.media_type} for f in bundle.last.files],
        **({"page": bundle.last.page} if bundle.last.page else {}),
    }


def pressed(said: Said) -> tuple[str, ...]:
    """The data of the buttons that the bot hears of."""
    return tuple(choice.data for row in said.buttons for choice in row if not choice.url)


def as_json(choice: Choice) -> Json:
    """A button of a row of the outbox."""
    plain = {"label": choice.label.to_json(), "data": choice.data}
    return plain | {"url": choice.url} if choice.url else plain


def as_choice(button: Json) -> Choice:
    """The button that `as_json` wrote."""
    return Choice(Phrase.from_json(button["label"]), button["data"], button.get("url", ""))


def said_again(content: Json) -> list[Said]:
    """The JSON of a message as things to be said: `body` makes the same of them."""
    *bare, last = [Phrase.from_json(phrase) for phrase in content["text"]]
    buttons = [[as_choice(button) for button in row] for row in content["buttons"]]
    files = [OutgoingFile(Path(f["path"]), f["name"], f["media_type"]) for f in content["files"]]
    return [*(Said(phrase) for phrase in bare), Said(last, buttons, files)]


def in_language(bodies: Json, language: str) -> Json:
    """The message of a broadcast in a language, or in its first one."""
    found: Json = bodies.get(language) or next(iter(bodies.values()))
    return found


def render(texts: Texts, language: str, content: Json, *, buttons: bool = True) -> Reply:
    """The message in a language; where there are no buttons, with what a text has to add for those who type."""
    phrases = [Phrase.from_json(phrase) for phrase in content["text"]]
    if not buttons:
        phrases = [each for phrase in phrases for each in (phrase, *for_typing(texts, phrase))]
    return Reply(
        text="\n\n".join(texts.render(language, phrase) for phrase in phrases),
        buttons=tuple(tuple(button(texts, language, as_choice(each)) for each in row) for row in content["buttons"]),
        files=tuple(OutgoingFile(Path(f["path"]), f["name"], f["media_type"]) for f in content["files"]),
        language=language,
    )


def button(texts: Texts, language: str, choice: Choice) -> Button:
    """A button in a language."""
    return Button(plain(texts.render(language, choice.label)), choice.data, choice.url)


def for_typing(texts: Texts, phrase: Phrase) -> list[Phrase]:
    """What follows a text where everything is typed."""
    added = f"{phrase.key}{TYPED}"
    return [Phrase(added, phrase.values)] if texts.has(added) else []
