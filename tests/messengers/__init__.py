"""Messengers from people's side: what they do there goes to the bot, and what it says is on their screens."""
