"""What is not a plain message: edits, what cannot be read, groups, blocking, moving, and the notice of a press."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import pytest

from bot.channel import Command
from bot.errors import MovedError, RefusedError, UnreachableError
from bot.model import Message, MessageKind, Reply
from storage import outbox
from storage.database import Row, Statement
from tests.player import Messenger, Player, Town, town

TEXT = "em muốn vay vốn mở quán cà phê thì hỏi ở đâu ạ"


class Telling(Messenger):
    """A messenger that tells what it was asked to show, and refuses some chats."""

    def __init__(self) -> None:
        super().__init__("buttons", buttons=True)
        self.notices: list[tuple[str, str]] = []
        self.menus: list[tuple[str, list[str]]] = []
        self.moved: dict[str, str] = {}
        self.gone: set[str] = set()

    async def send(self, chat: str, reply: Reply, *, key: str) -> str:
        if chat in self.moved:
            raise MovedError(self.moved[chat])
        if chat in self.gone:
            raise UnreachableError
        return await super().send(chat, reply, key=key)

    async def strip(self, chat: str, reference: str) -> None:
        if reference not in self.screen(chat).messages:
            raise RefusedError
        await super().strip(chat, reference)

    async def acknowledge(self, message: Message, notice: str) -> None:
        self.notices.append((message.press, notice))

    async def offer(self, chat: str, commands: Sequence[Command]) -> None:
        self.menus.append((chat, [command.word for command in commands]))


@pytest.fixture
def telling() -> Telling:
    return Telling()


@pytest.fixture
async def street(tmp_path: Path, telling: Telling) -> AsyncGenerator[Town, None]:
    async with town(tmp_path, messengers={"buttons": telling}) as running:
        yield running


@pytest.fixture
def lan(street: Town) -> Player:
    return street.person("lan")


async def tell(lan: Player, kind: MessageKind, text: str = "", reference: str = "") -> None:
    """Something other than a text, a file or a press."""
    message = Message("buttons", lan.chat, lan._id(), text, language="vi", kind=kind, reference=reference)
    await lan.town.bot.engine.receive([message])
    await lan.town.settle()


async def write(lan: Player, text: str, reference: str) -> None:
    await tell(lan, MessageKind.SAID, text, reference)


async def come_in(lan: Player) -> None:
    await write(lan, TEXT, "m1")
    await lan.press("Đồng ý")
    await lan.press("18–22")
    await lan.press("Bỏ qua")


async def rows(street: Town, sql: str) -> list[Row]:
    [found] = await street.bot.database.read(Statement(sql))
    return found


# -- edits


async def test_the_open_draft_follows_an_edit(lan: Player) -> None:
    await come_in(lan)
    await write(lan, "thêm một ý", "m2")
    heard = lan.screen.heard
    await tell(lan, MessageKind.EDITED, "thêm hai ý", "m2")
    assert f"{TEXT}\nthêm hai ý" in lan.last
    assert lan.screen.heard == heard + 1
    await lan.press("Gửi")
    assert await rows(lan.town, "SELECT text FROM proposals") == [{"text": f"{TEXT}\nthêm hai ý"}]


async def test_an_edit_that_changes_nothing_changes_nothing(lan: Player) -> None:
    await come_in(lan)
    send = lan.button("Gửi")
    await tell(lan, MessageKind.EDITED, TEXT, "m1")
    assert lan.button("Gửi") == send
    await lan.tap(send)
    assert "LS-2026-00001" in lan.last


async def test_a_card_seen_before_an_edit_is_not_sent(lan: Player) -> None:
    await come_in(lan)
    send = lan.button("Gửi")
    await tell(lan, MessageKind.EDITED, "em muốn vay vốn mở trại nấm", "m1")
    await lan.tap(send)
    assert "đã thay đổi" in lan.shown()
    assert await rows(lan.town, "SELECT * FROM proposals") == []


async def test_what_waits_for_the_card_is_changed_before_it_gets_there(lan: Player) -> None:
    await write(lan, TEXT, "m1")
    await tell(lan, MessageKind.EDITED, "em muốn vay vốn mở trại nấm", "m1")
    await lan.press("Đồng ý")
    await lan.press("18–22")
    assert "trại nấm" in await lan.press("Bỏ qua")


async def test_an_edit_while_a_field_is_open_reaches_the_draft(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Đổi thông tin")
    await tell(lan, MessageKind.EDITED, "em muốn vay vốn mở trại nấm", "m1")
    await lan.press("Quay lại")
    assert "trại nấm" in lan.last


@pytest.mark.parametrize("when", ["sent", "never said", "an answer"])
async def test_an_edit_that_comes_too_late_is_answered(lan: Player, when: str) -> None:
    await write(lan, TEXT, "m1")
    await lan.press("Đồng ý")
    await lan.press("18–22")
    await write(lan, "xã Bắc Hùng, Văn Lãng", "m2")
    if when == "sent":
        await lan.press("Gửi")
    await tell(lan, MessageKind.EDITED, "khác hẳn", {"sent": "m1", "never said": "m9", "an answer": "m2"}[when])
    assert "bản nháp còn mở" in lan.shown()
    assert "khác hẳn" not in lan.last


async def test_a_message_emptied_by_its_author_leaves_the_draft(lan: Player) -> None:
    await come_in(lan)
    await write(lan, "thêm một ý", "m2")
    await tell(lan, MessageKind.EDITED, " ", "m2")
    assert "thêm một ý" not in lan.last
    assert TEXT in lan.last


async def test_an_edited_command_is_what_follows_it(lan: Player) -> None:
    await write(lan, "/gopy " + TEXT, "m1")
    await tell(lan, MessageKind.EDITED, "/gopy em muốn vay vốn mở trại nấm", "m1")
    await lan.press("Đồng ý")
    await lan.press("18–22")
    await lan.press("Bỏ qua")
    assert "\nem muốn vay vốn mở trại nấm\n" in lan.last


# -- what cannot be read


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        (MessageKind.STICKER, "Nhãn dán"),
        (MessageKind.CONTACT, "danh bạ"),
        (MessageKind.LOCATION, "vị trí chính xác"),
        (MessageKind.POLL, "bình chọn"),
        (MessageKind.OTHER, "chưa đọc được loại tin này"),
    ],
)
async def test_what_cannot_be_read_gets_a_kind_line_and_the_open_question_again(
    lan: Player, kind: MessageKind, answer: str
) -> None:
    await tell(lan, kind)
    assert answer in lan.last
    await write(lan, TEXT, "m1")
    await tell(lan, kind)
    assert answer in lan.last
    assert "Bạn đồng ý chứ?" in lan.last


# -- groups


async def test_in_a_group_the_bot_asks_to_write_in_private_and_knows_no_command(street: Town) -> None:
    group = street.person("-1005")
    await tell(group, MessageKind.PUBLIC, "@ls_bot")
    assert "Bạn bấm vào @ls_bot" in group.last
    assert group.screen.last.buttons == []
    assert await rows(street, "SELECT * FROM conversations") == []
    assert await rows(street, "SELECT * FROM people") == []


async def test_a_chat_that_moves_is_written_to_where_it_went(lan: Player, telling: Telling) -> None:
    await come_in(lan)
    telling.moved["lan"] = "lan-2"
    await write(lan, "thêm một ý", "m2")
    there = lan.town.person("lan-2")
    assert "thêm một ý" in there.last
    await tell(there, MessageKind.MOVED, "lan-3")
    assert [row["chat"] for row in await rows(lan.town, "SELECT chat FROM addresses")] == ["lan-3"]


async def test_a_chat_that_moves_to_where_another_is_known_is_given_up_in_the_end(
    street: Town, telling: Telling
) -> None:
    one, two = street.person("one"), street.person("two")
    await come_in(two)
    telling.moved["one"] = "two"
    await write(one, "/trogiup", "m1")
    assert await rows(street, "SELECT status FROM outbox WHERE status <> 'sent'") == [{"status": "failed"}]
    assert "/quaylai: lùi" not in two.shown()


async def test_a_chat_never_takes_anothers_place(street: Town) -> None:
    one, two = street.person("one"), street.person("two")
    await come_in(one)
    await come_in(two)
    await tell(one, MessageKind.MOVED, "two")
    assert [row["chat"] for row in await rows(street, "SELECT chat FROM addresses ORDER BY id")] == ["one", "two"]


# -- blocking


async def blocked(street: Town) -> bool:
    return (await rows(street, "SELECT blocked_at FROM addresses"))[0]["blocked_at"] is not None


async def test_blocking_is_noted_without_a_word_and_ends_with_the_next_message(lan: Player) -> None:
    await come_in(lan)
    heard = lan.screen.heard
    await tell(lan, MessageKind.BLOCKED)
    assert await blocked(lan.town)
    assert lan.screen.heard == heard
    await write(lan, "thêm một ý", "m2")
    assert not await blocked(lan.town)
    await tell(lan, MessageKind.BLOCKED)
    await tell(lan, MessageKind.UNBLOCKED)
    assert not await blocked(lan.town)


async def test_a_refusal_to_send_notes_it_too(lan: Player, telling: Telling) -> None:
    await come_in(lan)
    telling.gone.add("lan")
    await write(lan, "thêm một ý", "m2")
    assert await blocked(lan.town)


async def test_who_blocked_the_bot_gets_nothing_by_itself(lan: Player) -> None:
    await come_in(lan)
    await tell(lan, MessageKind.BLOCKED)
    [address] = await rows(lan.town, "SELECT id FROM addresses")
    heard, database = lan.screen.heard, lan.town.bot.database
    body = {"text": [{"$": "help.lost"}], "buttons": [], "files": []}
    for n, kind in enumerate((outbox.Kind.NEWS, outbox.Kind.REPLY)):
        row = outbox.Outgoing(address["id"], n, body, kind=kind, due_at=1)
        await database.write(outbox.add("test", row, "nobody", 0))
    await lan.town.settle()
    found = await rows(lan.town, "SELECT kind, status FROM outbox WHERE cause = 'test' ORDER BY n")
    assert [(row["kind"], row["status"]) for row in found] == [("news", "dropped"), ("reply", "sent")]
    assert lan.screen.heard == heard + 1


# -- presses and menus


async def test_a_press_is_acknowledged_once_with_what_it_has_to_say(lan: Player, telling: Telling) -> None:
    await come_in(lan)
    assert [notice for _, notice in telling.notices] == ["", "", ""]
    old = lan.button("Gửi")
    await write(lan, "thêm một ý", "m2")
    await lan.tap(old)
    assert telling.notices[-1] == (old, "Nội dung đã thay đổi, bạn xem lại rồi hãy gửi nhé.")
    count = len(telling.notices)
    await lan.repeat()
    await lan.town.settle()
    assert len(telling.notices) == count


async def test_a_menu_follows_the_role_and_the_language(lan: Player, telling: Telling) -> None:
    from handlers.acts import staff
    from handlers.acts.rights import Role

    code = await staff.invite(lan.town.bot.database, Role.OWNER, lan.town.clock())
    await lan.send(f"/nhanma {code}")
    await lan.send("/ngonngu en")
    youth = ["cuatoi", "caidat", "gopy", "trogiup", "riengtu", "ngonngu", "quaylai", "huy"]
    [(_, first), (_, second)] = telling.menus
    assert {"hangdoi", "xuat", *youth} <= set(first)
    assert {"queue", "export", "propose", "cancel"} <= set(second)


async def test_an_owner_named_in_the_settings_is_shown_the_menu_at_the_first_word(tmp_path: Path) -> None:
    telling = Telling()
    telling.gone.add("boss")
    owners = '["buttons:boss"]'
    async with town(tmp_path, messengers={"buttons": telling}, BOT_STAFF__OWNERS=owners) as street:
        await street.settle()
        telling.menus.clear()
        telling.gone.clear()
        await street.person("boss").send("/start")
        [(_, words)] = telling.menus
        assert "hangdoi" in words


async def test_a_menu_that_is_refused_is_let_be(lan: Player, telling: Telling) -> None:
    async def refuse(chat: str, commands: Sequence[Command]) -> None:
        raise RefusedError

    telling.offer = refuse  # type: ignore[method-assign]
    await lan.send("/ngonngu en")
    assert "English" in lan.shown() or "English" in lan.last
    assert await rows(lan.town, "SELECT * FROM jobs") == []
