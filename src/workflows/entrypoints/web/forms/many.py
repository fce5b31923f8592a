"""One step of several people on one form: what they share, what is each one's own, each checked by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from workflows.application.many import Each, record_each
from workflows.application.recording import Request
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.forms.act import Act, Shown
from workflows.entrypoints.web.forms.checking import Checked, Flaw, checked
from workflows.entrypoints.web.forms.fields import Field
from workflows.entrypoints.web.forms.posted import COMMAND_ID, Posted
from workflows.entrypoints.web.words import WORDING
from workflows.kernel.ids import derived

PERSON, AT = "person", "@"
OWN = frozenset({"in_favour", "against", "abstained", "written_in_favour"})
"""Fields that are each one's own: ballots are cast for one person at a time."""


@dataclass(frozen=True, slots=True)
class Told:
    """One of several people: recorded or to be recorded, or refused and why."""

    act: Act
    each: Each | None
    found: Checked | None
    against: Sequence[str]

    @property
    def refused(self) -> bool:
        """Say whether nothing of this one is recorded."""
        return self.each is None or self.each.refused

    @property
    def shape(self) -> str:
        """Return the status of this one."""
        if self.refused:
            return "over"
        return self.found.told[0].shape if self.found and self.found.told else "ok"


class Many:
    """A form about several people (rows of the pipeline), and what was posted with it."""

    def __init__(
        self, ask: Ask, command: str, rows: Sequence[Mapping[str, Any]], posted: Posted | None = None
    ) -> None:
        self.ask, self.command, self.rows, self.posted = ask, command, rows, posted

    @cached_property
    def acts(self) -> list[Act]:
        """Return the act of each person, with what was posted for it."""
        desk = self.ask.desk
        return [
            Act(
                self.ask,
                self.command,
                person_id=self.ask.stream(str(row["person_id"]), "个人"),
                name=row["person"] or desk.name_of(str(row["person_id"])) or "（姓名已删除）",
                posted=self._posted_for(str(row["person_id"])),
            )
            for row in self.rows
        ]

    def _posted_for(self, person_id: str) -> Posted | None:
        if self.posted is None:
            return None
        pairs = [(name, text) for name, text in self.posted.carried() if AT not in name]
        pairs = [(name, text) for name, text in pairs if name not in (PERSON, COMMAND_ID, *OWN)]
        own = {name: self.posted.texts.get(f"{name}{AT}{person_id}", ()) for name in sorted(OWN)}
        pairs += [(name, text) for name, texts in own.items() for text in texts]
        pairs.append((COMMAND_ID, str(derived(self.posted.command_id, person_id))))
        return Posted(pairs)

    @property
    def first(self) -> Act:
        """Return the act of the first one, by which the shared fields are shown."""
        return self.acts[0]

    @property
    def own(self) -> list[Field]:
        """Return the fields that are each one's own."""
        return [one for one in self.first.fields if one.name in OWN]

    def shared(self, flaws: Sequence[Flaw] = ()) -> list[Shown]:
        """Return the shared fields as the page shows them."""
        return [one for one in self.first.shown(flaws) if one.field.name not in OWN]

    def text(self, field: Field, act: Act) -> str:
        """Return what was filled in for one person in a field of their own."""
        return act.posted.one(field.name) if act.posted else ""

    # --- check and record -----------------------------------------------------------------------------------

    def requests(self) -> list[Request]:
        """Return the requests that can be read; what cannot is told by :meth:`flaws`."""
        return [request for act in self.acts if (request := act.request()) is not None]

    def flaws(self) -> list[Flaw]:
        """Return what is wrong with the form itself: what is shared once, what is one's own there."""
        found: dict[str, Flaw] = {}
        for act in self.acts:
            for flaw in act.flaws():
                is_own = flaw.field in OWN
                place = f"{flaw.field}{AT}{act.person_id}" if is_own else flaw.field
                found.setdefault(place, Flaw(place, f"{act.name}：{flaw.text}" if is_own else flaw.text))
        return list(found.values())

    def told(self, requests: Sequence[Request], *, preview: bool) -> list[Told]:
        """Return what becomes, or would become, of each."""
        done = record_each(self.first.backing.recording, requests, preview=preview)
        by_person = {each.request.person_id: each for each in done}
        return [self._told(act, by_person.get(act.person_id)) for act in self.acts]

    def _told(self, act: Act, each: Each | None) -> Told:
        if each is None:
            return Told(act, None, None, [flaw.text for flaw in act.flaws()])
        if each.outcome is None:
            return Told(act, each, None, [WORDING.problem_text(each.problem)] if each.problem else [])
        desk, names = self.ask.desk, [one.name for one in act.fields]
        found = checked(each.outcome, each.request.command, names, desk.name_of, act.name, desk.head)
        return Told(act, each, found, [flaw.text for flaw in found.flaws] if found.outcome.refused else [])

    def answers(self) -> list[tuple[Field, str]]:
        """Return what was filled in for all of them, in words."""
        return [(one, told) for one, told in self.first.answers() if one.name not in OWN]

    def own_answers(self, act: Act) -> str:
        """Return what was filled in for one of them, in words."""
        told = act.filled.told
        return "，".join(f"{one.label} {told[one.name]}" for one in self.own if one.name in told)
