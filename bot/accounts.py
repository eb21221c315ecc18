"""The bot's accounts with messengers, made from the settings."""

from __future__ import annotations

from functools import partial

from bot.channel import Budget, Policy
from bot.channels.telegram import Access, TelegramChannel
from bot.channels.telegram_profile import Profile
from bot.channels.zalo import Access as ZaloAccess
from bot.channels.zalo import ZaloChannel, no_link
from bot.config import Settings
from bot.health import Pulse
from bot.links import Links
from bot.messengers import menu
from bot.model import plain
from bot.texts import Texts
from handlers.features import FEATURES

GROUP_SECONDS = 3.2  # Telegram takes 20 messages a minute in a group


def telegram_channel(settings: Settings, words: Texts, pulse: Pulse | None = None) -> TelegramChannel:
    """The Telegram channel of the settings, which beats the pulse whenever it hears of Telegram."""
    telegram = settings.telegram
    hooked = telegram.mode == "webhook"
    access = Access(
        token=telegram.token.get_secret_value(),
        api_base=telegram.api_base,
        proxy=telegram.proxy,
        webhook_url=telegram.webhook_url if hooked else "",
        webhook_secret=telegram.webhook_secret.get_secret_value() if hooked else "",
    )
    budget = Budget(
        per_second=telegram.messages_per_second,
        chat_seconds=telegram.per_chat_seconds,
        group_seconds=GROUP_SECONDS if telegram.per_chat_seconds else 0,
    )
    profiles = {name: profile(words, name) for name in words.languages}
    return TelegramChannel(access, profiles, budget, pulse.beat if pulse else lambda: None)


def profile(words: Texts, language: str) -> Profile:
    """What a messenger shows of the bot in a language."""
    return Profile(
        name=plain(words.template(language, "pack.bot_name")),
        about=plain(words.template(language, "pack.bot_about")),
        description=plain(words.template(language, "pack.bot_description")),
        commands=menu(FEATURES, words, language, ""),
        group_commands=[one for one in menu(FEATURES, words, language, "") if one.word in words.every("command.help")],
    )


def zalo_channel(
    settings: Settings, words: Texts, offered: Links | None = None, pulse: Pulse | None = None
) -> ZaloChannel:
    """The Zalo channel of the settings, which beats the pulse whenever it hears of Zalo."""
    zalo, link = settings.zalo, partial(offered.offer, ZaloChannel.name) if offered else no_link
    hooked = zalo.mode == "webhook"
    access = ZaloAccess(
        token=zalo.token.get_secret_value(),
        api_base=zalo.api_base,
        webhook_url=zalo.webhook_url if hooked else "",
        webhook_secret=zalo.webhook_secret.get_secret_value() if hooked else "",
        hosts=zalo.media_hosts,
    )
    budget = Budget(per_second=zalo.messages_per_second, chat_seconds=zalo.per_chat_seconds)
    policy = Policy(zalo.proactive_hours, zalo.proactive_per_day, zalo.proactive_per_month)
    return ZaloChannel(access, words, link, budget, policy, pulse.beat if pulse else lambda: None)
