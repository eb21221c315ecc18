"""What a card says beside the draft: personal data in it, others who ask for the same, another language to talk in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from bot.card import Rows
from bot.insight.language import language
from bot.insight.personal import personal, without
from bot.model import Json, Phrase
from bot.talk import Talk
from bot.turn import Choice, Said

SHOWN = 200  # characters of somebody else's words
LEFT_OUT = "…"


def mark(text: str) -> str:
    """What stands for a text where it must not stand itself."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


# -- another language


def offer_language(talk: Talk, text: str) -> None:
    """Offers to talk in the language of a text; nobody is switched without asking for it."""
    found = language(text)
    if found in talk.house.texts.languages and found != talk.where.language:
        name = Phrase(f"language.{found}")
        talk.said.append(Said(Phrase("language.offer", {"name": name}), [[Choice(name, f"/language {found}")]]))


# -- personal data


def found_personal(texts: Sequence[str]) -> list[Phrase]:
    """What in some texts tells who somebody is, as lines: staff would see it."""
    found = [(span.kind, text[span.start : span.end]) for text in texts for span in personal(text)]
    if not found:
        return []
    lines = [
        Phrase("care.personal", {"kind": Phrase(f"care.kind_{kind}"), "text": text})
        for kind, text in dict.fromkeys(found)
    ]
    return [Phrase("care.found", {"lines": lines})]


def without_personal(text: str) -> str:
    """The text without what tells who somebody is."""
    return without(text, personal(text), LEFT_OUT)


def for_others(text: str) -> str:
    """The beginning of somebody's words as others may see them: nothing in it tells who anybody is."""
    plain = " ".join(without_personal(text).split())
    return plain if len(plain) <= SHOWN else plain[:SHOWN].rstrip() + LEFT_OUT


# -- others who ask for the same


def alike(beside: Json, text: str) -> list[Phrase]:
    """What was found for the text as it stands now, as lines."""
    if not beside or beside["mark"] != mark(text):
        return []
    if not beside["shown"] and not beside["count"]:
        return []
    if beside["shown"]:
        lines = [Phrase("alike.one", {"code": one["code"], "text": one["text"]}) for one in beside["shown"]]
        return [Phrase("alike.found", {"lines": lines})]
    return [Phrase("alike.count", {"count": beside["count"], "topic": Phrase(f"topic.{beside['topic']}")})]


def joining(beside: Json, text: str) -> Rows:
    """The buttons by which the author joins what was found."""
    if not beside or beside["mark"] != mark(text):
        return []
    return [[(f"/join {one['code']}", Phrase("alike.join", {"code": one["code"]}))] for one in beside["shown"]]


# -- what may answer already


def answers(beside: Json, text: str) -> list[Phrase]:
    """That an article may answer the text as it stands now."""
    return [Phrase("info.may_answer")] if _articles(beside, text) else []


def reading(beside: Json, text: str) -> Rows:
    """The buttons that open what may answer it."""
    return [[(f"/info {one['id']}", Phrase("info.read", {"title": one["title"]}))] for one in _articles(beside, text)]


def _articles(beside: Json, text: str) -> list[Json]:
    return beside.get("articles", []) if beside and beside["mark"] == mark(text) else []
