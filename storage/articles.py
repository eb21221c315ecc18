"""Articles: what people can read before they ask, and what it is found by."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Reader, Row, Statement, Transaction, Value, moment, one


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """A file of an article, which lies in the file store."""

    digest: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Content:
    """What an article says: `texts` by language, the first for all that lack one; links as (label, address).

    `words` are all of its words without marks, `profile` is what it is compared by.
    """

    section: str
    topic: str
    texts: Mapping[str, str]
    links: tuple[tuple[str, str], ...]
    files: tuple[ArticleFile, ...]
    words: Sequence[str]
    profile: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it stands."""

    id: int
    section: str
    topic: str
    texts: Mapping[str, str]
    links: tuple[tuple[str, str], ...]
    files: tuple[ArticleFile, ...]
    author_id: int | None
    changed_at: datetime
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a list: its texts by language."""

    id: int
    texts: Mapping[str, str]
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """An article to be compared with: its texts by language, and its dumped profile."""

    id: int
    texts: Mapping[str, str]
    profile: str


# -- writing


async def add(tx: Transaction, content: Content, author_id: int | None, now: int) -> int:
    """Puts an article up; gives its id."""
    [row] = await tx.run(
        Statement(
            "INSERT INTO articles (section, topic, texts, links, words, profile, author_id, created_at, changed_at)"
            " VALUES (:section, :topic, :texts, :links, :words, :profile, :author, :now, :now) RETURNING id",
            {**_values(content), "author": author_id, "now": now},
        )
    )
    tx.add(*_files(int(row["id"]), content))
    return int(row["id"])


def change(article_id: int, content: Content, now: int) -> list[Statement]:
    """Puts other content in place of an article's."""
    return [
        Statement(
            "UPDATE articles SET section = :section, topic = :topic, texts = :texts, links = :links, words = :words,"
            " profile = :profile, changed_at = :now WHERE id = :id",
            {**_values(content), "id": article_id, "now": now},
            changes=1,
        ),
        Statement("DELETE FROM article_files WHERE article_id = :id", {"id": article_id}),
        *_files(article_id, content),
    ]


def show(article_id: int) -> Statement:
    """Puts an article up again."""
    return Statement("UPDATE articles SET withdrawn_at = NULL WHERE id = :id", {"id": article_id})


def withdraw(article_id: int, now: int) -> Statement:
    """Takes an article down; it can be put up again."""
    return Statement("UPDATE articles SET withdrawn_at = :now WHERE id = :id", {"id": article_id, "now": now})


def _values(content: Content) -> dict[str, Value]:
    return {
        "section": content.section,
        "topic": content.topic,
        "texts": json.dumps(content.texts, ensure_ascii=False),
        "links": json.dumps(content.links, ensure_ascii=False),
        "words": f" {' '.join(content.words)} ",
        "profile": content.profile,
    }


def _files(article_id: int, content: Content) -> list[Statement]:
    return [
        Statement(
            "INSERT INTO article_files (article_id, n, digest, name, media_type) VALUES (:id, :n, :digest, :name, :type)",
            {"id": article_id, "n": n, "digest": file.digest, "name": file.name, "type": file.media_type},
        )
        for n, file in enumerate(content.files)
    ]


# -- reading


async def get(reader: Reader, article_id: int) -> Article | None:
    """The article of an id, also one that was taken down."""
    row = await one(
        reader,
        "SELECT id, section, topic, texts, links, author_id, changed_at, withdrawn_at FROM articles WHERE id = :id",
        {"id": article_id},
    )
    if row is None:
        return None
    files = await reader.rows(
        "SELECT digest, name, media_type FROM article_files WHERE article_id = :id ORDER BY n", {"id": article_id}
    )
    return Article(
        id=row["id"],
        section=row["section"],
        topic=row["topic"],
        texts=json.loads(row["texts"]),
        links=tuple((label, address) for label, address in json.loads(row["links"])),
        files=tuple(ArticleFile(**file) for file in files),
        author_id=row["author_id"],
        changed_at=moment(row["changed_at"]),
        is_shown=row["withdrawn_at"] is None,
    )


async def sections(reader: Reader) -> dict[str, int]:
    """How many articles people can read, by section."""
    rows = await reader.rows("SELECT section, count(*) AS n FROM articles WHERE withdrawn_at IS NULL GROUP BY section")
    return {row["section"]: int(row["n"]) for row in rows}


async def of_section(reader: Reader, section: str, most: int, offset: int) -> list[Listed]:
    """The articles of a section that people can read, changed last first."""
    rows = await reader.rows(
        "SELECT id, texts FROM articles WHERE section = :section AND withdrawn_at IS NULL"
        " ORDER BY changed_at DESC, id DESC LIMIT :most OFFSET :offset",
        {"section": section, "most": most, "offset": offset},
    )
    return [_listed(row) for row in rows]


async def withdrawn(reader: Reader, topics: Collection[str], most: int) -> list[Listed]:
    """The articles of some topics that were taken down, changed last first."""
    values: dict[str, Value] = {f"topic_{n}": topic for n, topic in enumerate(sorted(topics))}
    names = ", ".join(f":{name}" for name in values) or "NULL"
    rows = await reader.rows(
        f"SELECT id, texts FROM articles WHERE withdrawn_at IS NOT NULL AND topic IN ({names})"
        " ORDER BY changed_at DESC, id DESC LIMIT :most",
        {**values, "most": most},
    )
    return [Listed(row["id"], json.loads(row["texts"]), is_shown=False) for row in rows]


async def with_words(reader: Reader, words: Sequence[str], most: int) -> list[Listed]:
    """The articles that people can read and that have all of these folded words, or beginnings of words."""
    tests = " AND ".join(f"words LIKE :w{n}" for n in range(len(words)))
    rows = await reader.rows(
        f"SELECT id, texts FROM articles WHERE withdrawn_at IS NULL AND {tests or '1 = 0'}"
        " ORDER BY changed_at DESC, id DESC LIMIT :most",
        {**{f"w{n}": f"% {word}%" for n, word in enumerate(words)}, "most": most},
    )
    return [_listed(row) for row in rows]


async def known(reader: Reader) -> list[Known]:
    """All articles that people can read, to be compared with."""
    rows = await reader.rows("SELECT id, texts, profile FROM articles WHERE withdrawn_at IS NULL ORDER BY id")
    return [Known(row["id"], json.loads(row["texts"]), row["profile"]) for row in rows]


def _listed(row: Row) -> Listed:
    return Listed(row["id"], json.loads(row["texts"]))
