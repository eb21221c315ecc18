"""Every setting with its default and what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.config.values import (
    BasePath,
    DatabaseUrl,
    Host,
    Listen,
    Location,
    Network,
    Origin,
    Owner,
    Prefix,
    ProxyAddress,
    Rate,
    SecureAddress,
    Token,
    WebAddress,
    WebhookSecret,
    Year,
    ZaloSecret,
    ZaloToken,
    database_location,
)
from bot.model import Json

PREFIX = "BOT_"
DELIMITER = "__"


class Section(BaseModel):
    """One table of the file. The docstring under a key is its documentation."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True, allow_inf_nan=False
    )


class Telegram(Section):
    """The Telegram channel; it is on when it has a token."""

    token: Token = SecretStr("")
    """The bot's token, as BotFather gives it. Empty: no Telegram."""
    api_base: Annotated[WebAddress, Field(min_length=1)] = "https://api.telegram.org"
    """The address of the Bot API; another one for a Bot API server of your own."""
    proxy: Annotated[ProxyAddress, Field(repr=False)] = ""
    """A proxy on the way to the Bot API: http://, https:// or socks5://. Empty: none."""
    mode: Literal["polling", "webhook"] = "polling"
    """How messages come in: "polling" works everywhere; "webhook" needs a public address with https."""
    webhook_url: SecureAddress = ""
    """The public https address that Telegram posts to. Needed for "webhook"."""
    webhook_listen: Listen = "127.0.0.1:8443"
    """Where the webhook listens behind your web server."""
    webhook_secret: WebhookSecret = SecretStr("")
    """A secret that only Telegram and the bot know: letters, digits, _ and -. Needed for "webhook"."""
    messages_per_second: Rate = 28
    """How many messages a second may go out in all. 0: no limit."""
    per_chat_seconds: Rate = 1.1
    """Seconds between two messages in one chat. 0: no limit."""


class Zalo(Section):
    """The Zalo channel; it is on when it has a token."""

    token: ZaloToken = SecretStr("")
    """The bot's token, as Zalo Bot Creator gives it. Empty: no Zalo."""
    api_base: Annotated[WebAddress, Field(min_length=1)] = "https://bot-api.zaloplatforms.com"
    """The address of Zalo's Bot API."""
    mode: Literal["polling", "webhook"] = "polling"
    """How messages come in: "webhook" loses nothing and is for real use; "polling" is for trying things out."""
    webhook_url: SecureAddress = ""
    """The public https address that Zalo posts to. Needed for "webhook"."""
    webhook_listen: Listen = "127.0.0.1:8444"
    """Where the webhook listens behind your web server."""
    webhook_secret: ZaloSecret = SecretStr("")
    """A secret that only Zalo and the bot know: 8 to 256 letters, digits, _ and -. Needed for "webhook"."""
    messages_per_second: Rate = 10
    """How many messages a second may go out in all. 0: no limit."""
    per_chat_seconds: Rate = 0.5
    """Seconds between two messages in one chat. 0: no limit."""
    proactive_hours: Rate = 0
    """How many hours after somebody wrote last they may be sent what they did not ask for. 0: any time."""
    proactive_per_day: Annotated[int, Field(ge=0)] = 0
    """How many messages that nobody asked for may go out in 24 hours. 0: no limit."""
    proactive_per_month: Annotated[int, Field(ge=0)] = 0
    """How many messages that nobody asked for may go out in 31 days. 0: no limit."""
    media_hosts: tuple[Host, ...] = ()
    """Where pictures and voice messages may be fetched, by the end of the host's name. Empty: any public host."""


class Database(Section):
    """Where everything is kept."""

    url: Annotated[DatabaseUrl, Field(repr=False)] = "sqlite:///data/bot.db"
    """sqlite:/// and a path (four slashes for an absolute one), or postgresql://user:password@host/name, made with UTF8."""

    @property
    def location(self) -> Location:
        return database_location(self.url)


class Web(Section):
    """The web chat and its pages."""

    enabled: bool = True
    """Whether the web chat is on."""
    listen: Listen = "127.0.0.1:8080"
    """Where the pages listen."""
    public_url: WebAddress = ""
    """The address that people open, for links. Empty: http:// and what "listen" says."""
    base_path: BasePath = ""
    """The path below which everything is, such as /gop-y; a reverse proxy passes it on as it is. Empty: none."""
    trusted_proxies: tuple[Network, ...] = ()
    """Addresses or networks of reverse proxies whose X-Forwarded-For, -Proto and -Host are believed."""
    embed_origins: tuple[Origin, ...] = ()
    """Sites that may show the chat in a frame of theirs, such as https://example.org. Empty: none."""
    zalo_url: WebAddress = ""
    """The address that opens the bot on Zalo, which the pages offer. Empty: not offered."""
    telegram_url: WebAddress = ""
    """The address that opens the bot on Telegram, such as https://t.me/example_bot. Empty: not offered."""


class Staff(Section):
    """Who has every right from the start."""

    owners: tuple[Owner, ...] = ()
    """Owners by channel and chat: "telegram:" and the number that Telegram knows them by, "console:" and a login name."""


class Pack(Section):
    """What belongs to one place: its communes, topics, agencies and words."""

    path: str = ""
    """The folder of a pack. Empty: the pack that comes along."""


class Dialogue(Section):
    """What the first dialogue starts with, at the first start; from then on the database rules."""

    prefix: Prefix = "LS"
    """What the code of each proposal begins with: one to eight capital letters."""
    era: Annotated[int, Field(ge=1900, le=2100)] = 2025
    """The year whose districts and communes count; the pack says which ones it has."""
    year: Year = 0
    """The year in the codes of proposals. 0: this year."""
    theme: str = ""
    """The theme of the dialogue, as people read it. Empty: none."""
    late_publication: Literal["refuse", "warn"] = "refuse"
    """What a dialogue meets that is held too soon after its plan is published: "refuse" or "warn"."""


class Files(Section):
    """Photos, voice messages and documents that people send."""

    folder: Path = Path("data/files")
    """Where files are kept. With PostgreSQL, a folder that all processes see."""
    max_megabytes: Annotated[int, Field(ge=1, le=2000)] = 20
    """The largest file that is taken, in megabytes of 1,048,576 bytes."""
    max_files: Annotated[int, Field(ge=0, le=100)] = 5
    """How many files a proposal may have."""

    @property
    def max_bytes(self) -> int:
        return self.max_megabytes * 1024 * 1024


class Inbox(Section):
    """What people write."""

    messages_per_minute: Annotated[int, Field(ge=0, le=6000)] = 20
    """How many messages of one chat are read in a minute. More are kept and read at that pace. 0: no limit."""


class Log(Section):
    """What the process writes about itself."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least that is written: "debug", "info", "warning" or "error"."""
    format: Literal["console", "json"] = "console"
    """"console" for people, "json" for machines."""


class Settings(BaseSettings):
    """All settings. Made without arguments it has every default; it never looks at the environment by itself."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix=PREFIX, env_nested_delimiter=DELIMITER, hide_input_in_errors=True
    )

    telegram: Telegram = Telegram()
    zalo: Zalo = Zalo()
    database: Database = Database()
    web: Web = Web()
    staff: Staff = Staff()
    pack: Pack = Pack()
    dialogue: Dialogue = Dialogue()
    files: Files = Files()
    inbox: Inbox = Inbox()
    log: Log = Log()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


SECTIONS: Mapping[str, type[Section]] = {
    name: type(field.default) for name, field in Settings.model_fields.items() if isinstance(field.default, Section)
}


class Documented(NamedTuple):
    """One key, for documentation. The default is what JSON and TOML know: text, number, truth or list."""

    section: str
    key: str
    default: Json
    description: str


def documented() -> list[Documented]:
    """Every key with its default and what it is for, in the order of the model."""
    defaults = Settings().model_dump(mode="json")
    return [
        Documented(section, key, defaults[section][key], field.description or "")
        for section, model in SECTIONS.items()
        for key, field in model.model_fields.items()
    ]


def variable(section: str, key: str) -> str:
    """The environment variable that overrides a key."""
    return f"{PREFIX}{section}{DELIMITER}{key}".upper()
