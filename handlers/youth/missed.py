"""What may not have reached somebody: shown again when they ask for it."""

from __future__ import annotations

from bot.feature import command
from bot.outgoing import in_language, said_again
from bot.turn import Turn
from handlers.acts import messages
from handlers.acts.rights import Right
from storage import outbox
from storage.database import micros


@command("missed", may=Right.TALK)
async def missed(turn: Turn) -> None:
    """Says everything again of which nobody knows whether it came."""
    address_id, language = turn.where.address_id, turn.where.language
    found = await outbox.unsure(await turn.read(), address_id)
    if not found:
        return turn.say("missed.none")
    for one in found:
        body = in_language(one.body, language) if one.is_broadcast else one.body
        turn.said += said_again(body)
    await turn.once("shown", lambda tx: messages.note_shown(tx, address_id, micros(turn.now)))
    return None
