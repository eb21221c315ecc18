"""What people can read: by section, by words with marks or without, and one article with its files and links."""

from __future__ import annotations

from collections.abc import Mapping

from bot.feature import command
from bot.insight.folding import words
from bot.insight.nearness import answers, nearest
from bot.knowledge import READ
from bot.model import Json, OutgoingFile, Phrase
from bot.outgoing import in_language
from bot.turn import Choice, Said, Turn
from handlers.acts.articles import Section, field
from handlers.acts.rights import Right, allows
from storage import articles
from storage.articles import Article, Listed

PAGE = 8
FOUND = 6
MOST_WORDS = 8  # of what is searched for
LISTED = 60  # characters of a title in a list
CLOSE = 0.15  # of what is searched for, what an article has to hold where none has the words
LIST = [[Choice(Phrase("info.list"), "/info")]]


@command("info", may=Right.TALK, reshow=True, wordy=True)
async def info(turn: Turn) -> None:
    """Shows the sections, one of them, an article by its number, or what is found for some words."""
    what, _, rest = turn.argument.partition(" ")
    if not turn.argument:
        return await show_sections(turn)
    if what in list(Section):
        return await show_section(turn, what, int(rest) if rest.isdecimal() and len(rest) < 4 else 1)
    if what == "withdrawn" and allows(turn.where.role, Right.INFORM):
        return show_found(turn, "info.withdrawn", await articles.withdrawn(await turn.read(), own_field(turn), FOUND))
    if turn.argument.isdecimal() and len(turn.argument) < 16:
        found = await articles.get(await turn.read(), int(turn.argument))
        if found and (found.is_shown or found.topic in own_field(turn)):
            return show(turn, found)
    return await search(turn)


def own_field(turn: Turn) -> frozenset[str]:
    """The topics whose articles this person keeps."""
    return field(turn.where.role, turn.where.scope, turn.house.pack, turn.house.era)


async def show_sections(turn: Turn) -> None:
    counts = await articles.sections(await turn.read())
    rows = [
        [
            Choice(
                Phrase("info.open_section", {"section": Phrase(f"info.section_{s}"), "count": counts[s]}), f"/info {s}"
            )
        ]
        for s in Section
        if counts.get(s)
    ]
    staff = allows(turn.where.role, Right.INFORM)
    write = [[Choice(Phrase("info.write"), "/article")], [Choice(Phrase("info.open_withdrawn"), "/info withdrawn")]]
    turn.say("info.sections" if rows else "info.empty", buttons=[*rows, *(write if staff else [])])


async def show_section(turn: Turn, section: str, page: int) -> None:
    """A page of a section."""
    reader = await turn.read()
    total = (await articles.sections(reader)).get(section, 0)
    pages = max(-(-total // PAGE), 1)
    page = min(max(page, 1), pages)
    found = await articles.of_section(reader, section, PAGE, (page - 1) * PAGE)
    newer = [Choice(Phrase("queue.newer"), f"/info {section} {page - 1}")] if page > 1 else []
    older = [Choice(Phrase("queue.older"), f"/info {section} {page + 1}")] if page < pages else []
    turning = [newer + older] if newer or older else []
    turn.say(
        "info.section",
        section=Phrase(f"info.section_{section}"),
        buttons=[*opening(turn, found), *turning, *LIST],
        slot="info",
    )


async def search(turn: Turn) -> None:
    """What has the words, marks or none; else what is close to them."""
    reader, wanted = await turn.read(), words(turn.argument)[:MOST_WORDS]
    found = await articles.with_words(reader, wanted, FOUND) if wanted else []
    if not found and wanted:
        known = {str(one.id): one for one in await articles.known(reader)}
        knowledge = turn.house.knowledge
        profile = knowledge.profiler.profile(turn.argument[:READ])
        near = nearest(profile, ((id_, one.profile) for id_, one in known.items()), knowledge.commonness)
        close = [known[one.id] for one in near if one.likeness >= CLOSE][:FOUND]
        found = [Listed(one.id, one.texts) for one in close]
    show_found(turn, "info.found", found)


async def may_answer(turn: Turn, text: str) -> list[Json]:
    """The articles that may already answer a text: their numbers and titles."""
    known = {str(one.id): one for one in await articles.known(await turn.read())}
    if not known:
        return []
    knowledge = turn.house.knowledge
    near = answers(
        knowledge.profiler.profile(text[:READ]),
        ((id_, one.profile) for id_, one in known.items()),
        knowledge.commonness,
    )
    language = turn.where.language
    return [{"id": known[one.id].id, "title": title_of(language, known[one.id].texts)} for one in near]


def show_found(turn: Turn, key: str, found: list[Listed]) -> None:
    if not found:
        return turn.say("info.nothing", buttons=[*LIST, [Choice(Phrase("info.propose"), "/propose")]])
    return turn.say(key, buttons=[*opening(turn, found), *LIST])


def opening(turn: Turn, found: list[Listed]) -> list[list[Choice]]:
    """A button for each article, called by its title."""
    return [[Choice(titled(turn.where.language, one.texts), f"/info {one.id}")] for one in found]


def titled(language: str, texts: Mapping[str, str]) -> Phrase:
    """What an article is called."""
    return Phrase("card.text", {"text": title_of(language, texts)})


def title_of(language: str, texts: Mapping[str, str]) -> str:
    """The first line of an article in a language, or in the one there is."""
    title = str(in_language(texts, language)).strip().partition("\n")[0]
    return title if len(title) <= LISTED else f"{title[:LISTED].rstrip()}…"


def show(turn: Turn, found: Article) -> None:
    """One article, and for staff what can be done with it."""
    title, _, text = str(in_language(found.texts, turn.where.language)).strip().partition("\n")
    links = [[Choice(Phrase("card.text", {"text": label}), url=address)] for label, address in found.links]
    changing = [
        [Choice(Phrase("info.change"), f"/article {found.id}")],
        [Choice(Phrase("info.hide" if found.is_shown else "info.show"), f"/shelve {found.id}")],
    ]
    staff = changing if found.topic in own_field(turn) else []
    day = found.changed_at.astimezone(turn.house.zone).strftime("%d/%m/%Y")
    files = [OutgoingFile(turn.house.files.path(file.digest), file.name, file.media_type) for file in found.files]
    said = Phrase("info.article", {"title": title, "text": text.strip(), "day": day})
    turn.said.append(Said(said, [*links, *staff, *LIST], files))
