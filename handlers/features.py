"""The list of all features."""

from __future__ import annotations

from bot.feature import Features
from bot.insight.courtesy import Aside, aside
from bot.turn import Where
from handlers.acts.linking import is_code
from handlers.acts.lookup import is_line
from handlers.acts.rights import allows
from handlers.cards import FEWEST, letters
from handlers.heed import heed
from handlers.staff import (
    announce,
    articles,
    ask,
    broadcasts,
    clear,
    correct,
    dialogue,
    export,
    failures,
    groups,
    hear,
    make_event,
    manage,
    naming,
    pass_on,
    plan,
    points,
    queue,
    redeem,
    release,
    remind,
    selection,
    team,
    view,
)
from handlers.youth import (
    add,
    alike,
    at_event,
    change,
    events,
    files,
    heard,
    info,
    language,
    linking,
    lookup,
    menu,
    mine,
    missed,
    propose,
    settings,
    showing,
    start,
)
from handlers.youth import help as helping


def idle(where: Where, text: str, has_files: bool) -> str:
    """What a text is for where nothing is open."""
    known = where.person is not None and bool(where.person.age_band)
    about = None if has_files else aside(text)
    if about:
        return "greet" if known or where.role or about is Aside.PROGRAMME else "start"
    if is_line(text) and not has_files:
        return "lookup_steps"
    if is_code(text) and not has_files:
        return "connect"
    if letters(text) < FEWEST and not has_files:
        return "lost" if known else "start"
    return "propose"


def meant(text: str) -> str:
    """What a text is for where something else is open, if its author says so: a code of another chat hardly is a proposal."""
    return "connect" if is_code(text) else ""


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
        announce.announce,
        release.release,
        articles.article,
        clear.clear,
        naming.alias,
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
        broadcasts.broadcast,
        broadcasts.refresh,
        info.info,
        articles.shelve,
        alike.join,
        alike.leave,
        showing.agree,
        showing.disagree,
        clear.unflag,
        groups.show_groups,
        groups.regroup,
        groups.merge,
        naming.aliases,
        naming.unalias,
        manage.manage,
        selection.choose,
        points.points,
    ),
    jobs=(
        export.make_export,
        files.fetch,
        menu.offer,
        propose.opened,
        remind.remind,
        alike.look_up,
        groups.compare,
        broadcasts.watch,
        broadcasts.make_report,
    ),
    idle=idle,
    lost="lost",
    fetch="fetch",
    missed="missed",
    allows=allows,
    heed=heed,
    meant=meant,
)
