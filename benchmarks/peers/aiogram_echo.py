"""An echo bot as aiogram's own examples have it. It runs in an environment of its own."""

from __future__ import annotations

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

dispatcher = Dispatcher()


@dispatcher.message()  # type: ignore[untyped-decorator, unused-ignore]
async def echo(message: Message) -> None:
    if message.text:
        await message.answer(message.text)


async def main(token: str, address: str) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    await dispatcher.start_polling(Bot(token, session=session), polling_timeout=25)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
