"""Ledgers (台账) and views: rows derived from a stream's state; may be dropped and rebuilt at any time."""
