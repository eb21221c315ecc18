"""Who asks, where a reverse proxy stands in front: the proxy is believed, and nobody else."""

from __future__ import annotations

import pytest
from aiohttp import ClientSession, web
from hypothesis import given
from hypothesis import strategies as st

from bot.proxies import Proxies
from bot.server import Server

HERE = "127.0.0.1"


@pytest.mark.parametrize(
    ("trusted", "forwarded", "asker"),
    [
        ([], ["203.0.113.7"], HERE),
        ([HERE], ["203.0.113.7"], "203.0.113.7"),
        ([HERE], ["6.6.6.6", "203.0.113.7"], "203.0.113.7"),
        ([HERE, "10.0.0.0/8"], ["203.0.113.7", "10.1.2.3"], "203.0.113.7"),
        ([HERE], ["203.0.113.7", "nonsense"], HERE),
        ([HERE], [" [2001:db8::1] "], "2001:db8::1"),
        ([HERE], [], HERE),
        (["0.0.0.0/0"], ["203.0.113.7"], "203.0.113.7"),
    ],
)
def test_the_last_address_that_is_no_proxy_asks(trusted: list[str], forwarded: list[str], asker: str) -> None:
    assert Proxies(trusted).client(HERE, forwarded) == asker


@given(st.lists(st.text(max_size=50)))
def test_no_header_breaks_it(forwarded: list[str]) -> None:
    Proxies(["127.0.0.0/8", "::1"]).client(HERE, forwarded)


async def told(trusted: list[str], headers: dict[str, str]) -> list[str]:
    async def tell(request: web.Request) -> web.Response:
        return web.json_response([request.remote, request.scheme, request.host])

    server = Server([web.get("/", tell)], trusted)
    await server.start("127.0.0.1:0")
    try:
        url = f"http://127.0.0.1:{server.port}/"
        async with ClientSession() as session, session.get(url, headers=headers) as response:
            return list(await response.json())
    finally:
        await server.stop()


FORWARDED = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "chat.example"}


async def test_a_trusted_proxy_says_who_asks_and_how() -> None:
    assert await told([HERE], FORWARDED) == ["203.0.113.7", "https", "chat.example"]


async def test_whoever_is_no_proxy_says_nothing_of_the_kind() -> None:
    address, scheme, host = await told(["10.0.0.1"], FORWARDED)
    assert (address, scheme) == (HERE, "http")
    assert host.startswith("127.0.0.1:")


async def test_a_proxy_that_says_nonsense_changes_nothing() -> None:
    wrong = {"X-Forwarded-For": "<x>", "X-Forwarded-Proto": "gopher", "X-Forwarded-Host": 'a"b c'}
    address, scheme, host = await told([HERE], wrong)
    assert (address, scheme) == (HERE, "http")
    assert host.startswith("127.0.0.1:")
