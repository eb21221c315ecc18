"""Text with tags as the server reads it: tags become entities, offsets are counted in UTF-16 units.

The rules and the wording are those of the server's own parser, parse_html in tdlib's MessageEntity.cpp.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.telegram.refusals import bad

KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "blockquote": "blockquote", "a": "text_link", "code": "code", "pre": "pre",
}  # fmt: skip
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
SPACE = " \t\r\n\0\v"
ENTITY = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]+)|#(?P<number>[0-9]+)|(?P<name>[A-Za-z]+));?")
TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
LINK = re.compile(r"(?:https?://|tg://|mailto:|tel:)?\S+\.\S+|tg://\S+", re.IGNORECASE)

Entities = list[dict[str, Any]]


@dataclass(slots=True)
class Tag:
    """A tag that is still open."""

    name: str
    argument: str
    offset: int
    piece: int


def units(text: str) -> int:
    """UTF-16 units of a text."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse(text: str) -> tuple[str, Entities]:
    """The plain text and its entities. Raises a RefusalError where the server does."""
    return Parser(text).run()


class Parser:
    def __init__(self, text: str) -> None:
        self._end = len(text)
        self._text = text + "\0"  # as in the server's own parser, the end is a space that ends every loop
        self._at = 0
        self._pieces: list[str] = []
        self._offset = 0
        self._open: list[Tag] = []
        self._entities: Entities = []

    def run(self) -> tuple[str, Entities]:
        while self._at < self._end:
            letter = self._text[self._at]
            if letter == "&":
                self._put(self._decoded())
            elif letter != "<":
                self._put(self._plain())
            elif self._text[self._at + 1] == "/":
                self._close_tag()
            else:
                self._open_tag()
        if self._open:
            raise broken(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        for entity in self._entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        self._entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self._pieces), self._entities

    def _put(self, piece: str) -> None:
        self._pieces.append(piece)
        self._offset += units(piece)

    def _plain(self) -> str:
        begin = self._at
        while self._at < self._end and self._text[self._at] not in "<&":
            self._at += 1
        return self._text[begin : self._at]

    def _decoded(self) -> str:
        """The character that is meant here; "&" itself where none is."""
        match = ENTITY.match(self._text, self._at)
        letter = meant(match) if match else ""
        self._at = match.end() if match and letter else self._at + 1
        return letter or "&"

    def _bytes(self, position: int) -> int:
        return len(self._text[:position].encode("utf-8", "surrogatepass"))

    def _word(self, stop: str) -> str:
        begin = self._at
        while self._text[self._at] not in SPACE + stop:
            self._at += 1
        return self._text[begin : self._at]

    def _skip_space(self) -> None:
        while self._at < self._end and self._text[self._at] in SPACE:
            self._at += 1

    def _open_tag(self) -> None:
        begin = self._at
        self._at += 1
        name = self._word(">").lower()
        if self._at >= self._end:
            raise broken(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        if name not in KINDS:
            raise broken(f'Unsupported start tag "{name}" at byte offset {self._bytes(begin)}')
        argument = ""
        while self._text[self._at] != ">":
            self._skip_space()
            if self._text[self._at] == ">":
                break
            argument = self._attribute(name, begin) or argument
        self._at += 1
        if name == "span" and argument != "spoiler":
            raise broken(f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(begin)}')
        self._open.append(Tag(name, argument, self._offset, len(self._pieces)))

    def _attribute(self, tag: str, begin: int) -> str:
        """What an attribute says, if it is one that counts."""
        name = self._word("=>")
        if not name:
            raise broken(f'Empty attribute name in the tag "{tag}" at byte offset {self._bytes(begin)}')
        self._skip_space()
        if self._text[self._at] != "=":
            if tag == "blockquote" and name == "expandable" and self._at < self._end:
                return "expandable"
            raise broken(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}"'
                f" at byte offset {self._bytes(begin)}"
            )
        self._at += 1
        self._skip_space()
        if self._at >= self._end:
            raise broken(f'Unclosed start tag "{tag}" at byte offset {self._bytes(begin)}')
        return counting(tag, name, self._value(begin))

    def _value(self, begin: int) -> str:
        value = self._quoted() if self._text[self._at] in "'\"" else self._token()
        if self._at >= self._end:
            raise broken(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        return value

    def _token(self) -> str:
        begin = self._at
        match = TOKEN.match(self._text, begin)
        self._at = match.end() if match else begin
        if self._text[self._at] not in SPACE + ">":
            raise broken(f"Unexpected end of name token at byte offset {self._bytes(begin)}")
        return self._text[begin : self._at].lower()

    def _quoted(self) -> str:
        quote = self._text[self._at]
        self._at += 1
        value = ""
        while self._at < self._end and self._text[self._at] != quote:
            if self._text[self._at] == "&":
                value += self._decoded()
            else:
                value += self._text[self._at]
                self._at += 1
        self._at += self._at < self._end
        return value

    def _close_tag(self) -> None:
        begin = self._at
        if not self._open:
            raise broken(f"Unexpected end tag at byte offset {self._bytes(begin)}")
        self._at += 2
        name = self._word(">").lower()
        self._skip_space()
        if self._text[self._at] != ">":
            raise broken(f"Unclosed end tag at byte offset {self._bytes(begin)}")
        self._at += 1
        tag = self._open.pop()
        if name and name != tag.name:
            raise broken(
                f'Unmatched end tag at byte offset {self._bytes(begin)}, expected "</{tag.name}>", found "</{name}>"'
            )
        if self._offset > tag.offset:
            self._add(tag)

    def _add(self, tag: Tag) -> None:
        entity: dict[str, Any] = {"offset": tag.offset, "length": self._offset - tag.offset, "type": KINDS[tag.name]}
        if tag.name == "a":
            entity["url"] = tag.argument or "".join(self._pieces[tag.piece :])
            if not LINK.fullmatch(entity["url"]):
                return
        if tag.name == "blockquote" and tag.argument:
            entity["type"] = "expandable_blockquote"
        if tag.name == "code" and tag.argument:
            entity["language"] = tag.argument
        if tag.name in ("pre", "code") and self._is_the_same_program(entity):
            return
        self._entities.append(entity)

    def _is_the_same_program(self, entity: dict[str, Any]) -> bool:
        """<pre> and <code class="language-…"> around the same text are one entity."""
        last = self._entities[-1] if self._entities else {}
        if (last.get("offset"), last.get("length")) != (entity["offset"], entity["length"]):
            return False
        if {last["type"], entity["type"]} != {"pre", "code"} or not (last.get("language") or entity.get("language")):
            return False
        last.update(entity, type="pre", language=last.get("language") or entity["language"])
        return True


def meant(match: re.Match[str]) -> str:
    """The character of an entity; "" where the server keeps it as it stands."""
    if match["name"]:
        return NAMED.get(match["name"], "")
    code = int(match["hex"], 16) if match["hex"] else int(match["number"])
    digits_end = match.end() - match.group().endswith(";")
    if not 0 < code < 0x10FFFF or digits_end - match.start() >= 10:
        return ""
    if 0xD800 <= code <= 0xDFFF:
        raise broken(
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched"
            " surrogate code units"
        )
    return chr(code)


def counting(tag: str, name: str, value: str) -> str:
    """The part of an attribute that the server looks at."""
    if tag == "a" and name == "href":
        return value
    if tag == "code" and name == "class" and value.startswith("language-"):
        return value.removeprefix("language-")
    if tag == "span" and name == "class" and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return ""


def broken(reason: str) -> Exception:
    return bad(f"can't parse entities: {reason}")
