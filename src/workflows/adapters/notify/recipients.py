"""Who is told over which channel, and in which words: names are looked up when a message is put together."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from workflows.adapters.notify.outbox import INBOX
from workflows.adapters.notify.settings import NotifySettings
from workflows.adapters.notify.wording import Words, letter, masked
from workflows.application.books import Books
from workflows.application.ports import Log
from workflows.kernel.clock import Clock, today
from workflows.policies.rules import Rules
from workflows.scheduler.ports import Line
from workflows.scheduler.sweep import LOG_CHANNEL

MAIL = "mail"
OPERATOR = "operator"


class Recipients:
    """Every unit's inbox, the log, and the mail addresses of the settings."""

    def __init__(self, settings: NotifySettings) -> None:
        """Read addresses from ``settings``."""
        self._settings = settings

    def of(self, unit_id: UUID, unit: str) -> Sequence[tuple[str, str]]:
        """Return (channel, recipient) of a unit, its inbox first."""
        mail = [(MAIL, address) for address in self._settings.addresses(unit)]
        return [(INBOX, str(unit_id)), *mail, (LOG_CHANNEL, OPERATOR)]


class Composer:
    """Puts the digest of a recipient into words, with the names known now."""

    def __init__(self, log: Log, rules: Rules, clock: Clock, settings: NotifySettings) -> None:
        """Look names up in ``log``."""
        self._log, self._rules, self._clock, self._settings = log, rules, clock, settings
        self._words = Words()

    def __call__(self, recipient: str, lines: Sequence[Line]) -> tuple[str, str]:
        """Return subject and body; names leave the house masked unless the settings say otherwise."""
        on = today(self._clock)
        with self._log.read() as reading:
            books = Books(reading, self._rules)
            texts = [self._text(line, books) for line in lines]
        return letter(lines, texts, on)

    def _text(self, line: Line, books: Books) -> str:
        name = None if line.person_id is None else books.person_state(line.person_id).profile.name
        if self._settings.names == "masked":
            name = masked(name)
        unit = books.units_by_id.get(line.unit_id, "")
        return self._words.text(line, unit=unit, person=name, on=today(self._clock))
