"""The stand-in as a process of its own, moved from here."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.processes import ROOT, environment
from tests.telegram.remote import RemotePhone


@pytest.fixture
async def process() -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.telegram", "--token", "7:secret", "--no-limits",
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

        lan = RemotePhone(session, url, 5)
        started = await lan.start("qr7")
        markup = {"inline_keyboard": [[{"text": "Có", "callback_data": "1"}]]}
        for _ in range(6):
            answer = await call("/bot7:secret/sendMessage", chat_id=5, text="Chào bạn", reply_markup=markup)
            assert answer["ok"]
        query = await lan.press("Có")
        await lan.edit(await lan.photo(b"picture", "ảnh"), "ảnh mới")
        await lan.document("a.txt", b"abc", "text/plain")
        assert (await call("/bot7:secret/answerCallbackQuery", callback_query_id=query, text="Rồi"))["ok"]
        screen = await lan.screen()
        assert (screen[0]["id"], screen[0]["text"]) == (started, "/start qr7")
        assert (screen[1]["text"], screen[1]["buttons"]) == ("Chào bạn", [[["Có", "1"]]])
        assert (screen[-2]["caption"], screen[-2]["photo_size"], screen[-1]["name"]) == ("ảnh mới", 7, "a.txt")
        assert await lan.notices() == [[query, "Rồi"]]
        with pytest.raises(LookupError):
            await lan.press("Không")
        await call("/world/faults", kind="500", method="getMe")
        assert (await call("/bot7:secret/getMe"))["error_code"] == 500
        assert await call("/world/faults", clear=True) == {"getme 500": 1}
        await call("/world/deliver", message={})
        counts = await call("/world/counts")
        assert (counts["sent"], counts["waiting"], counts["drops"], counts["too_many"]) == (6, 6, 0, 0)
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 5) == 0
