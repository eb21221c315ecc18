"""Prints a one-time code that gives a role on any channel."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from bot import app, preparation
from bot.commands import settings
from bot.errors import SettingsError
from bot.pack import Pack
from bot.ways import public_url
from handlers.acts import staff
from handlers.acts.rights import Role


def scope_of(role: Role, codes: Sequence[str], pack: Pack, era: int) -> str:
    """The communes that a locality's staff are for. Raises SettingsError for none, an unknown one, or another role's."""
    if role != Role.LOCALITY:
        if codes:
            raise SettingsError(f"--scope: only {Role.LOCALITY} has one, not {role}")
        return ""
    known = {unit.code for unit in pack.units(era)}
    if strange := [code for code in codes if code not in known]:
        raise SettingsError(f"--scope: there is no commune {strange[0]}")
    if not codes:
        raise SettingsError(f"--scope: {role} needs the code of at least one commune")
    return " ".join(dict.fromkeys(codes))


async def run(arguments: argparse.Namespace) -> int:
    found = settings(arguments.config)
    pack, words = preparation.load_pack(found)
    role = Role(arguments.role)
    scope = scope_of(role, arguments.scope, pack, found.dialogue.era)
    database = await preparation.open_database(found)
    try:
        await preparation.prepare(database, found, app.now())
        code = await staff.invite(database, role, app.now(), scope)
    finally:
        await database.close()
    word = words.template(words.source, "command.redeem")
    print(f"{code}\n\nGood for one person, for {staff.VALID.days} days. In any chat with the bot: /{word} {code}")
    if found.web.enabled:
        print(f"On the web page: {public_url(found)}/?start=i_{code}")
    return 0
