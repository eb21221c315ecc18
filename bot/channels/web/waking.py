"""Web push: tells a browser whose page is closed that something has come, without a word of what."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import Callable
from contextlib import suppress
from time import monotonic, time
from urllib.parse import urlsplit

import http_ece
import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from bot.channels.web.endpoints import Endpoints, OpenResolver
from bot.errors import StorageError
from bot.tasks import Tasks
from storage import devices
from storage.database import Database
from storage.devices import Subscription

log = structlog.get_logger()

SECONDS = 15.0  # that a push may take
KEPT = 7 * 24 * 60 * 60  # seconds that the browser's maker keeps a push for a phone that is off
VALID = 12 * 60 * 60  # seconds that our signature counts
PAUSE = 20.0  # seconds within which a chat is woken once: an answer may be several messages
AT_ONCE = 20  # pushes on their way
REMEMBERED = 5000  # chats woken lately
GONE = (404, 410)
NOBODY = "mailto:nobody@example.org"  # whom a browser's maker could write to, where there is no address of ours
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve P-256

Say = Callable[[str], str]  # a language -> what the notice says


class Waker:
    """Wakes the browsers of a chat. `secret` is what the key is made of that our pushes are signed with."""

    def __init__(
        self, database: Database, secret: bytes, site: str, say: Say, endpoints: Endpoints | None = None
    ) -> None:
        self.endpoints = endpoints or Endpoints()
        self._database = database
        self._signer = Vapid02(private_key=signing_key(secret))
        self._site = site if site.startswith("https://") else NOBODY
        self._say = say
        self._session: ClientSession | None = None
        self._tasks = Tasks()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._woken: dict[str, float] = {}

    @property
    def public_key(self) -> str:
        """What a browser must know to take pushes of ours: base64url."""
        point = self._signer.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64.urlsafe_b64encode(point).rstrip(b"=").decode()

    def takes(self, one: Subscription) -> bool:
        """Whether a subscription can be one: its place is outside, and its key is a point of the curve."""
        try:
            key, auth = unpacked(one.key), unpacked(one.auth)
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
        except ValueError:
            return False
        return len(key) == 65 and len(auth) == 16 and self.endpoints.fits(one.endpoint)

    def wake(self, chat: str) -> None:
        """Wakes the browsers of a chat, best effort and beside everything else."""
        now = monotonic()
        if now - self._woken.get(chat, -PAUSE) < PAUSE:
            return
        self._woken.pop(chat, None)
        self._woken[chat] = now
        if len(self._woken) > REMEMBERED:
            del self._woken[next(iter(self._woken))]
        self._tasks.start(self._wake(chat))

    async def idle(self) -> None:
        """Returns when no push is on its way."""
        await self._tasks.idle()

    async def close(self) -> None:
        """Ends what is on its way."""
        await self._tasks.finish(1.0)
        if self._session:
            await self._session.close()
            self._session = None

    async def _wake(self, chat: str) -> None:
        with suppress(StorageError):
            [rows] = await self._database.read(devices.subscribed(chat))
            for one in devices.subscriptions(rows):
                async with self._places:
                    status = await self._push(one, rows[0]["language"])
                if status in GONE:
                    await self._database.write([devices.forget(one.endpoint)])

    async def _push(self, one: Subscription, language: str) -> int:
        """Sends one push; gives the status it was answered with, 0 for none."""
        if not self.takes(one):
            return GONE[0]
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(KEPT),
            "Urgency": "normal",
            "Topic": "answer",  # of several that wait for a phone the last is enough
            **self._signed(one.endpoint),
        }
        body = sealed(json.dumps({"text": self._say(language)}, ensure_ascii=False).encode(), one)
        try:
            async with self._http().post(one.endpoint, data=body, headers=headers, allow_redirects=False) as response:
                log.debug("pushed", status=response.status)
                return response.status
        except (ClientError, OSError, TimeoutError) as error:
            log.info("a push did not go out", why=type(error).__name__)
            return 0

    def _signed(self, endpoint: str) -> dict[str, str]:
        parts = urlsplit(endpoint)
        claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(time()) + VALID, "sub": self._site}
        return {name: str(value) for name, value in self._signer.sign(claims).items()}

    def _http(self) -> ClientSession:
        if self._session is None:
            connector = TCPConnector(resolver=OpenResolver(self.endpoints), limit=AT_ONCE, use_dns_cache=False)
            self._session = ClientSession(connector=connector, timeout=ClientTimeout(total=SECONDS), trust_env=False)
        return self._session


def signing_key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """The key that signs pushes, made of the secret: so it is as lasting and as safe as that, and nothing more is kept."""
    drawn = HKDF(algorithm=hashes.SHA256(), length=48, salt=None, info=b"web push").derive(secret)
    return ec.derive_private_key(int.from_bytes(drawn, "big") % (_ORDER - 1) + 1, ec.SECP256R1())


def sealed(content: bytes, one: Subscription) -> bytes:
    """What only that browser can read (RFC 8291)."""
    own = ec.generate_private_key(ec.SECP256R1())
    found = http_ece.encrypt(
        content, private_key=own, dh=unpacked(one.key), auth_secret=unpacked(one.auth), version="aes128gcm"
    )
    return bytes(found)


def unpacked(text: str) -> bytes:
    """Bytes from base64url without its end. Raises ValueError."""
    if not text.isascii() or len(text) > 200 or set(text) & set("+/"):
        raise ValueError("no base64url")
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("no base64url") from error
