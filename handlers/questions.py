"""Questions that several features share: who somebody is, and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count

from bot.errors import InvalidError
from bot.insight.candidates import Candidate
from bot.insight.folding import fold, words
from bot.model import Json, Phrase
from bot.state import Answer
from bot.talk import Talk
from handlers.acts import linking, people
from handlers.acts.people import Known
from storage.database import Transaction, micros
from storage.people import Consent, Place

SHOWN = 9  # places offered at once
LONG = 60  # characters: more is no place's name
NAMING = (
    8  # words: a name with its district and province may have one or two more; what is longer is kept as a text too
)
PLAIN_AGE = re.compile(  # ten or more: a single digit is the number of a list
    r"(?:(?:da |du )?(?:em|minh|toi|chau|e|anh|chi|i am|i'm|im) )?(?:nam nay |duoc |vua |moi )*([1-9]\d) ?(?:t|tuoi|years old|years|yo)?(?: a| roi| nhe| nha)*"
)
UNDER_AGE = re.compile(
    r"(?:(?:da )?(?:em|minh|toi|chau|e|i am|i'm|im) )?(?:duoi|chua du|chua den|chua|sap|under|below) (\d\d)(?: ?t| tuoi| years old| years)?(?: a)?"
)
AGREES = frozenset({"dong y", "em dong y", "toi dong y", "minh dong y", "dong y a", "agree", "i agree"})
DECLINES = frozenset(
    {"khong", "khong a", "khong dong y", "em khong dong y", "toi khong dong y", "no", "i do not agree"}
)
PLACE = "p_"  # what a link begins with that carries a place


async def known_person(talk: Talk, aside: str) -> Known | None:
    """The person, asked once in a lifetime for consent, age and place; None for one who is not taken in.

    What is written in between goes to the question `aside`.
    """
    before = await talk.keep("known", lambda: _as_known(talk))
    if before and before["is_placed"]:
        return Known(as_now(talk, before["id"]), before["age_band"], before["place"], before["former_place"])
    first, band = (before["id"], before["age_band"]) if before else await _join(talk, aside)
    if first is None:
        return None
    person_id, place = as_now(talk, first), await _own_place(talk, aside)
    await talk.once("place", lambda tx: people.settle(tx, person_id, place, micros(talk.now)))
    return Known(person_id, band, place.unit, place.former)


def as_now(talk: Talk, person_id: int) -> int:
    """The person behind the chat: its conversation may have begun before it was linked with another."""
    return talk.where.person.id if talk.where.person else person_id


async def _join(talk: Talk, aside: str) -> tuple[int | None, str]:
    """Asks for consent and age; the id of the person taken in, or None, and the age band."""
    if not await _consents(talk, aside):
        await _turn_away(talk, "start.refused")
        return None, ""
    consented_at = await talk.keep("consented", lambda: _now(talk))
    band = await ask_age(talk, "age", [band.slug for band in talk.house.pack.facts.ages], aside=aside)
    if not talk.house.pack.age(band).admitted:
        await _turn_away(talk, "start.too_young")
        return None, band
    consent = Consent(talk.house.pack.facts.consent_version, talk.where.language, talk.where.channel, consented_at)
    person = talk.where.person
    joining = people.Joining(talk.where.address_id, person.id if person else None, consent, band)
    return await talk.once("person", lambda tx: people.join(tx, joining, micros(talk.now))), band


async def _as_known(talk: Talk) -> Json:
    person = talk.where.person
    if person is None or not person.age_band:
        return None
    return {"id": person.id, "age_band": person.age_band, "place": person.place, "former_place": person.former_place,
            "is_placed": person.is_placed}  # fmt: skip


async def _now(talk: Talk) -> int:
    return micros(talk.now)


async def _consents(talk: Talk, aside: str) -> bool:
    """Asks for consent; "what do you keep?" answers and asks again."""
    options = {"yes": "consent.yes", "no": "consent.no", "what": "consent.what"}
    others = {
        f"/language {name}": f"language.{name}" for name in talk.house.texts.languages if name != talk.where.language
    }
    for n in count():
        text = "consent.again" if n else "consent.ask"
        answer = await talk.choose(
            f"consent{n}", text, options | others, aside=aside, spoken=spoken_consent, welcome=Phrase("pack.welcome")
        )
        if answer != "what":
            return answer == "yes"
        talk.say("pack.privacy")
    raise AssertionError("count() has no end")


def spoken_consent(text: str) -> str:
    """What a plain word of consent or refusal means."""
    said = fold(text).strip(" .,!")
    return "yes" if said in AGREES else "no" if said in DECLINES else ""


async def _turn_away(talk: Talk, text: str) -> None:
    """A kind end; nothing is kept."""
    talk.forget()

    async def let_go(tx: Transaction) -> bool:
        await people.turn_away(tx, talk.where.address_id)
        if talk.where.person and talk.where.person.age_band:  # it was linked while this was asked
            await linking.leave(tx, talk.where.person.id, talk.where.address_id, talk.now)
        return True

    await talk.once("turned away", let_go)
    talk.say(text, helpline=Phrase("pack.helpline"))


async def ask_age(talk: Talk, key: str, bands: Sequence[str], aside: str = "") -> str:
    """Asks for the age by one press."""

    def told(text: str) -> str:
        """The band of an age that was written and is all that was written: "em 15 tuổi ạ", "dưới 16"."""
        said = fold(text).strip(" .,!")
        ages, under, age = talk.house.pack.facts.ages, UNDER_AGE.fullmatch(said), PLAIN_AGE.fullmatch(said)
        if under and int(under[1]) <= min(band.youngest for band in ages if band.admitted):
            return next(band.slug for band in ages if not band.admitted)
        return next((band.slug for band in ages if age and band.covers(int(age[1]))), "")

    return await talk.choose(key, "age.ask", {band: f"age.{band}" for band in bands}, aside=aside, spoken=told)


# -- places


async def _own_place(talk: Talk, aside: str) -> Place:
    """The place a link carried along, or the answer to the question for it."""
    code = talk.argument.removeprefix(PLACE)
    if talk.argument.startswith(PLACE) and any(unit.code == code for unit in talk.house.pack.units(talk.house.era)):
        return Place(code)
    written = "\n".join(answer.text for answer in talk.waiting(aside))
    guessed = await talk.keep("guessed place", lambda: _guess(talk, written))
    return await ask_place(talk, "where", guessed, aside)


async def _guess(talk: Talk, text: str) -> list[list[str]]:
    """The place a text speaks of, if it is one."""
    found = [pair(candidate) for candidate in talk.house.places.mentioned(text) if candidate.sure]
    return found if len(found) == 1 else []


def pair(candidate: Candidate) -> list[str]:
    """A candidate as the codes of its unit and of the old unit that was named."""
    return [candidate.unit.code, candidate.former.code if candidate.former else ""]


async def ask_place(talk: Talk, key: str, offered: list[list[str]], aside: str = "") -> Place:
    """Asks for a place until one is found, chosen among several, or skipped. A whole story instead goes `aside`."""

    def parse(answer: Answer) -> Json:
        if answer.option == "skip":
            return {"chosen": ["", ""], "typed": "", "found": []}
        if answer.option:
            return {"chosen": answer.option[1:].split("-"), "typed": "", "found": []}
        story = aside and len(words(answer.text)) > NAMING
        if story:  # it may say more than where
            talk.set_aside(aside, answer)
        if aside and len(answer.text) > LONG:
            raise InvalidError("talk.noted")
        found = talk.house.places.find(answer.text)
        if story and not found:
            raise InvalidError("talk.noted")
        if not found:
            raise InvalidError("place.unknown")
        codes = [pair(candidate) for candidate in found][:SHOWN]
        sure = len(found) == 1 and found[0].sure
        return {"chosen": codes[0] if sure else None, "typed": answer.text[:100], "found": codes}

    typed = ""
    for n in count():
        options = {f"u{unit}-{former}": talk.house.pack.place(unit, former, talk.house.era) for unit, former in offered}
        text = "place.which" if typed else "place.ask"
        said = await talk.ask(
            f"{key}{n}", text, parse, options | {"skip": Phrase("place.skip")}, aside=aside,
            typed=typed, example=Phrase("pack.place_example"),
        )  # fmt: skip
        typed = said["typed"] or typed
        if said["chosen"]:
            unit, former = said["chosen"]
            return Place(unit, former, typed if unit else "")
        offered = said["found"]
    raise AssertionError("count() has no end")
