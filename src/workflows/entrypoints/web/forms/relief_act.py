"""豁免、暂缓、延长 as forms, of a unit or of a person: the rule is chosen by its words, never typed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from uuid import UUID

from msgspec.structs import replace

from workflows.application.commands import commands
from workflows.application.ports import UnitEntry
from workflows.application.recording import Outcome, Request
from workflows.domain.waivers import Relieving
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.forms.fields import Field
from workflows.entrypoints.web.forms.posted import Posted
from workflows.entrypoints.web.forms.unit_act import UnitAct
from workflows.entrypoints.web.words import WORDING
from workflows.policies.acts import OF_PEOPLE, OF_UNITS

RULE, SUBJECT = "rule", "subject"
LONGEST_LABEL = 60


def is_relief(command: str) -> bool:
    """Say whether a command lets something pass."""
    kind = commands().get(command)
    return kind is not None and issubclass(kind, Relieving)


class ReliefAct(UnitAct):
    """What is let pass: for a unit, or for somebody of it (``person_id``)."""

    def __init__(
        self,
        ask: Ask,
        command: str,
        entry: UnitEntry,
        posted: Posted | None = None,
        *,
        person_id: UUID | None = None,
        name: str = "",
    ) -> None:
        super().__init__(ask, command, entry, posted)
        if person_id is not None:
            self.person_id, self.name, self.here = person_id, name, "/pipeline"

    @property
    def base(self) -> str:
        """Return the page of the one it is for."""
        return f"/people/{self.person_id}" if self.person_id else f"/units/{self.entry.id}"

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """Return the one it is for."""
        return [(self.base, self.name)]

    @property
    def away(self) -> str:
        """Return the page of the one it is for."""
        return self.base

    def done_path(self, outcome: Outcome) -> str:
        """Return where it is told what was recorded; of a person the record itself."""
        if self.person_id is None:
            return super().done_path(outcome)
        return f"/events/{outcome.position}" if outcome.position else self.base

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Return the fields, the rule to be chosen: those with an open limit first."""
        return tuple(
            replace(one, kind="choice", is_long=True, choices=tuple(self.rules)) if one.name == RULE else one
            for one in self.all_fields()
        )

    @cached_property
    def rules(self) -> Sequence[tuple[str, str]]:
        """Return the rules that may be let pass here, by id, each in its words."""
        desk, own = self.ask.desk, self.person_id or self.entry.id
        rows = desk.deadlines(*((None, own) if self.person_id else (own, None)))["rows"]
        mine = [row for row in rows if bool(row["person_id"]) == bool(self.person_id)]
        mine = [row for row in mine if (self.person_id or row["unit_id"] == str(own)) and row["label"]]
        found = {str(row[RULE]): f"{row['label']}（截止 {row['due_on']}）" for row in mine}
        acts = OF_PEOPLE if self.person_id else OF_UNITS
        for pack in desk.rules_for(self.entry.id).packs:
            for rule in pack.rules:
                if set(rule.on) & acts and rule.in_force(self.day):
                    found.setdefault(rule.id, rule.label)
        return [(name, told[:LONGEST_LABEL]) for name, told in found.items()]

    def request(self) -> Request | None:
        """Return the request filled in, None where something is wrong."""
        request = super().request()
        return request if request is None else replace(request, person_id=self.person_id)

    def about(self) -> str:
        """Return which limit of which rule the address names, "" where it names none."""
        rule, subject = self.ask.text(RULE), self.ask.text(SUBJECT)
        return WORDING.limit(rule, subject) if rule and rule in dict(self.rules) else ""
