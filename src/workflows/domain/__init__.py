"""Aggregates: what may happen to a unit or a person (decide) and what it leaves behind (evolve); pure."""
