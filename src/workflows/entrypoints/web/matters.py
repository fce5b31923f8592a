"""Matters to attend to: limits and duties as a list one can work through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from workflows.entrypoints.masking import mask_text
from workflows.entrypoints.period_words import is_period, period_word
from workflows.entrypoints.urgency import pressing_first
from workflows.entrypoints.web import lights, why
from workflows.entrypoints.web.course import name_of
from workflows.entrypoints.web.desk import Desk
from workflows.entrypoints.web.forms.fields import has_form
from workflows.entrypoints.web.places import Choice, case_of, choices_of
from workflows.entrypoints.web.words import WORDING, word
from workflows.policies.pack import Step
from workflows.policies.rules import Rules
from workflows.projections.deadlines import TASK

NEAR_DAYS = 30
"""How far ahead the to-do list looks; everything beyond is in the list of limits."""

RUNNING = ("overdue", "due")
"""The states of a limit that wants something done: not one that is done, nor one that rests."""

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to do: what, whose, by when, and why.

    ``path``: where one looks at it; ``act_path``: the form it is recorded with, "" where none is offered.
    """

    light: lights.Light
    title: str
    path: str
    action: str
    unit: str
    limit_word: str
    due_on: str
    clause: str
    why: why.Why
    row: Mapping[str, Any]
    choices: Sequence[Choice] = ()
    is_of_case: bool = False
    act_path: str = ""

    @property
    def relief_path(self) -> str:
        """Return where it is recorded that this limit was waived, held or extended; "" of none."""
        row = self.row
        if row.get("watch") or self.is_of_case:
            return ""
        whose = f"/people/{row['person_id']}" if row.get("person_id") else f"/units/{row['unit_id']}"
        return f"{whose}/acts?{urlencode({'rule': row['rule'], 'subject': row['subject']})}"

    @property
    def issue_path(self) -> str:
        """Return where a limit of a unit that has passed is listed as a problem, "" for any other."""
        row = self.row
        if row.get("person_id") or row["status"] != "overdue" or self.is_of_case or row["rule"] == TASK:
            return ""
        subject = str(row["subject"])
        told = {
            "source": "compliance",
            "rule": row["rule"],
            "period": subject if is_period(subject) else "",
            "subject": f"{_year(subject, self.title)}{self.title}逾期".replace(" ", ""),
            "text": f"{self.title}，截止 {row['due_on']}",
        }
        said = {name: text for name, text in told.items() if text}
        return f"/units/{row['unit_id']}/acts/open_issue?{urlencode(said)}"


def _year(subject: str, title: str) -> str:
    """Return the year of a period where the title leaves it out."""
    return f"{subject[:4]}年" if is_period(subject) and not title.startswith(subject[:4]) else ""


def _step(rules: Rules, name: str, desk: Desk) -> Step | None:
    return next((step for step in rules.steps(desk.horizon.as_of) if step.id == name), None)


def step_title(desk: Desk, name: str, unit_id: object = None) -> str:
    """Return the name of a step: that of its command, else that of the national chart or of a unit's."""
    step = _step(desk.rules, name, desk)
    if step is None and unit_id is not None:
        step = _step(desk.rules_for(unit_id), name, desk)
    return name_of(step) if step is not None else word("command", name)


def step_path(person_id: object, step: str) -> str:
    """Return where a step is done; one of a local pack is recorded by its id."""
    if has_form(step):
        return f"/people/{person_id}/steps/{step}"
    return f"/people/{person_id}/steps/record_step?step={step}"


def title_of(row: Mapping[str, Any], desk: Desk) -> str:
    """Return what is to be done, with the name of the person or the period."""
    subject = mask_text(str(row["subject"]))
    if WORDING.words.known("limit", str(row["rule"])):  # a case may be called by a year
        return WORDING.limit(str(row["rule"]), subject)
    rule = desk.rule(row["rule"], row.get("unit_id"))
    period, _, part = subject.partition(" ")
    if is_period(period):
        activity = row.get("activity") or getattr(rule, "activity", "")
        what = word("meeting", activity) if activity else str(row.get("label") or row["rule"])
        whose = f"（{part}）" if part else ""
        return f"{period_word(period, desk.horizon.as_of)}{what}{whose}"
    short = WORDING.words.known("rule", str(row["rule"]))
    if case_of(row, desk):
        return f"{subject}：{short or row.get('label') or row['rule']}"
    what = short or step_title(desk, subject, row.get("unit_id"))
    number = f"（第 {row['number']} 次）" if row.get("number") and row.get("person_id") else ""
    return f"{row['person'] or '（姓名已删除）'} {what}{number}" if row.get("person_id") else what


def pressing(row: Mapping[str, Any], limits: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return somebody's step to be done now: one whose limit is near or past, else the next of the chart.

    ``row`` is of the pipeline, ``limits`` are the open ones of that person, the nearest first.
    """
    near = [
        str(limit["subject"])
        for limit in limits
        if limit["status"] in RUNNING and lights.days_left(limit) <= lights.SOON_DAYS
    ]
    steps = {step["step"]: step for step in row["next"]}
    return next((steps[name] for name in near if name in steps), next(iter(row["next"]), None))


def light_of(row: Mapping[str, Any], desk: Desk) -> lights.Light:
    """Return the light of a limit, near by as many days as its rule reminds ahead."""
    rule = desk.rule(row["rule"], row.get("unit_id"))
    return lights.of_deadline(row, rule.remind_days if rule else None)


def matter_of(row: Mapping[str, Any], desk: Desk, *, with_unit: bool = True) -> Matter:
    """Return a row of limits as a matter to attend to; without the unit on the unit's own page."""
    title = title_of(row, desk)
    person, case = row.get("person_id"), case_of(row, desk)
    return Matter(
        light=light_of(row, desk),
        title=title,
        path=case or (f"/people/{person}" if person else f"/units/{row['unit_id']}" if with_unit else ""),
        action="看案卷" if case else "看全过程" if person else "看支部",
        unit=str(row.get("unit") or "") if with_unit else "",
        limit_word=_limit_word(row),
        due_on=str(row["due_on"]),
        clause=str(row.get("clause") or ""),
        why=why.of_deadline(row, title, desk.horizon.as_of, desk.head),
        row=row,
        choices=choices_of(row, desk),
        is_of_case=bool(case),
    )


def _limit_word(row: Mapping[str, Any]) -> str:
    if row.get("proposal"):
        return "自"
    if row.get("watch"):
        return "跟踪至"
    is_of_case = WORDING.words.known("limit", str(row["rule"])) is not None
    if is_period(str(row["subject"]).partition(" ")[0]) and not is_of_case:
        return "应在"
    return "最早" if row["awaited"] else "截止"


def is_only_watched(row: Mapping[str, Any]) -> bool:
    """Say whether nobody has anything to do by a limit: it tells until when something is followed up."""
    return bool(row.get("watch") == "follow-up" and row["awaited"])


def urgent_first(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return rows by their last day: the overdue first (long overdue behind), what rests behind what runs.

    A day that was awaited and has come counts as today's.
    """

    def order(row: Mapping[str, Any]) -> tuple[bool, bool, bool, int, str, str]:
        place = lights.days_left(row), str(row.get("unit") or ""), str(row["rule"])
        return row["status"] == "held", *pressing_first(row), *place

    return sorted(rows, key=order)


def near(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return what is overdue or falls due within the next days, urgent first."""
    return urgent_first(
        [
            row
            for row in rows
            if row["status"] in RUNNING and lights.days_left(row) <= NEAR_DAYS and not is_only_watched(row)
        ]
    )


def is_bygone(row: Mapping[str, Any]) -> bool:
    """Say whether what comes back was not done in a period long over: the next one is the one to keep."""
    return bool(row["bygone"])


def split_by_when(rows: Sequence[Mapping[str, Any]], as_of: date) -> dict[str, list[Mapping[str, Any]]]:
    """Return rows under ``all``, ``overdue``, ``today``, ``week`` (until Sunday, today included), ``bygone``.

    What is bygone stands under its own word alone: it would bury what can be done today.
    """
    sunday = as_of + timedelta(days=DAYS_A_WEEK - 1 - as_of.weekday())
    present = [row for row in rows if not is_bygone(row)]
    running = [row for row in present if row["status"] in RUNNING and not row.get("watch")]
    return {
        "all": present,
        "overdue": [row for row in running if lights.days_left(row) < 0],
        "today": [row for row in running if lights.days_left(row) == 0],
        "week": [row for row in running if 0 <= lights.days_left(row) <= (sunday - as_of).days],
        "bygone": [row for row in rows if is_bygone(row)],
    }
