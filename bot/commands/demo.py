"""Runs the bot on the web page with invented proposals, events and articles: no token, no settings file."""

from __future__ import annotations

import argparse
import json
import os
from datetime import timedelta
from urllib.parse import urlsplit

from bot import app, preparation
from bot.commands import settings, staged
from bot.commands.run import stopped
from bot.config import Settings, load
from bot.model import Json
from bot.pack import Pack
from bot.ways import public_url
from handlers.acts import staff
from handlers.acts.rights import Role
from handlers.occasion import NOWHERE
from storage import dialogues
from storage.database import Database, micros
from storage.proposals import Content, New, Tag, add

DATABASE = "sqlite:///data/demo.db"
FILE = "demo.jsonl"  # of the pack


async def run(arguments: argparse.Namespace) -> int:
    pack, words = preparation.load_pack(settings(arguments.config))
    theme = words.template(words.source, "pack.theme")
    found = load(arguments.config, {"BOT_DATABASE__URL": DATABASE, "BOT_DIALOGUE__THEME": theme, **os.environ})
    preparation.refuse_silence(found)
    preparation.prepare_files(found.files.folder)
    database = await preparation.open_database(found)
    try:
        await preparation.prepare(database, found, app.now())
        made = await fill(database, found, pack)
        code = await staff.invite(database, Role.OWNER, app.now())
    finally:
        await database.close()
    async with app.whole(found) as bot:
        address = public_url(found)
        queue, export = (words.template(words.source, f"command.{name}") for name in ("queue", "export"))
        kept = f"with {made} invented proposals" if made else "with what is there from before"
        print(f"\nThe bot runs {kept}.\n\n  For young people:  {address}\n  For an owner:      {address}/?start=i_{code}\n"
              f"                     (good for one browser; then type /{queue} or /{export})\n\nCtrl-C stops it.\n", flush=True)  # fmt: skip
        await stopped(bot)
    return 0


async def fill(database: Database, found: Settings, pack: Pack) -> int:
    """Writes what the pack invents into a database that has no proposals; gives how many of these it wrote."""
    rows = [json.loads(line) for line in (pack.folder / FILE).read_text("utf-8").splitlines()]
    async with database.transaction() as tx:
        await tx.alone("demo")
        current = await dialogues.current(tx)
        if current is None or (await tx.rows("SELECT 1 FROM proposals LIMIT 1")):
            return 0
        year = int(current.code.rpartition("-")[2]) - 1
        finished = await dialogues.add(
            tx, f"{found.dialogue.prefix}-{year}", "", current.era, is_current=False, now=micros(app.now())
        )
        for row in sorted(rows, key=lambda row: -row["day"] * 1440 + row["minute"]):
            dialogue = current if row["dialogue"] == "current" else finished
            await add(tx, invented(row, dialogue, await dialogues.next_number(tx, dialogue.id)))
        host = urlsplit(public_url(found)).hostname or NOWHERE
        await staged.put_up(tx, pack, current.era, host, app.now())
    return len(rows)


def invented(row: Json, dialogue: dialogues.Dialogue, number: int) -> New:
    """A line of the pack's file as a proposal; its day counts back from today."""
    code = f"{dialogue.code}-{number:05d}"
    midnight = app.now().replace(hour=0, minute=0, second=0, microsecond=0)
    moment = min(midnight - timedelta(days=row["day"]) + timedelta(minutes=row["minute"]), app.now())
    return New(
        content=Content(
            text=row["text"],
            lead=row["lead"],
            kind=row["kind"],
            tags=tuple(Tag(topic, 1000, "author") for topic in row["topics"]),
            place=row["place"],
            former_place=row["former_place"],
            age_band=row["age_band"],
            name=row["name"],
            only_province=row["only_province"],
            files=(),
        ),
        code=code,
        number=number,
        dialogue_id=dialogue.id,
        person_id=None,
        address_id=None,
        key_hash="",  # nobody has the key
        state=row["state"],
        created_at=micros(moment),
    )
