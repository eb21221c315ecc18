"""The methods by which the bot sends, edits and answers."""

from __future__ import annotations

from tests.telegram.content import Content, caption_of, text_of
from tests.telegram.keyboards import keyboard
from tests.telegram.parameters import Given, Upload
from tests.telegram.refusals import NOT_MODIFIED, OLD_QUERY, bad, forbidden
from tests.telegram.updates import Json
from tests.telegram.world import Chat, File, Message, Notice, World

LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_DOWNLOAD = 20 * 1024 * 1024
LONGEST_NOTICE = 200
ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "record_audio",
    "upload_audio", "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip


def get_me(world: World, given: Given) -> Json:
    return {
        **world.bot, "can_join_groups": True, "can_read_all_group_messages": world.reads_all,
        "supports_inline_queries": False,
    }  # fmt: skip


def send_message(world: World, given: Given) -> Json:
    content = text_of(given)
    return sent(world, given, {"text": content.text}, content, "entities").body


def send_photo(world: World, given: Given) -> Json:
    content = caption_of(given)
    check_markup_and_chat(world, given)
    file = file_of(world, given, "photo", "photos")
    message = sent(world, given, {"photo": photo_sizes(world, file)}, content, "caption_entities")
    message.file = file
    return message.body


def send_document(world: World, given: Given) -> Json:
    content = caption_of(given)
    check_markup_and_chat(world, given)
    file = file_of(world, given, "document", "documents")
    message = sent(world, given, {"document": document(file)}, content, "caption_entities")
    message.file = file
    return message.body


def check_markup_and_chat(world: World, given: Given) -> None:
    """Before a file is kept, so that a refused call leaves nothing behind."""
    keyboard(given)
    reached(world, given)


def sent(world: World, given: Given, body: Json, content: Content, entities: str) -> Message:
    """A new message of the bot, once everything about it is right."""
    markup, fixed = keyboard(given)
    chat = reached(world, given)
    if given.values.get("reply_parameters"):
        check_reply(given, chat)
    if content.text and entities == "caption_entities":
        body["caption"] = content.text
    if content.entities:
        body[entities] = content.entities
    if markup:
        body["reply_markup"] = markup
    if world.limits:
        world.limits.take(chat.id)
    message = world.add_message(chat, world.bot, body, by_bot=True, html=content.written)
    message.fixed_keyboard = fixed
    world.change(chat.id)
    return message


def check_reply(given: Given, chat: Chat) -> None:
    reply = given.object("reply_parameters")
    if "message_id" not in reply:
        raise bad('Can\'t find field "message_id"')
    if reply["message_id"] not in chat.messages and not reply.get("allow_sending_without_reply"):
        raise bad("message to be replied not found")


def found(world: World, given: Given) -> Chat:
    """The chat that a call names."""
    name = given.text("chat_id")
    if not name:
        raise bad("chat_id is empty")
    try:
        return world.chats[int(name)]
    except (ValueError, KeyError):
        raise bad("chat not found") from None


def reached(world: World, given: Given) -> Chat:
    """The chat that a call names, if the bot may write there."""
    chat = found(world, given)
    person = chat.person
    if chat.migrated_to:
        raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    if not chat.has_bot:
        raise forbidden(f"bot was kicked from the {chat.shown['type']} chat")
    if person and person.deleted:
        raise forbidden("user is deactivated")
    if person and person.blocked:
        raise forbidden("bot was blocked by the user")
    if person and not person.started:
        raise forbidden("bot can't initiate conversation with a user")
    return chat


def file_of(world: World, given: Given, name: str, folder: str) -> File:
    """The file to send: uploaded now, or one that the server has."""
    upload = given.upload(name)
    if upload:
        return kept(world, upload, folder)
    value = given.text(name)
    if not value:
        raise bad(f"there is no {name} in the request")
    if value in world.files:
        return world.files[value]
    if value.startswith(("http://", "https://")):
        raise bad("failed to get HTTP URL content")
    raise bad("Wrong remote file identifier specified: can't unserialize it. Wrong last symbol")


def kept(world: World, upload: Upload, folder: str) -> File:
    size = len(upload.content)
    if not size:
        raise bad("file must be non-empty")
    if folder == "photos" and size > LARGEST_PHOTO:
        raise bad(f"File of size {size} bytes is too big for a photo; the maximum size is {LARGEST_PHOTO} bytes")
    return world.add_file(folder, upload.content, upload.name, upload.media_type)


def document(file: File) -> Json:
    return {
        "file_name": file.name, "mime_type": file.media_type, "file_id": file.id, "file_unique_id": file.unique_id,
        "file_size": file.size,
    }  # fmt: skip


def photo_sizes(world: World, file: File) -> list[Json]:
    """Three sizes, the largest last; the others are files of their own with less in them."""
    small, middle = (world.add_file("photos", f"{name} of ".encode() + file.content[:100]) for name in ("s", "m"))
    return [
        {"file_id": one.id, "file_unique_id": one.unique_id, "file_size": one.size, "width": width,
         "height": width * 3 // 4}
        for one, width in ((small, 90), (middle, 320), (file, 1280))
    ]  # fmt: skip


def edit_message_text(world: World, given: Given) -> Json:
    content = text_of(given)
    markup, _ = keyboard(given)
    message = editable(world, given)
    if "text" not in message.body:
        raise bad("there is no text in the message to edit")
    new: Json = {"text": content.text}
    if content.entities:
        new["entities"] = content.entities
    edit(world, message, new, markup, ("text", "entities"))
    message.html = content.written
    return message.body


def edit_message_reply_markup(world: World, given: Given) -> Json:
    markup, _ = keyboard(given)
    message = editable(world, given)
    edit(world, message, {}, markup, ())
    return message.body


def edit(world: World, message: Message, new: Json, markup: Json | None, replaced: tuple[str, ...]) -> None:
    """Puts new content into a message. The body becomes another one, so what was delivered before stays as it was."""
    if markup:
        new["reply_markup"] = markup
    names = (*replaced, "reply_markup")
    if all(message.body.get(name) == new.get(name) for name in names):
        raise bad(NOT_MODIFIED)
    if world.limits:
        world.limits.take(message.chat.id)
    kept_fields = {name: value for name, value in message.body.items() if name not in names}
    message.body = {**kept_fields, "edit_date": int(world.clock()), **new}
    message.edits += 1
    world.change(message.chat.id)


def editable(world: World, given: Given) -> Message:
    chat = reached(world, given)
    number = given.number("message_id")
    if not number:
        raise bad("message identifier is not specified")
    message = chat.messages.get(number)
    if not message:
        raise bad("message to edit not found")
    if not message.by_bot or message.fixed_keyboard:
        raise bad("message can't be edited")
    return message


def answer_callback_query(world: World, given: Given) -> bool:
    text = given.text("text")
    if len(text) > LONGEST_NOTICE:
        raise bad("MESSAGE_TOO_LONG")
    query = world.queries.pop(given.text("callback_query_id"), None)
    if not query or query.until < world.clock():
        raise bad(OLD_QUERY)
    notice = Notice(query.id, text, given.flag("show_alert"))
    world.notices.setdefault(query.person_id, []).append(notice)
    world.change(query.person_id)
    return True


def send_chat_action(world: World, given: Given) -> bool:
    if given.text("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    world.actions.append((reached(world, given).id, given.text("action")))
    return True


def get_file(world: World, given: Given) -> Json:
    file_id = given.text("file_id")
    if not file_id:
        raise bad("file_id not specified")
    file = world.files.get(file_id)
    if not file:
        raise bad("invalid file_id")
    if file.size > LARGEST_DOWNLOAD:
        raise bad("file is too big")
    return {"file_id": file_id, "file_unique_id": file.unique_id, "file_size": file.size, "file_path": file.path}
