"""Process managers: messages in, commands and deadlines out; pure, reads neither a clock nor a store."""
