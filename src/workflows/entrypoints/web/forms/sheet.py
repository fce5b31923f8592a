"""One sheet for the members of a branch: what all share once, what is each one's own beside the name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from workflows.application.many import Each, record_each
from workflows.application.ports import UnitEntry
from workflows.application.recording import Request
from workflows.domain.act import Command
from workflows.domain.person.dues import last_paid
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.forms.act import AS_HISTORY, LONGEST_REASON, WHY
from workflows.entrypoints.web.forms.checking import Checked, Flaw, checked
from workflows.entrypoints.web.forms.fields import ON, Field, fields_of
from workflows.entrypoints.web.forms.filling import Filled, Lists, fill
from workflows.entrypoints.web.forms.guard import actor_of
from workflows.entrypoints.web.forms.posted import Posted
from workflows.entrypoints.web.words import WORDING
from workflows.kernel.calendar import Period
from workflows.kernel.ids import derived

PERSON, AT, COUNT = "person", "@", "count"
MOST_MONTHS = 3
FEN_PER_YUAN = 100


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of sheet: its command, what is each one's own, where it is shown afterwards."""

    command: str
    title: str
    own: tuple[str, ...]
    path: str


KINDS: Mapping[str, Kind] = {
    "dues": Kind("record_dues", "登记党费", ("role", "base", "amount"), "/dues"),
    "training": Kind("record_training", "登记学习培训", ("hours",), "/training"),
}


@dataclass(slots=True)
class Entry:
    """One member on the sheet: the texts of the own fields, what came of them."""

    person_id: str
    name: str
    stage: str
    texts: dict[str, str]
    chosen: bool
    note: str = ""
    told: tuple[Each, ...] = ()
    found: tuple[Checked, ...] = ()

    @property
    def is_filled(self) -> bool:
        """Say whether anything was written beside the name: who has nothing there is not recorded."""
        return any(self.texts.values())

    @property
    def refused(self) -> bool:
        """Say whether something of this one is not recorded."""
        return any(each.refused for each in self.told)

    @property
    def shape(self) -> str:
        """Return the status of this one."""
        if self.refused:
            return "over"
        return next((one.told[0].shape for one in self.found if one.told), "ok")

    @property
    def against(self) -> list[str]:
        """Return what is said of this one: what refuses it, else what is remarked, once each."""
        problems = [WORDING.problem_text(each.problem) for each in self.told if each.problem]
        said = [one.text for found in self.found for one in found.told]
        return list(dict.fromkeys([*problems, *said]))


class Sheet:
    """A sheet of one unit, and what was posted with it (None where it is empty)."""

    def __init__(self, ask: Ask, name: str, entry: UnitEntry, posted: Posted | None = None) -> None:
        self.ask, self.name, self.kind, self.entry, self.posted = ask, name, KINDS[name], entry, posted
        self.backing: Any = ask.app
        self.wrong: dict[str, str] = {}

    # --- the form ------------------------------------------------------------------------------------------

    @cached_property
    def shared(self) -> list[Field]:
        """Return the fields that all share; hours that are the same for all stand there too."""
        own = set(self.kind.own) - {"hours"}
        return [one for one in fields_of(self.kind.command) if one.name not in own]

    @cached_property
    def own(self) -> list[Field]:
        """Return the fields of each one."""
        return [one for one in fields_of(self.kind.command) if one.name in self.kind.own]

    @property
    def month(self) -> str:
        """Return the month of a sheet of dues: that of the address or of the form, else this one."""
        told = self.posted.one("month") if self.posted else self.ask.text("month")
        try:
            return str(Period.of(Period.parse(told).first, "month"))
        except ValueError:
            return str(Period.of(self.ask.horizon.today, "month"))

    def text(self, name: str) -> str:
        """Return what stands in a shared field."""
        if self.posted is not None:
            return self.posted.one(name)
        if name == ON:
            return str(self.ask.horizon.today)
        return self.month if name == "month" else self.ask.text(name)

    @property
    def months(self) -> list[str]:
        """Return the months paid for: one, or those of a quarter paid at once."""
        told = self.posted.one(COUNT) if self.posted else ""
        count = int(told) if told in ("2", "3") else 1
        found, period = [], Period.parse(self.month)
        for _ in range(min(count, MOST_MONTHS)):
            found.append(str(period))
            period = period.next()
        return found

    @cached_property
    def entries(self) -> list[Entry]:
        """Return the members of the day, with what was filled in or what is proposed."""
        answering, horizon = self.backing.answering, self.ask.horizon
        if self.name == "dues":
            rows = answering.dues(self.entry.id, [self.month], horizon.today)["rows"]
            rows = [row for row in rows if row["unit_id"] == str(self.entry.id)]
        else:
            rows = answering.training(self.entry.id, horizon.today.year, horizon.today)["rows"]
        return [self._entry(row) for row in rows]

    def _entry(self, row: Mapping[str, Any]) -> Entry:
        person, posted = row["person_id"], self.posted
        done = row.get("paid_on") is not None
        rests = row.get("dues_status") in ("stopped", "reduced")
        if posted is not None:
            texts = {name: posted.one(f"{name}{AT}{person}") for name in self.kind.own}
            chosen = person in posted.all(PERSON)
        else:
            texts = dict.fromkeys(self.kind.own, "")
            if self.name == "dues" and not done:
                texts |= {"role": row["role"] or "", "amount": self._proposed(row)}
            chosen = not done and not rests
        note = f"已交 {row['paid'] or '（没有写金额）'}" if done else "停止党籍" if rests else ""
        if not note and row.get("due"):
            note = f"应交 {row['due']}"
        return Entry(person, row["person"] or "（姓名已删除）", row["stage"], texts, chosen, note)

    def _proposed(self, row: Mapping[str, Any]) -> str:
        """Return the sum proposed: what is due, or what was paid last where it is no part of a base."""
        due = str(row["due"] or "")
        with self.backing.answering.opened() as opened:
            before = last_paid(opened.books.person_state(UUID(row["person_id"])))
        if not due or before is None or before.base_fen is not None or before.amount_fen is None:
            return due
        return str(max(Decimal(due), Decimal(before.amount_fen) / FEN_PER_YUAN).quantize(Decimal("0.01")))

    # --- check and record ----------------------------------------------------------------------------------

    @property
    def is_history(self) -> bool:
        """Say whether it is entered late as something that happened (补录)."""
        return bool(self.posted and self.posted.one(AS_HISTORY))

    @property
    def reason(self) -> str:
        """Return the reason given."""
        return self.posted.one(WHY) if self.posted else ""

    def requests(self) -> list[Request]:
        """Return what is to be recorded; what cannot be read is told by :attr:`wrong`."""
        chosen = [entry for entry in self.entries if entry.chosen and (self.text("hours") or entry.is_filled)]
        if not chosen:
            self.wrong["people"] = "至少勾选一个人，并填写" + (
                "类别和金额" if self.name == "dues" else "学时"
            )
        if self.is_history and not self.reason:
            self.wrong[WHY] = "补录要写理由"
        if len(self.reason) > LONGEST_REASON:
            self.wrong[WHY] = f"不能多于 {LONGEST_REASON} 个字"
        found = [request for entry in chosen for request in self._requests_of(entry)]
        return [] if self.wrong else found

    def _requests_of(self, entry: Entry) -> list[Request]:
        made = []
        for month in self.months if self.name == "dues" else [""]:
            command = self._command(entry, month)
            if command is not None and self.posted is not None:
                made.append(
                    Request(
                        command=command,
                        actor=actor_of(self.ask.request),
                        origin="web",
                        person_id=UUID(entry.person_id),
                        as_history=self.is_history,
                        reason=self.reason or None,
                        command_id=derived(self.posted.command_id, entry.person_id, month),
                    )
                )
        return made

    def _command(self, entry: Entry, month: str) -> Command | None:
        pairs = [(one.name, self.text(one.name)) for one in self.shared if one.name not in ("month", "hours")]
        pairs += [("month", month)] if month else []
        own = dict(entry.texts)
        if self.name == "training":
            own["hours"] = own["hours"] or self.text("hours")
        filled = fill(fields_of(self.kind.command), Posted([*pairs, *own.items()]), Lists())
        if self.name == "dues" and not entry.texts.get("base"):
            self._base_as_before(entry, filled)
        command = filled.command(self.kind.command)
        for name, text in filled.wrong.items():
            place = f"{name}{AT}{entry.person_id}" if name in self.kind.own else name
            self.wrong.setdefault(place, f"{entry.name}：{text}" if AT in place else text)
        return command

    def _base_as_before(self, entry: Entry, filled: Filled) -> None:
        """Put in the base of the latest payment: it is personal, so no page shows it."""
        with self.backing.answering.opened() as opened:
            before = last_paid(opened.books.person_state(UUID(entry.person_id)))
        if before is not None and before.base_fen is not None and before.role == filled.values.get("role"):
            filled.values["base"] = str(Decimal(before.base_fen) / FEN_PER_YUAN)

    def run(self, requests: Sequence[Request], *, preview: bool) -> list[Entry]:
        """Check, or record, the requests; return the entries they are of, each with what came of it."""
        done = record_each(self.backing.recording, requests, preview=preview)
        desk, names = self.ask.desk, [one.name for one in self.own]
        for entry in self.entries:
            mine = tuple(each for each in done if str(each.request.person_id) == entry.person_id)
            entry.told = mine
            entry.found = tuple(
                checked(each.outcome, each.request.command, names, desk.name_of, entry.name, desk.head)
                for each in mine
                if each.outcome is not None
            )
        return [entry for entry in self.entries if entry.told]

    def flaws(self) -> list[Flaw]:
        """Return what is wrong with the sheet itself."""
        return [Flaw(name, text) for name, text in self.wrong.items()]
