"""Reading what Telegram tells the bot: each kind of update, and what is no update at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram_updates import WANTED, read
from bot.model import Attachment, AttachmentKind, Json, Message, MessageKind

CHAT = {"id": 1001, "type": "private", "first_name": "Lan"}
SENDER = {"id": 1001, "is_bot": False, "first_name": "Lan", "language_code": "vi"}
GROUP = {"id": -1005, "type": "supergroup", "title": "Chi đoàn"}


def said(**content: Json) -> Json:
    return {"update_id": 7, "message": {"message_id": 3, "date": 0, "chat": CHAT, "from": SENDER, **content}}


def take(update: Json) -> Message:
    found = read(update, "ls_bot")
    assert found is not None
    return found


def test_a_text_comes_with_its_chat_its_language_and_the_number_an_edit_will_name() -> None:
    assert take(said(text="xin chào")) == Message(
        "telegram", "1001", "7:1001:3", "xin chào", language="vi", reference="m3"
    )


def test_an_edit_names_the_message_that_it_changes_and_is_an_update_of_its_own() -> None:
    edited = take({"update_id": 8, "edited_message": said(text="chào lại")["message"]})
    assert (edited.kind, edited.text, edited.reference) == (MessageKind.EDITED, "chào lại", "m3")
    assert edited.id != take(said(text="chào")).id


def test_an_edit_without_words_is_nothing() -> None:
    assert read({"update_id": 8, "edited_message": said(location={"latitude": 1.0})["message"]}, "ls_bot") is None


def test_a_caption_that_was_taken_away_is_an_edit_to_nothing() -> None:
    edited = take({"update_id": 8, "edited_message": said(photo=[{"file_id": "f"}])["message"]})
    assert (edited.kind, edited.text) == (MessageKind.EDITED, "")


def test_of_a_photo_the_largest_size_is_taken_and_the_caption_is_the_text() -> None:
    sizes = [
        {"file_id": "small", "width": 90, "height": 60, "file_size": 1000},
        {"file_id": "large", "width": 900, "height": 600, "file_size": 90_000},
        {"file_id": "middle", "width": 300, "height": 200},
    ]
    message = take(said(photo=sizes, caption="đường hỏng"))
    photo = Attachment(AttachmentKind.PHOTO, "photo-3.jpg", "image/jpeg", 90_000, reference="large")
    assert (message.text, message.attachments) == ("đường hỏng", (photo,))


@pytest.mark.parametrize(
    ("name", "kind", "called", "media_type"),
    [
        ("voice", AttachmentKind.VOICE, "voice-3.ogg", "audio/ogg"),
        ("video", AttachmentKind.DOCUMENT, "video-3.mp4", "video/mp4"),
        ("video_note", AttachmentKind.DOCUMENT, "video_note-3.mp4", "video/mp4"),
        ("audio", AttachmentKind.DOCUMENT, "audio-3.mp3", "audio/mpeg"),
        ("document", AttachmentKind.DOCUMENT, "document-3.bin", "application/octet-stream"),
    ],
)
def test_each_kind_of_file_is_taken(name: str, kind: AttachmentKind, called: str, media_type: str) -> None:
    [file] = take(said(**{name: {"file_id": "f", "file_size": 5}})).attachments
    assert file == Attachment(kind, called, media_type, 5, reference="f")


def test_a_document_keeps_its_name_without_any_folder() -> None:
    [file] = take(
        said(document={"file_id": "f", "file_name": "../a/đơn.pdf", "mime_type": "application/pdf"})
    ).attachments
    assert (file.name, file.media_type, file.size) == (".._a_đơn.pdf", "application/pdf", 0)


def test_a_name_that_would_forge_a_line_or_turn_round_is_made_plain() -> None:
    [file] = take(said(document={"file_id": "f", "file_name": "a\nNơi: b\u202egpj.exe"})).attachments
    assert file.name == "a_Nơi: b_gpj.exe"


def test_an_animation_that_stands_under_document_too_is_one_file() -> None:
    files = take(said(animation={"file_id": "a"}, document={"file_id": "a"})).attachments
    assert [file.name for file in files] == ["animation-3.mp4"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"sticker": {"file_id": "s"}}, MessageKind.STICKER),
        ({"contact": {"phone_number": "+84"}}, MessageKind.CONTACT),
        ({"location": {"latitude": 21.8, "longitude": 106.7}}, MessageKind.LOCATION),
        ({"venue": {}, "location": {}}, MessageKind.LOCATION),
        ({"poll": {"id": "1"}}, MessageKind.POLL),
        ({"dice": {"value": 4}}, MessageKind.OTHER),
        ({"a_kind_of_2031": {"x": 1}}, MessageKind.OTHER),
        ({"photo": [{"width": 1}]}, MessageKind.OTHER),
        ({}, MessageKind.OTHER),
    ],
)
def test_what_cannot_be_read_is_said_to_be_so_and_nothing_of_it_is_kept(content: Json, kind: MessageKind) -> None:
    message = take(said(**content))
    assert (message.kind, message.text, message.attachments) == (kind, "", ())


def test_what_a_chat_tells_about_itself_needs_no_answer() -> None:
    assert read(said(pinned_message={"message_id": 1}), "ls_bot") is None


def test_a_press_is_acknowledged_by_its_own_number() -> None:
    query = {"id": "99", "from": SENDER, "message": said(text="?")["message"], "data": "1.2.yes"}
    message = take({"update_id": 9, "callback_query": query})
    assert (message.chat, message.press, message.reference) == ("1001", "1.2.yes", "99")


@pytest.mark.parametrize("message", [{"message_id": 3, "date": 0, "chat": CHAT}, None])
def test_a_press_on_a_message_too_old_to_be_shown_still_counts(message: Json) -> None:
    query = {"id": "99", "from": SENDER, "data": "1.2.yes"} | ({"message": message} if message else {})
    assert take({"update_id": 9, "callback_query": query}).press == "1.2.yes"


@pytest.mark.parametrize(("status", "kind"), [("kicked", MessageKind.BLOCKED), ("member", MessageKind.UNBLOCKED)])
def test_blocking_and_unblocking_are_told(status: str, kind: MessageKind) -> None:
    member = {"chat": CHAT, "from": SENDER, "new_chat_member": {"status": status}}
    assert take({"update_id": 9, "my_chat_member": member}).kind is kind


@pytest.mark.parametrize(
    "text", ["xin chào", "/gopy", "/gopy@other_bot", "nhờ /gopy@ls_bot", "@ls_bot em muốn hỏi", "/gopy@ls_bot_2"]
)
def test_in_a_group_nothing_is_read_that_does_not_name_the_bot_in_a_command(text: str) -> None:
    assert read({"update_id": 7, "message": {**said(text=text)["message"], "chat": GROUP}}, "ls_bot") is None


def test_a_command_in_a_group_is_known_as_public_and_nothing_that_follows_it_is_taken() -> None:
    message = take({"update_id": 7, "message": {**said(text="/gopy@LS_bot nhà em")["message"], "chat": GROUP}})
    assert (message.kind, message.chat, message.text) == (MessageKind.PUBLIC, "-1005", "@ls_bot")


def test_a_group_that_moves_tells_its_new_number() -> None:
    message = take({"update_id": 7, "message": {"message_id": 1, "chat": GROUP, "migrate_to_chat_id": -1009}})
    assert (message.kind, message.chat, message.text) == (MessageKind.MOVED, "-1005", "-1009")


@pytest.mark.parametrize("kind", ["channel_post", "inline_query", "poll", "business_message", "a_kind_of_2031"])
def test_kinds_of_updates_that_nobody_waits_on_are_nothing(kind: str) -> None:
    assert read({"update_id": 7, kind: said(text="x")["message"]}, "ls_bot") is None


# -- whatever comes

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("message_id", "chat", "from", "text", "caption", "photo", "document", "voice", "sticker", "data", "id",
          "message", "new_chat_member", "migrate_to_chat_id", "type", "is_bot", "file_id", "status")  # fmt: skip
nested = st.recursive(values, lambda inner: st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6), max_leaves=20)


@given(st.dictionaries(st.sampled_from((*WANTED, "update_id")), nested))
def test_nothing_that_comes_can_break_the_reading(update: dict[str, Any]) -> None:
    message = read(update, "ls_bot")
    if message is not None:
        assert Message.from_json(json.loads(json.dumps(message.to_json()))) == message


@given(st.dictionaries(st.sampled_from(FIELDS), values, max_size=8))
def test_a_message_of_a_private_chat_is_always_something(content: dict[str, Any]) -> None:
    broken = {**content, "message_id": 3, "chat": CHAT, "from": SENDER}
    assert take({"update_id": 7, "message": broken}).chat == "1001"
