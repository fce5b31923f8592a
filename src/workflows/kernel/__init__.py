"""Events on two time axes, calendar, clock, ids, errors: nothing here knows a term of the field."""
