"""Models of topics that were learnt from corrections, and the corrections."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.model import Json
from storage.database import Reader, Statement, one

_SHARE = 10_000
KEPT = 2  # models whose numbers stay: the one in use and the one before


@dataclass(frozen=True, slots=True)
class Trained:
    """A try to learn: from how many corrections, and what of the fixed part was right before and after."""

    version: str
    source: str
    is_kept: bool
    corrections: int
    before: float
    after: float


async def newest(reader: Reader, source: str) -> Trained | None:
    """The latest try on a pack's examples."""
    return await _latest(reader, source, "")


async def in_use(reader: Reader, source: str) -> Trained | None:
    """The model that all processes use; None where it is the one that came with the pack."""
    return await _latest(reader, source, " AND is_kept = 1")


async def _latest(reader: Reader, source: str, only: str) -> Trained | None:
    row = await one(
        reader,
        "SELECT version, source, is_kept, corrections, share_before, share_after FROM topic_models"
        f" WHERE source = :source{only} ORDER BY id DESC LIMIT 1",
        {"source": source},
    )
    if row is None:
        return None
    shares = row["share_before"] / _SHARE, row["share_after"] / _SHARE
    return Trained(row["version"], row["source"], bool(row["is_kept"]), row["corrections"], *shares)


async def numbers(reader: Reader, version: str) -> Json:
    """The JSON of a model; None where it is gone."""
    row = await one(
        reader, "SELECT model FROM topic_models WHERE version = :version AND model <> ''", {"version": version}
    )
    return json.loads(row["model"]) if row else None


def add(trained: Trained, model: Json, now: int) -> list[Statement]:
    """Writes a try down, with the model if it is kept; older models go."""
    return [
        Statement(
            "INSERT INTO topic_models (version, source, is_kept, model, corrections, share_before, share_after, trained_at)"
            " VALUES (:version, :source, :is_kept, :model, :corrections, :before, :after, :now)",
            {
                "version": trained.version,
                "source": trained.source,
                "is_kept": int(trained.is_kept),
                "model": json.dumps(model, ensure_ascii=False) if trained.is_kept else "",
                "corrections": trained.corrections,
                "before": round(trained.before * _SHARE),
                "after": round(trained.after * _SHARE),
                "now": now,
            },
        ),
        Statement(
            "UPDATE topic_models SET model = '' WHERE model <> '' AND id NOT IN"
            " (SELECT id FROM topic_models WHERE model <> '' ORDER BY id DESC LIMIT :kept)",
            {"kept": KEPT},
        ),
    ]


_CORRECTED = (
    "t.rank = 0 AND t.chosen_by IN ('author', 'staff') AND p.text <> '' AND p.key_hash <> '' AND p.state <> 'withdrawn'"
)


async def count_corrections(reader: Reader) -> int:
    """How many proposals have topics that a person put right; invented ones count for nothing."""
    row = await one(
        reader,
        f"SELECT count(*) AS n FROM proposal_topics t JOIN proposals p ON p.id = t.proposal_id WHERE {_CORRECTED}",
    )
    return int(row["n"]) if row else 0


async def corrections(reader: Reader) -> list[tuple[str, tuple[str, ...], str]]:
    """What people put right: (text, topics, who), the main topic first."""
    rows = await reader.rows(
        "SELECT p.id, p.text, a.topic, t.chosen_by FROM proposal_topics t JOIN proposals p ON p.id = t.proposal_id"
        f" JOIN proposal_topics a ON a.proposal_id = p.id WHERE {_CORRECTED} ORDER BY p.id, a.rank"
    )
    found: dict[int, tuple[str, list[str], str]] = {}
    for row in rows:
        found.setdefault(row["id"], (row["text"], [], row["chosen_by"]))[1].append(row["topic"])
    return [(text, tuple(topics), by) for text, topics, by in found.values()]
