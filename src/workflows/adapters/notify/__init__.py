"""What goes out: the outbox in the database of the events, its channels, and who is told over which."""
