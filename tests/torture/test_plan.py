"""What is planned before a storm, and how it is known what a process is doing."""

from __future__ import annotations

import pytest

from tests.torture.phases import Phase, Phases
from tests.torture.round import FEW, MOST, rounds


@pytest.mark.parametrize("kills", [30, 1000])
def test_two_thirds_of_the_kills_are_on_sqlite(kills: int) -> None:
    planned = rounds(kills, FEW)
    shares = {name: sum(one.kills for one in planned if one.database == name) for name in ("SQLite", "PostgreSQL")}
    assert shares == {"SQLite": kills - kills // 3, "PostgreSQL": kills // 3}
    assert all(one.kills <= MOST for one in planned)
    assert {one.mode for one in planned} == {"polling", "webhook"}


def test_what_began_and_has_not_ended_is_open() -> None:
    phases = Phases()
    assert phases.take({"event": "a turn begins", "inbox": 1}) is Phase.TURN
    assert phases.take({"event": "a turn begins", "inbox": 2}) is Phase.TURN
    assert phases.take({"event": "sending", "outbox": 3, "kind": "broadcast"}) is Phase.BROADCAST
    assert phases.take({"event": "sending", "outbox": 4, "kind": "reply"}) is Phase.SENDER
    assert phases.take({"event": "a turn ends", "inbox": 1}) is None
    assert phases.open() == {Phase.TURN, Phase.BROADCAST, Phase.SENDER}
    phases.take({"event": "sent", "outbox": 3})
    phases.take({"event": "not sent", "outbox": 4})
    phases.take({"event": "a turn ends", "inbox": 2})
    assert phases.open() == set()
