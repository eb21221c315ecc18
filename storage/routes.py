"""Where something goes that comes by itself: to the chat its person used last of those that reach somebody who is away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from storage.database import Statement, Value

HOUR = 3_600_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class Routes:
    """The channels that there are. `reaching` bring a message to somebody who has closed them, and those that are
    `waking` to whoever asked to be woken there. `hours` is how long after somebody wrote they do, where that ends.
    """

    reaching: Sequence[str] = ()
    waking: Sequence[str] = ()
    hours: Mapping[str, float] = field(default_factory=dict)


NONE = Routes()


def find_way(routes: Routes, token: str, now: int) -> Statement:
    """Takes what was just leased to the best chat of its person, but for replies and what is meant for one chat."""
    rank, values = _rank(routes, now)
    best = (
        "(SELECT s.id FROM addresses m JOIN addresses s ON s.person_id = m.person_id WHERE m.id = outbox.address_id"
        f" ORDER BY {rank}, s.last_written_at DESC, s.id DESC LIMIT 1)"
    )
    return Statement(
        f"UPDATE outbox SET address_id = {best} WHERE status = 'leased' AND boot = :token AND kind <> 'reply'"
        " AND stays = 0 AND EXISTS (SELECT 1 FROM addresses m JOIN addresses s ON s.person_id = m.person_id"
        "                           AND s.id <> m.id WHERE m.id = outbox.address_id)"
        f" AND NOT EXISTS (SELECT 1 FROM outbox t WHERE {_SAME.format(row='outbox')})",
        {**values, "token": token},
    )


_SAME = (
    "t.cause = {row}.cause AND t.n = {row}.n AND t.id <> {row}.id AND t.address_id IN (SELECT s.id FROM addresses m"
    " JOIN addresses s ON s.person_id = m.person_id WHERE m.id = {row}.address_id)"
)  # the same for another chat of the person, from before those were one person's

IS_TWICE = (
    "(SELECT count(*) FROM outbox t WHERE o.kind <> 'reply' AND o.stays = 0 AND "
    + _SAME.format(row="o")
    + " AND (t.status IN ('sent', 'unsure') OR (t.status IN ('new', 'leased', 'paused') AND t.id < o.id))) AS is_twice"
)


def _rank(routes: Routes, now: int) -> tuple[str, dict[str, Value]]:
    """How well a chat `s` reaches somebody who is away, 0 is best; and the values."""
    values: dict[str, Value] = {}

    def given(name: str, channels: Sequence[str]) -> str:
        keys = {f"{name}_{n}": channel for n, channel in enumerate(channels)}
        values.update(keys)
        return ", ".join(f":{key}" for key in keys) or "NULL"

    late = []
    for n, (channel, hours) in enumerate(routes.hours.items()):
        values |= {f"limited_{n}": channel, f"since_{n}": now - int(hours * HOUR)}
        late.append(f"(s.channel = :limited_{n} AND s.last_written_at < :since_{n})")
    reaching, waking = given("reaching", routes.reaching), given("waking", routes.waking)
    return (
        f"CASE WHEN s.blocked_at IS NOT NULL THEN 3 WHEN {' OR '.join(late) or '1 = 0'} THEN 1"
        f" WHEN s.channel IN ({reaching}) THEN 0"
        f" WHEN s.channel IN ({waking}) THEN"
        " CASE WHEN EXISTS (SELECT 1 FROM subscriptions b WHERE b.address_id = s.id) THEN 0 ELSE 1 END"
        " ELSE 2 END",
        values,
    )


def turned_away(row_id: int, error: str) -> Statement:
    """Marks what its chat can no longer be sent: it goes to another chat of the person, or has failed for good."""
    other = (
        "EXISTS (SELECT 1 FROM addresses m JOIN addresses s ON s.person_id = m.person_id AND s.id <> m.id"
        " WHERE m.id = outbox.address_id AND s.blocked_at IS NULL)"
    )
    return Statement(
        f"UPDATE outbox SET status = CASE WHEN kind <> 'reply' AND stays = 0 AND {other} THEN 'new' ELSE 'failed' END,"
        " error = :error WHERE id = :id",
        {"id": row_id, "error": error},
    )
