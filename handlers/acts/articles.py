"""What is done with articles: put up, changed, taken down. The field, the change, the record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.insight.folding import words
from bot.insight.profiles import Profiler
from bot.knowledge import READ
from bot.pack import Pack
from handlers.acts.rights import Right, Role, allows
from storage import articles, record
from storage.articles import Article, Content
from storage.database import Reader, Transaction


class Section(StrEnum):
    """What an article tells of."""

    RESULTS = "results"  # what became of earlier dialogues
    SUPPORT = "support"  # for starting up
    JOBS = "jobs"
    MODELS = "models"  # start-ups to learn from


@dataclass(frozen=True, slots=True)
class Editor:
    """Who keeps articles; `topics` is their field."""

    person_id: int
    address_id: int
    topics: frozenset[str]


def field(role: str, agency: str, pack: Pack, era: int) -> frozenset[str]:
    """The topics of which somebody may keep articles: all of them, or those that their agency answers for."""
    if not allows(role, Right.INFORM):
        return frozenset()
    every = (topic.slug for topic in pack.topics)
    if role != Role.AGENCY:
        return frozenset(every)
    return frozenset(slug for slug in every if agency and agency in pack.agencies(slug, era))


def found_by(texts: Iterable[str], profiler: Profiler) -> tuple[list[str], str]:
    """What an article is found by: its words without marks, and the dumped profile of what it tells of."""
    whole = "\n".join(texts)
    return list(dict.fromkeys(words(whole))), profiler.profile(whole[:READ]).dump()


def keeps(by: Editor, article: Article) -> bool:
    """Whether an article is within somebody's field."""
    return article.topic in by.topics


async def kept(reader: Reader, by: Editor, article_id: int) -> Article | None:
    """The article of an id if it is within somebody's field; else it is as if it were not there."""
    found = await articles.get(reader, article_id)
    return found if found and keeps(by, found) else None


async def publish(tx: Transaction, by: Editor, content: Content, now: int) -> int | None:
    """Puts an article up; gives its id, None where its topic is not in the field."""
    if content.topic not in by.topics:
        return None
    article_id = await articles.add(tx, content, by.person_id, now)
    tx.add(record.note("article added", by.address_id, now, str(article_id)))
    return article_id


async def change(tx: Transaction, by: Editor, article_id: int, content: Content, now: int) -> bool:
    """Puts other content in place of an article's; False where it is not, or would not stay, in the field."""
    if await kept(tx, by, article_id) is None or content.topic not in by.topics:
        return False
    tx.add(*articles.change(article_id, content, now))
    tx.add(record.note("article changed", by.address_id, now, str(article_id)))
    return True


async def show(tx: Transaction, by: Editor, article_id: int, now: int, *, shown: bool) -> bool:
    """Takes an article down or puts it up again; False where it is not in the field."""
    if await kept(tx, by, article_id) is None:
        return False
    tx.add(articles.show(article_id) if shown else articles.withdraw(article_id, now))
    tx.add(record.note(f"article {'shown' if shown else 'withdrawn'}", by.address_id, now, str(article_id)))
    return True
