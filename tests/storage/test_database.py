"""Times are aware, and reading in chunks misses nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.database import Database, Statement, each, micros, moment, one


def test_a_time_without_a_zone_is_not_stored() -> None:
    with pytest.raises(ValueError, match="zone"):
        micros(datetime(2026, 3, 2))  # noqa: DTZ001 the very thing


@given(
    st.datetimes(
        min_value=datetime(1990, 1, 1),  # noqa: DTZ001 hypothesis wants it so
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=7)), timezone(-timedelta(hours=3, minutes=30))]),
    )
)
def test_a_stored_time_comes_back_as_the_same_moment(time: datetime) -> None:
    back = moment(micros(time))
    assert back == time
    assert back.tzinfo is UTC


async def test_chunks_give_every_row_once(database: Database) -> None:
    await database.write([Statement("CREATE TABLE n (n INTEGER)"), *(Statement(f"INSERT INTO n VALUES ({n})") for n in range(25))])  # fmt: skip
    snapshot = await database.snapshot()
    found = [row["n"] async for row in each(snapshot, "SELECT n FROM n ORDER BY n LIMIT :limit OFFSET :offset", {}, 7)]
    assert found == list(range(25))
    assert await one(snapshot, "SELECT n FROM n WHERE n > 90") is None
    await snapshot.close()
