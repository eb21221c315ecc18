"""What staff write for many people: a text in each language, files, links; shown as a card."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar
from urllib.parse import urlsplit

from bot.card import Card, Rows
from bot.errors import InvalidError
from bot.model import Attachment, Json, OutgoingFile, Phrase
from bot.outgoing import Bundle, body
from bot.state import Answer
from bot.talk import Talk
from bot.turn import Choice, House, Said
from handlers.cards import FEWEST, WayOut, letters
from handlers.shown import MEDIA_TYPES
from storage import files

LONGEST = 3000  # characters of a text
LINKS = 5
LABEL = 40  # characters of what a link is called
ADDRESS = 500


@dataclass(frozen=True, slots=True)
class Writing:
    """Something in the making. `said` holds [the message's id, its text] in `language`, `others` texts by language."""

    language: str
    said: tuple[tuple[str, str], ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    files: tuple[Attachment, ...] = ()
    links: tuple[tuple[str, str], ...] = ()  # label, address

    @property
    def text(self) -> str:
        """Everything that was written, as one text."""
        return "\n\n".join(text for _, text in self.said).strip()

    @property
    def texts(self) -> dict[str, str]:
        """The texts by language, the one it was begun in first."""
        first = {self.language: self.text} if self.text else {}
        return first | {language: text for language, text in self.others if text}


W = TypeVar("W", bound=Writing)
Field = Callable[[Talk, str, W], Awaitable[W]]


class WritingCard(Card[W]):
    """A card on which something for many people is written."""

    ways_out = frozenset(WayOut)
    never_typed = frozenset({WayOut.DROP})
    Kind: type[W]

    def __init__(self, house: House, language: str) -> None:
        self.house = house
        self.language = language

    def load(self, value: Json) -> W:
        pairs = {name: tuple((a, b) for a, b in value[name]) for name in ("said", "others", "links")}
        attached = tuple(Attachment.from_json(file) for file in value["files"])
        return self.Kind(**{**value, **pairs, "files": attached})

    def dump(self, draft: W) -> Json:
        plain: dict[str, Any] = {one.name: getattr(draft, one.name) for one in fields(draft)}
        lists = {name: [list(pair) for pair in plain[name]] for name in ("said", "others", "links")}
        return plain | lists | {"files": [file.to_json() for file in draft.files]}

    # -- growing

    def take(self, talk: Talk, draft: W, answer: Answer) -> W:
        room = max(self.house.limits.files - len(draft.files), 0)
        if len(answer.files) > room:
            talk.say("card.too_many_files", most=self.house.limits.files)
        grown = replace(draft, files=(*draft.files, *answer.files[:room]))
        if not answer.text.strip():
            return grown
        try:
            return self.retold(replace(grown, said=(*draft.said, (answer.id, answer.text))))
        except InvalidError as refused:  # the files have room all the same
            talk.say(refused.key, most=LONGEST)
            return grown

    def amend(self, draft: W, answer: Answer) -> W | None:
        if all(id_ != answer.id for id_, _ in draft.said):
            return None
        changed = ((id_, answer.text if id_ == answer.id else text) for id_, text in draft.said)
        return self.retold(replace(draft, said=tuple((id_, text) for id_, text in changed if text.strip())))

    def retold(self, draft: W) -> W:
        """The draft, unless its text is too long: then raises InvalidError."""
        if len(draft.text) > LONGEST:
            raise InvalidError("writing.too_long", most=LONGEST)
        return draft

    # -- shown

    @property
    def other_languages(self) -> list[str]:
        return [language for language in self.house.texts.languages if language != self.language]

    def text(self, draft: W) -> Phrase:
        return Phrase(self.title, {"texts": shown_texts(draft), "lines": [*attached(draft), *self.lines(draft)]})

    @property
    @abstractmethod
    def title(self) -> str:
        """The key of the card's text, with holes for texts and lines."""

    @abstractmethod
    def lines(self, draft: W) -> list[Phrase]:
        """What else the card says of it."""

    def editing(self, draft: W) -> Rows:
        """The buttons that all of these cards have."""
        languages = [
            (f"in_{language}", Phrase("writing.in_language", {"language": Phrase(f"language.{language}")}))
            for language in self.other_languages
        ]
        unlink = [("unlink", Phrase("writing.unlink"))] if draft.links else []
        unfile = [("unfile", Phrase("writing.unfile"))] if draft.files else []
        return [
            [("edit", Phrase("card.edit")), *languages],
            [("link", Phrase("writing.link")), ("file", Phrase("writing.file"))],
            *([[*unlink, *unfile]] if unlink or unfile else []),
        ]

    def missing(self, way: str, draft: W) -> str:
        if way == WayOut.SEND and all(letters(text) < FEWEST for text in draft.texts.values()):
            return "writing.too_short"
        return ""

    # -- the fields

    async def edit(self, talk: Talk, key: str, draft: W) -> W:
        """Replaces the text."""
        said = await talk.ask(key, "writing.edit_ask", lambda answer: [answer.id, text_in(answer)])
        return replace(draft, said=((said[0], said[1]),))

    def written_in(self, language: str) -> Field[W]:
        """The field that takes the text in another language."""

        async def write(talk: Talk, key: str, draft: W) -> W:
            named = Phrase(f"language.{language}")
            options = {"none": "writing.no_text"} if dict(draft.others).get(language) else {}

            def parse(answer: Answer) -> str:
                return "" if answer.option else text_in(answer)

            said = await talk.ask(key, "writing.in_language_ask", parse, options, language=named)
            others = dict(draft.others) | {language: said}
            return replace(draft, others=tuple((name, text) for name, text in others.items() if text))

        return write

    async def add_link(self, talk: Talk, key: str, draft: W) -> W:
        """Takes the address of a page and what its button is called."""

        def parse(answer: Answer) -> Json:
            if len(draft.links) >= LINKS:
                raise InvalidError("writing.too_many_links", most=LINKS)
            return list(link_in(answer.text))

        label, address = await talk.ask(key, "writing.link_ask", parse)
        return replace(draft, links=(*draft.links, (label, address)))

    async def drop_links(self, talk: Talk, key: str, draft: W) -> W:
        return replace(draft, links=())

    async def drop_files(self, talk: Talk, key: str, draft: W) -> W:
        return replace(draft, files=())

    def say_how(self, talk: Talk, draft: W) -> None:
        """How to add a file."""
        talk.say("card.photo_how", most=self.house.limits.files, megabytes=self.house.limits.file_bytes // 1_048_576)

    @property
    def fields(self) -> Mapping[str, Field[W]]:
        languages = {f"in_{language}": self.written_in(language) for language in self.other_languages}
        rest = {"edit": self.edit, "link": self.add_link, "unlink": self.drop_links, "unfile": self.drop_files}
        return {**languages, **rest}

    @property
    def notes(self) -> Mapping[str, Callable[[Talk, W], None]]:
        return {"file": self.say_how}


# -- what was written


def text_in(answer: Answer) -> str:
    """The text of an answer. Raises InvalidError where it is too short or too long."""
    if letters(answer.text) < FEWEST:
        raise InvalidError("writing.too_short")
    if len(answer.text) > LONGEST:
        raise InvalidError("writing.too_long", most=LONGEST)
    return answer.text.strip()


def link_in(text: str) -> tuple[str, str]:
    """What a link is called and its address, in any order. Raises InvalidError where there is no whole address."""
    words = text.split()
    address = next((word for word in words if word.lower().startswith(("http://", "https://"))), "")
    label = " ".join(word for word in words if word != address).strip(" :|-–")
    if not is_page(address):
        raise InvalidError("writing.no_address")
    if len(label) > LABEL:
        raise InvalidError("writing.long_label", most=LABEL)
    return label or urlsplit(address).hostname or address, address


def is_page(address: str) -> bool:
    """Whether every messenger can open it: a whole address, nothing hidden before the host."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        return (
            len(address) <= ADDRESS
            and parts.scheme in ("http", "https")
            and "." in host.strip(".")
            and "@" not in parts.netloc
            and parts.port != 0
            and address.isprintable()
            and not set(address) & set("<>\"'`\\")
        )
    except ValueError:
        return False


def shown_texts(draft: Writing) -> list[Phrase]:
    """The texts, each under the name of its language where there are several."""
    texts = draft.texts
    if not texts:
        return [Phrase("card.empty")]
    if len(texts) == 1:
        return [Phrase("card.text", {"text": text}) for text in texts.values()]
    return [
        Phrase("writing.text", {"language": Phrase(f"language.{language}"), "text": text})
        for language, text in texts.items()
    ]


def attached(draft: Writing) -> list[Phrase]:
    """The files and links, a line each."""
    names = ", ".join(file.name for file in draft.files)
    return [
        *([Phrase("card.files", {"count": len(draft.files), "names": names})] if draft.files else []),
        *(Phrase("writing.linked", {"label": label, "address": address}) for label, address in draft.links),
    ]


# -- made into messages


async def here(talk: Talk, draft: Writing) -> list[Attachment]:
    """The files that have come from their messenger."""
    if all(file.digest for file in draft.files):
        return list(draft.files)
    come = await files.arrived(await talk.read(), talk.where.address_id)
    found = (replace(file, digest=file.digest or come.get(file.reference, "")) for file in draft.files)
    return [file for file in found if file.digest]


def outgoing(house: House, attachments: list[Attachment]) -> list[OutgoingFile]:
    """Files of the store as they go out."""
    return [
        OutgoingFile(house.files.path(file.digest), file.name, file.media_type or MEDIA_TYPES.get(file.kind, ""))
        for file in attachments
    ]


def message(house: House, text: str, draft: Writing, attachments: list[Attachment], *after: Phrase) -> list[Said]:
    """One of the texts as it will be read, with what stands under all of them."""
    *bare, last = [Phrase("card.text", {"text": text}), *after]
    buttons = [[Choice(Phrase("card.text", {"text": label}), url=address)] for label, address in draft.links]
    return [*(Said(phrase) for phrase in bare), Said(last, buttons, outgoing(house, attachments))]


def bodies(house: House, draft: Writing, attachments: list[Attachment], *after: Phrase) -> dict[str, Json]:
    """The message in each language that there is a text in."""
    return {
        language: body(Bundle(message(house, text, draft, attachments, *after)))
        for language, text in draft.texts.items()
    }
