"""PostgreSQL, for several processes side by side; only what opens it imports it, since its driver takes memory."""

import logging

from storage.postgres.database import PostgresDatabase

__all__ = ["PostgresDatabase"]

# What its warnings quote may be what people wrote; what they warn of is raised as well.
logging.getLogger("psycopg").setLevel(logging.CRITICAL)
