"""Looking a proposal up by its code and key, whoever asks: reading what was typed, the limits, the check."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.networks import network
from handlers.acts.proposals import key_digest
from storage import lookups
from storage.database import Reader, Transaction, micros
from storage.lookups import COUNTED

TRIES_OF_A_CODE = 5  # wrong ones, in the time that a try counts
TRIES_OF_AN_ASKER = 20
MINUTE = timedelta(minutes=1)
KEY_LENGTH = 6
NOBODY = f"{'0' * 16}:{'0' * 64}"  # what a key is checked against where no proposal has the code: it takes as long

_APART = re.compile(r"([A-Z]{1,8})[\s-]*([0-9OIL]{4})[\s-]*([0-9OIL]{1,9})(?:[^0-9A-Z]+(.*))?", re.DOTALL)
_TOGETHER = re.compile(r"([A-Z]{1,8}?)([0-9OIL]{4})([0-9OIL]{5})([0-9A-Z]{6})?")
_DIGITS = str.maketrans("OIL", "011")  # where only digits stand, these can only be slips
_LETTERS = str.maketrans("1I", "LL")  # no key has a 1 or an I. An O or a 0 may be a D as well as a Q: it stays wrong


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody asks for a proposal. `asker` is whom the tries count for, as `of_chat` and `of_network` give it."""

    code: str
    key: str
    asker: str

    @property
    def limits(self) -> tuple[tuple[str, int], ...]:
        """Whose wrong tries count, and how many are too many."""
        return ((f"code:{self.code}", TRIES_OF_A_CODE), (self.asker, TRIES_OF_AN_ASKER))


@dataclass(frozen=True, slots=True)
class Found:
    """What a key shows. `answer` is what was published; as long as nothing is, it is empty."""

    code: str
    state: str
    since: datetime
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """There were too many wrong tries: nothing was checked. `at` is a full minute from which on one may try again."""

    at: datetime


# -- what was typed


def read(text: str) -> tuple[str, str]:
    """The code and the key in a line, as they are stored and shown; "" for what is not there."""
    line = unicodedata.normalize("NFKC", text).upper().strip()
    apart = _APART.fullmatch(line)
    if apart and len(clean_key(apart[4] or "")) in (0, KEY_LENGTH):
        return _code(apart), clean_key(apart[4] or "")
    match = _TOGETHER.fullmatch(re.sub(r"[\s-]", "", line)) or apart
    return (_code(match), clean_key(match[4] or "")) if match else ("", "")


def clean_key(text: str) -> str:
    """A key without what people put into it: spaces, strokes, small letters, and signs that no key has."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return re.sub(r"[\W_]", "", plain).translate(_LETTERS)


def is_line(text: str) -> bool:
    """Whether a text is a code, with or without its key, and nothing else."""
    code, key = read(text)
    return bool(code) and len(key) in (0, KEY_LENGTH)


def _code(match: re.Match[str]) -> str:
    year, number = match[2].translate(_DIGITS), match[3].translate(_DIGITS)
    return f"{match[1]}-{year}-{number.lstrip('0').zfill(5)}"


# -- who asks


def of_chat(address_id: int) -> str:
    """A chat as its tries count. Its own row stands in the same database, so no key would hide it any better."""
    return "from:" + hashlib.sha256(f"chat:{address_id}".encode()).hexdigest()


def of_network(secret: bytes, address: str) -> str:
    """An IP address as its tries count: keyed, since all there are could be tried out in minutes.

    Of IPv6 the network counts, for one household has more addresses than anybody could count.
    """
    return "from:" + hmac.new(secret, f"lookup:{network(address)}".encode(), hashlib.sha256).hexdigest()


# -- asking


async def check(
    reader: Reader, ask: Ask, now: datetime, stretch: Callable[[str, str], str] = key_digest
) -> Found | Later | None:
    """What the key shows, None where code or key is wrong. Nobody may be told before it was counted."""
    if later := await blocked(reader, ask, now):
        return later
    standing = await lookups.standing(reader, ask.code)
    stored = (standing.key_hash if standing else "") or NOBODY
    right = await asyncio.to_thread(fits, ask.key, stored, stretch)
    return Found(ask.code, standing.state, standing.since) if standing and right else None


def fits(key: str, stored: str, stretch: Callable[[str, str], str]) -> bool:
    """Whether a key is the one that was stored, in the same time whatever it is."""
    return hmac.compare_digest(stretch(key, stored.partition(":")[0]), stored)


async def count(tx: Transaction, ask: Ask, now: datetime, *, wrong: bool) -> bool:
    """Counts a wrong try; False where others used all tries up meanwhile: then nobody may be told anything."""
    for subject, _ in ask.limits:
        await tx.alone(f"tries {subject}")
    if await blocked(tx, ask, now):
        return False
    if wrong:
        tx.add(*(lookups.note(subject, micros(now)) for subject, _ in ask.limits))
    return True


async def blocked(reader: Reader, ask: Ask, now: datetime) -> Later | None:
    """From when on one may try again, if not now."""
    after = micros(now - COUNTED)
    full = [await lookups.tried_before(reader, subject, most, after) for subject, most in ask.limits]
    free = [at + COUNTED for at in full if at]
    return Later(max(free).replace(second=0, microsecond=0) + MINUTE) if free else None
