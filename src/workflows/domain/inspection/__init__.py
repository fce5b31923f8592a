"""督查: one stream an inspection: planned, visited, what was found becomes a problem to be put right."""
