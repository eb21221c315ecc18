"""Statements and values are the same on PostgreSQL as on SQLite, and its errors are ours."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from bot.config import SqliteFile
from bot.errors import ConflictError, DatabaseTroubleError, StaleError, StorageError
from storage.database import Database, Statement
from storage.opening import open_database
from storage.postgres.sql import as_driven
from tests.storage.books import book, titles

RAISING = "DO $$ BEGIN RAISE EXCEPTION 'tên của bạn' USING ERRCODE = '{code}'; END $$"


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("sql", "driven"),
    [
        ("SELECT :a, :b_2", "SELECT %(a)s, %(b_2)s"),
        ("SELECT :a::bigint", "SELECT %(a)s::bigint"),
        ("SELECT ':a', '50 %', 'it''s :b', :c", "SELECT ':a', '50 %%', 'it''s :b', %(c)s"),
        ('SELECT "a:b%" FROM "t"":x"', 'SELECT "a:b%%" FROM "t"":x"'),
        ("SELECT 7 % 3 -- of :a 100 %\n, :b", "SELECT 7 %% 3 -- of :a 100 %%\n, %(b)s"),
        ("SELECT /* :a\n% */ :b", "SELECT /* :a\n%% */ %(b)s"),
        ("SELECT '$.buttons'", "SELECT '$.buttons'"),
    ],
)
def test_only_a_name_outside_quotes_and_comments_is_a_parameter(sql: str, driven: str) -> None:
    assert as_driven(sql) == driven.encode()


async def test_the_same_statements_give_the_same_rows_on_both_databases(shelf: Database, tmp_path: Path) -> None:
    values: dict[str, Any] = {
        "text": "câu “hỏi”\n🎉 100 % :x", "int": 2**62, "small": -1, "none": None, "bytes": b"\0\xff", "truth": True,
        "kind": Colour.RED, "half": 0.5, "like": "50%",
    }  # fmt: skip
    asked = [
        "CREATE TABLE things (a TEXT, b BIGINT, c BIGINT, d TEXT, e BIGINT)",
        "INSERT INTO things (a, b, c, d) SELECT :text, :int, :small, :none WHERE 1 = 1",
        "INSERT INTO things VALUES (:kind, :truth, :small, coalesce(:none, (SELECT a FROM things LIMIT 1)), :small)",
        "UPDATE things SET b = CASE WHEN b > :small THEN :small ELSE b + 1 END WHERE d = :text RETURNING a, b, c, d",
        "SELECT a, b, c, d, e FROM things ORDER BY c, a LIMIT :truth OFFSET :truth",
        "SELECT count(*) AS n, sum(c) AS total, max(a) AS last, min(e) AS least FROM things",
        "SELECT a FROM things WHERE a LIKE 'r%' AND a <> ':text' AND a = :kind",
        "SELECT :half + 0.25 AS half, 7 % 3 AS rest",
        "DELETE FROM things WHERE c = :small RETURNING c",
    ]
    unit = [Statement(sql, values) for sql in asked]
    file = await open_database(SqliteFile(tmp_path / "other.db"))
    expected = await file.write(unit)
    await file.close()
    assert await shelf.write(unit) == expected


async def test_bytes_come_back_as_bytes(database: Database) -> None:
    key = Statement("INSERT INTO keys (name, value) VALUES ('k', :value) RETURNING value", {"value": b"\0\xff"})
    assert await database.write([key]) == [[{"value": b"\0\xff"}]]


@pytest.mark.parametrize("value", ["half \ud800 a character", "a \0 in it", 2**70, object()])
async def test_a_value_that_cannot_be_kept_is_refused_without_being_repeated(shelf: Database, value: Any) -> None:
    with pytest.raises(StorageError) as refused:
        await shelf.write([book("a"), Statement("INSERT INTO books VALUES (:a, :a)", {"a": value})])
    assert str(value) not in str(refused.value)
    assert not isinstance(refused.value, DatabaseTroubleError)
    assert await titles(shelf) == []


@pytest.mark.parametrize(
    ("codes", "error"),
    [
        (("53100", "53200", "53300", "57P01", "57P03", "58030", "25006", "55P03", "08006", "XX001"), DatabaseTroubleError),
        (("23505", "23503", "23514", "23502"), ConflictError),
        (("22012", "22003", "42703", "P0001"), StorageError),
    ],
)  # fmt: skip
async def test_each_error_of_the_server_is_one_of_ours(
    shelf: Database, codes: tuple[str, ...], error: type[StorageError]
) -> None:
    for code in codes:
        with pytest.raises(StorageError) as refused:
            await shelf.write([book("a"), Statement(RAISING.format(code=code))])
        assert type(refused.value) is error
        assert await titles(shelf) == []


async def test_a_conflict_names_the_rule_and_not_the_value(shelf: Database) -> None:
    await shelf.write([book("tên của bạn")])
    with pytest.raises(ConflictError, match="books_pkey") as refused:
        await shelf.write([book("tên của bạn")])
    assert "tên" not in str(refused.value)


async def test_the_driver_logs_no_value_of_an_error_behind_an_error(
    shelf: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await shelf.write([book("tên của bạn")])
    with pytest.raises(StorageError):
        await shelf.write([book("tên của bạn"), book("half \ud800 a character")])
    assert caplog.text == ""


async def test_what_was_prepared_before_the_schema_changed_is_forgotten(shelf: Database, other: Database) -> None:
    everything = Statement("SELECT * FROM books")
    await shelf.write([book("a")])
    await shelf.read(everything)
    await other.write([Statement("ALTER TABLE books ADD COLUMN shelf BIGINT")])
    with pytest.raises(DatabaseTroubleError, match="schema"):
        await shelf.read(everything)
    assert await shelf.read(everything) == [[{"title": "a", "copies": 1, "shelf": None}]]


async def test_a_mistake_in_a_statement_is_named(shelf: Database) -> None:
    with pytest.raises(StorageError, match="nowhere"):
        await shelf.read(Statement("SELECT * FROM nowhere"))


# -- collisions


async def colliding(shelf: Database, times: int) -> Statement:
    """A statement that collides so many times before it works."""
    await shelf.write(
        [
            Statement("CREATE SEQUENCE tries"),
            Statement(
                "CREATE FUNCTION collide(most bigint) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN"
                " IF nextval('tries') <= most THEN RAISE EXCEPTION 'once more' USING ERRCODE = '40001'; END IF;"
                " RETURN currval('tries'); END $$"
            ),
        ]
    )
    return Statement("SELECT collide(:most) AS tries", {"most": times})


@pytest.fixture
async def tries(shelf: Database) -> None:
    await shelf.write([Statement("DROP FUNCTION IF EXISTS collide"), Statement("DROP SEQUENCE IF EXISTS tries")])


@pytest.mark.usefixtures("tries")
async def test_a_unit_that_only_collided_is_tried_again(shelf: Database) -> None:
    collides = await colliding(shelf, 3)
    assert await shelf.write([book("a"), collides]) == [[], [{"tries": 4}]]
    assert await titles(shelf) == ["a"]


@pytest.mark.usefixtures("tries")
async def test_a_unit_that_collides_again_and_again_is_trouble(shelf: Database) -> None:
    collides = await colliding(shelf, 99)
    with pytest.raises(DatabaseTroubleError):
        await shelf.write([book("a"), collides])
    assert await titles(shelf) == []


@pytest.mark.usefixtures("tries")
async def test_a_transaction_that_collides_is_stale_and_decided_anew(shelf: Database) -> None:
    collides = await colliding(shelf, 1)

    async def decide() -> None:
        async with shelf.transaction() as tx:
            await tx.run(book("a"))
            await tx.finish([collides])

    with pytest.raises(StaleError):
        await decide()
    await decide()
    assert await titles(shelf) == ["a"]


async def test_units_that_wait_for_one_another_are_all_written(shelf: Database) -> None:
    await shelf.write([book("a", copies=0), book("b", copies=0)])
    more = "UPDATE books SET copies = copies + 1 WHERE title = :title"
    wait = Statement("SELECT pg_sleep(0.1)")
    one, two = (Statement(more, {"title": title}) for title in ("a", "b"))
    await asyncio.gather(shelf.write([one, wait, two]), shelf.write([two, wait, one]))
    assert await shelf.read(Statement("SELECT copies FROM books")) == [[{"copies": 2}, {"copies": 2}]]
