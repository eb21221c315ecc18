"""The figures of a storm, and of several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.telegram.faults import Kind
from tests.telegram.server import StandIn
from tests.torture.ground import Ground
from tests.torture.news import News, arrived, in_outbox
from tests.torture.person import Person
from tests.torture.phases import Phase
from tests.torture.storm import Storm


@dataclass(frozen=True)
class Figures:
    """What happened. `nowhere` are the kills that met the bot in no phase; one may meet it in several."""

    where: str
    kills: int
    hits: Counter[Phase]
    nowhere: int
    faults: Counter[str]
    more: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def __str__(self) -> str:
        phases = "  ".join(f"{phase} {self.hits[phase]}" for phase in Phase)
        faults = "  ".join(f"{kind} {times}" for kind, times in sorted(self.faults.items()))
        more = "  ".join(f"{what} {count}" for what, count in self.more.items())
        return (
            f"{self.where}: {self.kills} kills, {self.seconds:.0f} s\n"
            f"  within     {phases}  none of these {self.nowhere}\n  faults     {faults}\n  came of it {more}"
        )


def figures(
    where: str, storm: Storm, people: Sequence[Person], news: News, ground: Ground, standin: StandIn, seconds: float
) -> Figures:
    came, thought = arrived(standin.world), in_outbox(ground.books, news.begun)
    unsure = [key for key, status in thought.items() if status == "unsure"]
    bot, known = standin.world.messages_by_bot(), ground.books.messages_sent()
    twice_or_unsure = bot - known
    more = Counter(
        {
            "people": len(people),
            "proposals": sum(len(person.sent) for person in people),
            "pressed again": sum(person.again for person in people),
            "broadcasts": len(news.begun),
            "broadcast messages": sum(came.values()),
            "unsure": len(unsure),
            "of those arrived": sum(came[key] for key in unsure),
            "replies that came twice": twice_or_unsure - sum(came[key] for key in unsure),
        }
    )
    nowhere = sum(not kill.hit for kill in storm.trail)
    return Figures(where, len(storm.trail), storm.hits, nowhere, struck(standin), more, seconds)


def struck(standin: StandIn) -> Counter[str]:
    """The faults of the line by kind; repeats of updates are redeliveries as well."""
    faults = Counter[str]()
    for (_, kind), times in standin.faults.struck.items():
        faults[kind.value] += times
    faults[Kind.TOO_MANY.value] += standin.limits.refused if standin.limits else 0
    faults[Kind.REDELIVERY.value] += standin.world.repeated
    return faults


def total(several: Sequence[Figures]) -> Figures:
    """All of them as one."""
    hits, faults, more = Counter[Phase](), Counter[str](), Counter[str]()
    for one in several:
        hits.update(one.hits)
        faults.update(one.faults)
        more.update(one.more)
    return Figures(
        "in all", sum(one.kills for one in several), hits, sum(one.nowhere for one in several), faults, more,
        sum(one.seconds for one in several),
    )  # fmt: skip
