"""The list of all features."""

from __future__ import annotations

from bot.feature import Features
from bot.insight.courtesy import courtesy
from bot.turn import Where
from handlers.acts.rights import allows
from handlers.cards import FEWEST, letters
from handlers.staff import export, queue, redeem
from handlers.youth import add, change, files, language, menu, mine, propose, settings, start
from handlers.youth import help as helping


def idle(where: Where, text: str, has_files: bool) -> str:
    """What a text is for where nothing is open."""
    known = where.person is not None and bool(where.person.age_band)
    if courtesy(text) and not has_files:
        return "greet" if known or where.role else "start"
    if letters(text) < FEWEST and not has_files:
        return "lost" if known else "start"
    return "propose"


FEATURES = Features(
    conversations=(
        start.start,
        propose.propose,
        change.change,
        change.withdraw,
        add.add,
        settings.place,
    ),
    commands=(
        mine.mine,
        mine.discard,
        settings.settings,
        helping.show_help,
        helping.lost,
        helping.greet,
        helping.privacy,
        language.language,
        redeem.redeem,
        queue.queue,
        export.export,
    ),
    jobs=(export.make_export, files.fetch, menu.offer),
    idle=idle,
    lost="lost",
    fetch="fetch",
    allows=allows,
)
