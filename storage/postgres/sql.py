"""Statements as the driver wants them: `:name` becomes `%(name)s`."""

from __future__ import annotations

import re
from functools import lru_cache

_PARTS = re.compile(
    r"(?P<kept>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/|::|%)|:(?P<name>[A-Za-z_]\w*)",
    re.ASCII | re.DOTALL,
)


@lru_cache(maxsize=2048)
def as_driven(sql: str) -> bytes:
    """The statement in the driver's words. What stands in quotes and comments, and casts (`::`), stay as they are.

    A name is one parameter however often it stands there: where it may be NULL, it stands in places of one type.
    """
    return _PARTS.sub(_as_driven, sql).encode()


def _as_driven(part: re.Match[str]) -> str:
    if part["name"]:
        return f"%({part['name']})s"
    return part["kept"].replace("%", "%%")  # it reads % everywhere, in quotes too
