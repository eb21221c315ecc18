"""A strict stand-in for Zalo's Bot API, and people with phones around it."""
