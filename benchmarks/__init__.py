"""What the bot does in a second, and what it takes."""
