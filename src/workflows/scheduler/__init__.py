"""The tick that turns days which have come into messages; it keeps no limit of its own."""
