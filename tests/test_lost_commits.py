"""What is kept or done while its commit is lost on the way is done once, whether or not the commit arrived."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.errors import DatabaseTroubleError
from storage import cases
from tests.player import town
from tests.way import COMMIT, way_to

TEXT = "em muốn vay vốn mở quán thì hỏi ở đâu ạ"
STEPS = ("Đồng ý", "18–22", "Bỏ qua", "Gửi")


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_message_whose_acceptance_was_lost_is_answered_once_when_it_comes_again(
    tmp_path: Path, postgres_url: str, arrives: bool
) -> None:
    async with way_to(postgres_url) as way, town(tmp_path, BOT_DATABASE__URL=way.url) as here:
        lan = here.person("lan")
        way.cut_at(COMMIT, arrives=arrives, after=TEXT.encode())
        with pytest.raises(DatabaseTroubleError):
            await lan.send(TEXT, settle=False)
        assert way.cuts == 1
        for _ in range(3):
            await lan.repeat()
            await here.settle()
        assert lan.screen.heard == 1
        assert "Bạn đồng ý chứ" in lan.last


@pytest.mark.parametrize("arrives", [True, False])
@pytest.mark.parametrize("lost", STEPS)
async def test_a_proposal_is_sent_once_whichever_commit_is_lost(
    tmp_path: Path, postgres_url: str, lost: str, arrives: bool
) -> None:
    async with way_to(postgres_url) as way, town(tmp_path, BOT_DATABASE__URL=way.url) as here:
        lan = here.person("lan")
        await lan.send(TEXT)
        for label in STEPS:
            button = lan.button(label)
            if label != lost:
                await lan.tap(button)
                continue
            taken = await lan.tap(button, settle=False)
            way.cut_at(COMMIT, arrives=arrives, after=b"turn:")
            with capture_logs() as logs:
                await here.settle()
            assert (taken, way.cuts) == ("", 1)
            assert any("database" in line["event"] for line in logs)
        shown = lan.shown()
        assert shown.count("LS-2026-00001") == 1
        reader = await here.bot.database.snapshot()
        assert await cases.of_code(reader, "LS-2026-00001")
        assert await cases.of_code(reader, "LS-2026-00002") is None
        await reader.close()
