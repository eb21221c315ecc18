"""One process at a time runs the bot on a database."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.errors import DatabaseLockedError
from bot.lock import held


def test_a_second_start_is_told_which_process_to_stop(tmp_path: Path) -> None:
    database = tmp_path / "data" / "bot.db"
    with held(database), pytest.raises(DatabaseLockedError, match=str(os.getpid())), held(database):
        pass


def test_the_lock_ends_with_its_holder(tmp_path: Path) -> None:
    for _ in range(2):
        with held(tmp_path / "bot.db"):
            assert (tmp_path / "bot.db.lock").read_text() == str(os.getpid())


def test_another_database_has_a_lock_of_its_own(tmp_path: Path) -> None:
    with held(tmp_path / "one.db"), held(tmp_path / "two.db"):
        assert len(list(tmp_path.iterdir())) == 2
