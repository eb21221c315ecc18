"""Devices of a chat of the page: who was signed out, one-time codes, and browsers that want to be woken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.database import Result, Statement

CHANNEL = "web"
MOST = 5  # browsers of one chat that are woken


@dataclass(frozen=True, slots=True)
class Subscription:
    """A browser that wants to be woken: where, and its public key and secret as it gave them (base64url)."""

    endpoint: str
    key: str
    auth: str


def generation(chat: str) -> Statement:
    """How often the other devices of a chat were signed out; no row: never."""
    return Statement("SELECT generation FROM sign_outs WHERE chat = :chat", {"chat": chat})


def sign_out(chat: str, now: int) -> list[Statement]:
    """Signs out every device, and stops waking them. The last result is the generation that counts from now on."""
    return [
        Statement("DELETE FROM device_codes WHERE chat = :chat", {"chat": chat}),
        Statement(
            "DELETE FROM subscriptions WHERE address_id ="
            f" (SELECT id FROM addresses WHERE channel = '{CHANNEL}' AND chat = :chat)",
            {"chat": chat},
        ),
        Statement(
            "INSERT INTO sign_outs (chat, generation, changed_at) VALUES (:chat, 1, :now)"
            " ON CONFLICT (chat) DO UPDATE SET generation = sign_outs.generation + 1, changed_at = excluded.changed_at"
            " RETURNING generation",
            {"chat": chat, "now": now},
        ),
    ]


def add_code(code_hash: str, chat: str, expires_at: int) -> list[Statement]:
    """Keeps a one-time code; an earlier one of the same chat ends."""
    return [
        Statement("DELETE FROM device_codes WHERE chat = :chat", {"chat": chat}),
        Statement(
            "INSERT INTO device_codes (code_hash, chat, expires_at) VALUES (:code_hash, :chat, :expires_at)",
            {"code_hash": code_hash, "chat": chat, "expires_at": expires_at},
        ),
    ]


def use_code(code_hash: str, now: int) -> Statement:
    """Ends a code; its row is given back where it still counted."""
    return Statement(
        "DELETE FROM device_codes WHERE code_hash = :code_hash AND expires_at > :now RETURNING chat",
        {"code_hash": code_hash, "now": now},
    )


def subscribe(chat: str, one: Subscription, now: int) -> list[Statement]:
    """Wakes a browser from now on; of a chat with too many the oldest are let go."""
    mine = f"(SELECT id FROM addresses WHERE channel = '{CHANNEL}' AND chat = :chat)"
    return [
        Statement(
            "INSERT INTO subscriptions (endpoint, address_id, key, auth, created_at)"
            f" SELECT :endpoint, a.id, :key, :auth, :now FROM addresses a WHERE a.channel = '{CHANNEL}'"
            " AND a.chat = :chat ON CONFLICT (endpoint) DO UPDATE SET address_id = excluded.address_id,"
            " key = excluded.key, auth = excluded.auth,"
            " created_at = excluded.created_at",
            {"endpoint": one.endpoint, "chat": chat, "key": one.key, "auth": one.auth, "now": now},
        ),
        Statement(
            f"DELETE FROM subscriptions WHERE address_id = {mine} AND endpoint NOT IN (SELECT s.endpoint FROM subscriptions s"
            f" WHERE s.address_id = {mine} ORDER BY s.created_at DESC, s.endpoint LIMIT :most)",
            {"chat": chat, "most": MOST},
        ),
    ]


def unsubscribe(chat: str, endpoint: str) -> Statement:
    """Wakes a browser of a chat no more."""
    return Statement(
        "DELETE FROM subscriptions WHERE endpoint = :endpoint AND address_id ="
        f" (SELECT id FROM addresses WHERE channel = '{CHANNEL}' AND chat = :chat)",
        {"endpoint": endpoint, "chat": chat},
    )


def forget(endpoint: str) -> Statement:
    """Removes a browser that is gone."""
    return Statement("DELETE FROM subscriptions WHERE endpoint = :endpoint", {"endpoint": endpoint})


def subscribed(chat: str) -> Statement:
    """The browsers of a chat to be woken, and the language of the chat; `subscriptions` reads the rows."""
    return Statement(
        "SELECT s.endpoint, s.key, s.auth, a.language FROM subscriptions s JOIN addresses a ON a.id = s.address_id"
        f" WHERE a.channel = '{CHANNEL}' AND a.chat = :chat ORDER BY s.created_at",
        {"chat": chat},
    )


def subscriptions(rows: Result) -> Sequence[Subscription]:
    return [Subscription(row["endpoint"], row["key"], row["auth"]) for row in rows]


def expire(now: int, before: int) -> list[Statement]:
    """Removes codes that count no more, and sign-outs from a time when no cookie is left."""
    return [
        Statement("DELETE FROM device_codes WHERE expires_at <= :now", {"now": now}),
        Statement("DELETE FROM sign_outs WHERE changed_at < :before", {"before": before}),
    ]
