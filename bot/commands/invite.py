"""Prints a one-time code that gives a role on any channel."""

from __future__ import annotations

import argparse

from bot import app
from bot.commands import settings
from bot.ways import public_url
from handlers.acts import staff
from handlers.acts.rights import Role


async def run(arguments: argparse.Namespace) -> int:
    found = settings(arguments.config)
    _, words = app.load_pack(found)
    database = await app.open_database(found)
    try:
        await app.prepare(database, found, app.now())
        code = await staff.invite(database, Role(arguments.role), app.now())
    finally:
        await database.close()
    word = words.template(words.source, "command.redeem")
    print(f"{code}\n\nGood for one person, for {staff.VALID.days} days. In any chat with the bot: /{word} {code}")
    if found.web.enabled:
        print(f"On the web page: {public_url(found)}/?start=i_{code}")
    return 0
