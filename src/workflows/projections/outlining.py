"""Answers about cases in outline: from kept rows where they are as good, else from the cases themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from workflows.kernel.clock import today
from workflows.kernel.events import Known
from workflows.projections import deadlines
from workflows.projections.opening import Answer, Opened, Opening, Structure
from workflows.projections.outlines import Outline, by_urgency, outline_of


class Outlining(Opening):
    """Answers about cases as lists and counts need them."""

    def case_outlines(
        self,
        kind: str,
        unit_id: UUID | None = None,
        on: date | None = None,
        known_on: Known = None,
        structure: Structure = "then",
        *,
        withheld: bool = False,
    ) -> Answer:
        """Answer the same as ``cases`` in light rows: what to find, sort, filter and count by.

        ``withheld``: the unannounced inspections whose day has not come, and no others; else none of them.
        """
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            units = None if unit_id is None else self._below(opened, unit_id, day, structure)
            found = self._outlines(opened, kind, units, day)
            rows = by_urgency((one for one in found if one.is_withheld_on(day) is withheld), day)
            return self._answer(opened, rows, day, known_on)

    def _outlines(self, opened: Opened, kind: str, units: Sequence[UUID] | None, day: date) -> list[Outline]:
        """Return the cases of a kind about units (all, for None), as of a day, in no order."""
        if opened.is_now and self.live is not None:
            kept = self.live.cases(opened.reading, kind, units=units, on=day)
            if kept is not None:
                return kept
        books = opened.books
        entries = books.files_of(kind, books.below(None) if units is None else units)
        books.preload(entry.id for entry in entries)
        cuts = (books.file_state(entry.id).at(day) for entry in entries)
        found = (
            outline_of(cut, deadlines.of_the_case(cut, books.rules_for(cut.unit_id, day), books, day))
            for cut in cuts
            if cut.opened is not None
        )
        return [one for one in found if one is not None]
