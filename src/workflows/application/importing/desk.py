"""The desk where rows are entered: records commands as history, compares with the known, keeps the report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from workflows.application.amending import Amending, Amendment
from workflows.application.importing.shapes import Line, Noticed, Page, Refusal, Report, TroubleMaker
from workflows.application.recording import Batch, Outcome, Recording, Request
from workflows.application.rough_days import told
from workflows.kernel.approximate import ApproximateDay
from workflows.kernel.clock import today
from workflows.kernel.ids import derived
from workflows.policies.findings import Finding, Verdict

SHOWN = frozenset(
    {Verdict.BLOCK, Verdict.INCOMPLETE, Verdict.REFER, Verdict.WARN, Verdict.LATE, Verdict.NOT_PASSED}
)
AS_HISTORY = "workbook"

Day = date | ApproximateDay


class RowRefused(Exception):
    """The row cannot be entered: ``column`` (canonical), code and facts."""

    def __init__(self, column: str, value: str, code: str, facts: Mapping[str, Any]) -> None:
        super().__init__(code)
        self.column, self.value, self.code, self.facts = column, value, code, facts


class Desk:
    """One transaction of an import."""

    def __init__(
        self, batch: Batch, report: Report, recording: Recording, actor: str, make_trouble: TroubleMaker
    ) -> None:
        self.batch, self.report, self.actor = batch, report, actor
        self.recording, self.make_trouble = recording, make_trouble
        self.amending = Amending(recording)
        self.books = batch.books
        self.recorded_in_row = 0
        self._supplies: list[Amendment] = []

    def begin_row(self) -> None:
        """Begin a row: nothing of it is recorded yet."""
        self.recorded_in_row = 0
        self._supplies = []

    def end_row(self) -> None:
        """End a row that was not refused: put in the facts it adds to what was known."""
        for amendment in self._supplies:
            self.amending.in_batch(self.batch, amendment)
            self.recorded_in_row += 1
            self.report.recorded += 1

    def at_most_today(self, day: date) -> date:
        """Return a day, or today where it has not come yet."""
        return min(day, today(self.recording.clock))

    # --- entering rows ----------------------------------------------------------------------------------

    def refuse(self, page: Page, line: Line, refused: RowRefused) -> None:
        """Put a refusal on the report."""
        trouble = self.make_trouble(
            page.heading(refused.column) or refused.column, refused.value, refused.code, refused.facts
        )
        self.report.refusals.append(Refusal(page.name, line.row_number, trouble))

    def record(
        self,
        page: Page,
        line: Line,
        verb: str,
        on: date | ApproximateDay,
        fields: Mapping[str, Any] | None = None,
        *,
        person_id: UUID | None = None,
        unit_id: UUID | None = None,
        named_unit_id: UUID | None = None,
        key: tuple[object, ...] = (),
        subject: str | None = None,
        reason: str = AS_HISTORY,
    ) -> Outcome:
        """Record one act of the past; what a rule has to say of it becomes a finding at the row."""
        command, approx = told(verb, fields or {}, on, latest=today(self.recording.clock))
        outcome = self.batch.record(
            Request(
                command=command,
                approx=approx,
                actor=self.actor,
                origin="import",
                person_id=person_id,
                unit_id=unit_id,
                named_unit_id=named_unit_id,
                as_history=True,
                complete=False,
                reason=reason,
                command_id=derived("import", *key) if key else None,
                correlation_id=self.report.batch,
            )
        )
        if not outcome.repeated:
            self.recorded_in_row += 1
            self.report.recorded += len(outcome.event_ids)
            for finding in outcome.findings:
                if finding.verdict in SHOWN:
                    self.notice(page, line, finding, subject, verb, recorded=bool(outcome.event_ids))
        return outcome

    def fresh(self, *key: object) -> tuple[object, ...]:
        """Return ``key``, or the next one like it that nothing was recorded under: for what was withdrawn."""
        number = 0
        while self.batch.transaction.command(derived("import", *key, *((number,) if number else ()))):
            number += 1
        return (*key, number) if number else key

    def notice(
        self,
        page: Page,
        line: Line,
        finding: Finding,
        subject: str | None = None,
        command: str = "",
        *,
        recorded: bool = True,
    ) -> None:
        """Put a finding on the report."""
        self.report.findings.append(
            Noticed(page.name, line.row_number, finding, subject=subject, command=command, recorded=recorded)
        )

    def flag(self, page: Page, line: Line, rule: str, **facts: Any) -> None:
        """Put a flag of the input on the report."""
        self.notice(page, line, Finding(rule=rule, verdict=Verdict.NOTE, kind="input", facts=facts))

    def supply(self, page: Page, line: Line, event: UUID, field: str, value: Any) -> None:
        """Put in, at the end of the row, a fact that nobody had written down, or not so exactly."""
        self._supplies.append(
            Amendment(
                event=event,
                actor=self.actor,
                origin="import",
                reason=AS_HISTORY,
                field=field,
                value=_as_told(value),
                correlation_id=self.report.batch,
            )
        )

    def compare_day(
        self,
        page: Page,
        line: Line,
        column: str,
        written: Day | None,
        known: Day | None,
        event: UUID,
        field: str,
    ) -> None:
        """Compare a day that either side may know only roughly.

        An exact day that lies within what the books know is put in for it; a rough one that the exact day of
        the books lies in says nothing new.

        Raises:
            RowRefused: ``changed-cell``.
        """
        if isinstance(known, ApproximateDay) and isinstance(written, date):
            if known.first <= written <= known.last:
                self.supply(page, line, event, field, written)
                return
        elif isinstance(written, ApproximateDay) and known is not None:
            first, last = (known, known) if isinstance(known, date) else (known.first, known.last)
            if written.text == str(known) or (written.first <= first and last <= written.last):
                return
            if first <= written.first and written.last <= last:
                self.supply(page, line, event, field, written)
                return
        Desk.compare(column, written, known)

    @staticmethod
    def agree(written: Day, known: Day) -> bool:
        """Say whether two days, either perhaps known only roughly, may be the same."""
        (first, last), (begin, end) = _ends(written), _ends(known)
        return first <= end and begin <= last

    @staticmethod
    def compare(column: str, written: Any, known: Any, *, heading: str = "") -> None:
        """Refuse a cell that says something else than the books; ``heading`` is what stands over it instead.

        Raises:
            RowRefused: ``changed-cell``, or ``changed-cell-hidden`` where neither value is to be told.
        """
        if written is not None and known is not None and written != known:
            if column in PERSONAL:
                raise RowRefused(heading or column, "", "changed-cell-hidden", {})
            told = {"known": str(known), "text": str(written)}
            raise RowRefused(heading or column, str(written), "changed-cell", told)


def _ends(day: Day) -> tuple[date, date]:
    return (day, day) if isinstance(day, date) else (day.first, day.last)


def _as_told(value: Any) -> Any:
    if isinstance(value, ApproximateDay):
        return value.text
    return value.isoformat() if isinstance(value, date) else value


PERSONAL = frozenset({"identity_number", "phone", "base", "amount"})
