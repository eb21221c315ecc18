"""Settings: what a file and the environment say about this installation, frozen and checked at start."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource

from bot.config.sections import PREFIX, SECTIONS, Documented, Section, Settings, Telegram, Zalo, documented, variable
from bot.config.values import Location, PostgresServer, SqliteFile, database_location, host_and_port
from bot.errors import SettingsError
from bot.model import Json

__all__ = [
    "Documented",
    "Location",
    "PostgresServer",
    "Settings",
    "SqliteFile",
    "database_location",
    "documented",
    "host_and_port",
    "load",
    "variable",
]


class _Environment(EnvSettingsSource):
    """pydantic-settings' reading of variables, over the mapping that it is given instead of the process's own."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._given = environment
        super().__init__(Settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._given.items()}

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Json) -> Json:
        """A list from JSON. What is no JSON stays text, so that it is reported with all other mistakes."""
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


def load(file: Path | None, environment: Mapping[str, str]) -> Settings:
    """The settings of a TOML file, if any, overridden by the BOT_ variables of an environment.

    Raises SettingsError with one line for each mistake, naming the file and key, or the variable. No line repeats a
    value, which may be a secret.
    """
    mistakes: list[str] = []
    tables = {} if file is None else _tables(file, mistakes)
    variables = _variables(environment, mistakes)
    if not mistakes:
        merged = {name: {**tables.get(name, {}), **variables.get(name, {})} for name in SECTIONS}
        settings = Settings.model_validate(merged)
        mistakes.extend(f"{file}: {line}" if file else line for line in _contradictions(settings))
    if mistakes:
        raise SettingsError("\n".join(" ".join(mistake.splitlines()) for mistake in mistakes))
    return settings


def _tables(file: Path, mistakes: list[str]) -> Mapping[str, Mapping[str, Json]]:
    try:
        tree = tomllib.loads(file.read_text("utf-8-sig"))  # Notepad begins a file with a byte order mark
    except OSError as error:
        mistakes.append(f"{file}: {error.strerror}")
    except ValueError as error:
        mistakes.append(f"{file}: not TOML in UTF-8: {error}")
    else:
        mistakes.extend(f"{file}: {mistake}" for mistake in _mistakes_in_tables(tree))
        return tree
    return {}


def _mistakes_in_tables(tree: Mapping[str, Json]) -> Iterator[str]:
    for name, table in tree.items():
        if name not in SECTIONS:
            yield f"{name}: no such section{_nearest(name, SECTIONS)}"
        elif not isinstance(table, dict):
            yield f"{name}: must be a table, [{name}]"
        else:
            yield from (f"{name}.{line}" for line in _mistakes_in_table(SECTIONS[name], table))


def _mistakes_in_table(model: type[Section], table: Mapping[str, Json]) -> Iterator[str]:
    """JSON's own strictness is TOML's: "28" is no number, but a list may become a tuple and a text a path."""
    try:
        model.model_validate_json(json.dumps(table, default=str), strict=True)
    except ValidationError as errors:
        for error in errors.errors():
            yield f"{_place(error)}: {_what(error, model)}"


def _variables(environment: Mapping[str, str], mistakes: list[str]) -> Mapping[str, Mapping[str, Json]]:
    known = {variable(one.section, one.key) for one in documented()}
    ours = {name: value for name, value in environment.items() if name.startswith(PREFIX)}
    mistakes.extend(f"{name}: no such variable{_nearest(name, known)}" for name in sorted(ours.keys() - known))
    values: dict[str, Json] = _Environment({name: ours[name] for name in ours.keys() & known})()
    for section, given in values.items():
        mistakes.extend(_mistakes_in_variables(section, given))
    return values


def _mistakes_in_variables(section: str, given: Mapping[str, Json]) -> Iterator[str]:
    try:
        SECTIONS[section].model_validate(given)
    except ValidationError as errors:
        for error in errors.errors():
            key, *rest = error["loc"]
            hint = " (as JSON)" if error["type"] == "tuple_type" else ""
            yield f"{variable(section, str(key))}{_index(rest)}: {_what(error, SECTIONS[section])}{hint}"


def _contradictions(settings: Settings) -> Iterator[str]:
    channels: tuple[tuple[str, Telegram | Zalo], ...] = (("telegram", settings.telegram), ("zalo", settings.zalo))
    hooked = [(name, section) for name, section in channels if section.mode == "webhook"]
    for name, section in hooked:
        needed = {"webhook_url": section.webhook_url, "webhook_secret": section.webhook_secret.get_secret_value()}
        for key in (key for key, value in needed.items() if not value):
            yield f'{name}.{key} ({variable(name, key)}): needed when {name}.mode is "webhook"'
    if settings.web.public_url and not settings.web.public_url.endswith(settings.web.base_path):
        yield f"web.public_url ({variable('web', 'public_url')}): must end with web.base_path"
    places = [
        (section.webhook_listen, urlsplit(section.webhook_url).path) for _, section in hooked if section.webhook_url
    ]
    if len(set(places)) < len(places):
        yield f"zalo.webhook_url ({variable('zalo', 'webhook_url')}): Telegram's webhook has the same path and port"


def _place(error: ErrorDetails) -> str:
    key, *rest = error["loc"]
    return f"{key}{_index(rest)}"


def _index(rest: Iterable[int | str]) -> str:
    return "".join(f"[{item}]" for item in rest)


def _what(error: ErrorDetails, model: type[Section]) -> str:
    if error["type"] == "extra_forbidden":
        return "no such key" + _nearest(str(error["loc"][0]), model.model_fields)
    return error["msg"].removeprefix("Value error, ").replace("Input should", "must").replace("valid tuple", "list")


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; is {near[0]} meant?" if near else ""
