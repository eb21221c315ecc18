"""The bot is killed and started again."""
