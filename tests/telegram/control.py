"""Moves people and faults of a stand-in from another process, by JSON over HTTP."""

from __future__ import annotations

import base64
from typing import Any

from aiohttp import web

from tests.telegram.phone import Phone
from tests.telegram.server import StandIn

PLAIN_ACTS = {
    "send", "start", "edit", "sticker", "contact", "location", "poll", "dice", "press", "press_on", "block", "unblock",
}  # fmt: skip
ACTS_WITH_BYTES = {"photo", "document", "voice", "video"}


async def aside(standin: StandIn, request: web.BaseRequest) -> web.StreamResponse:
    """Everything under /phone/ and /world/."""
    try:
        return web.json_response(await answer(standin, request))
    except (LookupError, TypeError, ValueError) as error:
        return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)


async def answer(standin: StandIn, request: web.BaseRequest) -> Any:
    given = await request.json() if request.method == "POST" and request.can_read_body else {}
    match request.path.strip("/").split("/"):
        case ["phone", user_id, "screen"]:
            return [shown.json() for shown in phone(standin, user_id, {}).screen]
        case ["phone", user_id, "notices"]:
            return [[one.query_id, one.text] for one in phone(standin, user_id, {}).notices]
        case ["phone", user_id, act]:
            return {"result": moved(phone(standin, user_id, given), act, given)}
        case ["world", "faults"]:
            return faults(standin, given)
        case ["world", "counts"]:
            return counts(standin)
        case ["world", "deliver"]:
            return standin.world.deliver(given)
        case ["world", "jump"]:
            return standin.world.jump(**given)
        case ["world", "expire"]:
            return standin.world.expire_queries()
    raise LookupError(f"no such place: {request.path}")


def phone(standin: StandIn, user_id: str, given: dict[str, Any]) -> Phone:
    """A person's phone; a name and a language may come with the first act."""
    name, language = given.pop("first_name", "Lan"), given.pop("language_code", "vi")
    return Phone(standin.world, int(user_id), name, language)


def moved(one: Phone, act: str, given: dict[str, Any]) -> Any:
    """Does what a person does; bytes come as base64 in "content"."""
    if act in ACTS_WITH_BYTES:
        given["content"] = base64.b64decode(given["content"])
    elif act == "album":
        given["contents"] = [base64.b64decode(content) for content in given["contents"]]
    elif act not in PLAIN_ACTS:
        raise LookupError(f"nobody can {act}")
    return getattr(one, act)(**given)


def faults(standin: StandIn, given: dict[str, Any]) -> Any:
    """POST with a kind adds a rule, with "clear" takes all away; a GET shows what struck."""
    if given.pop("clear", False):
        standin.faults.clear()
    elif "probability" in given:
        standin.faults.sometimes(**given)
    elif given:
        standin.faults.next(**given)
    return {f"{method} {kind}": count for (method, kind), count in standin.faults.struck.items()}


def counts(standin: StandIn) -> dict[str, Any]:
    world = standin.world
    return {
        "calls": dict(world.calls), "refusals": dict(world.refusals), "drops": world.drops,
        "waiting": len(world.updates.waiting), "sent": world.messages_by_bot(),
        "too_many": standin.limits.refused if standin.limits else 0,
    }  # fmt: skip
