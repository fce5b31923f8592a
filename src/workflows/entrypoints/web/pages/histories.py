"""历史: a unit or a person as of a day, as known on a day, compared with what is known on another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from workflows.entrypoints import case_state
from workflows.entrypoints.masking import masked
from workflows.entrypoints.rendering import cell
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.told import timeline_told, words_of
from workflows.entrypoints.web.horizon import Horizon, read_known
from workflows.entrypoints.web.outdone import noted, outdone
from workflows.entrypoints.web.pages.people import row_of
from workflows.entrypoints.web.paging import LONG_LIST, Pages
from workflows.entrypoints.web.timeline import Timeline, actor_word, field_word, late_word, recorded_day
from workflows.entrypoints.web.units_told import unit_of
from workflows.entrypoints.web.words import WORDING, event_word, value_word, word
from workflows.kernel.clock import local_day
from workflows.kernel.events import AMENDING, Known, Recorded, is_known

router = APIRouter()
STATE_WORDS = {
    "stage": "阶段", "unit": "所在支部", "applied_on": "递交申请", "activist_since": "确定为积极分子",
    "target_on": "列为发展对象", "probation_from": "成为预备党员", "probation_until": "预备期届满",
    "member_from": "入党日期", "full_since": "成为正式党员", "standing_from": "党龄起算",
    "dues_from": "党费起算", "voting_right": "表决权", "posts": "职务",
    "name": "名称", "level": "层级", "kind": "类别", "superior": "上级", "full_members": "正式党员人数",
    "probationary_members": "预备党员人数", "committee": "支部委员会", "elected": "当选人",
    "term_from": "任期起", "term_until": "任期届满", "resolutions": "决议",
    "grades": "等次", "documents": "报送的文件",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One item known differently: as this page knows it, as the other horizon knows it, and why."""

    name: str
    this: str
    other: str
    because: str
    position: int | None


@router.get("/units/{unit_id}/history")
def of_unit(ask: Annotated[Ask, Depends()], unit_id: str) -> HTMLResponse:
    """Show the history of a unit.

    Raises:
        PageProblem: 404 no such unit, 400 a day nobody can read.
    """
    entry = unit_of(ask, unit_id)
    return of_stream(ask, entry.id, entry.name, [("/units", "支部")], f"/units/{entry.id}", "/units")


@router.get("/people/{person_id}/history")
def of_person(ask: Annotated[Ask, Depends()], person_id: str) -> HTMLResponse:
    """Show the history of a person.

    Raises:
        PageProblem: 404 nobody there on that day, 400 a day nobody can read.
    """
    wanted = ask.stream(person_id, "个人")
    name = row_of(wanted, ask.desk)["person"] or "（姓名已删除）"
    return of_stream(ask, wanted, name, [("/pipeline", "发展党员")], f"/people/{wanted}", "/pipeline")


def of_stream(
    ask: Ask, stream: UUID, name: str, crumbs: Sequence[tuple[str, str]], path: str, here: str
) -> HTMLResponse:
    """Show the history of a stream; ``path`` is its page, ``here`` the entry of the menu.

    Raises:
        PageProblem: 400, a day nobody can read.
    """
    desk, horizon = ask.desk, ask.horizon
    diff_text = ask.text("diff")
    diff = read_known(diff_text, "diff") if diff_text else None
    answer = desk.history(stream, diff)
    timeline = _timeline(answer["rows"], ask, stream)
    entries = noted(timeline.entries(), outdone(timeline.rows))
    query = {"diff": diff_text} if diff_text else {}
    pages = Pages.of(len(entries), ask.page_number, LONG_LIST, path + "/history", horizon, query)
    records = desk.records(stream)
    later = [record for record in records if not is_known(record, horizon.known_on)]
    differences = _differences(answer, ask, stream) if diff is not None else []
    known_by_diff = sum(is_known(record, diff) for record in records)
    return ask.page(
        "history.html",
        here=here,
        name=name,
        crumbs=crumbs,
        path=path,
        known_count=len(records) - len(later),
        later_count=len(later),
        later_kinds=later_kinds(later),
        later=_later(ask, stream, {record.position for record in later}),
        state=case_lines(answer["state"], ask) if "over" in answer["state"] else state_lines(answer["state"]),
        differences=differences[:LONG_LIST] if diff is not None else None,
        differences_count=len(differences),
        other_is_newer=known_by_diff >= len(records) - len(later),
        this_word=known_word(horizon.known_on, horizon.known_text),
        other_word=known_word(diff, diff_text),
        diff_day=day_of(diff),
        known_day=horizon.known_day,
        entries=pages.cut(entries),
        pages=pages,
        shortcuts=shortcuts(horizon, path, records),
    )


def _timeline(rows: Sequence[Mapping[str, Any]], ask: Ask, stream: UUID) -> Timeline:
    """Return the rows of a history for reading, of rules and periods in words; of somebody by their unit."""
    case, known = ask.desk.files.get(str(stream)), ask.desk.unit_by_id
    unit_id: object = stream if case is None else case.unit_id
    if case is None and str(stream) not in known:
        unit_id = next((row["unit_id"] for row in reversed(rows) if row.get("unit_id")), None)
    return timeline_told(rows, ask.desk, unit_id)


def known_word(known: Known, text: str) -> str:
    """Return a horizon of knowledge as one says it."""
    if known is None:
        return "今天"
    return f"第 {known} 条" if isinstance(known, int) else text


def later_kinds(records: Sequence[Recorded]) -> str:
    """Return how many of the records are corrections, late entries, retractions: ``更正 1 条、补录 1 条``."""
    names = [type(record.event).__name__ for record in records]
    late = sum(r.as_history and local_day(r.recorded_at) > r.effective_on for r in records)
    counts = {"更正": names.count("FactCorrected"), "补录": late, "撤回": names.count("EventRetracted")}
    return "、".join(f"{word} {count} 条" for word, count in counts.items() if count)


def day_of(known: Known) -> date | None:
    """Return the local day of a horizon, None for a position or none."""
    return local_day(known) if isinstance(known, datetime) else None


def state_lines(state: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the state as name and value, what is unknown left out."""
    return [
        (STATE_WORDS.get(name, field_word(name)), state_value(name, value))
        for name, value in state.items()
        if value not in (None, [])
    ]


def case_lines(state: Mapping[str, Any], ask: Ask) -> list[tuple[str, str]]:
    """Return the state of a case as name and value: ids as names, what is unknown left out."""
    told = case_state.state(masked("", dict(state)), WORDING, words_of(ask.desk, state["unit_id"]))
    return [(field_word(name), text) for name, value in told.items() if (text := cell(name, value, WORDING))]


def state_value(name: str, value: Any) -> str:
    """Return a value of a state as one reads it; long lists are told briefly."""
    if value is None:
        return "没有"
    if name == "committee":
        told = (f"{post['person'] or '（姓名已删除）'}（{word('post', post['post'])}）" for post in value)
        return "、".join(told) or "没有"
    if name == "resolutions":
        return f"{len(value)} 项"
    if name == "grades":
        return "；".join(f"{one['on']} {_grade(one)}（{one['subject']}）" for one in value)
    if name == "documents":
        return "；".join(_document(one) for one in value)
    if name == "voting_right":
        return "有" if value else "没有"
    return value_word(name, masked(name, _without_ids(value)))


def _grade(one: Mapping[str, Any]) -> str:
    return "已取消" if one["step"] == "revoke_rating" else str(one["grade"] or "没有写等次")


def _document(one: Mapping[str, Any]) -> str:
    """Return a document that was filed: when, of which kind and period, what it is called, the answer."""
    kind = WORDING.words.any_word(str(one["kind"]), "meeting") or str(one["kind"])
    told = [kind, one["for_period"] or "", f"“{one['title']}”" if one["title"] else ""]
    reply = f"，{one['replied_on']} {value_word('reply', one['reply'])}" if one["reply"] else ""
    return f"{one['filed_on']} {' '.join(filter(None, told))}{reply}"


def _without_ids(value: Any) -> Any:
    """Return a value without the ids by which programs find what it speaks of."""
    if isinstance(value, Mapping):
        return {name: _without_ids(one) for name, one in value.items() if not name.endswith(("_id", "_ids"))}
    return [_without_ids(one) for one in value] if isinstance(value, list) else value


def shortcuts(horizon: Horizon, path: str, records: Sequence[Recorded]) -> list[tuple[str, str]]:
    """Return days often asked for: the end of last year, and the day before the last correction."""
    end = date(horizon.today.year - 1, 12, 31)
    here = Horizon(horizon.today, horizon.today)
    found = [("上年末", here.link(path + "/history", as_of=end))]
    amending = [r for r in records if type(r.event).__name__ in AMENDING]
    if amending:
        before = f"@{amending[-1].position - 1}"
        found.append(("更正前", here.link(path + "/history", known_on=before, diff=horizon.today)))
    return found


def _later(ask: Ask, stream: UUID, positions: set[int]) -> list[Any]:
    """Return what was recorded after the horizon, told briefly."""
    if not positions:
        return []
    rows = ask.app.answering.records(stream)
    timeline = _timeline(rows, ask, stream)
    return [entry for entry in timeline.entries() if entry.position in positions][:LONG_LIST]


def _differences(answer: Mapping[str, Any], ask: Ask, stream: UUID) -> list[Difference]:
    """Return what differs between the two horizons: fields of the state, then records, each with a reason."""
    told = answer["diff"]
    rows = {row["position"]: row for row in ask.app.answering.records(stream)}
    pairs = [pair for pair in told["rows"] if pair["position"] in rows]
    shown = {pair["position"] for pair in pairs}
    acts = [pair for pair in pairs if not _amends_one_of(rows[pair["position"]], shown)]
    causes = {pair["position"]: _cause_of(pair, rows) for pair in acts}
    amending = [cause for cause in causes.values() if cause["event"] in AMENDING] or list(causes.values())
    only = amending[0] if len(amending) == 1 else None
    found = [
        Difference(
            name,
            this,
            other,
            _told(only) if only else "由下面的记录得出",
            only["position"] if only else None,
        )
        for name, this, other in _state_differences(answer, ask)
    ]
    for pair in acts:
        row, cause = rows[pair["position"]], causes[pair["position"]]
        found.append(
            Difference(
                f"记录 #{pair['position']} {event_word(str(row['event']))}",
                _row_word(pair["this"]),
                _row_word(pair["other"]),
                _told(cause),
                cause["position"],
            )
        )
    return found


def _state_differences(answer: Mapping[str, Any], ask: Ask) -> list[tuple[str, str, str]]:
    """Return what differs in the state: its name, as this page knows it, as the other horizon knows it."""
    pairs, state = answer["diff"]["state"], answer["state"]
    if "over" not in state:
        return [
            (
                STATE_WORDS.get(name, field_word(name)),
                state_value(name, pair["this"]),
                state_value(name, pair["other"]),
            )
            for name, pair in pairs.items()
        ]
    whose = {"kind": state["kind"], "unit_id": state["unit_id"]}
    this, other = (
        dict(case_lines({**whose, **{name: pair[side] for name, pair in pairs.items()}}, ask))
        for side in SIDES
    )
    return [
        (name, this.get(name, "没有"), other.get(name, "没有")) for name in dict.fromkeys([*this, *other])
    ]


SIDES = ("this", "other")


def _amends_one_of(row: Mapping[str, Any], positions: set[int]) -> bool:
    return row["event"] in AMENDING and row["facts"].get("event") in positions


def _cause_of(pair: Mapping[str, Any], rows: Mapping[int, Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the record that made the difference: the correction or retraction known to one side alone."""
    amending: list[set[int]] = []
    for row in (pair["this"], pair["other"]):
        told = [] if row is None else [*(row.get("corrected_by") or ()), row.get("retracted_by")]
        amending.append({position for position in told if position})
    known_to_one = sorted(amending[0] ^ amending[1])
    if known_to_one and pair["this"] and pair["other"] and known_to_one[-1] in rows:
        return rows[known_to_one[-1]]
    return rows[pair["position"]]


def _row_word(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "还不知道"
    if row.get("retracted_by"):
        return "已撤回"
    return f"{row['on']}" + ("（已更正）" if row.get("corrected_by") else "")


def _told(row: Mapping[str, Any]) -> str:
    """Return who recorded what when, and why."""
    recorded = recorded_day(row)
    who = actor_word(row)
    if row["event"] == "FactCorrected":
        return f"{who} {recorded} 更正{field_word(str(row['facts']['field']))}：{row['facts'].get('reason')}"
    if row["event"] == "EventRetracted":
        return f"{who} {recorded} 撤回：{row['facts'].get('reason')}"
    late = (recorded - date.fromisoformat(str(row["on"]))).days
    return f"{who} {recorded} {late_word(row, late)}" + (f"，晚 {late} 天" if late > 0 else "")
