"""The card of a proposal: what staff will see, guessed where it was not said, each part changed by a press."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.card import Card, Rows
from bot.errors import InvalidError
from bot.insight.courtesy import aside
from bot.insight.kinds import SUGGESTION, kind
from bot.knowledge import READ
from bot.model import Attachment, Json, Phrase
from bot.pack import OTHER
from bot.state import Answer
from bot.talk import Talk
from bot.turn import House
from handlers import hints
from handlers.acts.people import Known
from handlers.acts.spoken import LONGEST as SPOKEN_LONGEST
from handlers.acts.spoken import is_too_long, is_too_short, voices
from handlers.shown import wordless
from storage.people import Place
from storage.proposals import Content, Tag

SHOWN = 600  # characters of the text that the card shows
LONGEST = 12_000  # characters
FEWEST = 5  # letters
LEAD = 300  # characters
NAME = 60  # characters
TOPICS = 3


AskPlace = Callable[[Talk, str, list[list[str]]], Awaitable[Place]]
AskAge = Callable[[Talk, str, Sequence[str]], Awaitable[str]]


class WayOut(StrEnum):
    """How a proposal's card ends."""

    SEND = "send"
    KEEP = "keep"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposal in the making. `said` holds [the message's id, its text]; `tags` [topic, score in thousandths].

    `typed_place` is what its place was called, where that was asked for this one; `version` that of the topics' model.
    """

    said: tuple[tuple[str, str], ...]
    files: tuple[Attachment, ...]
    lead: str
    kind: str
    kind_chosen: bool
    tags: tuple[tuple[str, int], ...]
    tags_chosen: bool
    place: str
    former_place: str
    age_band: str
    name: str
    only_province: bool
    typed_place: str = ""
    version: str = ""

    @property
    def text(self) -> str:
        """Everything that was written, as one text."""
        return "\n".join(text for _, text in self.said)


def letters(text: str) -> int:
    """How many letters a text has."""
    return sum(char.isalpha() for char in text)


def content(draft: Draft) -> Content:
    """What is stored of a draft: what its card shows."""
    chosen_by = "author" if draft.tags_chosen else "machine"
    return Content(
        text=draft.text,
        lead=draft.lead,
        kind=draft.kind,
        tags=tuple(Tag(topic, score, chosen_by, draft.version) for topic, score in draft.tags),
        place=draft.place,
        former_place=draft.former_place,
        age_band=draft.age_band,
        name=draft.name,
        only_province=draft.only_province,
        files=draft.files,
        typed_place=draft.typed_place,
    )


def fitting(talk: Talk, answer: Answer, held: int) -> list[Attachment]:
    """The files that can be added to so many; says why not, of those that cannot."""
    files = list(answer.files)
    for refused, key in ((is_too_short, "voice.too_short"), (is_too_long, "voice.too_long")):
        if any(map(refused, files)):
            talk.say(key, minutes=SPOKEN_LONGEST // 60)
            files = [file for file in files if not refused(file)]
    most = talk.house.limits.files
    room = max(most - held, 0)
    if len(files) > room:
        talk.say("card.too_many_files", most=most)
    return files[:room]


def topics(draft: Draft) -> Phrase:
    """The topics; what is only spoken has none before somebody has heard it."""
    if not draft.tags_chosen and voices(draft.files) and letters(draft.text) < FEWEST:
        return Phrase("card.topics_later")
    return Phrase("card.topics", {"topics": _joined([f"topic.{topic}" for topic, _ in draft.tags])})


class ProposalCard(Card[Draft]):
    """The card that a proposal is sent from."""

    ways_out = frozenset(WayOut)
    never_typed = frozenset({WayOut.DROP})
    look_up_by = "alike"

    def __init__(
        self, house: House, person: Known, ask_place: AskPlace, ask_age: AskAge, note: Phrase | None = None
    ) -> None:
        self.house = house
        self.person = person
        self.ask_place = ask_place
        self.ask_age = ask_age
        self.note = note  # what is to be known of the dialogue before this is sent

    def new(self) -> Draft:
        person = self.person
        return Draft(
            (),
            (),
            "",
            SUGGESTION,
            False,
            ((OTHER, 0),),
            False,
            person.place,
            person.former_place,
            person.age_band,
            "",
            False,
        )

    def load(self, value: Json) -> Draft:
        said = tuple((id_, text) for id_, text in value["said"])
        files = tuple(Attachment.from_json(file) for file in value["files"])
        tags = tuple((topic, score) for topic, score in value["tags"])
        return Draft(**{**value, "said": said, "files": files, "tags": tags})

    def dump(self, draft: Draft) -> Json:
        return {**{name: getattr(draft, name) for name in Draft.__slots__}, "said": [list(pair) for pair in draft.said], "tags": [list(pair) for pair in draft.tags],
                "files": [file.to_json() for file in draft.files]}  # fmt: skip

    # -- growing

    def take(self, talk: Talk, draft: Draft, answer: Answer) -> Draft:
        if not answer.files and (about := aside(answer.text)):
            talk.say(f"courtesy.{about}")
            return draft
        if not draft.said:
            hints.offer_language(talk, answer.text)
        grown = replace(draft, files=(*draft.files, *fitting(talk, answer, len(draft.files))))
        if not answer.text.strip():
            return grown
        try:
            return self.retell(grown, (*draft.said, (answer.id, answer.text)))
        except InvalidError as refused:  # the files have room all the same
            talk.say(refused.key, most=LONGEST)
            return grown

    def amend(self, draft: Draft, answer: Answer) -> Draft | None:
        if all(id_ != answer.id for id_, _ in draft.said):
            return None
        kept = ((id_, answer.text if id_ == answer.id else text) for id_, text in draft.said)
        return self.retell(draft, tuple((id_, text) for id_, text in kept if text.strip()))

    def retell(self, draft: Draft, said: tuple[tuple[str, str], ...]) -> Draft:
        """The draft with another text. Raises InvalidError where it is too long."""
        told = replace(draft, said=said)
        if len(told.text) > LONGEST:
            raise InvalidError("card.too_long", most=LONGEST)
        return told

    def settle(self, draft: Draft) -> Draft:
        if not draft.kind_chosen:
            draft = replace(draft, kind=kind(draft.text) if draft.said else SUGGESTION)
        if not draft.tags_chosen:
            scored = self.house.topics.score(draft.text[:READ])
            tags = tuple((tag.slug, round(tag.score * 1000)) for tag in scored)
            draft = replace(draft, tags=tags, version=self.house.topics.version)
        return draft

    def look_up(self, draft: Draft) -> str:
        return hints.mark(draft.text) if letters(draft.text) >= FEWEST else ""

    # -- shown

    def text(self, draft: Draft) -> Phrase:
        lines = [
            Phrase("card.kind", {"kind": Phrase(f"kind.{draft.kind}")}),
            topics(draft),
            Phrase("card.place", {"place": self.house.pack.place(draft.place, draft.former_place, self.house.era)}),
            Phrase("card.age", {"age": Phrase(f"age.{draft.age_band}")}),
            Phrase("card.named", {"name": draft.name}) if draft.name else Phrase("card.anonymous"),
            Phrase("card.only_province" if draft.only_province else "card.all_readers"),
        ]
        if draft.files:
            lines.insert(
                0, Phrase("card.files", {"count": len(draft.files), "names": ", ".join(f.name for f in draft.files)})
            )
        if draft.lead:
            lines.insert(0, Phrase("card.lead", {"lead": draft.lead}))
        lines += [*hints.found_personal(self._typed(draft)), *hints.alike(self.beside, draft.text)]
        lines += hints.answers(self.beside, draft.text)
        lines += [self.note] if self.note else []
        return Phrase("card.review", {"text": self._shown(draft), "lines": lines})

    def _typed(self, draft: Draft) -> list[str]:
        """Every text that its author typed."""
        return [*(text for _, text in draft.said), draft.lead]

    def _shown(self, draft: Draft) -> Phrase:
        if not draft.said:
            return wordless(draft.files) if draft.files else Phrase("card.empty")
        if len(draft.text) <= SHOWN:
            return Phrase("card.text", {"text": draft.text})
        return Phrase("card.long_text", {"text": draft.text[:SHOWN].rstrip(), "more": len(draft.text) - SHOWN})

    def rows(self, draft: Draft) -> Rows:
        more = [("more", Phrase("card.more"))] if len(draft.text) > SHOWN else []
        personal = hints.found_personal(self._typed(draft))
        return [
            *([[("leave_out", Phrase("care.leave_out"))]] if personal else []),
            *hints.joining(self.beside, draft.text),
            *hints.reading(self.beside, draft.text),
            [(WayOut.SEND, Phrase("card.send"))],
            [("edit", Phrase("card.edit")), ("photo", Phrase("card.photo"))],
            [("change", Phrase("card.change")), *more],
            [(WayOut.KEEP, Phrase("card.keep")), (WayOut.DROP, Phrase("card.drop"))],
        ]

    def missing(self, way: str, draft: Draft) -> str:
        enough = FEWEST if way == WayOut.SEND else 1
        if way != WayOut.DROP and letters(draft.text) < enough and not draft.files:
            return "card.too_short"
        return ""

    def first(self, way: str, draft: Draft) -> str:
        return "lead" if way == WayOut.SEND and len(draft.text) > SHOWN and not draft.lead else ""

    # -- the fields

    async def edit(self, talk: Talk, key: str, draft: Draft) -> Draft:
        """Replaces the text."""

        def parse(answer: Answer) -> Json:
            self.retell(draft, ((answer.id, answer.text),))
            if letters(answer.text) < FEWEST:
                raise InvalidError("card.too_short")
            return [answer.id, answer.text]

        said = await talk.ask(key, "card.edit_ask", parse)
        return self.settle(replace(self.retell(draft, ((said[0], said[1]),)), lead=""))

    async def leave_out(self, talk: Talk, key: str, draft: Draft) -> Draft:
        """Leaves out what tells who somebody is."""
        said = tuple((id_, hints.without_personal(text)) for id_, text in draft.said)
        return self.settle(replace(draft, said=said, lead=hints.without_personal(draft.lead)))

    async def ask_lead(self, talk: Talk, key: str, draft: Draft) -> Draft:
        """What is asked for, in one sentence."""

        def parse(answer: Answer) -> str:
            if answer.option:
                return ""
            text = " ".join(answer.text.split())
            if not FEWEST <= len(text) <= LEAD:
                raise InvalidError("card.lead_length", most=LEAD)
            return text

        lead = await talk.ask(key, "card.lead_ask", parse, {"skip": "card.lead_skip"})
        return replace(draft, lead=lead)

    async def change(self, talk: Talk, key: str, draft: Draft) -> Draft:
        """Changes what was guessed or taken by default."""
        what = await talk.choose(f"{key}/what", "card.change_ask", {name: f"card.change_{name}" for name in CHANGES})
        return await CHANGES[what](self, talk, f"{key}/{what}", draft)

    async def change_kind(self, talk: Talk, key: str, draft: Draft) -> Draft:
        kinds = {slug: f"kind.{slug}" for slug in self.house.pack.facts.kinds}
        return replace(draft, kind=await talk.choose(key, "card.kind_ask", kinds), kind_chosen=True)

    async def change_topics(self, talk: Talk, key: str, draft: Draft) -> Draft:
        options = {topic.slug: f"topic.{topic.slug}" for topic in self.house.pack.topics}
        ticked = [topic for topic, _ in draft.tags if topic != OTHER]
        chosen = await talk.choose_many(key, "card.topics_ask", options, TOPICS, ticked)
        return replace(draft, tags=tuple((topic, 1000) for topic in chosen or [OTHER]), tags_chosen=True)

    async def change_place(self, talk: Talk, key: str, draft: Draft) -> Draft:
        place = await self.ask_place(talk, key, [])
        return replace(draft, place=place.unit, former_place=place.former, typed_place=place.typed)

    async def change_age(self, talk: Talk, key: str, draft: Draft) -> Draft:
        bands = [band.slug for band in self.house.pack.facts.ages if band.admitted]
        band = await self.ask_age(talk, key, bands)
        changed = replace(draft, age_band=band)
        return changed if self.may_be_named(changed) else replace(changed, name="")

    def may_be_named(self, draft: Draft) -> bool:
        """Whether a name may be given: by the age on the card and by the age the person told before."""
        return all(self.house.pack.age(band).may_be_named for band in (draft.age_band, self.person.age_band))

    async def change_sender(self, talk: Talk, key: str, draft: Draft) -> Draft:
        may = self.may_be_named(draft)
        options = {"anonymous": "card.sender_anonymous"} | ({"named": "card.sender_named"} if may else {})
        answer = await talk.choose(key, "card.sender_ask" if may else "card.sender_young", options)
        return replace(
            draft, name=await talk.ask(f"{key}/name", "card.name_ask", parse_name) if answer == "named" else ""
        )

    async def change_readers(self, talk: Talk, key: str, draft: Draft) -> Draft:
        options = {"all": "card.readers_all", "province": "card.readers_province"}
        return replace(draft, only_province=await talk.choose(key, "card.readers_ask", options) == "province")

    # -- the notes

    def say_how(self, talk: Talk, draft: Draft) -> None:
        """How to add a photo."""
        talk.say("card.photo_how", most=self.house.limits.files, megabytes=self.house.limits.file_bytes // 1_048_576)

    def say_all(self, talk: Talk, draft: Draft) -> None:
        """The whole text."""
        talk.say("card.whole", text=draft.text)

    @property
    def fields(self) -> dict[str, Callable[[Talk, str, Draft], Awaitable[Draft]]]:
        return {"edit": self.edit, "lead": self.ask_lead, "change": self.change, "leave_out": self.leave_out}

    @property
    def notes(self) -> dict[str, Callable[[Talk, Draft], None]]:
        return {"photo": self.say_how, "more": self.say_all}


Change = Callable[[ProposalCard, Talk, str, Draft], Awaitable[Draft]]
CHANGES: dict[str, Change] = {
    "kind": ProposalCard.change_kind,
    "topics": ProposalCard.change_topics,
    "place": ProposalCard.change_place,
    "age": ProposalCard.change_age,
    "sender": ProposalCard.change_sender,
    "readers": ProposalCard.change_readers,
}


def parse_name(answer: Answer) -> str:
    """A name as somebody wants to be called."""
    name = " ".join(answer.text.split())
    if not letters(name) >= 2 or len(name) > NAME:
        raise InvalidError("card.name_length", most=NAME)
    return name


def _joined(keys: Sequence[str]) -> Phrase:
    """Up to three names in a row."""
    return Phrase(f"card.joined_{len(keys)}", dict(zip(("first", "second", "third"), map(Phrase, keys), strict=False)))
