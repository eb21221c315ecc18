"""A strict stand-in for the Telegram Bot API, and people with phones around it."""
