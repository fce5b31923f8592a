"""One import from workbook to report, in transactions of some hundred rows; ``check`` undoes it all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from workflows.application.importing.desk import Desk, RowRefused
from workflows.application.importing.meetings import Meetings
from workflows.application.importing.member_facts import MemberFacts
from workflows.application.importing.people import People, PersonKey, key_of
from workflows.application.importing.shapes import (
    Book,
    Line,
    Noticed,
    Page,
    Refusal,
    Report,
    SheetCount,
    TroubleMaker,
)
from workflows.application.importing.units import OLD_NAME, Units
from workflows.application.recording import Batch, Recording
from workflows.application.streams import kind_of

ROWS_A_TRANSACTION = 400

Suggest = Callable[[str, Iterable[str]], tuple[str, ...]]
Progress = Callable[[int, int], None]
Entry = tuple[Page, Line, str]


class _Undo(Exception):
    """Ends a check: nothing of it stays."""


class Importing:
    """The use case of ``zhibu import``.

    ``recording`` is one that keeps no view inline: ``settle`` brings the views up once, at the end.
    """

    def __init__(
        self,
        recording: Recording,
        make_trouble: TroubleMaker,
        suggest: Suggest,
        settle: Callable[[], object] | None = None,
    ) -> None:
        self.recording = recording
        self._make_trouble, self._suggest, self._settle = make_trouble, suggest, settle

    def run(
        self,
        book: Book,
        *,
        actor: str,
        check: bool = False,
        progress: Progress | None = None,
        batch: UUID | None = None,
    ) -> Report:
        """Enter every good row of a workbook as history; refused rows and findings stand in the report.

        The same workbook again records nothing. With ``check`` nothing is recorded at all. Its events are
        found again under ``batch`` (default: a new id).
        """
        made = batch or self.recording.new_id(self.recording.clock.now())
        report = Report(batch=made, checked_only=check)
        job = _Job(self, book, actor, report)
        done, total = 0, job.size
        if not check:
            for part in job.parts():
                self.recording.work(partial(job.enter, part=part))
                done += len(part)
                if progress:
                    progress(done, total)
        else:
            with suppress(_Undo):
                self.recording.work(partial(self._check, job=job, progress=progress))
        job.close()
        if self._settle is not None and report.recorded and not check:
            self._settle()
        if check or not report.recorded:
            report.batch = None
        return report

    @staticmethod
    def _check(batch: Batch, job: _Job, progress: Progress | None) -> None:
        done = 0
        for part in job.parts():
            job.enter(batch, part)
            done += len(part)
            if progress:
                progress(done, job.size)
        job.report.names = _names(job.report.findings, batch)
        raise _Undo

    def trouble(self) -> TroubleMaker:
        """Return what words a refusal."""
        return self._make_trouble

    def near(self, name: str, known: Iterable[str]) -> tuple[str, ...]:
        """Return known names that look like ``name``."""
        return self._suggest(name, known)


class _Job:
    """What one import carries from transaction to transaction."""

    def __init__(self, owner: Importing, book: Book, actor: str, report: Report) -> None:
        self.owner, self.actor, self.report = owner, actor, report
        self.counts = {page.name: SheetCount(page.name) for page in book.sheets if page.kind or page.errors}
        report.sheets = list(self.counts.values())
        self._good: dict[str, list[tuple[Page, Line]]] = {}
        self._bad_units: list[tuple[Page, Line]] = []
        for page in book.sheets:
            self._sort(page)
        self._courses = {key_of(line) for _, line in self._good.get("development", ())}
        self._members: dict[PersonKey, Line] = {}
        for _, line in self._good.get("members", ()):
            self._members.setdefault(key_of(line), line)
        self._posts = {
            (line.cells["branch"], line.cells["name"]): line.cells.get("posts", ())
            for _, line in self._good.get("members", ())
        }
        self._books_from, self._earliest = self._days()
        self._seen_meetings: dict[Any, int] = {}
        self._seen_facts: Counter[tuple[object, ...]] = Counter()
        self._told_years: set[tuple[UUID, int]] = set()
        self._words: dict[tuple[str, int], set[str]] = {}

    def _sort(self, page: Page) -> None:
        for trouble in page.errors:
            self.report.refusals.append(Refusal(page.name, 0, trouble))
        for remark in page.flags:
            self.report.findings.append(Noticed(page.name, 0, remark=remark))
        for line in page.rows:
            count = self.counts[page.name]
            count.rows += 1
            for trouble in line.errors:
                self.report.refusals.append(Refusal(page.name, line.row_number, trouble))
            if line.errors:
                count.refused += 1
                if page.kind == "units":
                    self._bad_units.append((page, line))
            else:
                self._good.setdefault(page.kind or "", []).append((page, line))

    def _days(self) -> tuple[dict[str, date], dict[str, date]]:
        """Return by branch its books' first day (1 January of its first meeting) and earliest day told."""
        books: dict[str, date] = {}
        earliest: dict[str, date] = {}
        for _, line in self._good.get("meetings", ()):
            name, day = line.cells["branch"], line.cells["held_on"]
            books[name] = min(books.get(name, date.max), date(day.year, 1, 1))
        for _, line in self._good.get("units", ()):
            day, cells = line.cells.get("established_on"), line.cells
            for name in (cells["name"], cells.get("superior")):
                if name and day:
                    earliest[name] = min(earliest.get(name, date.max), day)
        return books, earliest

    @property
    def size(self) -> int:
        """Return how many rows there are to enter."""
        return sum(len(rows) for rows in self._good.values())

    def parts(self) -> Iterator[list[Entry]]:
        """Yield the rows in the order in which they rest on each other, some hundred at a time."""
        order: list[Entry] = [(page, line, "placeholder") for page, line in self._bad_units]
        order += [(page, line, "unit") for page, line in self._good.get("units", ())]
        # who stands in both sheets is entered by the course, and compared with the roster afterwards
        order += [
            (page, line, "member")
            for page, line in self._good.get("members", ())
            if key_of(line) not in self._courses
        ]
        order += [(page, line, "course") for page, line in self._good.get("development", ())]
        order += [
            (page, line, "member")
            for page, line in self._good.get("members", ())
            if key_of(line) in self._courses
        ]
        order += [(page, line, "election") for page, line in self._good.get("units", ())]
        order += [(page, line, "meeting") for page, line in self._good.get("meetings", ())]
        order += [(page, line, "dues") for page, line in self._good.get("dues", ())]
        order += [(page, line, "training") for page, line in self._good.get("training", ())]
        for start in range(0, len(order), ROWS_A_TRANSACTION):
            yield order[start : start + ROWS_A_TRANSACTION]

    def enter(self, batch: Batch, part: list[Entry]) -> None:
        """Enter some rows in one transaction; a refused row leaves the others."""
        desk = Desk(batch, self.report, self.owner.recording, self.actor, self.owner.trouble())
        units = Units(desk, self._books_from, self._earliest)
        people = People(desk, units.by_name, self._members)
        meetings = Meetings(desk, self._seen_meetings, self._told_years, self._books_from)
        facts = MemberFacts(desk, people, self._seen_facts)
        for page, line, task in part:
            desk.begin_row()
            try:
                self._enter(task, page, line, units, people, meetings, facts)
                desk.end_row()
            except RowRefused as refused:
                desk.refuse(page, line, refused)
                self._count(page, line, "refused", task)
            else:
                self._count(page, line, "accepted" if desk.recorded_in_row else "unchanged", task)

    def _enter(
        self,
        task: str,
        page: Page,
        line: Line,
        units: Units,
        people: People,
        meetings: Meetings,
        facts: MemberFacts,
    ) -> None:
        match task:
            case "placeholder":
                units.placeholder(page, line)
            case "unit":
                units.enter(page, line)
            case "election":
                units.elect(page, line, self._posts)
            case "member":
                people.enter_member(page, line, self._unit(people, page, line, units))
            case "course":
                people.enter_course(page, line, self._unit(people, page, line, units))
            case "meeting":
                meetings.enter(page, line, self._unit(people, page, line, units))
            case "dues":
                facts.enter_dues(page, line, self._unit(people, page, line, units))
            case "training":
                facts.enter_training(page, line, self._unit(people, page, line, units))

    def _unit(self, people: People, page: Page, line: Line, units: Units) -> UUID:
        unit_id = people.unit_of(line, lambda name: self.owner.near(name, units.by_name))
        units.remark(page, line, line.cells["branch"])
        return unit_id

    # --- counting: a row entered in two tasks (unit and election) is one row ------------------------------

    def _count(self, page: Page, line: Line, word: str, task: str) -> None:
        if task != "placeholder":
            self._words.setdefault((page.name, line.row_number), set()).add(word)

    def close(self) -> None:
        """Finish the report: rows are refused, accepted or unchanged; no flag of a known row is repeated."""
        self._join_courses()
        taken = set()
        for (sheet, row), words in self._words.items():
            word = next(w for w in ("refused", "accepted", "unchanged") if w in words)
            count = self.counts[sheet]
            setattr(count, word, getattr(count, word) + 1)
            if word == "accepted":
                taken.add((sheet, row))
        for rows in self._good.values():
            for page, line in rows:
                if (page.name, line.row_number) in taken:
                    for remark in line.flags:
                        self.report.findings.append(Noticed(page.name, line.row_number, remark=remark))
        self.report.findings = [
            n
            for n in self.report.findings
            if n.remark or (n.sheet, n.row) in taken or (n.finding is not None and n.finding.rule == OLD_NAME)
        ]
        self.report.refusals.sort(key=lambda r: (self._place(r.sheet), r.row))
        self.report.findings.sort(key=lambda n: (self._place(n.sheet), n.row))

    def _join_courses(self) -> None:
        """Count a roster row as accepted where its facts entered with the course of the same person."""
        courses = {
            key_of(line): (page.name, line.row_number) for page, line in self._good.get("development", ())
        }
        for page, line in self._good.get("members", ()):
            course = courses.get(key_of(line))
            if course is not None and "accepted" in self._words.get(course, ()):
                self._words.get((page.name, line.row_number), set()).add("accepted")

    def _place(self, sheet: str) -> int:
        return list(self.counts).index(sheet) if sheet in self.counts else len(self.counts)


def _names(noticed: Iterable[Noticed], batch: Batch) -> dict[str, str]:
    """Return the names of the people that findings speak of, by id."""
    found = {}
    for item in noticed:
        for told in item.finding.facts.values() if item.finding else ():
            for text in told if isinstance(told, list | tuple) else (told,):
                number = _uuid(text)
                if number is not None and kind_of(batch.transaction.load(number)) == "person":
                    found[str(text)] = batch.books.person_state(number).profile.name or ""
    return found


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
