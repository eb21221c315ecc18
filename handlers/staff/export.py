"""The grouped workbook as a file in the chat."""

from __future__ import annotations

import json
import secrets

from bot.exports import dialogue as exports
from bot.exports.write import Format
from bot.feature import command, job
from bot.model import OutgoingFile
from bot.turn import Turn
from handlers.acts.rights import Right, allows
from storage import dialogues, jobs, record
from storage.database import Transaction, micros

MEDIA_TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSON: "application/json",
}


@command("export", may=Right.EXPORT)
async def export(turn: Turn) -> None:
    form, code = read_argument(turn.argument)
    reader = await turn.read()
    found = await dialogues.by_code(reader, code) if code else await dialogues.current(reader)
    if found is None:
        return turn.say("export.no_dialogue", codes=", ".join(d.code for d in await dialogues.every(reader)))
    argument = json.dumps({"form": form, "dialogue": found.code})

    async def order(tx: Transaction) -> None:
        now = micros(turn.now)
        await tx.run(jobs.add("export", turn.where.address_id, argument, now, now))
        await tx.run(record.note("export", turn.where.address_id, now, found.code))

    await turn.once("job", order)
    return turn.say("export.working", dialogue=found.code)


@job("export")
async def make_export(turn: Turn) -> None:
    """Writes the file in a worker process and sends it, if whoever asked may still have it."""
    if not allows(turn.where.role, Right.EXPORT):
        return
    order, house = json.loads(turn.argument), turn.house
    form, code = Format(order["form"]), order["dialogue"]
    out = house.exports / secrets.token_hex(8) / f"{code}.{form}"
    count = await house.workers.run(
        exports.export, house.database, house.pack.folder, code, form, out, turn.where.language, house.clock()
    )
    turn.say("export.done", dialogue=code, count=count, files=[OutgoingFile(out, out.name, MEDIA_TYPES[form])])


def read_argument(argument: str) -> tuple[Format, str]:
    """A format and the code of a dialogue, in any order; the workbook and "" where nothing is said."""
    form, code = Format.XLSX, ""
    for word in argument.split():
        if word.lower() in list(Format):
            form = Format(word.lower())
        else:
            code = word.upper()
    return form, code
