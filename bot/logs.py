"""Logging: one line an event, to standard error. No texts, names or tokens: ids say what it was about."""

from __future__ import annotations

import logging
import sys
from typing import Literal

import structlog


class Discreet(logging.Filter):
    """Takes the message of an error out of a library's line: it may quote what somebody sent."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[0]:
            record.msg = f"{record.msg} ({record.exc_info[0].__name__})"
            record.exc_info = record.exc_text = None
        return True


def set_up(level: str, form: Literal["console", "json"]) -> None:
    """Sets up logging; call it once, at start."""
    number = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(
        level=max(number, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # a tick still at work is meant to be left out
    for handler in logging.getLogger().handlers:
        handler.addFilter(Discreet())
    renderer = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
