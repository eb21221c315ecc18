"""What an open page is told: messages of the transcript as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Json, spans
from storage.database import moment
from storage.transcripts import Entry


def frame(entries: Sequence[Entry], standing: Sequence[int], base_path: str = "") -> dict[str, Json]:
    """The messages that changed, and the numbers of all that stand: a page drops what is not among them."""
    return {"messages": [shown(entry, base_path) for entry in entries], "standing": list(standing)}


def shown(entry: Entry, base_path: str = "") -> dict[str, Json]:
    """One message as the page draws it; its files lie below a path. `time` is ISO 8601 in UTC."""
    content = entry.content
    return {
        "number": entry.number,
        "change": entry.change,
        "side": entry.side,
        "key": entry.key,
        "spans": [[span.text, span.style] for span in spans(content.text)],
        "buttons": [[{"label": label, "data": data} for label, data in row] for row in content.buttons],
        "files": [
            {
                "name": file.name,
                "type": file.type,
                "size": file.size,
                "url": f"{base_path}/chat/files/{entry.number}/{n}",
            }
            for n, file in enumerate(content.files)
        ],
        "time": moment(entry.created_at).isoformat(timespec="seconds"),
    }
