"""An export as one whole file."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.exports.labels import Labels
from bot.exports.plain import write_csv, write_json
from bot.exports.sheet import Heading, Line
from bot.exports.workbook import write_workbook


class Format(StrEnum):
    """A kind of file; its value is the ending of the file's name."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


Writer = Callable[[Path, Heading, Callable[[], Iterable[Line]], Labels], None]
_WRITERS: Mapping[Format, Writer] = {
    Format.XLSX: write_workbook,
    Format.CSV: write_csv,
    Format.JSON: write_json,
}


def check_place(out: Path) -> None:
    """Raises OSError where `write` could not put its file; leaves nothing behind."""
    _refuse_what_is_no_file(out)
    with TemporaryDirectory(prefix=".export-", dir=out.parent):
        pass


def write(form: Format, out: Path, heading: Heading, lines: Callable[[], Iterable[Line]], labels: Labels) -> None:
    """Writes `out` whole or not at all; an older file of that name stays until the new one is complete.

    `lines` gives the same lines at each call, by topic, then by place. A process that is killed can leave a folder
    `.export-…` beside `out`. Raises OSError, and ValueError if lines of a group stand apart.
    """
    _refuse_what_is_no_file(out)
    with TemporaryDirectory(prefix=".export-", dir=out.parent) as folder:
        half = Path(folder) / out.name
        _WRITERS[form](half, heading, lines, labels)
        _settle(half)
        half.replace(out)


def _settle(file: Path) -> None:
    with file.open("rb") as written:
        os.fsync(written.fileno())


def _refuse_what_is_no_file(out: Path) -> None:
    """A rename would put the export in the place of a device or a link, even one of the system's."""
    try:
        found = out.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISREG(found.st_mode):
        raise FileExistsError(errno.EEXIST, "is there and is no regular file", str(out))
