"""Whatever Zalo sends, it is read or left out; it never breaks the way in."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.zalo_updates import read
from bot.model import Json, Message, MessageKind

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
chats = st.fixed_dictionaries({}, optional={"id": scalars, "chat_type": scalars})
messages = st.fixed_dictionaries(
    {},
    optional={
        "chat": chats | anything, "from": st.fixed_dictionaries({}, optional={"is_bot": scalars}) | anything,
        "message_id": scalars, "date": scalars, "text": scalars, "caption": scalars, "photo": scalars,
        "photo_url": st.just("https://photo.zdn.vn/a.jpg") | anything, "voice_url": scalars,
    },
)  # fmt: skip
names = st.sampled_from(
    [f"message.{kind}.received" for kind in ("text", "image", "voice", "sticker", "unsupported", "reaction")]
)
events = st.fixed_dictionaries({}, optional={"event_name": names | anything, "message": messages | anything})
updates = events | st.fixed_dictionaries({"ok": scalars, "result": events | anything}) | anything


@settings(max_examples=300, deadline=None)
@given(updates)
def test_anything_is_read_or_left_out(update: Json) -> None:
    message = read(update, "bot.thanhnien")
    if message is not None:
        assert message.chat
        assert message.id.startswith(f"{message.chat}:")
        assert Message.from_json(message.to_json()) == message
        assert read(update, "bot.thanhnien") == message


def event(name: str, **content: Json) -> Json:
    sender = {"from": {"id": "6ede9afa66b88fe6d6a9", "is_bot": False}, "chat": {"id": "6ede9afa66b88fe6d6a9"}}
    return {"event_name": f"message.{name}.received", "message": {**sender, "message_id": "2d758cb5e2", **content}}


def test_what_the_bot_says_itself_and_what_only_happens_is_left_out() -> None:
    assert read(event("text", text="x", **{"from": {"id": "1", "is_bot": True}}), "") is None
    assert read(event("reaction", reaction="❤"), "") is None


def test_a_message_of_spaces_is_a_message_and_an_empty_one_is_something_unread() -> None:
    spaces, empty = read(event("text", text="   "), ""), read(event("image"), "")
    assert spaces
    assert empty
    assert (spaces.kind, spaces.text, empty.kind) == (MessageKind.SAID, "   ", MessageKind.OTHER)


def test_a_message_without_an_id_is_known_by_what_it_is() -> None:
    first, again = (read(event("text", text="x", message_id=None, date=1), "") for _ in range(2))
    later = read(event("text", text="x", message_id=None, date=2), "")
    assert first
    assert again
    assert later
    assert first.id == again.id != later.id


def test_an_address_that_is_none_or_endless_is_no_picture() -> None:
    for address in ("javascript:alert(1)", "https://" + "a" * 2000, 7):
        message = read(event("image", photo=address), "")
        assert message
        assert message.attachments == ()
