"""软弱涣散整顿: one stream a unit put on the list: planned, reported on, accepted, taken off."""
