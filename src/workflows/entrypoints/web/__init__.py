"""Pages (网页): what stands where, what falls due and why, as of any day; no rule, fold or SQL in here."""
