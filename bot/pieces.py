"""Long replies in pieces that a messenger takes, split where a reader would pause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.model import Reply, Span, escape, spans

_PAUSES = ("\n\n", "\n", ". ", "! ", "? ", "; ", ", ", " ")


def units(text: str) -> int:
    """The length of a text in UTF-16 units, as messengers count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(reply: Reply, limit: int) -> list[Reply]:
    """The reply in pieces of at most `limit` UTF-16 units; buttons and files go with the last."""
    if units(reply.text) <= limit:  # with its markup even
        return [reply]
    runs = list(spans(reply.text))
    if sum(units(run.text) for run in runs) <= limit:
        return [reply]
    pieces = [piece for piece in _pieces(runs, limit) if any(run.text.strip() for run in piece)]
    texts = ["".join(markup(run) for run in piece) for piece in pieces] or [""]
    bare = replace(reply, buttons=(), files=())
    return [*(replace(bare, text=text) for text in texts[:-1]), replace(reply, text=texts[-1])]


def markup(run: Span) -> str:
    """A run of text as HTML."""
    return f"<{run.style}>{escape(run.text)}</{run.style}>" if run.style else escape(run.text)


def _pieces(runs: list[Span], limit: int) -> Iterator[list[Span]]:
    piece: list[Span] = []
    left = limit
    for run in runs:
        text = run.text
        while units(text) > left:
            head = _head(text, left)
            if not head and piece:
                yield piece
                piece, left = [], limit
                continue
            yield [*piece, Span(head, run.style)]
            piece, left, text = [], limit, text[len(head) :]
        if text:
            piece.append(Span(text, run.style))
            left -= units(text)
    if piece:
        yield piece


def _head(text: str, limit: int) -> str:
    """The longest beginning within the limit that ends at a pause, in its better half, or else anywhere."""
    end, used = 0, 0
    for char in text:
        used += units(char)
        if used > limit:
            break
        end += 1
    for pause in _PAUSES:
        at = text.rfind(pause, end // 2, end)
        if at >= 0:
            return text[: at + len(pause)]
    return text[:end]
