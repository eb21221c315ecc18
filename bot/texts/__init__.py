"""What the bot says: texts by key and language, with holes for values."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from bot.errors import PackError
from bot.model import Json, Phrase, PhraseValue, escape, plain
from bot.pack import Spoken

HERE = Path(__file__).parent
SOURCE = "vi"  # the language that every text of the machine's own exists in
_HOLE = re.compile(r"\{([a-z_]+)\}")

Catalogue = Mapping[str, str]


@dataclass(frozen=True)
class Texts:
    """All texts. A language may be incomplete: what it lacks is said in the source language, which is the first.

    `order` names the languages that people are spoken to in, the source first; every one there is if not given. What
    the source lacks is said in the next language, and at last in the machine's own.
    """

    catalogues: Mapping[str, Catalogue]
    order: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        return self.order or tuple(self.catalogues)

    @property
    def source(self) -> str:
        return self.languages[0]

    @cached_property
    def _whole(self) -> Mapping[str, Catalogue]:
        """The catalogue of each language with what it borrows."""
        own = {language: self.catalogues.get(language, {}) for language in self.languages}
        common = dict(self.catalogues.get(SOURCE, {}))
        for catalogue in reversed(own.values()):
            common |= catalogue
        return {language: {**common, **catalogue} for language, catalogue in own.items()}

    def has(self, key: str) -> bool:
        return key in self._whole[self.source]

    def family(self, prefix: str) -> list[str]:
        """What the keys that begin with the prefix go on with."""
        return sorted(key.removeprefix(prefix) for key in self._whole[self.source] if key.startswith(prefix))

    def template(self, language: str, key: str) -> str:
        """The text with its holes. Raises KeyError where no language has one."""
        own = self._whole.get(language)
        return (self._whole[self.source] if own is None else own)[key]

    def missing(self, language: str) -> list[str]:
        """The keys that a language has no text of its own for."""
        silent = {f"language.{name}" for name in self.catalogues if name not in self.languages}
        return sorted(self._whole[self.source].keys() - self.catalogues.get(language, {}).keys() - silent)

    def every(self, key: str) -> set[str]:
        """The text of a key in all languages."""
        return {self.template(language, key) for language in self.languages}

    def render(self, language: str, phrase: Phrase) -> str:
        """The phrase in a language, every value escaped: the text of a Reply."""

        pieces = parts(self.template(language, phrase.key))
        if len(pieces) == 1:
            return pieces[0]
        return "".join(self._value(language, phrase.values[p]) if n % 2 else p for n, p in enumerate(pieces))

    def plain(self, language: str, phrase: Phrase) -> str:
        """The phrase in a language without markup."""
        return plain(self.render(language, phrase))

    def _value(self, language: str, value: PhraseValue) -> str:
        match value:
            case Phrase():
                return self.render(language, value)
            case list():
                return "\n".join(self.render(language, item) for item in value)
            case int():
                return str(value)
            case _:
                return escape(value)


@cache
def parts(template: str) -> Sequence[str]:
    """A template taken apart: by turns a text and the name of the hole that follows it."""
    return _HOLE.split(template)


def holes(template: str) -> frozenset[str]:
    """The names of the holes of a text."""
    return frozenset(_HOLE.findall(template))


def load(*folders: Path | Spoken) -> Texts:
    """Reads `<language>.toml` of each folder; a later folder's text replaces an earlier one's.

    A pack's folder also says which languages are spoken. Raises PackError naming the file when one is not TOML, a value
    is no text, or the machine's own texts are missing.
    """
    catalogues: dict[str, dict[str, str]] = {SOURCE: {}}
    order: tuple[str, ...] = ()
    for one in folders:
        folder, order = (one.folder, one.languages) if isinstance(one, Spoken) else (one, order)
        for file in sorted(folder.glob("*.toml")):
            catalogues.setdefault(file.stem, {}).update(read(file))
    if not catalogues[SOURCE]:
        raise PackError(f"no texts: {folders[0]}/{SOURCE}.toml is missing")
    return Texts(catalogues, order)


def read(file: Path) -> dict[str, str]:
    """The texts of one file by dotted key. Raises PackError."""
    try:
        tree = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackError(f"{file}: {error}") from error
    return dict(_flat(tree, file))


def _flat(tree: Mapping[str, Json], file: Path, above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        key = f"{above}{name}"
        if isinstance(value, dict):
            yield from _flat(value, file, key + ".")
        elif isinstance(value, str):
            yield key, value.removesuffix("\n")
        else:
            raise PackError(f"{file}: {key} is no text")
