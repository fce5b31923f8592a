"""召开会议 as a form: who of the roster came, who was on leave or exempt, what was resolved."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import msgspec

from workflows.application.recording import Request
from workflows.domain.unit.attendance import Due
from workflows.domain.unit.commands import HoldMeeting
from workflows.domain.unit.events import MeetingHeld
from workflows.domain.unit.life import cells_on
from workflows.entrypoints.web.forms.act import Shown
from workflows.entrypoints.web.forms.fields import ON, Field
from workflows.entrypoints.web.forms.filling import NOT_ON_THE_LIST, Filled
from workflows.entrypoints.web.forms.people import POSTS
from workflows.entrypoints.web.forms.posted import Posted
from workflows.entrypoints.web.forms.quorum import Need, needed
from workflows.entrypoints.web.forms.rows import fill_all
from workflows.entrypoints.web.forms.unit_act import UnitAct
from workflows.entrypoints.web.words import CATALOGUE, word
from workflows.kernel.calendar import Period
from workflows.policies.rule import Rule

MEETING = "hold_meeting"
TYPE, HERE, COUNT = "type", "attending", "eligible"
ABSENCE, BECAUSE = "absence.", "because."
ALL = "all"
ABSENCES = (("leave", "请假"), ("exempt", "免到，不计入应到"))
CELL, FOR_PERIOD = "cell", "for_period"
ANY_MEETING = "party_lecture"
"""What is taken while no type is chosen: all members."""

ORDER = (
    "type",
    "on",
    CELL,
    HERE,
    "excluded",
    "chair",
    "lecturer",
    "topics",
    "resolutions",
    "grades",
    "rituals",
)
"""The fields in the order of the minutes; others follow."""

ONLY_OF: Mapping[str, frozenset[str]] = {
    "grades": frozenset({"democratic_appraisal"}), CELL: frozenset({"cell_meeting"}),
    "lecturer": frozenset({"party_lecture"}), "rituals": frozenset({"theme_party_day"}),
    "excluded": frozenset({"branch_assembly"}),
}  # fmt: skip
"""Fields asked of some types of meeting alone."""

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Attendant:
    """Somebody of the roster: whether ticked; ``counts`` among those who should attend."""

    id: str
    name: str
    note: str
    counts: bool
    is_here: bool = False
    absence: str = ""
    reason: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Roll:
    """The roster of a meeting: how many should attend, how many have to, who is ticked."""

    people: Sequence[Attendant]
    base: int | None
    need: Need | None
    absences: Sequence[tuple[str, str]] = ABSENCES

    @property
    def ticked(self) -> int:
        """Return how many are ticked of those who count."""
        return sum(one.is_here and one.counts for one in self.people)

    @property
    def is_enough(self) -> bool:
        """Say whether as many are ticked as have to come."""
        return self.need is None or self.ticked >= self.need.least

    @property
    def base_told(self) -> str:
        """Return how many should attend."""
        return f"应到 {self.base} 人" if self.base is not None else "应到人数没有名册可查"


class MeetingAct(UnitAct):
    """A meeting: its roster is that of its day and type, never typed."""

    @cached_property
    def meeting(self) -> str:
        """Return the type of the meeting, "" while none is chosen."""
        told = self.posted.one(TYPE) if self.posted else self.ask.text(TYPE)
        kinds = next(one.choices for one in self.all_fields() if one.name == TYPE)
        return told if told in dict(kinds) else ""

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Return the fields in the order of the minutes; where the roster is known, who came is ticked."""
        found = {one.name: one for one in self.all_fields()}
        also = {self.meeting, *(self.posted.all("also") if self.posted else ())}
        found = {name: one for name, one in found.items() if name not in ONLY_OF or ONLY_OF[name] & also}
        if "cell" in found and self.cells:
            named = tuple((one, one) for one in self.cells)
            found[CELL] = msgspec.structs.replace(found[CELL], kind="choice", choices=named, is_long=True)
        if self.attendants:
            told = Field(
                HERE, "到会的人", "attendance", hint="名册是开会那一天的；换了日期或者类型，请更新名单"
            )
            found = {n: one for n, one in found.items() if n not in (COUNT, "exempt", "leave")} | {HERE: told}
        first = [found[name] for name in ORDER if name in found]
        return (*first, *(one for name, one in found.items() if name not in ORDER))

    @cached_property
    def period(self) -> Period | None:
        """Return the period a new form is opened for, None where none is named."""
        try:
            return Period.parse(self.ask.text("period")) if self.posted is None else None
        except ValueError:
            return None

    @cached_property
    def day(self) -> date:
        """Return the day of the roster: while none is filled in, the last of the period asked for."""
        today = self.ask.horizon.today
        if self.day_told() is None and self.period is not None and self.period.last < today:
            return self.period.last
        return self.day_told() or today

    @cached_property
    def title(self) -> str:
        """Return which meeting is recorded."""
        return f"登记{word('meeting', self.meeting)}" if self.meeting else word("command", self.command)

    def concerns(self, rule: Rule) -> bool:
        """Say whether a rule is about meetings of this type."""
        asked = rule.applies_to.when.get(TYPE)
        named = [asked] if isinstance(asked, str) else asked
        return super().concerns(rule) and (not self.meeting or named is None or self.meeting in named)

    # --- the roster -----------------------------------------------------------------------------------------

    @cached_property
    def cells(self) -> Sequence[str]:
        """Return the cells of the unit on the day."""
        with self.backing.answering.opened() as opened:
            return [one.name for one in cells_on(opened.books.unit_state(self.unit_id), self.day)]

    @cached_property
    def should(self) -> tuple[Due, Need | None]:
        """Return who should attend, and how many have to."""
        cell = (self.posted.one(CELL) if self.posted else self.ask.text(CELL)) or None
        meeting = self.meeting or ANY_MEETING
        return needed(self.backing, self.unit_id, MeetingHeld(held_on=self.day, type=meeting, cell=cell))

    @cached_property
    def attendants(self) -> Sequence[Attendant]:
        """Return who may be ticked: those who should attend, then the other members; () if unknown."""
        with self.backing.answering.opened() as opened:
            committee = opened.books.unit_state(self.unit_id).at(self.day).committee
        ranked = sorted(committee, key=lambda one: POSTS.index(one.post) if one.post in POSTS else len(POSTS))
        posts = {str(one.person.person or one.person.name): word("post", one.post) for one in ranked}
        due, _ = self.should
        wanted = None if due.people is None else {str(one) for one in due.people}
        members = {one.id: one for one in self.everybody.fit}
        if self.meeting == "committee_meeting" and posts:
            names = {key: members[key].name if key in members else self._name(key) for key in posts}
            return [Attendant(key, names[key], told, counts=True) for key, told in posts.items()]
        found = []
        for key, one in members.items():
            counts = wanted is None or key in wanted
            other = one.stage if one.stage != word("stage", "full") else "" if counts else "不计入应到"
            found.append(Attendant(key, one.name, posts.get(key, "") or other, counts))
        rank = list(posts)
        return sorted(
            found, key=lambda one: (not one.counts, rank.index(one.id) if one.id in posts else len(rank))
        )

    def _name(self, key: str) -> str:
        return self.ask.desk.name_of(key) or key

    @cached_property
    def roll(self) -> Roll:
        """Return the roster with what was ticked."""
        due, need = self.should if self.meeting else (Due(), None)
        posted = self.posted or Posted([])
        here, everybody = set(posted.all(HERE)), posted.do == ALL
        people = []
        for one in self.attendants:
            absence = posted.one(ABSENCE + one.id)
            people.append(
                dataclasses.replace(
                    one,
                    is_here=one.id in here or (everybody and not absence),
                    absence=absence,
                    reason=posted.one(BECAUSE + one.id),
                    wrong="又勾了到会，又写了没到会" if one.id in here and absence else "",
                )
            )
        return Roll(people, due.number, need)

    # --- what was filled in ---------------------------------------------------------------------------------

    @cached_property
    def filled(self) -> Filled:
        """Return what was filled in; of the roster who came, who was on leave and who was exempt."""
        posted = self.posted or Posted([])
        found = fill_all([one for one in self.fields if one.kind != "attendance"], posted, self.lists)
        if any(one.kind == "attendance" for one in self.fields):
            self._attendance(posted, found)
        return found

    def _attendance(self, posted: Posted, found: Filled) -> None:
        known = {one.id: one.name for one in self.attendants}
        here = list(dict.fromkeys(posted.all(HERE)))
        if any(one not in known for one in here):
            found.wrong[HERE] = f"勾选的人{NOT_ON_THE_LIST}"
            return
        twice = [one.name for one in self.roll.people if one.wrong]
        if twice:
            found.wrong[HERE] = f"{CATALOGUE.listed(twice)}又勾了到会，又写了没到会"
            return
        if not here:
            found.wrong[HERE] = "请勾选到会的人"
            return
        told = [f"到会 {len(here)} 人：{CATALOGUE.listed([known[one] for one in here])}"]
        found.values[HERE] = here
        said = set(here)
        for kind, name in ABSENCES:
            absent = [one for one in self.roll.people if one.absence == kind]
            if any(len(one.reason) > LONGEST_REASON for one in absent):
                found.wrong[HERE] = f"原因不能多于 {LONGEST_REASON} 个字"
            if absent:
                found.values[kind] = [{"person": one.id, "reason": one.reason} for one in absent]
                named = [one.name + (f"（{one.reason}）" if one.reason else "") for one in absent]
                told.append(f"{name.partition('，')[0]} {len(absent)} 人：{CATALOGUE.listed(named)}")
            said |= {one.id for one in absent}
        silent = [name for one, name in known.items() if one not in said]
        if silent:
            told.append(f"没到会，没有写原因 {len(silent)} 人：{CATALOGUE.listed(silent)}")
        found.told[HERE] = "；".join(told)

    def shown_one(self, one: Field, at: Mapping[str, str]) -> Shown:
        """Return one field; that of attendance with the roster."""
        shown = super().shown_one(one, at)
        return dataclasses.replace(shown, roll=self.roll) if one.kind == "attendance" else shown

    def request(self) -> Request | None:
        """Return the request; a meeting held in the period it is said to make up for makes up for nothing."""
        request = super().request()
        command = request.command if request is not None else None
        if request is None or not isinstance(command, HoldMeeting) or not command.for_period:
            return request
        if not Period.parse(command.for_period).holds(command.on):
            return request
        return msgspec.structs.replace(request, command=msgspec.structs.replace(command, for_period=None))

    def _first(self, one: Field) -> str:
        if one.name == TYPE:
            return self.meeting
        if one.name == FOR_PERIOD and self.period is not None and self.period.last < self.ask.horizon.today:
            return str(self.period)
        if one.name == ON and self.day != self.ask.horizon.today and not self.ask.text(ON):
            return ""  # a day long past is written from the minutes, not taken over
        return super()._first(one)
