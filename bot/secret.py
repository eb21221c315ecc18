"""The key that signs cookies and links: made at the first start, kept beside the database."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from tempfile import NamedTemporaryFile

from bot.errors import SettingsError
from storage.files import settle

SECRET_BYTES = 32


def secret_of(folder: Path) -> bytes:
    """The key that signs cookies and links: made at the first start, kept beside the database, readable by its owner only.

    Raises SettingsError where it cannot be kept, or is too short to protect anybody.
    """
    file = folder / "secret.key"
    try:
        if not file.exists():
            make_secret(file)
        secret = file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from error
    if len(secret) < SECRET_BYTES:
        raise SettingsError(f"{file}: is cut off; delete it, and everyone's chat on the page starts anew")
    return secret


def make_secret(file: Path) -> None:
    """Writes a new key whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=file.parent, prefix=".secret-", delete=False) as half:  # for its owner only: mkstemp
        try:
            half.write(secrets.token_bytes(SECRET_BYTES))
            half.flush()
            os.fsync(half.fileno())
            Path(half.name).replace(file)
        except BaseException:
            Path(half.name).unlink(missing_ok=True)
            raise
    settle(file.parent)
