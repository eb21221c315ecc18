"""Pictures and voice messages: from outside alone, and never by way of an address that leads into the house."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Sequence

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.channels.zalo_media import Media, Outside, is_outside
from bot.errors import DeliveryError, NotSentError, RefusedError
from tests.zalo.server import StandIn


@pytest.fixture
async def there() -> AsyncIterator[StandIn]:
    async with StandIn() as running:
        yield running


@pytest.fixture
async def media(there: StandIn) -> AsyncIterator[Media]:
    media = Media(there.url)
    await media.open()
    yield media
    await media.close()


async def fetched(media: Media, address: str) -> bytes:
    return b"".join([chunk async for chunk in media.fetch(address)])


async def test_a_file_is_fetched_while_its_address_is_good(media: Media, there: StandIn) -> None:
    address = there.url + there.world.keep(b"picture" * 100_000, "image/jpeg", ".jpg")
    assert await fetched(media, address) == b"picture" * 100_000
    there.world.expire_files()
    with pytest.raises(RefusedError):
        await fetched(media, address)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("portal", RefusedError), ("firewall", RefusedError), ("502", NotSentError), ("reset-before", DeliveryError)],
)
async def test_a_page_instead_of_a_file_is_no_file(
    media: Media, there: StandIn, kind: str, expected: type[DeliveryError]
) -> None:
    address = there.url + there.world.keep(b"x", "image/jpeg", ".jpg")
    there.faults.next(kind, "cdn", times=2)  # the client itself tries a GET twice
    with pytest.raises(expected):
        await fetched(media, address)


@pytest.mark.parametrize(
    "address",
    [
        "http://photo.zdn.vn/a.jpg",
        "https://photo.zdn.vn:8443/a.jpg",
        "https://someone@photo.zdn.vn/a.jpg",
        "https://127.0.0.1/a.jpg",
        "https://10.0.0.7/a.jpg",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/a.jpg",
        "https://[::ffff:192.168.1.1]/a.jpg",
        "https://2130706433/a.jpg",
        "https://0x7f.1/a.jpg",
        "https://localhost/a.jpg",
        "file:///etc/passwd",
        "ftp://photo.zdn.vn/a.jpg",
        "/cdn/a.jpg",
        "https://",
        "",
    ],
)
async def test_an_address_that_leads_elsewhere_is_not_followed(media: Media, address: str) -> None:
    with pytest.raises((RefusedError, NotSentError)):
        await fetched(media, address)


class Names(AbstractResolver):
    """Says what it is told to for every name."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self.addresses = addresses
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        return [
            ResolveResult(hostname=host, host=one, port=port, family=family, proto=0, flags=0) for one in self.addresses
        ]

    async def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["203.0.113.7", "10.0.0.7"], ["fe80::1%eth0"], []])
async def test_a_name_that_leads_into_the_house_is_refused(addresses: list[str]) -> None:
    outside = Outside()
    outside._resolver = Names(addresses)
    media = Media("https://bot-api.example.org", resolver=outside)
    await media.open()
    try:
        with pytest.raises(RefusedError):
            await fetched(media, "https://photo.example.org/a.jpg")
    finally:
        await media.close()


async def test_a_redirect_is_followed_a_few_times_and_never_into_the_house(there: StandIn) -> None:
    steps = {"/a": "/b", "/b": "/c", "/c": "/d", "/round": "/round", "/in": "https://127.0.0.1/secret"}

    async def lead(_: StandIn, request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/d":
            return web.Response(body=b"picture", content_type="image/jpeg")
        return web.Response(status=302, headers={"Location": steps[request.path]})

    there._aside = lead
    media = Media(there.url)
    await media.open()
    try:
        assert await fetched(media, f"{there.url}/a") == b"picture"
        for path in ("/round", "/in"):
            with pytest.raises(RefusedError):
                await fetched(media, f"{there.url}{path}")
    finally:
        await media.close()


@pytest.mark.parametrize(
    ("host", "is_asked"),
    [("zdn.vn", True), ("photo-stal-1.zdn.vn", True), ("PHOTO.ZDN.VN", True), ("evilzdn.vn", False),
     ("zdn.vn.evil.org", False)],
)  # fmt: skip
async def test_only_hosts_of_the_list_are_asked_where_there_is_one(host: str, is_asked: bool) -> None:
    outside, names = Outside(), Names(["127.0.0.1"])
    outside._resolver = names
    media = Media("https://bot-api.example.org", ("zdn.vn",), outside)
    await media.open()
    try:
        with pytest.raises(RefusedError):
            await fetched(media, f"https://{host}/a.jpg")
    finally:
        await media.close()
    assert names.asked == ([host] if is_asked else [])


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True), ("2404:6800:4005:80a::200e", True), ("127.0.0.1", False), ("10.1.2.3", False),
        ("172.16.0.1", False), ("192.168.0.1", False), ("100.64.0.1", False), ("169.254.169.254", False),
        ("0.0.0.0", False), ("224.0.0.1", False), ("255.255.255.255", False), ("::1", False), ("::", False),
        ("fd00::1", False), ("fe80::1", False), ("::ffff:10.0.0.1", False), ("::ffff:8.8.8.8", False),
        ("64:ff9b::a00:1", False), ("2002:a00:1::", False), ("not an address", False),
    ],
)  # fmt: skip
def test_only_the_public_internet_is_outside(address: str, expected: bool) -> None:
    assert is_outside(address) is expected


async def test_a_closed_channel_fetches_nothing(there: StandIn) -> None:
    with pytest.raises(NotSentError):
        await fetched(Media(there.url), f"{there.url}/cdn/x")
