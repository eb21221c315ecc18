"""Settings: where they come from, which mistakes are reported, and that the example tells the truth."""

from __future__ import annotations

import itertools
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.config import (
    PostgresServer,
    Settings,
    SqliteFile,
    database_location,
    documented,
    host_and_port,
    load,
    variable,
)
from bot.errors import SettingsError

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def mistakes(file: Path | None, environment: Mapping[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        load(file, environment)
    return str(raised.value).split("\n")


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, "utf-8")
    return file


# -- where settings come from


def test_without_a_file_and_variables_everything_has_its_default() -> None:
    assert load(None, {}) == Settings()


def test_the_environment_is_enough_without_a_file() -> None:
    settings = load(
        None,
        {
            "BOT_TELEGRAM__TOKEN": "12:ab",
            "BOT_WEB__ENABLED": "false",
            "BOT_STAFF__OWNERS": '["telegram:1001", "web:abc"]',
            "BOT_DIALOGUE__YEAR": "2026",
            "BOT_TELEGRAM__PER_CHAT_SECONDS": "0",
            "BOT_FILES__FOLDER": "/srv/files",
            "PATH": "/bin",
        },
    )
    assert settings.telegram.token.get_secret_value() == "12:ab"
    assert settings.web.enabled is False
    assert settings.staff.owners == ("telegram:1001", "web:abc")
    assert settings.dialogue.year == 2026
    assert settings.telegram.per_chat_seconds == 0
    assert settings.files.folder == Path("/srv/files")


def test_a_variable_overrides_the_file_key_by_key(tmp_path: Path) -> None:
    file = written(tmp_path, '[dialogue]\nprefix = "HN"\ntheme = "Khởi nghiệp"\n')
    settings = load(file, {"BOT_DIALOGUE__PREFIX": "CB"})
    assert (settings.dialogue.prefix, settings.dialogue.theme) == ("CB", "Khởi nghiệp")


def test_every_key_can_come_from_its_variable() -> None:
    values = {
        "late_publication": "warn",
        "mode": "polling",
        "url": "sqlite:///other.db",
        "level": "debug",
        "format": "json",
        "prefix": "HN",
    }
    values |= {"listen": "[::1]:9", "webhook_listen": "0.0.0.0:9", "enabled": "false", "owners": '["web:a"]'}
    values |= dict.fromkeys(("api_base", "proxy", "webhook_url", "public_url"), "https://example.org/a")
    values |= dict.fromkeys(
        ("messages_per_second", "per_chat_seconds", "max_megabytes", "max_files", "messages_per_minute"), "7"
    )
    values |= {
        "era": "2021",
        "year": "2026",
        "token": "1:t",
        "webhook_secret": "s3cret-s3cret",
        "path": "p",
        "theme": "t",
    }
    values |= {"folder": "f", "media_hosts": '["zdn.vn"]', "base_path": "/a", "trusted_proxies": '["10.0.0.0/8"]'}
    values |= {"embed_origins": '["https://example.org"]', "zalo_url": "https://z.org", "telegram_url": "https://t.org"}
    values |= dict.fromkeys(("proactive_hours", "proactive_per_day", "proactive_per_month"), "7")
    settings = load(None, {variable(one.section, one.key): values[one.key] for one in documented()})
    same = {
        one.key
        for one in documented()
        if getattr(getattr(settings, one.section), one.key) == getattr(getattr(Settings(), one.section), one.key)
    }
    assert same == {"mode"}


def test_the_environment_of_the_process_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_DIALOGUE__PREFIX", "HN")
    assert load(None, {}).dialogue.prefix == "LS"
    assert load(None, os.environ).dialogue.prefix == "HN"


def test_a_file_saved_by_notepad_is_read(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b'\xef\xbb\xbf[log]\r\nlevel = "debug"\r\n')
    assert load(file, {}).log.level == "debug"


def test_settings_cannot_be_changed() -> None:
    settings = Settings()
    with pytest.raises(ValidationError):
        settings.log = settings.log
    with pytest.raises(ValidationError):
        settings.log.level = "debug"


# -- mistakes


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("BASE_PATH", "gop-y"),
        ("BASE_PATH", "/"),
        ("BASE_PATH", "/a/"),
        ("BASE_PATH", "/../a"),
        ("BASE_PATH", "/a b"),
        ("TRUSTED_PROXIES", '["proxy"]'),
        ("TRUSTED_PROXIES", '["10.0.0.1/8"]'),
        ("EMBED_ORIGINS", '["example.org"]'),
        ("EMBED_ORIGINS", '["https://example.org/page"]'),
        ("EMBED_ORIGINS", '["https://example.org; script-src *"]'),
        ("EMBED_ORIGINS", '["*"]'),
        ("ZALO_URL", "javascript:alert(1)"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused(key: str, wrong: str) -> None:
    [mistake] = mistakes(None, {f"BOT_WEB__{key}": wrong})
    assert mistake.startswith(f"BOT_WEB__{key}")


def test_the_public_address_ends_with_the_path_that_everything_is_below() -> None:
    fitting = {"BOT_WEB__BASE_PATH": "/gop-y", "BOT_WEB__PUBLIC_URL": "https://example.org/gop-y"}
    assert load(None, fitting).web.base_path == "/gop-y"
    [mistake] = mistakes(None, {**fitting, "BOT_WEB__PUBLIC_URL": "https://example.org"})
    assert "must end with web.base_path" in mistake


def test_all_mistakes_of_file_and_environment_are_shown_at_once(tmp_path: Path) -> None:
    file = written(tmp_path, '[telegram]\nmode = "push"\ntokn = "x"\n[databse]\n[log]\nlevel = 3\n')
    environment = {"BOT_TELEGRAM__TOKE": "x", "BOT_WEB__ENABLED": "perhaps", "BOT_STAFF__OWNERS": "telegram:1"}
    found = mistakes(file, environment)
    starts = [
        f"{file}: telegram.mode: ",
        f"{file}: telegram.tokn: no such key; is token meant?",
        f"{file}: databse: no such section; is database meant?",
        f"{file}: log.level: ",
        "BOT_TELEGRAM__TOKE: no such variable; is BOT_TELEGRAM__TOKEN meant?",
        "BOT_STAFF__OWNERS: must be a list (as JSON)",
        "BOT_WEB__ENABLED: ",
    ]
    assert len(found) == len(starts)
    assert all(any(line.startswith(start) for line in found) for start in starts), found


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("level = 'info'", "level"),
        ("telegram = 5", "telegram"),
        ("[web]\nenabled = 'true'", "web.enabled"),
        ("[web]\nenabled = 1", "web.enabled"),
        ("[web]\nlisten = '8080'", "web.listen"),
        ("[web]\npublic_url = 'bot.example.org'", "web.public_url"),
        ("[dialogue]\nera = '2025'", "dialogue.era"),
        ("[dialogue]\nyear = 26", "dialogue.year"),
        ("[dialogue]\nprefix = 'ls'", "dialogue.prefix"),
        ("[telegram]\nmessages_per_second = -1", "telegram.messages_per_second"),
        ("[telegram]\nmessages_per_second = inf", "telegram.messages_per_second"),
        ("[telegram]\napi_base = ''", "telegram.api_base"),
        ("[telegram]\nproxy = 'ftp://proxy'", "telegram.proxy"),
        ("[telegram]\nwebhook_url = 'http://bot.example.org'", "telegram.webhook_url"),
        ("[telegram]\nwebhook_secret = 'two words'", "telegram.webhook_secret"),
        ("[zalo]\ntoken = 'two words'", "zalo.token"),
        ("[zalo]\ntoken = 'a/../b'", "zalo.token"),
        ("[zalo]\nwebhook_secret = 'short'", "zalo.webhook_secret"),
        ("[zalo]\nwebhook_url = 'http://bot.example.org'", "zalo.webhook_url"),
        ("[zalo]\nmedia_hosts = ['https://zdn.vn']", "zalo.media_hosts[0]"),
        ("[zalo]\nproactive_per_day = -1", "zalo.proactive_per_day"),
        ("[database]\nurl = 'mysql://host/bot'", "database.url"),
        ("[staff]\nowners = 'telegram:1'", "staff.owners"),
        ("[staff]\nowners = ['telegram:1', '1001']", "staff.owners[1]"),
        ("[staff]\nowners = [1001]", "staff.owners[0]"),
        ("[files]\nmax_files = true", "files.max_files"),
        ("[files]\nmax_megabytes = 0", "files.max_megabytes"),
        ("[log]\nformat = 'xml'", "log.format"),
    ],
)
def test_a_wrong_value_is_one_line_with_file_and_key(tmp_path: Path, text: str, place: str) -> None:
    file = written(tmp_path, text)
    (line,) = mistakes(file, {})
    assert line.startswith(f"{file}: {place}: ")


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    assert mistakes(tmp_path / "gone.toml", {}) == [f"{tmp_path / 'gone.toml'}: No such file or directory"]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert mistakes(tmp_path, {}) == [f"{tmp_path}: Is a directory"]


@pytest.mark.parametrize("content", [b"[web\nlisten =", b'[dialogue]\ntheme = "\xff"', b"\x00"])
def test_a_file_that_is_not_toml_does_not_hide_other_mistakes(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(content)
    about_file, about_variable = mistakes(file, {"BOT_LOG__LEVEL": "loud"})
    assert about_file.startswith(f"{file}: not TOML in UTF-8: ")
    assert about_variable.startswith("BOT_LOG__LEVEL: ")


def test_a_whole_section_in_one_variable_is_not_taken() -> None:
    (line,) = mistakes(None, {"BOT_LOG": '{"level": "debug"}'})
    assert line.startswith("BOT_LOG: no such variable")


def test_a_wrong_item_of_a_list_variable_is_named() -> None:
    (line,) = mistakes(None, {"BOT_STAFF__OWNERS": '["telegram:1", "nobody"]'})
    assert line.startswith("BOT_STAFF__OWNERS[1]: must be a channel and a chat")


def test_a_name_with_line_breaks_is_still_one_line(tmp_path: Path) -> None:
    assert mistakes(written(tmp_path, '"a\\nb" = 1'), {"BOT_\nX": ""}) == [
        f"{tmp_path / 'config.toml'}: a b: no such section",
        "BOT_ X: no such variable",
    ]


def test_a_webhook_needs_an_address_and_a_secret(tmp_path: Path) -> None:
    file = written(tmp_path, '[telegram]\nmode = "webhook"\n')
    about_url, about_secret = mistakes(file, {})
    assert about_url.startswith(f"{file}: telegram.webhook_url (BOT_TELEGRAM__WEBHOOK_URL): ")
    assert about_secret.startswith(f"{file}: telegram.webhook_secret (BOT_TELEGRAM__WEBHOOK_SECRET): ")
    environment = {"BOT_TELEGRAM__WEBHOOK_URL": "https://bot.example.org/", "BOT_TELEGRAM__WEBHOOK_SECRET": "s-3"}
    assert load(file, environment).telegram.webhook_url == "https://bot.example.org"


def test_a_webhook_of_zalo_needs_its_own_address_secret_and_place(tmp_path: Path) -> None:
    file = written(tmp_path, '[zalo]\nmode = "webhook"\n')
    assert [line.partition(" (")[0] for line in mistakes(file, {})] == [
        f"{file}: zalo.webhook_url",
        f"{file}: zalo.webhook_secret",
    ]
    both = {
        f"BOT_{name}__{key}": value
        for name in ("TELEGRAM", "ZALO")
        for key, value in (("MODE", "webhook"), ("WEBHOOK_URL", "https://bot.example.org/hook"),
                           ("WEBHOOK_SECRET", "a-long-secret"), ("WEBHOOK_LISTEN", "127.0.0.1:8443"))
    }  # fmt: skip
    (line,) = mistakes(None, both)
    assert line.startswith("zalo.webhook_url (BOT_ZALO__WEBHOOK_URL): ")
    assert load(None, both | {"BOT_ZALO__WEBHOOK_URL": "https://bot.example.org/zalo"}).zalo.mode == "webhook"


# -- secrets


def test_secrets_are_in_no_representation() -> None:
    settings = load(
        None,
        {
            "BOT_TELEGRAM__TOKEN": "12:hidden-token",
            "BOT_TELEGRAM__WEBHOOK_SECRET": "hidden-secret",
            "BOT_ZALO__TOKEN": "12:hidden-token",
            "BOT_ZALO__WEBHOOK_SECRET": "hidden-secret",
            "BOT_TELEGRAM__PROXY": "http://user:hidden-password@proxy:3128",
            "BOT_DATABASE__URL": "postgresql://bot:hidden-password@db/bot",
        },
    )
    assert (
        "hidden"
        not in f"{settings!r}{settings}{settings.telegram}{settings.zalo}{settings.database}{settings.database.location!r}"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TELEGRAM__WEBHOOK_SECRET", "hidden secret"),
        ("BOT_TELEGRAM__PROXY", "ftp://user:hidden@proxy"),
        ("BOT_TELEGRAM__PROXY", "http://user:hidden@proxy\u2100"),
        ("BOT_TELEGRAM__PROXY", "http://user:hidden@proxy:port"),
        ("BOT_DATABASE__URL", "mysql://user:hidden@db"),
        ("BOT_TELEGRAM__TOKN", "hidden"),
    ],
)
def test_a_mistake_does_not_repeat_the_value(name: str, value: str) -> None:
    (line,) = mistakes(None, {name: value})
    assert line.startswith(f"{name}: ")
    assert "hidden" not in line


# -- what values mean


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("sqlite:///data/bot.db", SqliteFile(Path("data/bot.db"))),
        ("sqlite:////srv/bot.db", SqliteFile(Path("/srv/bot.db"))),
        ("postgresql://bot@db/bot", PostgresServer("postgresql://bot@db/bot")),
    ],
)
def test_a_database_is_a_file_or_a_server(url: str, location: SqliteFile | PostgresServer) -> None:
    assert database_location(url) == location


@pytest.mark.parametrize(
    "url", ["", "bot.db", "sqlite://bot.db", "sqlite:///", "sqlite:///:memory:", "sqlite:///data/", "postgresql://"]
)
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="sqlite:///relative/path"):
        database_location(url)


def test_what_to_listen_on_is_a_host_and_a_port() -> None:
    assert host_and_port("127.0.0.1:8080") == ("127.0.0.1", 8080)
    assert host_and_port("localhost:0") == ("localhost", 0)
    assert host_and_port("[::1]:8080") == ("::1", 8080)
    for wrong in ("8080", ":8080", "host:", "host:65536", "::1:80:80", "host:٣"):
        with pytest.raises(ValueError, match="must be host:port"):
            host_and_port(wrong)


def test_a_file_limit_is_counted_in_binary_megabytes() -> None:
    assert Settings().files.max_bytes == 20_971_520


# -- the example


def test_the_example_has_every_key_with_its_default_and_nothing_else() -> None:
    tree = tomllib.loads(EXAMPLE.read_text("utf-8"))
    found = {(section, key): value for section, table in tree.items() for key, value in table.items()}
    assert found == {(one.section, one.key): one.default for one in documented()}


def test_the_example_says_above_each_key_what_it_is_for() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    assert all(one.description for one in documented())
    for one in documented():
        assert any(
            comment == f"# {one.description}" and line.startswith(f"{one.key} = ")
            for comment, line in itertools.pairwise(lines)
        ), one.key


def test_the_example_gives_the_defaults() -> None:
    assert load(EXAMPLE, {}) == Settings()
