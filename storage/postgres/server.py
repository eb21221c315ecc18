"""The server that holds the database: how a connection to it is opened, and whether it is fit for use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Loader
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row
from psycopg.types.numeric import Int8Dumper
from psycopg.types.string import StrDumper

from bot.errors import DatabaseTroubleError
from storage.database import Statement
from storage.postgres.errors import said
from storage.postgres.line import Line, Trips

OLDEST = 140000  # client_connection_check_interval came with 14
PREPARED = 512  # statements that a connection keeps: more than the bot has, so that none is planned twice

# A network that went silent is noticed within ten seconds, here and by the server.
CLIENT: Mapping[str, str | int] = {
    "connect_timeout": 3,  # seconds
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 8000,  # milliseconds
    "application_name": "youth-dialogue-bot",
}
WRITING: Mapping[str, str] = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "2",
    "tcp_user_timeout": "8000",
    "client_connection_check_interval": "2000",
    "lock_timeout": "10s",  # a process that stands still with a lock in hand stops nobody for ever
    "idle_in_transaction_session_timeout": "60s",
    "jit": "off",  # every statement here is short
    "default_transaction_isolation": "read committed",
}
READING = {**WRITING, "default_transaction_isolation": "repeatable read", "default_transaction_read_only": "on"}


class Number(Loader):
    """What sum() gives, as SQLite gives it: a whole number where there is no point in it."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return float(text) if "." in text else int(text)


ADAPTERS = AdaptersMap(psycopg.adapters)
ADAPTERS.register_dumper(int, Int8Dumper)  # of one type whatever its size: one plan a statement
ADAPTERS.register_dumper(bool, Int8Dumper)
ADAPTERS.register_dumper(str, StrDumper)
ADAPTERS.register_loader("numeric", Number)


@dataclass(frozen=True)
class Server:
    """Where a database is, and how to get in."""

    url: str
    trips: Trips

    def __repr__(self) -> str:
        return "Server(…)"

    async def open(self, *, reading: bool = False) -> Line:
        """A new connection, for reading only or for all. Raises DatabaseTroubleError that says why there is none."""
        given = parameters(self.url)
        params: dict[str, Any] = {name: value for name, value in CLIENT.items() if name not in given}
        self.trips.count()
        try:
            raw = await psycopg.AsyncConnection.connect(
                self.url, autocommit=True, prepare_threshold=0, context=ADAPTERS, row_factory=dict_row,
                client_encoding="UTF8", **params,
            )  # fmt: skip
        except psycopg.Error as error:
            raise DatabaseTroubleError(said(error).removeprefix("connection failed: ")) from error
        raw.prepared_max = PREPARED
        line = Line(raw, self.trips, is_reading=reading)
        try:
            await line.run([_setting(name, value) for name, value in (READING if reading else WRITING).items()])
        except BaseException:
            await line.close()
            raise
        return line


def _setting(name: str, value: str) -> Statement:
    return Statement("SELECT set_config(:name, :value, false)", {"name": name, "value": value})


def parameters(url: str) -> dict[str, Any]:
    """The parts of an address. Raises DatabaseTroubleError, which repeats none of them, where it is none."""
    unreadable = DatabaseTroubleError(
        "PostgreSQL cannot read this address; in user and password, signs such as @, : and / are written %40, %3A, %2F"
    )
    try:
        parts = dict(conninfo_to_dict(url))
    except psycopg.Error:
        raise unreadable from None
    if "@" in str(parts.get("host", "")):  # a part of the password
        raise unreadable
    return parts


async def examine(line: Line, *, read_only: bool) -> str:
    """What the database is called in messages. Raises DatabaseTroubleError where the bot cannot work with it."""
    info = line.raw.info
    [[row]] = await line.run(
        [
            Statement(
                "SELECT current_database() AS name, current_user AS owner,"
                " current_setting('server_encoding') AS encoding, current_setting('server_version') AS version,"
                " pg_is_in_recovery() AS is_copy, to_regclass('migrations') IS NOT NULL AS is_made,"
                " coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_make"
            )
        ]
    )
    name = row["name"]
    if info.server_version < OLDEST:
        raise DatabaseTroubleError(f"{name}: the server is PostgreSQL {row['version']}; 14 or newer is needed")
    if row["encoding"] != "UTF8":
        raise DatabaseTroubleError(f"{name}: its encoding is {row['encoding']}; make it with ENCODING 'UTF8'")
    if read_only and not row["is_made"]:
        raise DatabaseTroubleError(f"{name}: there is nothing in it yet")
    if row["is_copy"] and not read_only:
        raise DatabaseTroubleError(f"{name}: the server is a copy that can only be read")
    if not row["is_made"] and not row["may_make"]:
        raise DatabaseTroubleError(f"{name}: {row['owner']} may not make tables in it; make {row['owner']} its owner")
    return f"{name} on {info.host}:{info.port} (PostgreSQL {row['version'].split()[0]})"
