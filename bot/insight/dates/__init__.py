"""Days and times as people type them, in Vietnamese with marks or without and in English, and said back in full words.

What a text leaves open is never guessed: it is asked back, with the readings to choose from. The day comes before the
month. The first text that is read costs 60 ms, for the rules are made then; each after it a fifth of a millisecond.
"""

from bot.insight.dates.answers import Read, Reason, Unclear
from bot.insight.dates.reading import read
from bot.insight.dates.spoken import spoken, spoken_day, spoken_reading

__all__ = ["Read", "Reason", "Unclear", "read", "spoken", "spoken_day", "spoken_reading"]
