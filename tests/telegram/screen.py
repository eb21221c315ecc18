"""A message as somebody sees it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from tests.telegram.updates import Json
from tests.telegram.world import Message


@dataclass(frozen=True, slots=True)
class Shown:
    """A message on a screen. `text` is plain; `html` is the text or caption as the bot wrote it; buttons are rows."""

    id: int
    by_bot: bool
    text: str
    html: str
    entities: list[Json]
    buttons: list[list[tuple[str, str]]]
    caption: str
    name: str
    photo: bytes | None
    document: bytes | None
    edited: int

    @property
    def labels(self) -> list[str]:
        return [label for row in self.buttons for label, _ in row]

    def json(self) -> Json:
        """The same, with sizes in place of bytes."""
        plain: dict[str, Any] = asdict(self)
        for kind in ("photo", "document"):
            content = plain.pop(kind)
            plain[f"{kind}_size"] = None if content is None else len(content)
        return plain


def shown(message: Message) -> Shown:
    body, file = message.body, message.file
    content = file.content if file else None
    return Shown(
        id=message.id,
        by_bot=message.by_bot,
        text=body.get("text", ""),
        html=message.html,
        entities=body.get("entities") or body.get("caption_entities") or [],
        buttons=buttons(body),
        caption=body.get("caption", ""),
        name=file.name if file and "document" in body else "",
        photo=content if "photo" in body else None,
        document=content if "document" in body else None,
        edited=message.edits,
    )


def buttons(body: Json) -> list[list[tuple[str, str]]]:
    """Rows of (label, data); a button that opens a page has its address for data."""
    rows = body.get("reply_markup", {}).get("inline_keyboard", [])
    return [[(one["text"], one.get("callback_data") or one.get("url", "")) for one in row] for row in rows]
