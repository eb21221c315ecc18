"""What the values of settings must look like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """A database in a file; a relative path is relative to the working directory."""

    path: Path


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A database on a PostgreSQL server. The address may hold a password and is never shown."""

    url: str

    def __repr__(self) -> str:
        return "PostgresServer(…)"


Location = SqliteFile | PostgresServer


def database_location(url: str) -> Location:
    """Where a database is: sqlite:///relative, sqlite:////absolute or postgresql://…; ValueError for all else."""
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and re.fullmatch(r"/[^:?#]*[^:?#/]", rest):
        return SqliteFile(Path(rest[1:]))
    if scheme in ("postgresql", "postgres") and rest:
        return PostgresServer(url)
    raise ValueError("must be sqlite:///relative/path, sqlite:////absolute/path or postgresql://…")


def host_and_port(listen: str) -> tuple[str, int]:
    """What to bind to, from host:port or [IPv6]:port; ValueError for all else."""
    found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+)):(\d{1,5})", listen, re.ASCII)
    if not found or not int(found[3]) < 65536:
        raise ValueError("must be host:port, such as 127.0.0.1:8080")
    return found[1] or found[2], int(found[3])


def _listen(value: str) -> str:
    host_and_port(value)
    return value


def _database_url(value: str) -> str:
    database_location(value)
    return value


def _address(value: str, schemes: tuple[str, ...]) -> str:
    if not _is_address(value, schemes):
        raise ValueError("must be an address that starts with " + " or ".join(f"{scheme}://" for scheme in schemes))
    return value.rstrip("/")


def _is_address(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # its message repeats the address, which may hold a password
        return False


def _web_address(value: str) -> str:
    return _address(value, ("http", "https")) if value else value


def _secure_address(value: str) -> str:
    if set(value) & set("{}"):
        raise ValueError("must hold neither { nor }")
    return _address(value, ("https",)) if value else value


def _proxy_address(value: str) -> str:
    return _address(value, ("http", "https", "socks5")) if value else value


def _year(value: int) -> int:
    if value and not 2000 <= value <= 2100:
        raise ValueError("must be a year of four digits, or 0 for this year")
    return value


def _webhook_secret(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", value.get_secret_value()):
        raise ValueError("must be at most 256 letters, digits, _ and -")
    return value


def _token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"(?:\d+:[A-Za-z0-9_-]+)?", value.get_secret_value(), re.ASCII):
        raise ValueError("must be as BotFather gives it: digits, a colon, and letters and digits")
    return value


def _zalo_token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9:._~-]*", value.get_secret_value(), re.ASCII):
        raise ValueError("must be as Zalo gives it: letters, digits and a colon")
    return value


def _zalo_secret(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"(?:[A-Za-z0-9_-]{8,256})?", value.get_secret_value()):
        raise ValueError("must be 8 to 256 letters, digits, _ and -")
    return value


def _host(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", value):
        raise ValueError("must be the name of a host in small letters, such as zdn.vn")
    return value


def _owner(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]*:[!-~]+", value):
        raise ValueError("must be a channel and a chat, such as telegram:1001")
    return value


def _prefix(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{1,8}", value):
        raise ValueError("must be one to eight capital letters from A to Z")
    return value


def _base_path(value: str) -> str:
    if not re.fullmatch(r"(?:/[A-Za-z0-9._~-]+)*", value) or "/." in value:
        raise ValueError("must be empty or a path that starts with / and ends without, such as /gop-y")
    return value


def _network(value: str) -> str:
    try:
        return str(ip_network(value))
    except ValueError:
        raise ValueError("must be an address or a network, such as 10.0.0.1 or 10.0.0.0/8") from None


def _origin(value: str) -> str:
    if not _is_address(value, ("http", "https")) or not re.fullmatch(r"https?://[a-z0-9.:\[\]-]+", value):
        raise ValueError("must be the origin of a site in small letters, such as https://example.org")
    return value


Listen = Annotated[str, AfterValidator(_listen)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
SecureAddress = Annotated[str, AfterValidator(_secure_address)]
ProxyAddress = Annotated[str, AfterValidator(_proxy_address)]
WebhookSecret = Annotated[SecretStr, AfterValidator(_webhook_secret)]
Token = Annotated[SecretStr, AfterValidator(_token)]
ZaloToken = Annotated[SecretStr, AfterValidator(_zalo_token)]
ZaloSecret = Annotated[SecretStr, AfterValidator(_zalo_secret)]
Host = Annotated[str, AfterValidator(_host)]
Owner = Annotated[str, AfterValidator(_owner)]
Prefix = Annotated[str, AfterValidator(_prefix)]
Year = Annotated[int, AfterValidator(_year)]
BasePath = Annotated[str, AfterValidator(_base_path)]
Network = Annotated[str, AfterValidator(_network)]
Origin = Annotated[str, AfterValidator(_origin)]
Rate = Annotated[float, Field(ge=0)]
