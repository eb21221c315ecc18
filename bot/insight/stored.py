"""What was learnt for a pack, as JSON files in its folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot.errors import PackError
from bot.model import Json

_T = TypeVar("_T")


def stored(file: Path, make: Callable[[Json], _T], what: str) -> _T | None:
    """What a file holds, made from its JSON; None where there is no such file.

    Raises PackError, which says that it is no such thing as `what`, where it cannot be read or `make` cannot use it.
    """
    try:
        return make(json.loads(file.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise PackError(f"{file}: holds no {what}: {error}") from error
