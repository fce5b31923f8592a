"""Which rules are in force at a command: chosen once for every stretch of days in which nothing changes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from workflows.policies.rule import DatedValue, Rule


class Selection(NamedTuple):
    """The rules in force at a command for a kind of unit, each with its value, highest layer first.

    ``bound``: the ids (in memory) of those that bind every unit of the kind, whatever the case. ``by_case``:
    layers meet, or a rule leaves running cases be, so that the case decides which of them hold.
    """

    rules: tuple[tuple[Rule, DatedValue], ...]
    bound: frozenset[int]
    by_case: bool


NOTHING = Selection((), frozenset(), by_case=False)


class Selections:
    """Keeps what is in force by command, stretch of days and kind of unit.

    Between two turns (a value or an adoption begins or ends) every day gives the same.
    """

    def __init__(
        self, by_command: Mapping[str, Sequence[Rule]], others: Callable[[Rule], Iterable[Rule]]
    ) -> None:
        self._by_command, self._others = by_command, others
        self._turns = {
            command: sorted({day for own in rules for rule in (own, *others(own)) for day in _turns(rule)})
            for command, rules in by_command.items()
        }
        self._kept: dict[tuple[str, int, str | None], Selection] = {}

    def at(self, command: str, on: date, kind: str | None) -> Selection:
        """Return what is in force at a command on a day for a kind of unit."""
        turns = self._turns.get(command)
        if turns is None:
            return NOTHING
        key = (command, bisect_right(turns, on), kind)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._chosen(command, on, kind)
        return found

    def turns(self, command: str, first: date, last: date) -> list[date]:
        """Return the days after ``first``, up to ``last``, on which something else comes to be in force."""
        turns = self._turns.get(command, [])
        return turns[bisect_right(turns, first) : bisect_right(turns, last)]

    def _chosen(self, command: str, on: date, kind: str | None) -> Selection:
        rules = [
            (rule, value)
            for rule in self._by_command[command]
            if rule.applies_to.is_for(kind) and (value := rule.value_on(on, kind)) is not None
        ]

        def meets(other: Rule) -> bool:
            asked = command in other.on and other.applies_to.is_for(kind)
            return asked and other.value_on(on, kind) is not None

        return Selection(
            tuple(rules),
            frozenset(id(rule) for rule, _ in rules if rule.binds_all_of_a_kind),
            any(rule.running == "pin" or any(map(meets, self._others(rule))) for rule, _ in rules),
        )


def _turns(rule: Rule) -> Iterable[date]:
    yield from (value.start for value in rule.values)
    yield from (day for day in (rule.held_from, rule.held_until) if day is not None)
