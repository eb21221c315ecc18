"""The machine: it takes messages in, runs conversations and sends what they say. It knows no feature by name."""
