"""Places that stand in a text beside one that is certain: who names two communes is asked which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.insight.mentions import Mention, Reading
from bot.insight.place_words import BELONGING, INSISTING, JOINING, PEOPLE, REACHING, Words


def companions(certain: Sequence[Mention], named: Sequence[Mention], reading: Reading) -> Iterator[Mention]:
    """Those of the `named` units that stand as places do, or side by side with one of the certain or another of these."""
    kept = list(certain)
    for mention in named:
        if mention not in certain and _is_placed(mention, kept, reading):
            kept.append(mention)
            yield mention


def _is_placed(mention: Mention, beside: Sequence[Mention], reading: Reading) -> bool:
    return stands_as_place(mention, reading) or is_visited(mention, reading) or _is_joined(mention, beside, reading)


def stands_as_place(mention: Mention, reading: Reading) -> bool:
    """Whether a word before the name says that a place follows: "về Tri Lễ", "người Tri Lễ"."""
    return mention.start not in reading.breaks and _is_behind(mention, reading, REACHING, BELONGING, JOINING)


def _is_behind(mention: Mention, reading: Reading, *wanted: Words) -> bool:
    """Whether one of such words stands before the name, and is no end of another: "hữu lân lộc bình"."""
    before = mention.start - 1
    inside = any(one.start <= before < one.end for one in reading.mentions)
    return not inside and any(reading.says(before, words) for words in wanted)


def joined(mentions: Sequence[Mention], reading: Reading) -> Iterator[Mention]:
    """The units without a type that are joined to another place before: "Hồng Phong và Bình Gia"."""
    return (one for one in mentions[1:] if not one.type and _is_behind(one, reading, JOINING))


def is_visited(mention: Mention, reading: Reading) -> bool:
    """Whether it is written as a name, and somebody goes there or people are of it: "đi qua Nhân Lý", "học sinh Ái Quốc"."""
    if not mention.is_capital or len(mention.name) < 2 or reading.is_shouted:
        return False
    is_date = mention.end < len(reading.tokens) and reading.tokens[mention.end].isdecimal()
    return not is_date and _is_behind(mention, reading, REACHING, PEOPLE)


def is_affirmed(mention: Mention, reading: Reading) -> bool:
    """Whether a text begins with the name and a word that insists on it: "Minh Khai chứ đâu"."""
    return mention.start == 0 and mention.is_capital and reading.says(mention.end, INSISTING)


def is_reached(mention: Mention, reading: Reading) -> bool:
    """Whether somebody goes there from another place of the text, or it is joined to one."""
    others = [other for other in reading.mentions if other is not mention]
    if any(other.type or reading.is_after_at(other) for other in others) and _is_behind(mention, reading, REACHING):
        return True
    if not mention.type:
        return False  # "xã Tri Lễ và thống nhất làm đường"
    return any(other.end == mention.start - 1 for other in others) and _is_behind(mention, reading, JOINING)


def _is_joined(mention: Mention, others: Sequence[Mention], reading: Reading) -> bool:
    return any(_meet(one, other, reading) for near in others for one, other in ((near, mention), (mention, near)))


def _meet(first: Mention, second: Mention, reading: Reading) -> bool:
    """Whether nothing stands between two names but a comma, a dash or a word that joins them: "Tri Lễ và Yên Phúc"."""
    between = range(first.end, second.start)
    if len(between) == 1:
        return reading.says(first.end, JOINING)
    return first.end == second.start and second.start in reading.breaks and second.is_capital and first.is_capital
