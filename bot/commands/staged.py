"""Puts up the made-up events and articles of the demonstration."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.errors import PackError
from bot.insight.reader import profiler
from bot.pack import InventedArticle, InventedEvent, Pack, invented
from handlers.acts.articles import found_by
from handlers.acts.events import new_marks
from storage import articles, bridges, events
from storage.articles import Content
from storage.database import Transaction, micros
from storage.events import Plan, State


async def put_up(tx: Transaction, pack: Pack, era: int, host: str, now: datetime) -> None:
    """Publishes the events and shows the articles of a pack; nobody made them. Raises PackError for what cannot be read."""
    shown = invented(pack.folder)
    if shown.faults:
        raise PackError(f"{pack.folder / 'demo.toml'}: {shown.faults[0]}")
    for event in shown.content.events if shown.content else ():
        await publish(tx, event, pack, era, host, now)
    comparing = profiler(pack)
    for article in shown.content.articles if shown.content else ():
        words, profile = found_by(article.texts.values(), comparing)
        content = Content(article.section, article.topic, article.texts, (), (), words, profile)
        await articles.add(tx, content, None, micros(written(article, now)))


async def publish(tx: Transaction, event: InventedEvent, pack: Pack, era: int, host: str, now: datetime) -> None:
    plan = planned(event, pack, now)
    number = await events.add(tx, plan, new_marks(host), None, micros(now))
    tx.add(events.change(number, plan, State.PUBLISHED, 0, micros(now)))
    if plan.has_points:
        tx.add(*bridges.open_all(number, pack.bridge_points(era)))


def planned(event: InventedEvent, pack: Pack, now: datetime) -> Plan:
    """An invented event as it is planned: its day counts from today, where the dialogue is."""
    day = now.astimezone(pack.zone).date() + timedelta(days=event.day)

    def at(hour: time) -> int:
        return micros(datetime.combine(day, hour, pack.zone))

    return Plan(
        title=event.title,
        start_at=at(event.starts),
        end_at=at(event.ends),
        hall=event.hall,
        link=event.link,
        about=event.about,
        is_selective=event.is_selective,
        seats=event.seats,
        offsets=pack.facts.events.reminders,
        has_points=event.has_points,
    )


def written(article: InventedArticle, now: datetime) -> datetime:
    return now - timedelta(days=article.day)
