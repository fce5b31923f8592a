"""A timeline: who did what when, corrections beside what they correct, each with a permalink."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from workflows.application.case_files import OPENINGS
from workflows.application.commands import step_named
from workflows.entrypoints.masking import masked
from workflows.entrypoints.rendering import in_words
from workflows.entrypoints.web.words import CATALOGUE, WORDING, event_word, value_word, verdict_word, word
from workflows.entrypoints.wording import NameBook
from workflows.kernel.clock import local_day
from workflows.kernel.events import AMENDING, day_field, event_types

KINDS = {"all": "全部", "person": "人工", "system": "系统", "fix": "更正"}
ALREADY_TOLD = frozenset(
    {
        "profile",
        "unit_id",
        "findings",
        "together",
        "roster_known",
        "superior",
        "running",
        "hash",
        "kept",
    }
)
TOLD_ELSEWHERE = frozenset(
    {("PackAdopted", "text"), *((one.__name__, name) for one in OPENINGS for name in ("subject", "of_unit"))}
)
"""The text of a pack, and what a case is called and about, where the case is opened."""

ONLY_WHERE_SO = frozenset({"unit_gone"})
"""What is told only where it is so: the rare case of something usual."""

SHOWN_FACTS = 6
SYSTEM_ACTORS = frozenset({"scheduler", "system"})


@dataclass(frozen=True, slots=True)
class Change:
    """A value before and after a correction."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Amended:
    """What became of an entry later: the correction or retraction, with its place."""

    word: str
    text: str
    new: str
    on: str
    path: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline; ``shape``: "", ``sys``, ``fix`` or ``void``."""

    position: int
    on: str
    actor: str
    text: str
    shape: str
    kind: str
    path: str
    notes: Sequence[str] = ()
    reason: str = ""
    changes: Sequence[Change] = ()
    amended: Sequence[Amended] = ()
    rough: Mapping[str, str] | None = None


def recorded_day(row: Mapping[str, Any]) -> date:
    """Return the local day on which a row was recorded."""
    return local_day(datetime.fromisoformat(str(row["recorded_at"])))


def told_now(row: Mapping[str, Any], names: NameBook | None = None) -> list[str]:
    """Return what is found otherwise of an act by what is known now."""
    return [f"按现在知道的情况，{WORDING.title(f, names)}：{verdict_word(f)}" for f in row.get("now") or ()]


class Timeline:
    """The rows of a history as entries; ``names``: who is behind an id in what the rules said."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], names: NameBook | None = None) -> None:
        self.rows, self.names = list(rows), names
        self._by_position = {int(row["position"]): row for row in self.rows}

    def entries(self) -> list[Entry]:
        """Return the entries, the newest day first."""
        return [self._entry(row) for row in reversed(self.rows)]

    def _entry(self, row: Mapping[str, Any]) -> Entry:
        position, on = int(row["position"]), str(row["on"])
        amending = row["event"] in AMENDING
        is_system = bool(row.get("system"))
        withdrawn = row.get("retracted_by")
        shape = "fix" if amending else "void" if withdrawn else "sys" if is_system else ""
        return Entry(
            position=position,
            on=on,
            rough=row.get("on_approx"),
            actor="系统" if is_system else actor_word(row),
            text=self._amendment_text(row)
            if amending
            else f"{'记下' if is_system else '登记'} {act_text(row)}",
            shape=shape,
            kind="fix" if amending else "system" if is_system else "person",
            path=f"/events/{position}",
            notes=self._notes(row),
            reason=str(row["facts"].get("reason") or "") if amending else "",
            changes=self.changes(row),
            amended=self._amended(row),
        )

    def _notes(self, row: Mapping[str, Any]) -> list[str]:
        """Return what is told in small: how late it was recorded, what the rules had to say."""
        recorded, on = recorded_day(row), date.fromisoformat(str(row["on"]))
        late = (recorded - on).days
        notes = []
        if late <= 0:
            notes.append("当日记录")
        elif row["event"] not in AMENDING:
            notes.append(f"{recorded} {late_word(row, late)}，晚 {late} 天")
        flawed = [f for f in row.get("findings") or () if f["verdict"] not in ("ok", "note", "convention")]
        notes += [f"{WORDING.title(f, self.names)}：{verdict_word(f)}" for f in flawed[:2]]
        return [*notes, *told_now(row, self.names)]

    def _target(self, row: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return self._by_position.get(int(row["facts"].get("event") or 0))

    def _amendment_text(self, row: Mapping[str, Any]) -> str:
        target = self._target(row)
        what = event_word(str(target["event"])) if target else "一条记录"
        if row["event"] == "EventRetracted":
            return f"撤回 {what}（#{row['facts'].get('event')}）"
        fields = "、".join(change.name for change in self.changes(row))
        return (
            f"更正 {what}的{fields or field_word(str(row['facts']['field']))}（#{row['facts'].get('event')}）"
        )

    def changes(self, row: Mapping[str, Any]) -> list[Change]:
        """Return what a correction changed: each field with the value before it and the value after it."""
        target = self._target(row)
        step = step_named(str(target["event"])) if target else ""
        return [
            Change(
                field_word(change["field"], step),
                value_word(change["field"], masked(change["field"], change["old"])),
                value_word(change["field"], masked(change["field"], change["new"])),
            )
            for change in row.get("changes") or ()
        ]

    def _amended(self, row: Mapping[str, Any]) -> list[Amended]:
        found = []
        for position in row.get("corrected_by") or ():
            by = self._by_position.get(int(position))
            if by is not None:
                found += [
                    Amended(
                        "更正",
                        f"{change.name}更正为",
                        change.new,
                        str(recorded_day(by)),
                        f"/events/{position}",
                    )
                    for change in self.changes(by)
                ]
        withdrawn = row.get("retracted_by")
        by = self._by_position.get(int(withdrawn)) if withdrawn else None
        if by is not None:
            told = f"已撤回：{by['facts'].get('reason')}"
            found.append(Amended("撤回", told, "", str(recorded_day(by)), f"/events/{withdrawn}"))
        return found


def late_word(row: Mapping[str, Any], days: int) -> str:
    """Return how something was recorded: as history some days later (补录), or as it happened."""
    return "补录" if row.get("as_history") and days > 0 else "记录"


def actor_word(row: Mapping[str, Any]) -> str:
    """Return who recorded something, and whether it came with a workbook; the clock's work is 系统."""
    actor = str(row["actor"])
    if actor in SYSTEM_ACTORS:
        return "系统"
    return f"{actor}（导入）" if row.get("origin") == "import" else actor


def field_word(name: str, step: str = "") -> str:
    """Return the name of a field of a record (led to by ``step``); the day of the act is its date."""
    told = CATALOGUE.field(name.removesuffix("_fen"), step)
    return told or ("日期" if name.endswith("_on") else name)


def act_text(row: Mapping[str, Any]) -> str:
    """Return what was done with the numbers that matter: ``支部党员大会：应到 21，实到 19，通过``."""
    facts = dict(in_words(row["facts"]))
    what = event_word(str(row["event"]))
    if row["event"] == "MeetingHeld":
        what = word("meeting", facts.pop("type", ""))
    if step_named(str(row["event"])) in OF_DOCUMENTS and "kind" in facts:
        facts["kind"] = word("meeting", str(facts["kind"]))
    votes, day = facts.pop("votes", None) or {}, _day_field(str(row["event"]))
    event, step = str(row["event"]), step_named(str(row["event"]))
    told = [
        _said(name, value, step)
        for name, value in {**votes, **facts}.items()
        if name not in ALREADY_TOLD
        and (event, name) not in TOLD_ELSEWHERE
        and name != day
        and _is_telling(name, value)
        and not (value is False and name in ONLY_WHERE_SO)
    ]
    return what + (f"：{'，'.join(told[:SHOWN_FACTS])}" if told else "")


SHORT = {
    "eligible": "应到", "attending": "实到", "in_favour": "赞成", "against": "反对", "abstained": "弃权",
    "written_in_favour": "书面赞成", "chair": "主持", "lecturer": "主讲", "seats": "应选", "document": "文号",
    "by": "谈话人",
}  # fmt: skip
SAID = {"passed": ("没有通过", "通过"), "agreed": ("不同意", "同意"), "secret": ("记名", "无记名")}
OF_DOCUMENTS = frozenset({"file_document", "reply_document"})
"""Acts whose kind is one of documents, whose words stand beside those of meetings."""

COUNTED_IN_SHORT = frozenset({"items", "measures", "criteria", "checked"})
"""Lists of which at least the number is told where they are too long for a line."""

BY_THEMSELVES = frozenset({"verdict", "outcome", "persons", "cell", "resolutions", "posts", "measured"})


def _said(name: str, value: Any, step: str) -> str:
    if name in SAID and isinstance(value, bool):
        return SAID[name][value]
    own = CATALOGUE.known("fact", f"{step}.{name}")
    if isinstance(value, list) and len(value) > SHOWN_FACTS:
        return f"{own or field_word(name)} {len(value)} 项"
    told = value_word(name, masked(name, value), step).rstrip("。；")
    return told if name in BY_THEMSELVES else f"{own or SHORT.get(name) or field_word(name)} {told}"


def _is_telling(name: str, value: Any) -> bool:
    is_long = isinstance(value, list) and len(value) > SHOWN_FACTS and name not in COUNTED_IN_SHORT
    return value not in (None, "", [], {}, ()) and not is_long


@cache
def _day_fields() -> Mapping[str, str]:
    return {kind.__name__: day_field(kind) for kind in event_types().values()}


def _day_field(event: str) -> str:
    return _day_fields().get(event, "")
