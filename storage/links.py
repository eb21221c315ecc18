"""Links: files that somebody fetches from the pages because their messenger carries none."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Reader, Statement, one


@dataclass(frozen=True, slots=True)
class Link:
    """A file that a chat may fetch until a time (microseconds). `path` is where it lies, `name` what is seen."""

    id: str
    address_id: int
    path: str
    name: str
    media_type: str
    expires_at: int


def add(link: Link) -> Statement:
    """Writes a link down."""
    return Statement(
        "INSERT INTO links (id, address_id, path, name, media_type, expires_at)"
        " VALUES (:id, :address_id, :path, :name, :media_type, :expires_at)",
        {name: getattr(link, name) for name in Link.__slots__},
    )


async def find(reader: Reader, link_id: str) -> Link | None:
    """The link of an id."""
    row = await one(
        reader,
        "SELECT id, address_id, path, name, media_type, expires_at FROM links WHERE id = :id",
        {"id": link_id},
    )
    return Link(**{name: row[name] for name in Link.__slots__}) if row else None


def expire(before: int) -> Statement:
    """Removes links that have expired."""
    return Statement("DELETE FROM links WHERE expires_at < :before", {"before": before})
