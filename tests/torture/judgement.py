"""What must be so after a storm. Whatever is not is told with the person, and how to have it again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from tests.crash.books import Books
from tests.telegram.server import StandIn
from tests.telegram.world import World
from tests.torture.ground import SECRET, Ground
from tests.torture.news import News, arrived, in_outbox
from tests.torture.person import FIRST_PERSON, NAME, Person

PRIVATE = ("việc", "em muốn", "Tân Thanh", "Bản tin", NAME, SECRET, str(FIRST_PERSON)[:-3])

REPLIES = """
SELECT a.chat, o.id, o.reference, o.slot FROM outbox o JOIN addresses a ON a.id = o.address_id
WHERE o.kind = 'reply' AND o.status = 'sent' ORDER BY a.chat, o.id
"""
LEFT_OUT = """
SELECT a.chat, b.id FROM broadcasts b, people p JOIN addresses a ON a.person_id = p.id
WHERE p.age_told_at < b.started_at AND NOT EXISTS
  (SELECT 1 FROM outbox o WHERE o.broadcast_id = b.id AND o.person_id = p.id)
"""


def found(people: Sequence[Person], news: News, ground: Ground, standin: StandIn) -> list[str]:
    """Everything that is not as it must be."""
    return [
        *of_people(people),
        *of_books(people, ground.books),
        *of_order(ground.books),
        *of_news(news, ground.books, standin.world),
        *of_logs(ground, standin.token),
    ]


def of_people(people: Iterable[Person]) -> Iterable[str]:
    """Everybody was led step by step up to the answer that is due, and nobody was told of an error."""
    for person in people:
        person.read()
        expected = ["hello", "age", "place", *["card", "code"] * len(person.sent)]
        expected += ["card"] * bool(person.draft.texts or person.draft.photos)
        if (steps := person.steps()) != expected:
            yield f"{person}: was led {steps}, and should have been led {expected}\n{person.end_of_screen()}"
        if any("Mã lỗi" in message.text for message in person.phone.messages):
            yield f"{person}: was told of an error"


def of_books(people: Iterable[Person], books: Books) -> Iterable[str]:
    """What people saw and what the office has are the same, each once, and nothing is left undone."""
    yield from (f"left undone: {what}" for what in books.undone())
    if not books.sound():
        yield "the database is broken"
    proposals, drafts = books.proposals(), books.drafts()
    if list(proposals) != [f"LS-2026-{n:05d}" for n in range(1, len(proposals) + 1)]:
        yield f"a number is left out: {list(proposals)}"
    for person in people:
        chat = str(person.phone.person.id)
        mine = {code: (stored.text, stored.files) for code, stored in proposals.items() if stored.chat == chat}
        confirmed = {code: (draft.text, list(draft.photos.values())) for code, draft in person.sent.items()}
        if mine != confirmed:
            yield f"{person}: confirmed {told(confirmed)}, and the office has {told(mine)}"
        if (kept := drafts.pop(chat, [])) != list(person.draft.texts.values()):
            yield f"{person}: drafts {list(person.draft.texts.values())}, and the bot has {kept}"
    yield from (f"nobody's draft, in chat {chat}" for chat in drafts)


def told(proposals: dict[str, tuple[str, list[bytes]]] | dict[str, tuple[str, list[bytes | None]]]) -> str:
    return str({code: (text, [len(file or b"") for file in files]) for code, (text, files) in proposals.items()})


def of_order(books: Books) -> Iterable[str]:
    """In each chat replies were taken in the order in which they were said; an edit has the number of what it changed."""
    for chat, rows in groupby(books.rows(REPLIES), key=itemgetter(0)):
        newest, seen = 0, set[tuple[str, int]]()
        for _, id_, reference, slot in rows:
            if int(reference) <= newest and not (slot and (slot, int(reference)) in seen):
                yield f"chat {chat}: row {id_} was taken as {reference}, before what was said earlier: {newest}"
            newest = max(newest, int(reference))
            seen.add((slot, int(reference)))


def of_news(news: News, books: Books, world: World) -> Iterable[str]:
    """No broadcast came twice, what the bot thinks of it is true, and nobody was left out."""
    came, thought = arrived(world), in_outbox(books, news.begun)
    for (chat, number), times in came.items():
        if times > 1 or (chat, number) not in thought:
            status = thought.get((chat, number), "nothing")
            yield f"chat {chat}: broadcast {number} came {times} times, and the bot thinks {status} of it"
    for (chat, number), status in thought.items():
        if status != "unsure" and (status, came[chat, number]) != ("sent", 1):
            yield f"chat {chat}: broadcast {number} is {status} and came {came[chat, number]} times"
    if left_out := books.rows(LEFT_OUT):
        yield f"left out of a broadcast: {left_out[:20]}"


def of_logs(ground: Ground, token: str) -> Iterable[str]:
    """The logs say that the bot was well, and nothing about anybody."""
    written = ground.logs()
    yield from (f"a log says {private!r}" for private in (*PRIVATE, token, "Traceback") if private in written)
    for worker in ground.workers:
        yield from (f"{worker.name} logged {line}" for line in worker.logged() if line["level"] == "error")
