"""A stand-in for a browser's maker: takes pushes, checks who signed them, and reads them as the browser would."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.model import Json
from bot.server import Server

CURVE = ec.SECP256R1()
AUTH = bytes(range(16))


def packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Maker:
    """Takes pushes for one browser at `url`; `status` is what it answers with."""

    url: str = ""
    status: int = 201
    own: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def point(self) -> bytes:
        return self.own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def subscription(self) -> dict[str, str]:
        return {"endpoint": self.url, "key": packed(self.point), "auth": packed(AUTH)}

    async def take(self, request: web.Request) -> web.Response:
        self.taken.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status, headers={"Location": "/elsewhere"})

    def read(self, body: bytes) -> Json:
        """What a push says (RFC 8291 over RFC 8188)."""
        salt, length = body[:16], body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self.own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
        key = derived(AUTH, shared, b"WebPush: info\0" + self.point + theirs, 32)
        secret = derived(salt, key, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derived(salt, key, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(secret).decrypt(nonce, sealed, None)
        assert plain.rstrip(b"\0").endswith(b"\x02")
        return json.loads(plain.rstrip(b"\0")[:-1])


def derived(salt: bytes, material: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(material)


def signed_by(authorization: str, public_key: str) -> Json:
    """What a signature claims (RFC 8292); the key must be the one that the browser was given."""
    scheme, _, rest = authorization.partition(" ")
    fields = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert scheme == "vapid"
    assert fields["k"] == public_key
    head, claims, signature = fields["t"].split(".")
    raw = unpacked(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unpacked(public_key))
    key.verify(utils.encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    return json.loads(unpacked(claims))


@asynccontextmanager
async def maker() -> AsyncIterator[Maker]:
    found = Maker()
    server = Server([web.post("/push/1", found.take)])
    await server.start("127.0.0.1:0")
    found.url = f"http://127.0.0.1:{server.port}/push/1"
    try:
        yield found
    finally:
        await server.stop()
