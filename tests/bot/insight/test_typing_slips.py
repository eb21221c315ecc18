"""One slip of a finger."""

import pytest

from bot.insight.typing_slips import within_one


@pytest.mark.parametrize("typed", ["bacson", "bacsonn", "bacsn", "bacsom", "bacosn", "acson", "xbacson", "bacso"])
def test_one_slip_is_within_one(typed: str) -> None:
    assert within_one(typed, "bacson")
    assert within_one("bacson", typed)


@pytest.mark.parametrize("typed", ["", "bacs", "bacsonnn", "cabson", "bxcsom", "nosca"])
def test_two_slips_are_not(typed: str) -> None:
    assert not within_one(typed, "bacson")
