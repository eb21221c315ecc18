"""Many people, a bad line, and a bot that is killed at any moment, on both databases."""
