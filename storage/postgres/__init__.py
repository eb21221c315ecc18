"""PostgreSQL, for several processes side by side; only what opens it imports it, since its driver takes memory."""

from storage.postgres.database import PostgresDatabase

__all__ = ["PostgresDatabase"]
