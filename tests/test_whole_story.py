"""What became of two proposals, told by all sides: author, staff, and whoever holds the key."""

from __future__ import annotations

import re
from pathlib import Path

from handlers.acts import staff
from handlers.acts.rights import Role
from storage.database import Statement
from tests.handlers.youth.test_propose import LOAN, come_in
from tests.player import town

FIRST, SECOND = "LS-2026-00001", "LS-2026-00002"


async def test_propose_change_ask_back_reply_correct_withdraw_and_look_up(tmp_path: Path) -> None:
    async with town(tmp_path) as place:
        lan, boss, friend = place.person("lan"), place.person("boss"), place.person("friend", "lists")
        await boss.send(f"/nhanma {await staff.invite(place.bot.database, Role.PROVINCE, place.clock())}")

        await come_in(lan)
        sent = await lan.press("✅ Gửi")
        found = re.search(r"Khoá tra cứu: (\w{6})", sent)
        assert found
        key = found[1]
        await lan.send("Đường vào thôn em lầy lội quá, xe chở na không ra được")
        assert SECOND in await lan.press("✅ Gửi")

        await lan.send(f"/sua {FIRST}")
        await lan.press("Viết lại")
        await lan.send("Em muốn vay vốn mở trại nấm thì hỏi ở đâu ạ")
        assert "Đã lưu thay đổi" in await lan.press("Lưu thay đổi")

        seen = await boss.send(f"/xem {FIRST}")
        assert "trại nấm" in seen
        assert LOAN not in seen
        await boss.press("Nhận xử lý")
        assert FIRST in lan.last
        assert "Cán bộ đã bắt đầu xem" in lan.last

        await boss.send(f"/hoilai {FIRST}")
        await boss.send("Trại nấm của bạn ở thôn nào?")
        await boss.press("Gửi câu hỏi")
        assert "Trại nấm của bạn ở thôn nào?" in lan.last
        await lan.press("Trả lời")
        await lan.send("Ở thôn Nà Pàn ạ")
        await lan.press("Gửi thêm")
        assert "Ở thôn Nà Pàn ạ" in boss.last

        await boss.send(f"/gan {FIRST}")
        await boss.press("Chủ đề")
        for label in ("Vốn vay", "Nông – lâm nghiệp"):
            await boss.press(label)
        await boss.press("Xong")
        corrected = await boss.send(f"/xem {FIRST}")
        assert "Nông – lâm nghiệp" in corrected
        assert "Ở thôn Nà Pàn ạ" in corrected
        [record] = await place.bot.database.read(Statement("SELECT act, object FROM record WHERE act = 'correct'"))
        assert [row["object"].split()[0] for row in record] == [FIRST]

        await lan.send(f"/rutlai {SECOND}")
        await lan.press("Có, rút lại")
        await lan.press("việc đã xong")
        listed = await boss.send("/hangdoi")
        assert FIRST in listed
        assert SECOND not in listed

        mine = await lan.send(f"/cuatoi {FIRST}")
        for line in ("trại nấm", "Đã nhận", "Đang xử lý", "cán bộ hỏi", "Ở thôn Nà Pàn ạ"):
            assert line in mine

        state = await friend.send(f"/tracuu {FIRST} {key}")
        assert "Đang xử lý" in state
        for secret in ("nấm", "Nà Pàn", "Na Sầm", "Vốn"):
            assert secret not in friend.shown()
        assert "Đang xử lý" not in await friend.send(f"/tracuu {SECOND} {key}")
