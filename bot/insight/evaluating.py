"""How right the readings are on rows of texts, and what is read of each row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.insight.language import language
from bot.insight.measures import grouped, lower_bound, macro_f1, share
from bot.insight.places import Gazetteer
from bot.insight.reader import compared
from bot.insight.similar import shown
from bot.insight.topics import scorer
from bot.model import Json
from bot.pack import Pack

Row = Mapping[str, Json]
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Measured:
    """What is read of each row, the figures, and lines for whoever wants to see more."""

    predictions: list[Json]
    figures: Figures
    more: list[str]


# -- topics


def topics(rows: Sequence[Row], pack: Pack) -> Measured:
    """Main topics against any of those listed."""
    judge = scorer(pack)
    scored = [judge.score(row["text"]) for row in rows]
    predictions = [
        {"id": row["id"], "text": row["text"], "topics": [one.slug for one in found],
         "scores": [round(one.score, 4) for one in found], "version": judge.version}
        for row, found in zip(rows, scored, strict=True)
    ]  # fmt: skip
    best, wanted = [found[0].slug for found in scored], [row["topics"] for row in rows]
    right = [one in listed for one, listed in zip(best, wanted, strict=True)]
    extra = [one.slug in row["topics"] for row, found in zip(rows, scored, strict=True) for one in found[1:]]
    figures = {
        "texts": len(rows),
        "accuracy, any listed": share(right),
        "lower 90 % bound": lower_bound(right),
        "macro-F1, topics with 8 texts": macro_f1(wanted, best),
        "further topics that are listed": share(extra),
    }
    return Measured(predictions, figures, list(_confusion(rows, best)))


def _confusion(rows: Sequence[Row], best: Sequence[str]) -> Iterator[str]:
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for row, one in zip(rows, best, strict=True):
        table[row["topics"][0]][one if one not in row["topics"] else "(right)"] += 1
    for slug, counts in sorted(table.items()):
        yield f"{slug}: " + ", ".join(f"{one} {count}" for one, count in counts.most_common())
    for row, one in zip(rows, best, strict=True):
        if one not in row["topics"]:
            yield f"  {row['id']} {one} for {','.join(row['topics'])}: {row['text']}"


# -- places


def places(rows: Sequence[Row], pack: Pack) -> Measured:
    """Units against those expected: one, several of which all have to be offered, or none."""
    gazetteers: dict[int, Gazetteer] = {}
    predictions, more = list[Json](), list[str]()
    right, wrong, confident = list[bool](), list[bool](), list[bool]()
    for row in rows:
        era = pack.era(row.get("era", 0))
        if era not in gazetteers:
            gazetteers[era] = Gazetteer(pack, era)
        found = gazetteers[era].understood(row["text"])
        answer = _as_answer([candidate.unit.code for candidate in found])
        named = [candidate.former.code for candidate in found if candidate.former]
        sure = all(one.sure for one in found)
        predictions.append({"id": row["id"], "text": row["text"], **answer, "sure": sure, "former": named})
        right.append(_is_right(answer, row["expect"]))
        wrong.append("one" in answer and not right[-1])
        confident.append(wrong[-1] and sure)
        if not right[-1]:
            more.append(f"  {row['id']} {row['text']}: {answer} for {row['expect']}")
    figures = {
        "texts": len(rows),
        "right": share(right),
        "confident and wrong": share(confident),
        "one wrong unit, sure or asked about": share(wrong),
    }
    return Measured(predictions, figures, more)


def _as_answer(codes: Sequence[str]) -> dict[str, Json]:
    if not codes:
        return {"none": True}
    return {"one": codes[0]} if len(codes) == 1 else {"ambiguous": list(codes)}


def _is_right(answer: Mapping[str, Json], expected: Mapping[str, Json]) -> bool:
    if "ambiguous" in expected:
        return set(expected["ambiguous"]) <= set(answer.get("ambiguous", ())) and "ambiguous" in answer
    return answer == expected


# -- similar


def similar(rows: Sequence[Row], pack: Pack) -> Measured:
    """Neighbours and groups of one dialogue, its rows in their order."""
    found = compared([(row["id"], row["text"]) for row in rows], pack)
    wanted = {row["id"]: row["group"] for row in rows}
    anew = {id_: group.ids[0] for group in found.anew for id_ in group.ids}
    offered = {id_: shown(near) for id_, near in found.nearest.items()}
    predictions = [
        {"id": row["id"], "text": row["text"], "neighbours": [near.id for near in found.nearest[row["id"]]],
         "shown": bool(offered[row["id"]]), "shown_ids": [near.id for near in offered[row["id"]]],
         "cluster": anew[row["id"]], "joined": found.groups[row["id"]]}
        for row in rows
    ]  # fmt: skip

    def same(id_: str, other: str) -> bool:
        return wanted[id_] is not None and wanted[id_] == wanted[other]

    hits = [any(same(id_, near.id) for near in found.nearest[id_][:3]) for id_ in wanted if wanted[id_] is not None]
    pairs = [same(id_, near.id) for id_, nears in offered.items() for near in nears]
    alone = [bool(offered[id_]) for id_ in wanted if wanted[id_] is None]
    groups, joined = grouped(wanted, anew), grouped(wanted, found.groups)
    figures = {
        "texts": len(rows),
        "hit@3": share(hits),
        "of what is shown, right": share(pairs),
        "texts with something shown": sum(map(bool, offered.values())),
        "singles with something shown": share(alone),
        "pairs: precision": groups.precision,
        "pairs: recall": groups.recall,
        "pairs: F1": groups.f1,
        "singles merged": groups.merged,
        "B-cubed F1": groups.b_cubed,
        "one by one: F1": joined.f1,
        "one by one: singles merged": joined.merged,
    }
    return Measured(predictions, figures, [])


# -- language


def languages(rows: Sequence[Row], pack: Pack) -> Measured:
    """The language of each row, by language and kind."""
    found = [language(row["text"]) for row in rows]
    predictions = [
        {"id": row["id"], "text": row["text"], "language": one} for row, one in zip(rows, found, strict=True)
    ]
    right = [one == row["language"] for row, one in zip(rows, found, strict=True)]
    parts: dict[str, list[bool]] = defaultdict(list)
    for row, is_right in zip(rows, right, strict=True):
        parts[row["language"]].append(is_right)
        parts[f"{row['language']}, {row.get('kind', '')}"].append(is_right)
    figures = {"texts": float(len(rows)), "accuracy": share(right)}
    figures |= {part: share(truths) for part, truths in sorted(parts.items())}
    wrong = (f"  {row['id']} {one} for {row['language']}: {row['text']}"
             for row, one in zip(rows, found, strict=True) if one != row["language"])  # fmt: skip
    return Measured(predictions, figures, list(wrong))


MEASURES: Mapping[str, Callable[[Sequence[Row], Pack], Measured]] = {
    "topics": topics,
    "places": places,
    "similar": similar,
    "language": languages,
}
