"""Buttons where there are none: numbered lists, in pages, and codes under what nobody asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.model import Button, Json, Phrase, Reply, escape
from bot.talk import BACK
from bot.texts import Texts
from storage import codes
from storage.claims import Claimed
from storage.database import Database, micros
from storage.outbox import Kind

PAGE = 9  # choices shown at once
ENDS = (".ok", ".skip")  # the last choice, where it ends its question, stands on every page,
TICKED = "talk.tick"  # and so does what is ticked


class Lists:
    """Writes the buttons of a message into its text."""

    def __init__(self, database: Database, texts: Texts, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._texts = texts
        self._clock = clock

    async def written(self, row: Claimed, reply: Reply) -> Reply:
        """The reply as one that is answered by typing. Raises StorageErrors."""
        every = [button for line in reply.buttons for button in line]
        buttons = [button for button in every if not button.url]
        links = [f"{escape(button.label)}: {escape(button.url)}" for button in every if button.url]
        lines = await self._lines(row, buttons) if buttons else []
        parts = (reply.text, "\n".join(links), "\n".join(lines))
        return replace(reply, text="\n\n".join(filter(None, parts)), buttons=())

    async def _lines(self, row: Claimed, buttons: Sequence[Button]) -> list[str]:
        if row.kind is Kind.REPLY and not row.body.get("coded"):  # only what stands last has numbers
            return list(self._numbered(buttons, ticked(row.body), row.body.get("page", 0), row.language))
        return await self._coded(row, buttons)

    def _numbered(self, buttons: Sequence[Button], always: frozenset[str], page: int, language: str) -> Iterator[str]:
        """The lines of one page. Numbers go on over all pages, and any of them counts at any time."""
        labels = {button.data: escape(button.label) for button in buttons}
        numbered = list(enumerate(choices(list(labels)), 1))
        for number, data in numbered:
            is_end = number == len(numbered) and data.endswith(ENDS)
            if page * PAGE < number <= (page + 1) * PAGE or data in always or is_end:
                yield f"{number}. {labels[data]}"
        yield from (f"0. {label}" for data, label in labels.items() if is_back(data))
        if len(numbered) > PAGE:
            yield self._texts.render(language, Phrase("list.more"))
        elif numbered:
            yield self._texts.render(language, Phrase("list.how"))

    async def _coded(self, row: Claimed, buttons: Sequence[Button]) -> list[str]:
        data = [button.data for button in buttons]
        given = await codes.give(self._database, row.address_id, row.id, data, micros(self._clock()))
        return [
            self._texts.render(row.language, Phrase("list.code", {"label": button.label, "code": code}))
            for button, code in zip(buttons, given, strict=True)
        ]


def choices(data: Sequence[str]) -> list[str]:
    """The data of a message's buttons in the order of their numbers, each once; the way back is 0, and a link has none."""
    return [one for one in dict.fromkeys(data) if one and not is_back(one)]


def is_back(data: str) -> bool:
    """Whether a button is a field's own way back to its card."""
    return data.endswith(f".{BACK}")


def ticked(body: Json) -> frozenset[str]:
    """The data of the buttons that are ticked."""
    return frozenset(button["data"] for row in body["buttons"] for button in row if button["label"]["$"] == TICKED)
