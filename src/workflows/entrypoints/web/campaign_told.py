"""A campaign for reading: where each unit stands, by criterion, and how the sample is drawn again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from workflows.entrypoints import grade_words, scoring_words
from workflows.entrypoints.period_words import period_word
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.grades import PLATES
from workflows.entrypoints.web.lights import Light
from workflows.entrypoints.web.why import calc_lines
from workflows.entrypoints.web.words import WORDING, word
from workflows.policies.doubts import unchecked
from workflows.policies.kinds import Bands
from workflows.policies.pack import Pack
from workflows.policies.rule import Rule

HERE = "/campaigns"
STATES = {"fulfilled": "ok", "not_fulfilled": "over", "unclear": "refer", "not_asked": "free"}
OUTCOMES = {
    "met": "ok", "late": "soon", "missing": "over", "invalid": "over", "exempt": "free", "pending": "no",
    "refer": "refer",
}  # fmt: skip
OF_THE_OUTCOME = ("confirm_rating", "review", "draw_sample", "recheck", "revoke_rating")
"""The acts at which the rules of a plan speak about its outcome."""

Told = Mapping[str, Any]


def flow(told: Told) -> list[dict[str, Any]]:
    """Return 自评、初评、复核、审定 with how far each has come; the first unfinished is the present."""
    rows, holds = told["rows"], told["round"]
    units = len(rows)
    self_done = sum(last(row, "assess_self") is not None for row in rows)
    reviewed = sum(_is_reviewed(row) for row in rows)
    decided = sum(bool(row["grade"]) for row in rows)
    sample, recheck = holds["sample"], holds["recheck"]
    passed = told["campaign"]["passed"]
    checked = "还没有抽" if sample is None else f"抽 {sample['sampled']} 个"
    checked = f"误差率 {number(recheck['rate'])}%" if recheck and recheck["rate"] is not None else checked
    parts = [
        ("自评", f"{self_done}/{units}" if units else "–", self_done >= units > 0),
        ("初评", f"{reviewed}/{units}" if units else f"达标 {passed} 个", reviewed >= units and passed > 0),
        ("复核", checked, recheck is not None),
        ("审定", f"{decided}/{units}" if units else "–", decided >= units > 0),
    ]
    here = next((place for place, (_, _, done) in enumerate(parts) if not done), len(parts))
    return [
        {"word": name, "text": text, "shape": "cur" if place == here else "" if done else "todo"}
        for place, (name, text, done) in enumerate(parts)
    ]


def last(row: Told, step: str) -> Told | None:
    """Return the last score of a unit by a step that stands."""
    found = [one for one in row["scores"] if one["step"] == step and not one["void"]]
    return found[-1] if found else None


def _is_reviewed(row: Told) -> bool:
    return last(row, "review") is not None


def number(value: float | None) -> str:
    """Return a number as one writes it, "" for none."""
    return "" if value is None else f"{value:g}"


def line(row: Told, told: Told, ask: Ask) -> dict[str, Any]:
    """Return one unit of the table; its grade is a draft until it is decided."""
    own, given = last(row, "assess_self"), last(row, "review")
    sample, recheck = told["round"]["sample"], told["round"]["recheck"]
    drawn = sample is not None and any(one["unit_id"] == row["unit_id"] for one in sample["sampled_units"])
    wrong = recheck is not None and any(one["unit_id"] == row["unit_id"] for one in recheck["wrong_units"])
    lost = [one for one in row["criteria"] if one["state"] == "not_fulfilled"]
    return {
        "unit": row["unit"],
        "path": ask.horizon.link(unit_path(told["file_id"], row["unit_id"])),
        "self": _score(own),
        "review": _score(given),
        "passed": None if given is None or given["passed"] is None else given["passed"],
        "recheck": "有误" if wrong else "抽中" if drawn else "",
        "automatic": row["automatic"],
        "by_hand": row["by_hand"],
        "bare": row["bare"],
        "changed": row["changed"],
        "grade": grade(row),
        "lost": [
            {
                "id": one["id"],
                "state": scoring_words.state(one, WORDING),
                "points": number(one["by_facts"]),
                "most": number(one["points"]),
                "proofs": [proof(p, ask) for p in one["proofs"] if p["outcome"] in scoring_words.NOT_KEPT],
            }
            for one in lost
        ],
    }


def _score(one: Told | None) -> str:
    if one is None:
        return ""
    return number(one["score"]) or (
        "达标" if one["passed"] else "没有达标" if one["passed"] is False else "已评"
    )


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade as it is shown: decided, or a draft with what keeps it from being more."""

    light: Light | None = None
    is_draft: bool = False
    why: str = ""
    plate: Light | None = None


def grade(row: Told) -> Grade:
    """Return the grade decided; else what the score would come to, marked as a draft, or why none can."""
    if row["revoked_on"]:
        return Grade(Light("free", f"已取消 {row['revoked_on']}"), plate=plate(row))
    if row["pending"] is not None and row["draft"] is None:
        return Grade(Light("refer", grade_words.grade_told(row, WORDING)), plate=plate(row))
    if row["pending"] is None and (row["grade"] or row["rated_on"]):
        return Grade(Light("ok", row["grade"] or "已定，没有写等次"), plate=plate(row))
    told = row["draft"]
    if told is None:
        return Grade()
    bars = [one["label"] for one in told["because"] if one["bars"]]
    if bars or row["vetoed"]:
        return Grade(Light("over", "现在不能定"), is_draft=True, why="、".join([*row["vetoed"], *bars]))
    if told["grade"]:
        return Grade(Light("no", told["grade"]), is_draft=True)
    if not any(one["kind"] == "bands" for one in told["because"]):
        return Grade()
    between = "、".join(told["levels"])
    return Grade(Light("refer", "由人判断"), is_draft=True, why=between or "这个分数没有写")


def plate(row: Told) -> Light | None:
    """Return where the plate of a unit stands; None where the plan has none for what it holds."""
    if row["plate"] is None:
        return None
    days = row["plate_hung_on"], row["plate_taken_down_on"]
    return Light(PLATES[row["plate"]], grade_words.plate_since(row["plate"], *days, WORDING))


def proof(told: Told, ask: Ask) -> dict[str, Any]:
    """Return one thing the facts say, with where it is looked at and the records behind it."""
    link = ask.horizon.link
    text = scoring_words.matter(told, WORDING)
    path = ""
    if told["kind"] == "cell":
        text = text.replace(told["what"], period_word(told["what"], ask.horizon.as_of), 1)
        path = link(f"/compliance/{told['unit_id']}/{told['rule']}/{told['what']}", of=told["part"])
    elif told["person_id"]:
        path = link(f"/people/{told['person_id']}")
    day = told["on"] or (told["due_on"] if told["kind"] == "limit" else "")
    said = scoring_words.outcome(told, WORDING)
    return {
        "text": text,
        "light": Light(OUTCOMES[told["outcome"]], f"{said} {day}" if day else said),
        "path": path,
        "clause": told["clause"],
        "events": [{**one, "path": link(f"/events/{one['position']}")} for one in told["events"]],
    }


def side_by_side(one: Told, ask: Ask) -> dict[str, Any]:
    """Return a criterion with claim, facts, last year and reviews beside each other.

    The reason of a review stands where it changed something; it is told of the whole review below.
    """
    held = one["review"]
    others = [told for told in one["reviews"] if held is None or told["event_id"] != held["event_id"]]
    review = given(held, ask)
    if review is not None and not one["changed"] and not others:
        review["reason"] = None
    return {
        "id": one["id"],
        "title": one["title"],
        "points": number(one["points"]),
        "lost": number(one["lost"]),
        "veto": one["veto"],
        "clause": one["clause"],
        "state": Light(STATES[one["state"]], scoring_words.state(one, WORDING)),
        "by_facts": number(one["by_facts"]),
        "proofs": [proof(told, ask) for told in one["proofs"]],
        "claim": given(one["claim"], ask),
        "earlier": [given(told, ask) for told in one["claims"][:-1]],
        "last": number(one["last_points"]),
        "review": review,
        "reviews": [given(told, ask) for told in others],
        "changed": one["changed"],
        "off_facts": one["off_facts"],
    }


def given(told: Told | None, ask: Ask) -> dict[str, Any] | None:
    """Return points as they were given: by which record, on what evidence, why."""
    if told is None:
        return None
    return {
        **told,
        "points": number(told["points"]),
        "path": event_path(told["event_id"], ask),
        "proofs": [path for one in told["events"] if (path := event_path(one, ask))],
    }


def event_path(event_id: str, ask: Ask) -> str:
    """Return the page of a record by its id, "" where there is none."""
    with ask.app.log.read() as reading:
        found = reading.find_event(UUID(event_id))
    return ask.horizon.link(f"/events/{found.position}") if found is not None else ""


def unit_path(file_id: object, unit_id: object) -> str:
    """Return the page of one unit in a campaign."""
    return f"{HERE}/{file_id}/units/{unit_id}"


# --- what the plan says -----------------------------------------------------------------------------------


def _plan(told: Told, holder: object, ask: Ask) -> Pack | None:
    rules = ask.desk.rules_for(holder)
    found = [pack for pack in rules.packs if told["scheme"] in (pack.id, pack.title)]
    return found[-1] if found else None


def scheme_title(told: Told, holder: object, ask: Ask) -> str:
    """Return what the plan is called; as it was written where no pack is called so."""
    pack = _plan(told, holder, ask)
    return pack.title if pack is not None else told["scheme"] or ""


def criteria(told: Told) -> list[dict[str, Any]]:
    """Return the criteria with their points as one writes them."""
    return [{**one, "points": number(one["points"]), "lost": number(one["lost"])} for one in told["criteria"]]


def plan_rules(told: Told, holder: object, ask: Ask) -> list[dict[str, Any]]:
    """Return the rules of the plan about its outcome: bands, shares, what bars; with what they leave open."""
    pack = _plan(told, holder, ask)
    return [
        _rule(rule, ask)
        for rule in (pack.own_rules if pack is not None else ())
        if rule.about == "campaign"
        and set(rule.on) & set(OF_THE_OUTCOME)
        and rule.in_force(ask.horizon.as_of)
    ]


def not_checked(told: Told, holder: object, ask: Ask) -> list[dict[str, Any]]:
    """Return the rules of the plan by which nothing is checked, each with the reason."""
    pack = _plan(told, holder, ask)
    return [_rule(rule, ask) for rule in (unchecked(pack) if pack is not None else ())]


def _rule(rule: Rule, ask: Ask) -> dict[str, Any]:
    value = rule.value_on(ask.horizon.as_of)
    flaws = rule.flaws(value) if isinstance(rule, Bands) and value is not None else []
    bands = list(value.value) if isinstance(rule, Bands) and value is not None else []
    return {
        "label": rule.label,
        "clause": rule.cite(ask.horizon.as_of),
        "kind": word("rule_kind", rule.kind_name),
        "bands": [(_band(one), one["level"]) for one in bands],
        "flaws": [_flaw(*one) for one in flaws],
        "note": rule.note,
    }


def _band(one: Mapping[str, Any]) -> str:
    low = f"{one['from']:g}" if "from" in one else f"超过 {one['over']:g}"
    high = f"{one['to']:g}" if "to" in one else f"不到 {one['below']:g}"
    return f"{low} – {high}"


def _flaw(what: str, low: float, high: float) -> str:
    if what == "overlap":
        return f"{low:g} 分落在两档，由人判断"
    return f"{low:g} 与 {high:g} 之间没有写，由人判断"


def sample(told: Told, ask: Ask) -> dict[str, Any] | None:
    """Return the sample with what its rules say, and everything needed to draw it again."""
    found, recheck = told["round"]["sample"], told["round"]["recheck"]
    if found is None and recheck is None:
        return None
    return {
        "drawn": None if found is None else {**found, "share": number(found["share"]), **_at(found, ask)},
        "recheck": None
        if recheck is None
        else {**recheck, "rate": number(recheck["rate"]), **_at(recheck, ask)},
        "rules": [_said(one) for part in (found, recheck) if part for one in part["rules"]],
    }


def _at(told: Told, ask: Ask) -> dict[str, str]:
    return {"path": ask.horizon.link(f"/events/{told['position']}")}


def dated(rows: Sequence[Told], ask: Ask) -> list[dict[str, Any]]:
    """Return acts of a campaign with the page of each record."""
    return [{**one, **_at(one, ask)} for one in rows]


def _said(one: Told) -> dict[str, Any]:
    shape = {"ok": "ok", "refer": "refer"}.get(one["verdict"], "over")
    return {**one, "light": Light(shape, word("verdict", one["verdict"])), "lines": calc_lines(one["calc"])}


def appeals(told: Told, ask: Ask) -> list[dict[str, Any]]:
    """Return the appeals, each with where it stands."""
    return [
        {
            **one,
            **_at(one, ask),
            "light": Light("refer", "还没有处理")
            if one["settled"] is None
            else Light("ok", "成立" if one["settled"]["upheld"] else "不成立"),
            "settled_path": _at(one["settled"], ask)["path"] if one["settled"] else "",
        }
        for one in told["round"]["appeals"]
    ]


def heading(told: Told) -> dict[str, Any]:
    """Return how many criteria the records tell, in part, not at all; over all units, how many they told."""
    rows: Sequence[Told] = told["rows"]
    automatic = sum(row["automatic"] for row in rows)
    return {
        **told["counts"],
        "filled": automatic,
        "of_all": automatic + sum(row["by_hand"] for row in rows),
        "hand": sum(row["by_hand"] for row in rows),
    }
