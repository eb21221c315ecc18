"""An echo bot as python-telegram-bot's own examples have it, or on our requests with "--our-requests"."""

from __future__ import annotations

import sys

from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ContextTypes, MessageHandler, filters

from bot.channels.telegram import Request


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


def build(token: str, address: str, *, ours: bool) -> Application:  # type: ignore[type-arg]
    builder = ApplicationBuilder().token(token).base_url(f"{address}/bot")
    if ours:
        builder = builder.request(Request()).get_updates_request(Request())
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    return application


if __name__ == "__main__":
    token, address, *flags = sys.argv[1:]
    build(token, address, ours="--our-requests" in flags).run_polling(timeout=25)
