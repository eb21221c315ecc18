"""Moves people and faults of a stand-in from another process, by JSON over HTTP."""

from __future__ import annotations

import base64
from typing import Any

from aiohttp import web

from tests.zalo.phone import Phone
from tests.zalo.server import StandIn

ACTS = {"send", "sticker", "link", "block", "unblock", "in_group"}
ACTS_WITH_BYTES = {"photo", "voice"}


async def aside(standin: StandIn, request: web.BaseRequest) -> web.StreamResponse:
    """Everything under /phone/ and /world/."""
    try:
        return web.json_response(await answer(standin, request))
    except (LookupError, TypeError, ValueError) as error:
        return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)


async def answer(standin: StandIn, request: web.BaseRequest) -> Any:
    given = await request.json() if request.method == "POST" and request.can_read_body else {}
    match request.path.strip("/").split("/"):
        case ["phone", name, "screen"]:
            phone = Phone(standin.world, name, standin.url)
            return [[one.by_bot, one.text, one.photo] for one in standin.world.chats.get(phone.chat, [])]
        case ["phone", name, act]:
            return {"result": moved(Phone(standin.world, name, standin.url), act, given)}
        case ["world", "faults"]:
            return faults(standin, given)
        case ["world", "counts"]:
            world = standin.world
            return {"calls": dict(world.calls), "refusals": dict(world.refusals), "sent": world.by_bot(),
                    "waiting": len(world.events.waiting)}  # fmt: skip
        case ["world", "expire"]:
            return standin.world.expire_files()
    raise LookupError(f"no such place: {request.path}")


def moved(phone: Phone, act: str, given: dict[str, Any]) -> Any:
    """Does what a person does; bytes come as base64 in "content"."""
    if act in ACTS_WITH_BYTES:
        given["content"] = base64.b64decode(given["content"])
    elif act not in ACTS:
        raise LookupError(f"nobody can {act}")
    return getattr(phone, act)(**given)


def faults(standin: StandIn, given: dict[str, Any]) -> Any:
    """POST with a kind adds a rule, with "clear" takes all away; a GET shows what struck."""
    if given.pop("clear", False):
        standin.faults.clear()
    elif "probability" in given:
        standin.faults.sometimes(**given)
    elif given:
        standin.faults.next(**given)
    return {f"{method} {kind}": count for (method, kind), count in standin.faults.struck.items()}
