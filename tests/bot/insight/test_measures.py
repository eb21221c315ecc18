"""Figures, on cases that can be counted by hand."""

import pytest

from bot.insight.measures import grouped, lower_bound, macro_f1, share


def test_a_share_and_its_lower_bound() -> None:
    truths = [True] * 90 + [False] * 10
    assert share(truths) == 0.9
    assert 0.83 <= lower_bound(truths) <= 0.89
    assert lower_bound(truths) == lower_bound(truths)
    assert (share([]), lower_bound([])) == (0.0, 0.0)


def test_macro_f1_counts_topics_with_enough_texts() -> None:
    wanted = [["a"]] * 8 + [["b", "a"]] * 8 + [["c"]] * 2
    assert macro_f1(wanted, ["a"] * 16 + ["a"] * 2) == pytest.approx((2 * 16 / (2 * 16 + 2) + 0) / 2)
    assert macro_f1([], []) == 0


def test_perfect_groups_are_perfect() -> None:
    wanted = {"1": "x", "2": "x", "3": None}
    found = grouped(wanted, {"1": "p", "2": "p", "3": "q"})
    assert (found.precision, found.recall, found.f1, found.merged, found.b_cubed) == (1, 1, 1, 0, 1)


def test_one_big_group_merges_every_single() -> None:
    found = grouped({"1": "x", "2": "x", "3": None}, dict.fromkeys("123", "p"))
    assert found.precision == pytest.approx(1 / 3)
    assert (found.recall, found.merged) == (1, 1)


def test_all_alone_finds_no_pair() -> None:
    found = grouped({"1": "x", "2": "x"}, {"1": "1", "2": "2"})
    assert (found.precision, found.recall, found.f1) == (0, 0, 0)
