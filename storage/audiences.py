"""Who a broadcast is for: what staff chose, as a condition on people."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from bot.model import Json
from storage.database import Reader, Value


@dataclass(frozen=True, slots=True)
class Audience:
    """Everyone who agreed, narrowed by what is not empty: all of it must fit, and of each list one of its items.

    `places` are codes of the dialogue's era, `topics` those of their proposals, `languages` those of their chats.
    """

    places: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    age_bands: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def to_json(self) -> Json:
        return {name: list(chosen) for name, chosen in asdict(self).items() if chosen}

    @classmethod
    def from_json(cls, value: Json) -> Audience:
        return cls(**{one.name: tuple(value.get(one.name, ())) for one in fields(cls)})


_FITS = {
    "places": "p.place IN ({items})",
    "topics": "EXISTS (SELECT 1 FROM proposals q JOIN proposal_topics t ON t.proposal_id = q.id"
    " WHERE q.person_id = p.id AND q.state <> 'withdrawn' AND t.topic IN ({items}))",
    "age_bands": "p.age_band IN ({items})",
    "groups": "p.crowd IN ({items})",
    "languages": "EXISTS (SELECT 1 FROM addresses l WHERE l.person_id = p.id AND l.language IN ({items}))",
}


def condition(audience: Audience) -> tuple[str, dict[str, Value]]:
    """A condition on `people p`, and its values. It leaves out who did not agree and who wants no news."""
    tests, values = ["p.age_band <> ''", "p.wants_news = 1"], dict[str, Value]()
    for name, test in _FITS.items():
        chosen: tuple[Any, ...] = getattr(audience, name)
        if chosen:
            keys = [f"{name}_{n}" for n in range(len(chosen))]
            values |= dict(zip(keys, chosen, strict=True))
            tests.append(test.format(items=", ".join(f":{key}" for key in keys)))
    return " AND ".join(tests), values


async def size(reader: Reader, audience: Audience) -> int:
    """How many people an audience has now."""
    where, values = condition(audience)
    [row] = await reader.rows(
        f"SELECT count(*) AS n FROM people p WHERE {where} AND EXISTS (SELECT 1 FROM addresses a WHERE a.person_id = p.id)",
        values,
    )
    return int(row["n"])
