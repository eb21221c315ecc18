"""The first sheet of a workbook: how many, by topic, kind, age, day and place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.exports.labels import Labels, fill
from bot.exports.page import Page
from bot.exports.sheet import Heading
from bot.exports.tally import Tally

DAY = "%d/%m/%Y"


def summary_widths(tally: Tally) -> list[float]:
    """The widths of the columns: names first, then a count for each topic and one for all."""
    return [40, *[10] * (len(tally.topics) + 1)]


def write_summary(page: Page, heading: Heading, tally: Tally, labels: Labels) -> None:
    """Writes all counts, the matrix of places and topics last."""
    page.set_paper(labels)
    _write_heading(page, heading, tally, labels)
    if not tally.total:
        return page.band(labels.nothing, "plain")
    _write_counts(page, labels.by_topic, labels, _named(tally.topics, labels.no_topic))
    _write_counts(page, labels.by_kind, labels, _by_size(_named(tally.kinds, labels.unknown)))
    _write_counts(page, labels.by_age_band, labels, sorted(_named(tally.age_bands, labels.unknown)))
    _write_counts(page, labels.by_day, labels, [(f"{day:{DAY}}", n) for day, n in sorted(tally.days.items())])
    return _write_matrix(page, tally, labels)


def _write_heading(page: Page, heading: Heading, tally: Tally, labels: Labels) -> None:
    made = fill(labels.made, time=f"{heading.made_at:%H:%M}", date=f"{heading.made_at:{DAY}}")
    page.band(heading.title, "title")
    page.band(heading.dialogue, "bold")
    page.band(made, "plain")
    page.band(fill(labels.all, count=tally.total), "bold")
    page.skip()


def _write_counts(page: Page, title: str, labels: Labels, counts: Iterable[tuple[str, int]]) -> None:
    page.write([title, labels.count], "head")
    for name, number in counts:
        page.write([name, number])
    page.skip()


def _write_matrix(page: Page, tally: Tally, labels: Labels) -> None:
    topics = list(tally.topics)
    page.sheet.repeat_rows(page.row)  # on the pages after this one
    page.write([labels.by_place_and_topic, *(topic or labels.no_topic for topic in topics), labels.total], "head")
    for place, number in _by_size(tally.places.items()):
        counts = [tally.groups[topic, place] or "" for topic in topics]
        page.write([place or labels.no_place, *counts, number])
    page.write([labels.total, *(tally.topics[topic] for topic in topics), tally.total], "total")


def _named(counts: Mapping[str, int], unknown: str) -> list[tuple[str, int]]:
    return [(name or unknown, number) for name, number in counts.items()]


def _by_size(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))
