"""Killed at any moment while many people talk and the line is bad: nothing is lost, nothing is there twice."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.crash.killing import KILLS, seed
from tests.torture.ground import on_postgres, on_sqlite
from tests.torture.line import bad_line
from tests.torture.phases import Phase
from tests.torture.report import Figures, total
from tests.torture.round import FEW, MANY, Round, rounds, weathered

pytestmark = pytest.mark.crash


@pytest.fixture(scope="module")
def done() -> Iterator[list[Figures]]:
    """The figures of all rounds; what they come to together is told at the end."""
    several: list[Figures] = []
    yield several
    if len(several) > 1:
        print(f"\n{total(several)}")


@pytest.mark.parametrize("one", rounds(KILLS, MANY if KILLS >= 100 else FEW), ids=str)
async def test_nothing_is_lost_or_doubled_whenever_the_bot_is_killed(
    one: Round, tmp_path: Path, request: pytest.FixtureRequest, done: list[Figures]
) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(request.getfixturevalue("postgres").new()) if one.database == "PostgreSQL" else ""
        print(f"\n{one}")
        begins_with = seed()
        dice = random.Random(begins_with)
        async with bad_line(dice, files_fail=one.crowd.files_fail) as standin:
            ground = on_postgres(tmp_path, standin, one.mode, url) if url else on_sqlite(tmp_path, standin, one.mode)
            try:
                told, wrong = await weathered(one, ground, standin, dice)
            finally:
                await ground.end()
    print(told)
    done.append(told)
    assert not wrong, "\n".join([f"SEED={begins_with}", *wrong])
    assert [phase for phase in Phase if not told.hits[phase]] == [], f"not hit; SEED={begins_with}"
