"""Use cases: load, decide, save; reaches storage, files and the clock only through its ports."""
