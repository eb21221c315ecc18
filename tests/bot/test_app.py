"""What the bot makes and refuses before it starts: the key of its cookies, its folders, its owners."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import load
from bot.errors import SettingsError
from bot.preparation import prepare_files, refuse_strange_owners
from bot.secret import secret_in


def test_the_key_is_made_once_and_kept_from_everybody_else(tmp_path: Path) -> None:
    secret = secret_in(tmp_path / "data")
    assert len(secret) == 32
    assert secret_in(tmp_path / "data") == secret
    [file] = (tmp_path / "data").iterdir()
    assert file.name == "secret.key"
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("left", [b"", b"x" * 31])
def test_a_key_that_was_cut_off_is_refused_and_says_what_to_do(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "secret.key").write_bytes(left)
    with pytest.raises(SettingsError, match=r"secret\.key.*delete it.*anew"):
        secret_in(tmp_path)
    assert (tmp_path / "secret.key").read_bytes() == left


def test_a_key_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(SettingsError, match=r"secret\.key: "):
        secret_in(tmp_path / "data")


def test_the_folder_of_files_is_made_and_left_empty(tmp_path: Path) -> None:
    prepare_files(tmp_path / "data" / "files")
    assert list((tmp_path / "data" / "files").iterdir()) == []


@pytest.mark.parametrize("folder", ["/proc/x", "/proc", "/dev/null"])
def test_a_folder_of_files_that_cannot_be_written_to_is_named(folder: str) -> None:
    with pytest.raises(SettingsError, match=rf"\[files\] folder: {folder}: \w"):
        prepare_files(Path(folder))


def test_an_owner_on_a_channel_that_does_not_exist_is_named_without_the_chat() -> None:
    settings = load(None, {"BOT_STAFF__OWNERS": '["telegram:1001", "foo:4711"]'})
    with pytest.raises(SettingsError, match=r"\[staff\] owners: foo is no channel; .*telegram.*web.*zalo") as caught:
        refuse_strange_owners(settings)
    assert "4711" not in str(caught.value)


@pytest.mark.parametrize("channel", ["telegram", "zalo", "web", "console"])
def test_an_owner_may_be_on_every_channel_we_know(channel: str) -> None:
    refuse_strange_owners(load(None, {"BOT_STAFF__OWNERS": f'["{channel}:1"]'}))
