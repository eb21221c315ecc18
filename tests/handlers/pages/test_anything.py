"""Whatever is asked of the pages beside the chat, nothing breaks and nothing is told."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import ClientError, ClientSession
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from tests.handlers.pages.test_arrival import serve
from tests.player import town

PATHS = st.builds(
    lambda path, more: path + more,
    st.sampled_from(["/tracuu", "/lookup", "/p/06187", "/p/", "/p/look.css", "/tracuu/look.css"]),
    st.text("aA1=&;%/?.-_é", max_size=20),
)
FIELDS = st.dictionaries(st.sampled_from(["code", "key", "lang", "x"]), st.text(max_size=60), max_size=4)
BODIES = st.one_of(FIELDS, st.binary(max_size=3000))
TRIES = st.lists(st.tuples(st.sampled_from(["GET", "POST", "HEAD", "PUT"]), PATHS, BODIES), min_size=1, max_size=12)


async def ask(session: ClientSession, url: str, method: str, body: dict[str, str] | bytes) -> None:
    sent = body if method == "POST" else None
    media_type = {} if isinstance(body, dict) else {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        to = URL(url, encoded=True)
        async with session.request(method, to, data=sent, headers=media_type, allow_redirects=False) as response:
            told = await response.text()
    except (ClientError, ValueError):
        return
    assert response.status < 500, (method, url, body)
    assert "<script" not in told


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TRIES)
def test_no_request_breaks_a_page(tries: list[tuple[str, str, dict[str, str] | bytes]]) -> None:
    async def run() -> None:
        with TemporaryDirectory() as folder:
            async with town(Path(folder)) as here:
                server = await serve(here)
                async with ClientSession(trust_env=False) as session:
                    for method, path, body in tries:
                        await ask(session, f"http://127.0.0.1:{server.port}{path}", method, body)
                await server.stop()

    asyncio.run(run())
