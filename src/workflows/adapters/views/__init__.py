"""Views in tables: the directory, kept rows, and the log as the application asks for it."""
