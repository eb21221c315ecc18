"""Looking a proposal up by its code and key, on whatever phone: its state, and nothing of what it says."""

from __future__ import annotations

from bot.errors import InvalidError
from bot.feature import command, conversation
from bot.model import Phrase
from bot.state import Answer
from bot.talk import Talk
from bot.turn import Choice, Said, Turn
from handlers.acts import lookup as acts
from handlers.acts.lookup import Ask, Later, clean_key, of_chat, read
from handlers.acts.rights import Right
from handlers.looked_up import told

AGAIN = [[Choice(Phrase("lookup.again"), "/lookup_steps")]]
MOST_WORDS = 3  # of a command's argument; more are taken for a text, and a text that is a code starts the steps


@command("lookup", may=Right.FOLLOW, wordy=True)
async def lookup(turn: Turn) -> None:
    """Shows where the proposal of "CODE KEY" stands, or says how to ask; an open draft stays open."""
    if len(turn.argument.split()) > MOST_WORDS:
        return None
    code, key = read(turn.argument)
    if not key:
        steps = [[Choice(Phrase("lookup.steps"), f"/lookup_steps {code}".strip())]]
        return turn.say("lookup.how", buttons=steps)
    return await show(turn, code, key)


@conversation("lookup_steps", may=Right.FOLLOW, takes="code", payload=True)
async def lookup_steps(talk: Talk) -> None:
    """Asks for the code and the key, one after the other."""
    code, key = read(talk.argument)
    if not code:
        code, key = await talk.ask("code", "lookup.ask_code", parse_code)
    if not key:
        key = await talk.ask("key", "lookup.ask_key", parse_key, code=code)
    await show(talk, code, key)


def parse_code(answer: Answer) -> list[str]:
    """The code that was typed, and the key if it came along."""
    code, key = read(answer.text)
    if not code:
        raise InvalidError("lookup.no_code")
    return [code, key]


def parse_key(answer: Answer) -> str:
    """The key that was typed, with or without the code."""
    key = read(answer.text)[1] or clean_key(answer.text)
    if not key:
        raise InvalidError("lookup.no_key")
    return key


async def show(turn: Turn, code: str, key: str) -> None:
    """Says what the key shows. Only a wrong try is kept, and not who made it."""
    ask, now = Ask(code, key, of_chat(turn.where.address_id)), turn.now
    found = await acts.check(await turn.read(), ask, now)
    if not isinstance(found, Later):
        wrong = found is None
        if not await turn.once("tried", lambda tx: acts.count(tx, ask, now, wrong=wrong)):
            found = await acts.blocked(await turn.read(), ask, now)
    turn.said.append(Said(told(turn.house, found), [] if found else AGAIN))
