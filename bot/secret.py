"""The key that signs cookies and links, the same at every start and in every process."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from tempfile import NamedTemporaryFile

from bot.config import Location, SqliteFile
from bot.errors import SettingsError
from storage import keys
from storage.database import Database
from storage.files import settle

BYTES = 32


async def secret_of(location: Location, database: Database) -> bytes:
    """The key: beside a database file, or else in the database, where all processes find it. Raises SettingsError."""
    if isinstance(location, SqliteFile):
        return secret_in(location.path.parent)
    return await keys.shared(database, "cookies", secrets.token_bytes(BYTES))


def secret_in(folder: Path) -> bytes:
    """A key that is made at the first start and kept in a folder, readable by its owner only.

    Raises SettingsError where it cannot be kept, or is too short to protect anybody.
    """
    file = folder / "secret.key"
    try:
        if not file.exists():
            make_secret(file)
        secret = file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from error
    if len(secret) < BYTES:
        raise SettingsError(f"{file}: is cut off; delete it, and everyone's chat on the page starts anew")
    return secret


def make_secret(file: Path) -> None:
    """Writes a new key whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=file.parent, prefix=".secret-", delete=False) as half:  # for its owner only: mkstemp
        try:
            half.write(secrets.token_bytes(BYTES))
            half.flush()
            os.fsync(half.fileno())
            Path(half.name).replace(file)
        except BaseException:
            Path(half.name).unlink(missing_ok=True)
            raise
    settle(file.parent)
