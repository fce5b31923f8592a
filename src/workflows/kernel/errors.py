"""Errors in three parts: what was refused, the facts against the rule, what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Problem(Exception):
    """Base of what a user is told: a code and facts; the sentences come from the message catalogue.

    Attributes:
        code: the key of the message (a rule id, or a word such as ``unit-unknown``).
        facts: what the sentence is filled with.
    """

    exit_code = 2

    def __init__(self, code: str, /, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, Any] = facts


class WrongUsage(Problem):
    """Wrong usage, an unknown or ambiguous name, an unreadable file."""


class NotWhole(Problem):
    """The data is not whole: a chain that does not verify, a view that does not equal its fold."""

    exit_code = 1


class Conflict(Problem):
    """Somebody else changed the same thing in between."""

    exit_code = 1


class OutcomeUnknown(Problem):
    """The database did not answer in time; whether the command was recorded is to be looked up by its id."""

    exit_code = 1
