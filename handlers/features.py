"""The list of all features."""

from __future__ import annotations

from bot.feature import Features
from bot.insight.courtesy import courtesy
from bot.turn import Where
from handlers.acts.linking import is_code
from handlers.acts.lookup import is_line
from handlers.acts.rights import allows
from handlers.cards import FEWEST, letters
from handlers.staff import (
    ask,
    correct,
    dialogue,
    export,
    failures,
    hear,
    make_event,
    manage,
    pass_on,
    plan,
    points,
    queue,
    redeem,
    remind,
    selection,
    team,
    view,
)
from handlers.youth import (
    add,
    at_event,
    change,
    events,
    files,
    heard,
    language,
    linking,
    lookup,
    menu,
    mine,
    missed,
    propose,
    settings,
    start,
)
from handlers.youth import help as helping


def idle(where: Where, text: str, has_files: bool) -> str:
    """What a text is for where nothing is open."""
    known = where.person is not None and bool(where.person.age_band)
    if courtesy(text) and not has_files:
        return "greet" if known or where.role else "start"
    if is_line(text) and not has_files:
        return "lookup_steps"
    if is_code(text) and not has_files:
        return "connect"
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
        lookup.lookup_steps,
        correct.correct,
        ask.ask,
        hear.hear,
        heard.reword,
        plan.plan,
        plan.redate,
        dialogue.succeed,
        pass_on.pass_on,
        team.appoint,
        team.dismiss,
        at_event.apply,
        at_event.check_in,
        at_event.ask_now,
        make_event.make_event,
        make_event.edit_event,
        make_event.cancel_event,
        points.point,
    ),
    commands=(
        mine.mine,
        mine.discard,
        lookup.lookup,
        settings.settings,
        linking.connect,
        linking.fetch_draft,
        helping.show_help,
        helping.lost,
        helping.greet,
        helping.privacy,
        language.language,
        missed.missed,
        heard.heard,
        events.show_events,
        events.attend,
        events.save_date,
        events.share,
        redeem.redeem,
        queue.queue,
        view.view,
        view.take_up,
        export.export,
        failures.failures,
        dialogue.dialogue,
        dialogue.duty,
        team.team,
        manage.manage,
        selection.choose,
        points.points,
    ),
    jobs=(export.make_export, files.fetch, menu.offer, propose.opened, remind.remind),
    idle=idle,
    lost="lost",
    fetch="fetch",
    missed="missed",
    allows=allows,
)
