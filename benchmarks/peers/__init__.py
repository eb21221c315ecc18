"""Bots that only repeat what they are told: what this one is measured beside. Each is given a token and an address."""
