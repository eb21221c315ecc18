"""The stand-in as a process of its own, moved from here."""

from __future__ import annotations

import asyncio
import base64
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.processes import ROOT, environment


@pytest.fixture
async def process() -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.zalo", "--token", "7:secret", "--per-second", "2",
        cwd=ROOT, env=environment(), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    yield process
    if process.returncode is None:
        process.kill()
    await process.wait()


async def test_a_process_is_driven_from_outside(process: asyncio.subprocess.Process) -> None:
    assert process.stdout
    url = (await asyncio.wait_for(process.stdout.readline(), 10)).decode().strip()
    async with ClientSession() as session:

        async def call(path: str, **given: Any) -> Any:
            async with session.post(f"{url}{path}", json=given) as response:
                return await response.json()

        await call("/phone/lan/send", text="xin chào")
        await call("/phone/lan/photo", content=base64.b64encode(b"picture").decode(), caption="ảnh")
        came = [(await call("/bot7:secret/getUpdates", timeout="0"))["result"] for _ in range(2)]
        chat = came[0]["message"]["chat"]["id"]
        assert came[1]["message"]["caption"] == "ảnh"
        for n in range(3):
            answer = await call("/bot7:secret/sendMessage", chat_id=chat, text=f"chào {n}")
            assert answer["ok"] == (n < 2)
        async with session.get(f"{url}/phone/lan/screen") as response:
            assert [text for by_bot, text, _ in await response.json() if by_bot] == ["chào 0", "chào 1"]
        await call("/world/faults", kind="403", method="getMe")
        assert (await call("/bot7:secret/getMe"))["error_code"] == 403
        assert await call("/world/faults", clear=True) == {"getMe 403": 1}
        assert "error" in await call("/phone/lan/dance")
        await call("/world/expire")
        async with session.get(came[1]["message"]["photo"]) as response:
            assert response.status == 403
        assert (await call("/world/counts"))["sent"] == 2
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 5) == 0
