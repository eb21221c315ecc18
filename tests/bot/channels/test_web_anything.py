"""Whatever is sent to the web server, nothing breaks and nobody is let in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import ClientError, ClientSession
from aiohttp.web import RouteDef
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from bot.channels.web.limits import Limits, Meter
from bot.model import Json
from tests.bot.channels.browser import Browser
from tests.bot.channels.site import Site, running

ROUTES = (
    "/", "/embed", "/widget.js", "/sw.js", "/manifest.webmanifest", "/language/vi", "/static/main.js", "/static/x/y",
    "/chat", "/chat/poll", "/chat/messages", "/chat/files/1/0", "/chat/code", "/chat/device", "/chat/sign-out",
    "/chat/push", "/chat/push/end", "/chat/token", "/healthz",
)  # fmt: skip
CHECKED = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
METHODS = st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
PATHS = st.one_of(
    st.sampled_from(ROUTES),
    st.builds(lambda path, query: f"{path}?{query}", st.sampled_from(ROUTES), st.text("aA1=&;%/.-_", max_size=40)),
    st.builds(lambda path: f"/{path}", st.text("abc/.%2e0\\~:", max_size=30)),
)
HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60).map(str.strip)
NAMES = st.sampled_from(
    ["Origin", "Cookie", "Authorization", "Sec-Fetch-Site", "Accept-Language", "Accept-Encoding", "If-None-Match",
     "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Content-Type", "Sec-WebSocket-Protocol", "Range"]
)  # fmt: skip
COOKIES = st.builds(lambda chat, sign: f"chat={chat}.{sign}", st.text("0f.9é", max_size=40), st.text("0f", max_size=70))
HEADERS = st.dictionaries(
    NAMES, st.one_of(HEADER, COOKIES.map(lambda one: one.encode("ascii", "ignore").decode())), max_size=4
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["code", "endpoint", "key", "auth", "frame", "x"]), inner)
    ),
    max_leaves=8,
)
BODIES = st.one_of(
    st.binary(max_size=300),
    JSON.map(lambda one: json.dumps(one).encode()),
    st.integers(1, 200_000).map(lambda size: b"[" * size),
)
TYPES = st.sampled_from(
    [
        "application/json",
        "multipart/form-data; boundary=b",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "text/plain",
        "",
    ]
)

Try = Callable[[Site, ClientSession], Awaitable[None]]


def against_a_site(work: Try) -> None:
    """Tries something on a site that has a secret, and looks whether it is still well and still keeps it."""

    async def run() -> None:
        with TemporaryDirectory() as folder:
            async with running(Path(folder), embed_origins=("https://a.example",)) as site:
                site.channel.limits = Limits(messages=Meter(6000, 6000))
                async with ClientSession(site.url, trust_env=False) as session:
                    await work(site, session)
                    async with session.get("/healthz") as response:
                        assert response.status == 200

    asyncio.run(run())


async def answered(site: Site, session: ClientSession, method: str, path: str, **more: Json) -> int:
    """The status of what comes back, whole; 0 where the client itself refuses to send such a thing."""
    try:
        to = URL(site.url + path, encoded=True)  # nothing that stands in a path leads to another host
        async with session.request(method, to, allow_redirects=False, **more) as response:
            body = await response.read()
            assert response.status < 500 or (response.status == 503 and b"web.lost" in body), (method, path, body)
            return response.status
    except (ClientError, ValueError):
        return 0


@CHECKED
@given(st.lists(st.tuples(METHODS, PATHS, HEADERS, BODIES, TYPES), min_size=1, max_size=8))
def test_no_request_breaks_the_server(tries: list[tuple[str, str, dict[str, str], bytes, str]]) -> None:
    async def work(site: Site, session: ClientSession) -> None:
        for method, path, headers, body, media_type in tries:
            sent = {"Content-Type": media_type, **headers}
            await answered(
                site, session, method, path, headers=sent, data=body if method in ("POST", "PUT", "PATCH") else None
            )
        assert site.received == []

    against_a_site(work)


@CHECKED
@given(
    st.lists(
        st.tuples(st.sampled_from([path for path in ROUTES if path.startswith("/chat/")]), JSON), min_size=1, max_size=8
    )
)
def test_no_json_breaks_a_door(tries: list[tuple[str, Json]]) -> None:
    async def work(site: Site, session: ClientSession) -> None:
        await session.get("/")
        for path, said in tries:
            body = json.dumps(said).encode()
            headers = {"Origin": site.url, "Content-Type": "application/json"}
            status = await answered(site, session, "POST", path, headers=headers, data=body)
            assert status != 200 or path in (
                "/chat/code",
                "/chat/sign-out",
                "/chat/push/end",
                "/chat/token",
                "/chat/poll",
            )

    against_a_site(work)


@CHECKED
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["id", "text", "press", "start", "seconds", "files", "x", ""]),
            st.one_of(st.text(max_size=80), st.binary(max_size=200)),
            st.one_of(st.none(), st.text(max_size=20)),
        ),
        max_size=8,
    )
)
def test_no_form_breaks_the_way_in(parts: list[tuple[str, str | bytes, str | None]]) -> None:
    async def work(site: Site, session: ClientSession) -> None:
        headers = {"Origin": site.url, "Content-Type": "multipart/form-data; boundary=b"}
        status = await answered(site, session, "POST", "/chat/messages", data=multipart(parts), headers=headers)
        assert (status == 200) == bool(site.received)

    against_a_site(work)


def multipart(parts: list[tuple[str, str | bytes, str | None]]) -> bytes:
    """A form as nobody who means well would write it."""
    body = b""
    for name, value, filename in parts:
        file = "" if filename is None else f'; filename="{filename}"'
        head = f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        body += head.encode("utf-8", "replace") + (
            value.encode("utf-8", "replace") if isinstance(value, str) else value
        )
        body += b"\r\n"
    return body + b"--b--\r\n"


@CHECKED
@given(st.lists(st.one_of(st.text(max_size=200), st.binary(max_size=200), st.integers(4000, 9000)), max_size=6))
def test_no_frame_of_a_websocket_breaks_it(frames: list[str | bytes | int]) -> None:
    async def work(site: Site, session: ClientSession) -> None:
        await session.get("/")
        async with session.ws_connect("/chat?after=0", headers={"Origin": site.url}) as socket:
            for one in frames:
                try:
                    match one:
                        case int():
                            await socket.send_str("x" * one)
                        case str():
                            await socket.send_str(one)
                        case bytes():
                            await socket.send_bytes(one)
                except ConnectionError:
                    break
        assert site.received == []

    against_a_site(work)


SECRET_WORDS = "only-mine-to-know"  # the same in JSON and in HTML
FOREIGN = st.sampled_from(["https://evil.example", "null", "", "http://127.0.0.1:1", "https://a.example"])
SPLICES = st.lists(st.tuples(st.sampled_from("mr"), st.integers(0, 140), st.integers(0, 140)), min_size=1, max_size=3)


def spliced(mine: str, replayed: str, cuts: list[tuple[str, int, int]]) -> str:
    """A cookie made of pieces of one's own and of one that was overheard before its device was signed out."""
    return "".join({"m": mine, "r": replayed}[whose][begin:end] for whose, begin, end in cuts)


@CHECKED
@given(
    st.lists(
        st.tuples(METHODS, st.sampled_from(ROUTES), FOREIGN, st.one_of(st.none(), SPLICES)), min_size=1, max_size=8
    )
)
def test_no_replayed_cookie_and_no_other_site_is_let_in(
    tries: list[tuple[str, str, str, list[tuple[str, int, int]] | None]],
) -> None:
    async def work(site: Site, session: ClientSession) -> None:
        owner, thief = Browser(site), Browser(site)
        await owner.open()
        await owner.post(text=SECRET_WORDS)
        replayed = owner.cookie
        async with owner.session.post("/chat/sign-out", json={}, headers=owner.headers) as response:
            assert response.status == 200
        await thief.open()
        for method, path, origin, cuts in tries:
            cookie = replayed if cuts is None else spliced(thief.cookie, replayed, cuts)
            headers = {"Cookie": f"chat={cookie}", **({"Origin": origin} if origin else {})}
            body = b"{}" if method in ("POST", "PUT", "PATCH") else None
            async with (
                ClientSession(site.url) as bare,
                bare.request(method, path, headers=headers, allow_redirects=False, data=body) as response,
            ):
                assert response.status < 500
                assert SECRET_WORDS.encode() not in await response.read()
        assert [message.text for message in site.received] == [SECRET_WORDS]
        await owner.session.close()
        await thief.session.close()

    against_a_site(work)


def test_every_route_of_the_chat_is_tried(tmp_path: Path) -> None:
    async def paths() -> set[str]:
        async with running(tmp_path) as site:
            return {route.path for route in site.channel.routes() if isinstance(route, RouteDef)}

    begun = {path.partition("{")[0] for path in asyncio.run(paths())}
    assert {path for path in begun if not any(tried.startswith(path) for tried in ROUTES)} == set()


@CHECKED
@given(st.binary(min_size=1, max_size=300))
def test_no_bytes_break_the_server(content: bytes) -> None:
    async def work(site: Site, session: ClientSession) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
        writer.write(content + b"\r\n\r\n")
        writer.write_eof()
        head = await asyncio.wait_for(reader.read(20), 10)
        assert not head.startswith(b"HTTP/1.1 5")
        writer.close()

    against_a_site(work)
