"""Who a broadcast is for: what staff chose, as a condition on people."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from bot.model import Json
from storage.database import Reader, Value
from storage.reach import channel_of
from storage.sign_ups import SIGNED


@dataclass(frozen=True, slots=True)
class Audience:
    """Everyone who agreed, narrowed by what is not empty: all of it must fit, and of each list one of its items.

    `places` are codes of the dialogue's era, `topics` those of their proposals, `languages` those of their chats, `events`
    the numbers of those they signed up for. With `roles` it is staff of these roles instead, whether or not they take part themselves.
    """

    places: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    age_bands: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    events: tuple[int, ...] = ()
    roles: tuple[str, ...] = ()

    @property
    def is_staff(self) -> bool:
        return bool(self.roles)

    def to_json(self) -> Json:
        return {name: list(chosen) for name, chosen in asdict(self).items() if chosen}

    @classmethod
    def from_json(cls, value: Json) -> Audience:
        return cls(**{one.name: tuple(value.get(one.name, ())) for one in fields(cls)})


_SIGNED = ", ".join(f"'{state}'" for state in SIGNED)
# One line a criterion: the field of Audience, and the condition on `people p` that one of its items must meet.
CRITERIA = {
    "places": "p.place IN ({items})",
    "topics": "EXISTS (SELECT 1 FROM proposals q JOIN proposal_topics t ON t.proposal_id = q.id"
    " WHERE q.person_id = p.id AND q.state <> 'withdrawn' AND t.topic IN ({items}))",
    "age_bands": "p.age_band IN ({items})",
    "groups": "p.crowd IN ({items})",
    "languages": "EXISTS (SELECT 1 FROM addresses l WHERE l.person_id = p.id AND l.language IN ({items}))",
    "events": f"EXISTS (SELECT 1 FROM sign_ups g WHERE g.person_id = p.id AND g.state IN ({_SIGNED})"
    " AND g.event_id IN ({items}))",
    "roles": "EXISTS (SELECT 1 FROM staff s WHERE s.person_id = p.id AND s.role IN ({items}))",
}
_TAKES_PART = ("p.age_band <> ''", "p.wants_news = 1")  # agreed, and wants news; staff are told whatever they wish


def condition(audience: Audience) -> tuple[str, dict[str, Value]]:
    """A condition on `people p`, and its values."""
    tests = [] if audience.is_staff else [*_TAKES_PART]
    values = dict[str, Value]()
    for name, test in CRITERIA.items():
        chosen: tuple[str | int, ...] = getattr(audience, name)
        if chosen:
            keys = [f"{name}_{n}" for n in range(len(chosen))]
            values |= dict(zip(keys, chosen, strict=True))
            tests.append(test.format(items=", ".join(f":{key}" for key in keys)))
    return " AND ".join(tests), values


async def size(reader: Reader, audience: Audience) -> int:
    """How many people an audience has now."""
    return sum((await by_channel(reader, audience)).values())


async def by_channel(reader: Reader, audience: Audience) -> dict[str, int]:
    """How many people an audience has now, by the channel on which each is reached."""
    where, values = condition(audience)
    rows = await reader.rows(
        f"SELECT channel, count(*) AS n FROM (SELECT {channel_of('p.id')} AS channel FROM people p"
        f" WHERE {where}) AS reached WHERE channel IS NOT NULL GROUP BY channel ORDER BY channel",
        values,
    )
    return {row["channel"]: int(row["n"]) for row in rows}
