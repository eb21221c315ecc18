"""The list of all methods: their parameters, as the Bot API names them, and what does them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.telegram import messages, profile, receiving
from tests.telegram.parameters import Given
from tests.telegram.refusals import bad
from tests.telegram.world import World

SENDING = (
    "business_connection_id chat_id message_thread_id direct_messages_topic_id parse_mode disable_notification"
    " protect_content allow_paid_broadcast message_effect_id suggested_post_parameters reply_parameters reply_markup"
)
MEDIA = "caption caption_entities show_caption_above_media has_spoiler"
EDITING = "business_connection_id chat_id message_id inline_message_id reply_markup"

Act = Callable[[World, Given], object]


@dataclass(frozen=True, slots=True)
class Method:
    """What a method takes and does. getUpdates alone gives an awaitable."""

    act: Act
    parameters: frozenset[str]

    def check(self, given: Given) -> None:
        """Refuses what the method does not know. The real server ignores it; here it is a mistake to be found."""
        unknown = given.values.keys() - self.parameters
        if given.uploads:
            attached = {value.removeprefix("attach://") for value in given.values.values() if isinstance(value, str)}
            unknown |= given.uploads.keys() - self.parameters - attached
        if unknown:
            raise bad(f"unknown parameter {min(unknown)}")


def method(act: Act, parameters: str = "") -> Method:
    return Method(act, frozenset(parameters.split()))


METHODS = {
    name.lower(): one
    for name, one in {
        "getMe": method(messages.get_me),
        "getUpdates": method(receiving.get_updates, "offset limit timeout allowed_updates"),
        "setWebhook": method(
            receiving.set_webhook,
            "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
        ),
        "deleteWebhook": method(receiving.delete_webhook, "drop_pending_updates"),
        "getWebhookInfo": method(receiving.get_webhook_info),
        "sendMessage": method(messages.send_message, f"{SENDING} text entities link_preview_options"),
        "sendPhoto": method(messages.send_photo, f"{SENDING} {MEDIA} photo"),
        "sendDocument": method(
            messages.send_document,
            f"{SENDING} caption caption_entities document thumbnail disable_content_type_detection",
        ),
        "editMessageText": method(
            messages.edit_message_text, f"{EDITING} text parse_mode entities link_preview_options rich_message"
        ),
        "editMessageReplyMarkup": method(messages.edit_message_reply_markup, EDITING),
        "answerCallbackQuery": method(
            messages.answer_callback_query, "callback_query_id text show_alert url cache_time"
        ),
        "sendChatAction": method(messages.send_chat_action, "business_connection_id chat_id message_thread_id action"),
        "getFile": method(messages.get_file, "file_id"),
        "setMyCommands": method(profile.set_my_commands, "commands scope language_code"),
        "getMyCommands": method(profile.get_my_commands, "scope language_code"),
        "deleteMyCommands": method(profile.delete_my_commands, "scope language_code"),
        "setMyName": method(profile.set_my_name, "name language_code"),
        "getMyName": method(profile.get_my_name, "language_code"),
        "setMyDescription": method(profile.set_my_description, "description language_code"),
        "getMyDescription": method(profile.get_my_description, "language_code"),
        "setMyShortDescription": method(profile.set_my_short_description, "short_description language_code"),
        "getMyShortDescription": method(profile.get_my_short_description, "language_code"),
    }.items()
}
