"""What the ports are made of: event store, key store, pack reader, workbooks, notifiers."""
