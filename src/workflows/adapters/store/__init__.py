"""The event log on SQLAlchemy Core, one code for SQLite and PostgreSQL (事件库)."""
