"""How much of a messenger's budget is left, kept so that a restart does not send faster than was agreed."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Database, Statement


@dataclass(frozen=True, slots=True)
class Budget:
    """What was left: `level` in thousandths of a token, times in microseconds UTC."""

    level: int
    counted_at: int
    blocked_until: int


async def read(database: Database, channel: str) -> Budget | None:
    """What was left of a messenger's budget."""
    [rows] = await database.read(
        Statement("SELECT level, counted_at, blocked_until FROM budgets WHERE channel = :channel", {"channel": channel})
    )
    return Budget(**rows[0]) if rows else None


def write(channel: str, budget: Budget) -> Statement:
    """Writes down what is left."""
    return Statement(
        "INSERT INTO budgets (channel, level, counted_at, blocked_until)"
        " VALUES (:channel, :level, :counted_at, :blocked_until) ON CONFLICT (channel) DO UPDATE SET"
        " level = excluded.level, counted_at = excluded.counted_at, blocked_until = excluded.blocked_until",
        {
            "channel": channel,
            "level": budget.level,
            "counted_at": budget.counted_at,
            "blocked_until": budget.blocked_until,
        },
    )
