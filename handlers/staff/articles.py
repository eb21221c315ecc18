"""Staff keep articles for people to read: written on a card, put up, changed, taken down."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.card import Rows
from bot.feature import command, conversation
from bot.knowledge import READ
from bot.model import Attachment, AttachmentKind, Json, Phrase
from bot.talk import Talk
from bot.turn import Choice, Turn
from handlers.acts import articles as acts
from handlers.acts.articles import Editor, Section
from handlers.acts.rights import Right
from handlers.cards import WayOut
from handlers.shown import MEDIA_TYPES
from handlers.staff.writing import Field, Writing, WritingCard, here
from storage.articles import Article, ArticleFile, Content
from storage.database import Transaction, micros

LIST = [[Choice(Phrase("info.list"), "/info")]]


@dataclass(frozen=True, slots=True)
class Draft(Writing):
    """An article in the making."""

    section: str = ""
    topic: str = ""


class ArticleCard(WritingCard[Draft]):
    """The card that an article is put up from; it begins with what the article says already."""

    Kind = Draft
    title = "article.card"

    def __init__(self, talk: Talk, begun: Draft, topics: frozenset[str]) -> None:
        super().__init__(talk.house, begun.language)
        self.begun = begun
        self.topics = topics

    def new(self) -> Draft:
        return self.begun

    def settle(self, draft: Draft) -> Draft:
        """The topic that its text is about, until one is chosen; only of the field."""
        if draft.topic or not draft.texts:
            return draft
        scored = [tag.slug for tag in self.house.topics.score(draft.text[:READ]) if tag.slug in self.topics]
        return replace(draft, topic=scored[0]) if scored else draft

    def lines(self, draft: Draft) -> list[Phrase]:
        topic = Phrase(f"topic.{draft.topic}") if draft.topic else Phrase("article.not_chosen")
        section = Phrase(f"info.section_{draft.section}") if draft.section else Phrase("article.not_chosen")
        return [Phrase("article.section", {"section": section}), Phrase("article.topic", {"topic": topic})]

    def rows(self, draft: Draft) -> Rows:
        return [
            [(WayOut.SEND, Phrase("article.send"))],
            [("section", Phrase("article.choose_section")), ("topic", Phrase("article.choose_topic"))],
            *self.editing(draft),
            [(WayOut.KEEP, Phrase("card.keep")), (WayOut.DROP, Phrase("card.drop"))],
        ]

    def missing(self, way: str, draft: Draft) -> str:
        if way == WayOut.SEND and draft.section and draft.topic not in self.topics:
            return "article.no_topic"
        return super().missing(way, draft)

    def first(self, way: str, draft: Draft) -> str:
        return "section" if way == WayOut.SEND and not draft.section else ""

    async def choose_section(self, talk: Talk, key: str, draft: Draft) -> Draft:
        options = {str(section): f"info.section_{section}" for section in Section}
        return replace(draft, section=await talk.choose(key, "article.section_ask", options))

    async def choose_topic(self, talk: Talk, key: str, draft: Draft) -> Draft:
        options = {topic.slug: f"topic.{topic.slug}" for topic in self.house.pack.topics if topic.slug in self.topics}
        return replace(draft, topic=await talk.choose(key, "article.topic_ask", options))

    @property
    def fields(self) -> dict[str, Field[Draft]]:
        return {**super().fields, "section": self.choose_section, "topic": self.choose_topic}


@conversation("article", may=Right.INFORM, takes="card", payload=True)
async def article(talk: Talk) -> None:
    """Writes a new one, or goes on with the one whose number is given."""
    by = editor(talk)
    begun = await talk.keep("begun", lambda: begin(talk, by))
    if begun is None:
        talk.forget()
        return talk.say("article.not_yours", buttons=LIST)
    card = ArticleCard(talk, loaded(begun), by.topics)
    done = await talk.card("card", card)
    match done.way:
        case WayOut.SEND:
            await put_up(talk, by, done.draft)
        case WayOut.KEEP:
            talk.say("article.kept")
            talk.park()
        case _:
            talk.say("article.dropped", buttons=LIST)
    return None


def editor(turn: Turn) -> Editor:
    """Who keeps articles here, and of which topics."""
    where, house = turn.where, turn.house
    topics = acts.field(where.role, where.scope, house.pack, house.era)
    return Editor(where.person.id if where.person else 0, where.address_id, topics)


async def begin(talk: Talk, by: Editor) -> Json:
    """What the card begins with; None where there is nothing to be kept."""
    if not talk.argument:
        return {"language": talk.where.language} if by.topics else None
    number = int(talk.argument) if talk.argument.isdecimal() and len(talk.argument) < 16 else 0
    found = await acts.kept(await talk.read(), by, number)
    if found is None:
        return None
    language, text = next(iter(found.texts.items()))
    return {
        "language": language,
        "said": [["", text]],
        "others": [[name, other] for name, other in found.texts.items() if name != language],
        "files": [attachment(file).to_json() for file in found.files],
        "links": [list(link) for link in found.links],
        "section": found.section,
        "topic": found.topic,
    }


def attachment(file: ArticleFile) -> Attachment:
    return Attachment(AttachmentKind.DOCUMENT, file.name, file.media_type, 0, file.digest)


def loaded(begun: Json) -> Draft:
    pairs = {name: tuple((a, b) for a, b in begun.get(name, ())) for name in ("said", "others", "links")}
    files = tuple(Attachment.from_json(file) for file in begun.get("files", ()))
    return Draft(
        begun["language"], **pairs, files=files, section=begun.get("section", ""), topic=begun.get("topic", "")
    )


async def put_up(talk: Talk, by: Editor, draft: Draft) -> None:
    """Puts it up once its files have come."""
    attachments = await here(talk, draft)
    if len(attachments) < len(draft.files):
        if await talk.choose("coming", "article.coming", {"look": "announce.look", "back": "announce.back"}) == "back":
            await talk.again("card")
        await talk.again("coming")
    content = content_of(talk, draft, attachments)
    number = await talk.once("put up", lambda tx: store(tx, talk, by, content))
    if not number:
        return talk.say("article.not_yours", buttons=LIST)
    read = [[Choice(Phrase("article.read"), f"/info {number}")]]
    return talk.say("article.done", buttons=[*read, *LIST])


async def store(tx: Transaction, talk: Talk, by: Editor, content: Content) -> int:
    """Puts it up or changes it; gives its number, 0 where that may not be."""
    now = micros(talk.now)
    if not talk.argument:
        return await acts.publish(tx, by, content, now) or 0
    number = int(talk.argument)
    return number if await acts.change(tx, by, number, content, now) else 0


def content_of(talk: Talk, draft: Draft, attachments: list[Attachment]) -> Content:
    """What is stored of a draft, with what it is found by."""
    texts = draft.texts
    said, profile = acts.found_by(texts.values(), talk.house.knowledge.profiler)
    return Content(
        section=draft.section,
        topic=draft.topic,
        texts=texts,
        links=draft.links,
        files=tuple(
            ArticleFile(file.digest, file.name, file.media_type or MEDIA_TYPES.get(file.kind, ""))
            for file in attachments
        ),
        words=said,
        profile=profile,
    )


@command("shelve", may=Right.INFORM)
async def shelve(turn: Turn) -> None:
    """Takes an article down, or puts it up again."""
    number = int(turn.argument) if turn.argument.isdecimal() and len(turn.argument) < 16 else 0
    by = editor(turn)
    found = await acts.kept(await turn.read(), by, number)
    if found is None:
        return turn.say("article.not_yours", buttons=LIST)
    await turn.once("shown", lambda tx: acts.show(tx, by, number, micros(turn.now), shown=not found.is_shown))
    return turn.say("article.down" if found.is_shown else "article.up", buttons=[*keeping(found), *LIST])


def keeping(found: Article) -> list[list[Choice]]:
    """The button that calls off what was just done."""
    return [[Choice(Phrase("info.show" if found.is_shown else "info.hide"), f"/shelve {found.id}")]]
