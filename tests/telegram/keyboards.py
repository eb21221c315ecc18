"""Keyboards under a message, as strictly as the server takes them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from tests.telegram.parameters import Given
from tests.telegram.refusals import bad
from tests.telegram.updates import Json

MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
MOST_BYTES = 10 * 1024
ACTIONS = (
    "callback_data", "url", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
)  # fmt: skip
OTHERS = {"keyboard": list, "remove_keyboard": bool, "force_reply": bool}
NAMES = {list: "Array", bool: "Boolean"}


def keyboard(given: Given) -> tuple[Json | None, bool]:
    """The inline keyboard, and whether there is one of another sort, which no edit can touch."""
    if "reply_markup" not in given.values:
        return None, False
    markup = given.object("reply_markup")
    if markup is None:
        return None, False
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in markup:
        return inline(markup["inline_keyboard"]), False
    for name, kind in OTHERS.items():
        if name in markup and not isinstance(markup[name], kind):
            raise bad(f'Field "{name}" must be of type {NAMES[kind]}')
    return None, any(markup.get(name) for name in OTHERS)


def inline(rows: Any) -> Json | None:
    if not isinstance(rows, list):
        raise bad('Field "inline_keyboard" must be of type Array')
    checked = []
    for row in rows:
        if not isinstance(row, list):
            raise bad("can't parse inline keyboard: Field of type Array expected")
        if row:
            checked.append([button(item) for item in row])
    if sum(map(len, checked)) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in checked):
        raise bad("reply markup is too long")
    markup = {"inline_keyboard": checked}
    if len(json.dumps(markup, ensure_ascii=False, separators=(",", ":")).encode()) > MOST_BYTES:
        raise bad("reply markup is too long")
    return markup if checked else None


def button(item: Any) -> Json:
    if not isinstance(item, dict):
        raise bad("can't parse inline keyboard button: Expected an object")
    if "text" not in item:
        raise bad("can't parse inline keyboard button: Can't find field \"text\"")
    if not isinstance(item["text"], str):
        raise bad('can\'t parse inline keyboard button: Field "text" must be of type String')
    if not item["text"].strip():
        raise bad("can't parse inline keyboard button: Text buttons must have a text")
    if not any(does_something(item, action) for action in ACTIONS):
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(str(item.get("callback_data", "")).encode()) > 64:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in item:
        check_link(item["url"])
    return item


def does_something(item: Json, action: str) -> bool:
    return item.get(action) not in (None, "", False) or (action.startswith("switch") and action in item)


def check_link(url: str) -> None:
    scheme = urlsplit(url).scheme
    if scheme not in ("", "http", "https", "tg", "ton", "tonsite"):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    if scheme == "" and "." not in url:
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
