"""Reading of texts beside libraries that do the same, on the same texts in one run: speed, memory, how often right.

Needs what benchmarks/peers/insight.lock holds; `make bench` has it.
"""

from __future__ import annotations

import json
import sqlite3
import time
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import pack as packs
from bot.insight.folding import fold
from bot.insight.language import language
from bot.insight.nearby import Nearby
from bot.insight.noise import KINDS, noisy
from bot.insight.places import Gazetteer
from bot.insight.reader import commonness, profiler
from bot.insight.topics import scorer
from bot.insight.training import examples_of, train

DATA = Path(__file__).parent.parent / "tests" / "bot" / "insight" / "data"
PACK = packs.load(packs.DEFAULT)


@dataclass(frozen=True, slots=True)
class Reading:
    """How something reads texts: what it is called, the share it gets right, seconds a text, megabytes it holds."""

    name: str
    right: float
    seconds: float
    megabytes: float


def rows(what: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / f"dev-{what}.jsonl").read_text("utf-8").splitlines()]


def measure(name: str, make: Callable[[], Callable[[str], object]], asked: Sequence[tuple[str, object]]) -> Reading:
    """Builds a reader and asks it every text once; the first answer, which may load things, does not count."""
    tracemalloc.start()
    read = make()
    read("xin chao")
    held = tracemalloc.get_traced_memory()[0] / 1_048_576
    tracemalloc.stop()
    begun = time.perf_counter()
    right = [fits(read(text), wanted) for text, wanted in asked]
    return Reading(name, sum(right) / len(right), (time.perf_counter() - begun) / len(asked), held)


def fits(found: object, wanted: object) -> bool:
    return found in wanted if isinstance(wanted, list) else found == wanted


def tell(title: str, readings: Iterable[Reading]) -> None:
    """Ours first; the others as ratios to it."""
    ours, *others = readings
    print(f"\n{title}", flush=True)
    print(f"  {ours.name:34}{ours.right:7.3f} right{1e3 * ours.seconds:9.3f} ms{ours.megabytes:8.1f} MB of Python")
    for one in others:
        print(f"  {one.name:34}{one.right:7.3f} right{1e3 * one.seconds:9.3f} ms{one.megabytes:8.1f} MB of Python; "
              f"ours takes {ours.seconds / one.seconds:.2f} of its time")  # fmt: skip


# -- languages


def languages() -> None:
    asked = [(row["text"], row["language"]) for row in rows("language") if row["language"] != "unsure"]
    tell("languages", (measure(name, make, asked) for name, make in (
        ("ours", lambda: language), ("langdetect", langdetect_reader), ("lingua", lingua_reader))))  # fmt: skip


def as_code(found: str) -> str:
    code = found.lower()[:2]
    return code if code in ("vi", "en", "zh") else "other"


def langdetect_reader() -> Callable[[str], str]:
    from langdetect import DetectorFactory, LangDetectException, detect

    DetectorFactory.seed = 0

    def read(text: str) -> str:
        try:
            return as_code(detect(text))
        except LangDetectException:
            return "unsure"

    return read


def lingua_reader() -> Callable[[str], str]:
    from lingua import LanguageDetectorBuilder

    detector = LanguageDetectorBuilder.from_all_languages().build()

    def read(text: str) -> str:
        found = detector.detect_language_of(text)
        return as_code(found.iso_code_639_1.name) if found else "unsure"

    return read


# -- topics


def topics() -> None:
    clean = [(row["text"], row["topics"]) for row in rows("topics")]
    kinds = list(KINDS)
    typed = [(noisy(text, kinds[at % len(kinds)]), wanted) for at, (text, wanted) in enumerate(clean)]
    for title, asked in (("topics", clean), ("topics, badly typed", typed)):
        tell(title, (measure(name, make, asked) for name, make in (
            ("ours", our_topics), ("TF-IDF of words, linear SVM", lambda: svm("word", (1, 2))),
            ("TF-IDF of letters, linear SVM", lambda: svm("char_wb", (2, 5))))))  # fmt: skip
    begun = time.perf_counter()
    train(packs.DEFAULT)
    print(f"  training, three models{time.perf_counter() - begun:26.1f} s")


def our_topics() -> Callable[[str], str]:
    judge = scorer(PACK)
    return lambda text: judge.score(text)[0].slug


def svm(analyzer: str, lengths: tuple[int, int]) -> Callable[[str], str]:
    """What one would write in five lines: the same examples with their noisy variants."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    told = [(text, one.topics[0]) for one in examples_of(PACK) for text in (one.text, noisy(one.text, "messy"))]
    model = make_pipeline(TfidfVectorizer(analyzer=analyzer, ngram_range=lengths), LinearSVC())
    model.fit([text for text, _ in told], [slug for _, slug in told])
    return lambda text: str(model.predict([text])[0])


# -- places


def places() -> None:
    asked = [
        (row["text"], row["expect"]["one"]) for row in rows("places") if "one" in row["expect"] and not row.get("era")
    ]
    tell("places, where one is meant", (measure(name, make, asked) for name, make in (
        ("ours", our_places), ("rapidfuzz, the best of all names", fuzzy_places))))  # fmt: skip


def our_places() -> Callable[[str], str]:
    gazetteer = Gazetteer(PACK)

    def read(text: str) -> str:
        found = gazetteer.understood(text)
        return found[0].unit.code if len(found) == 1 else ""

    return read


def fuzzy_places() -> Callable[[str], str]:
    from rapidfuzz import fuzz, process

    old, new = PACK.facts.eras
    names = {fold(f"{unit.name} {unit.district}"): unit.successors[0] for unit in PACK.units(old)}
    names |= {fold(unit.name): unit.code for unit in PACK.units(new)}

    def read(text: str) -> str:
        found = process.extractOne(fold(text), names.keys(), scorer=fuzz.token_set_ratio)
        return names[found[0]] if found else ""

    return read


# -- proposals that ask for the same


def similar() -> None:
    told = rows("similar")
    wanted = {row["id"]: row["group"] for row in told}
    asked = [id_ for id_, group in wanted.items() if group]
    print("\nthe same need among the first three (hit@3)")
    for name, make in (
        ("ours", our_nearest), ("SQLite FTS5 alone", fts_nearest), ("TF-IDF of letters", cosine_nearest),
    ):  # fmt: skip
        tracemalloc.start()
        nearest, beside = make(told)
        held = (tracemalloc.get_traced_memory()[0] + beside()) / 1_048_576
        tracemalloc.stop()
        begun = time.perf_counter()
        hits = [any(wanted[other] == wanted[id_] for other in nearest(id_)[:3]) for id_ in asked]
        taken = 1e3 * (time.perf_counter() - begun) / len(asked)
        print(f"  {name:34}{sum(hits) / len(hits):7.3f}{taken:12.3f} ms a text{held:8.1f} MB for {len(told)} texts")


Nearest = Callable[[str], list[str]]
Bytes = Callable[[], int]  # held outside of Python


def our_nearest(told: Sequence[dict[str, Any]]) -> tuple[Nearest, Bytes]:
    make, index = profiler(PACK), Nearby(commonness(PACK))
    texts = {row["id"]: row["text"] for row in told}
    for id_, text in texts.items():
        index.add(id_, make.profile(text))
    return lambda id_: [near.id for near in index.nearest(make.profile(texts[id_]), without=id_)], lambda: 0


def fts_nearest(told: Sequence[dict[str, Any]]) -> tuple[Nearest, Bytes]:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE f USING fts5(id UNINDEXED, text)")
    database.executemany("INSERT INTO f VALUES (?, ?)", [(row["id"], fold(row["text"])) for row in told])
    texts = {row["id"]: row["text"] for row in told}

    def read(id_: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in set(fold(texts[id_]).split()) if word.isalnum())
        found = database.execute("SELECT id FROM f WHERE f MATCH ? AND id <> ? ORDER BY rank LIMIT 3", (words, id_))
        return [row[0] for row in found]

    def size() -> int:
        [pages], [page] = (database.execute(f"PRAGMA page_{of}").fetchone() for of in ("count", "size"))
        return int(pages) * int(page)

    return read, size


def cosine_nearest(told: Sequence[dict[str, Any]]) -> tuple[Nearest, Bytes]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4))
    matrix = vectorizer.fit_transform([fold(row["text"]) for row in told])
    ids = [row["id"] for row in told]

    def read(id_: str) -> list[str]:
        scores = (matrix @ matrix[ids.index(id_)].T).toarray().ravel()
        return [ids[at] for at in (-scores).argsort()[:4] if ids[at] != id_]

    return read, lambda: 0  # numpy's memory is seen as Python's


if __name__ == "__main__":
    languages()
    topics()
    places()
    similar()
