"""Learns the topics of a pack from its examples and counts how common its words are; writes both into its folder."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bot import pack as packs
from bot.errors import SettingsError
from bot.insight import aims
from bot.insight.commonness import Commonness, counted
from bot.insight.concepts import Lexicon
from bot.insight.lookout import EXAMPLES, learn
from bot.insight.lookout import FILE as DANGER
from bot.insight.profiles import Profiler
from bot.insight.reader import COMMONNESS, place_names
from bot.insight.topic_model import from_json
from bot.insight.topics import FILE
from bot.insight.training import examples_of, train
from bot.model import Json
from bot.workers import OneAtATime


async def run(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.pack or packs.DEFAULT
    trained = await OneAtATime().run(train, folder)
    write(folder / FILE, trained["model"])
    write(folder / COMMONNESS, counts(folder).to_json())
    if (folder / aims.EXAMPLES).exists():
        write(folder / aims.FILE, await OneAtATime().run(aims.learn, folder))
    if (folder / EXAMPLES).exists():
        write(folder / DANGER, await OneAtATime().run(learn, folder))
    print(f"{folder / FILE}: {trained['after']:.3f} of the part that was held out, typed well and badly")
    return 0


def counts(folder: Path) -> Commonness:
    """How common notions and words are in the examples of a pack; read with the model that lies there."""
    pack = packs.load(folder)
    make = Profiler(Lexicon(pack.concepts), None, place_names(pack))
    return counted(make.profile(one.text) for one in examples_of(pack))


def write(file: Path, content: Json) -> None:
    """Writes JSON, a line a feature, so that a difference can be read. Raises SettingsError where it cannot."""
    if "weights" in content:
        from_json(content)
    try:
        file.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from error
