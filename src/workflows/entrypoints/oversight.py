"""总览和整改推进 as tables: the same numbers on a screen, in a workbook and on a page.

Units stand in the order of the tree: nobody is ranked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workflows.entrypoints.cell_words import activity_word
from workflows.entrypoints.correction_sheet import late_told
from workflows.entrypoints.grade_words import unit_class
from workflows.entrypoints.wording import Wording
from workflows.kernel.errors import WrongUsage
from workflows.projections import driving, overviews
from workflows.projections import lights as limit_lights

Row = dict[str, Any]
ON_A_SCREEN = ("unit", "matter", "due_on", "status")
LIGHTS = (*limit_lights.LIGHTS, limit_lights.HELD)
NUMBERS = (
    "limit.over", "limit.soon", "limit.ok", "regime.done", "regime.refer", "regime.pending", "term.soon",
    "problem.open", "problem.overdue", "problem.waived",
)  # fmt: skip
"""The numbers of a row, in their order; that of what was done stands with what was owed (``3/4``)."""

OF_CASES = ("correction", "rating")
"""Fields whose limits are those of cases: what is named in them is the case."""

SOURCES = ("compliance", "inspection", "rating", "self_check", "superior", "listing", "masses")


def figure(name: str, wording: Wording) -> str:
    """Return what a number is called."""
    return wording.words.known("figure", name) or wording.words.word("figure", name.partition(".")[2] or name)


def figure_named(text: str, wording: Wording, *, of_problems: bool = False) -> str:
    """Return the number of a name, in the words of a reader or as it is in JSON.

    Raises:
        WrongUsage: ``figure-unknown``.
    """
    known = driving.FIGURES if of_problems else overviews.KNOWN
    worded = {(drive_word if of_problems else figure)(name, wording): name for name in known}
    told = text.strip()
    if told in known or (not of_problems and overviews.is_known(told)):
        return told
    if told in worded:
        return worded[told]
    raise WrongUsage("figure-unknown", figure=told, known=list(worded))


def source_named(text: str | None, wording: Wording) -> str | None:
    """Return the source of problems of a name; None for none.

    Raises:
        WrongUsage: ``figure-unknown``.
    """
    worded = {wording.words.word("value", name): name for name in SOURCES}
    if text is None or text in SOURCES:
        return text
    if text not in worded:
        raise WrongUsage("figure-unknown", figure=text, known=list(worded))
    return worded[text]


def heading(name: str, answer: Mapping[str, Any], wording: Wording) -> str:
    """Return the title of an answer: what it is, of which unit, of which span."""
    about = answer["unit"] or wording.say("all_units")
    return wording.say(f"{name}_title", unit=about, span=answer.get("period") or answer.get("quarter"))


def title_of(answer: Mapping[str, Any], wording: Wording) -> str:
    """Return the title of the rows behind a number."""
    is_drive = "period" in answer
    what = (drive_word if is_drive else figure)(answer["of"], wording)
    return f"{answer['unit'] or wording.say('all_units')} {what}"


# --- 总览 ---------------------------------------------------------------------------------------------------


def done_of(regime: Mapping[str, int]) -> str:
    """Return how many are done of how many were owed."""
    return f"{regime['done']}/{regime['owed']}"


def number(row: Mapping[str, Any], name: str) -> int | str:
    """Return a number of a row as it is shown."""
    part, _, key = name.partition(".")
    told = row[{"limit": "limits", "regime": "regime", "term": "terms", "problem": "problems"}[part]]
    return done_of(told) if name == "regime.done" else int(told[key])


def sums(answer: Mapping[str, Any], wording: Wording) -> list[Row]:
    """Return a row a group, at the end the whole."""
    rows = [_sum(row, str(row["unit"] or ""), wording) for row in answer["groups"]]
    return [*rows, _sum(answer["total"], wording.say("matrix_all"), wording)] if rows else []


def _sum(row: Mapping[str, Any], title: str, wording: Wording) -> Row:
    return {
        "unit": title,
        figure("branches", wording): row["branches"],
        **{figure(name, wording): number(row, name) for name in NUMBERS},
    }


def sheets(answer: Mapping[str, Any], wording: Wording) -> list[tuple[str, list[Row], Sequence[str]]]:
    """Return the further sheets of a workbook: the matrix, the grades, what was closed on a waiver."""
    return [
        (wording.say("overview_matrix"), [matrix_row(row, wording) for row in answer["rows"]], ()),
        (wording.say("overview_grades"), [grade_row(row, wording) for row in answer["grades"]], ()),
        (wording.say("overview_waived"), [waived_row(row, wording) for row in answer["waived"]], ()),
    ]


def matrix_row(row: Mapping[str, Any], wording: Wording) -> Row:
    """Return a unit with the lights of each field."""
    lights = row["lights"]
    return {
        "unit": row["unit"],
        "superior": row["group"],
        **{figure(field, wording): light_told(lights.get(field)) for field in limit_lights.FIELDS},
        figure("regime.done", wording): done_of(row["regime"]),
        figure("problem.open", wording): row["problems"]["open"],
    }


SHAPES = {"over": "■", "soon": "▲", "ok": "●", "held": "◇"}


def light_told(lights: Mapping[str, Any] | None) -> str:
    """Return the lights of a field in shapes and numbers, the most urgent first; "" where nothing runs."""
    if not lights:
        return ""
    return " ".join(f"{SHAPES[shape]}{lights[shape]}" for shape in LIGHTS if lights.get(shape))


def grade_word(grade: str, wording: Wording) -> str:
    """Return the grade behind a number; of a voided round only that it is to be decided anew."""
    return wording.words.word("use", grade) if grade == overviews.PENDING else grade


def grade_row(row: Mapping[str, Any], wording: Wording) -> Row:
    """Return how many units have a grade."""
    grade = grade_word(row["grade"], wording)
    told = {"plan": row["plan"], "grade": grade, "unit_class": unit_class(row["class"], wording)}
    return {**told, figure("branches", wording): row["units"]}


def waived_row(row: Mapping[str, Any], wording: Wording) -> Row:
    """Return a problem closed on a waiver: who waived the rule, by which document."""
    waived = row["waived"]
    return {
        "unit": row["unit"],
        "case_subject": row["subject"],
        "closed_out_on": waived["closed_on"],
        "authority": waived["authority"] or wording.say("waiver_withdrawn"),
        "document": waived["document"],
        "waived_until": waived["until"],
        "waived_late": late_told(waived, wording),
    }


def listed_rows(rows: Iterable[Mapping[str, Any]], wording: Wording) -> list[Row]:
    """Return the rows behind a number: which unit, what, by when, how it stands."""
    return [
        {
            "unit": row["unit"],
            "superior": row["group"],
            "matter": matter(row, wording),
            "due_on": row["day"],
            "status": standing(row, wording),
            "rule": row["rule"],
            "unit_id": row["unit_id"],
        }
        for row in rows
    ]


def matter(row: Mapping[str, Any], wording: Wording) -> str:
    """Return what a row is about in a few words."""
    words, subject = wording.words, str(row["subject"])
    if row["file_id"]:
        return subject
    if row.get("activity"):
        what = activity_word(words, str(row["rule"]), str(row["activity"]))
        part = f"（{row['part']}）" if row.get("part") else ""
        return f"{subject} {what}{part}"
    short = words.known("rule", str(row["rule"]))
    if row["field"] in OF_CASES:
        return "：".join(part for part in (subject, short or str(row["label"] or "")) if part)
    what = short or wording.subject(subject)
    return f"{row['person']} {what}" if row.get("person") else what


def standing(row: Mapping[str, Any], wording: Wording) -> str:
    """Return how a row stands, in a word."""
    told, name = str(row["told"]), row["figures"][0]
    if name.startswith("limit."):
        return figure(f"light.{name.partition('.')[2]}", wording)
    if name.startswith("regime."):
        return wording.words.known("tally", told) or wording.verdict(told)
    if name.startswith(("problem.", "campaign.")):
        waived = row.get("waived")
        if not waived:
            return wording.stage(told)
        said = (waived["authority"] or wording.say("waiver_withdrawn"), late_told(waived, wording))
        by = f"（{'，'.join(part for part in said if part)}）"
        return wording.stage(told) + figure("problem.waived", wording) + by
    return level_word(told, wording) if name.startswith("site.") else grade_word(told, wording)


def level_word(level: str, wording: Wording) -> str:
    """Return the level of a demonstration site."""
    return wording.words.any_word(level, "level", "value") or wording.words.word("level", level)


# --- 整改推进 -----------------------------------------------------------------------------------------------


def drive_word(name: str, wording: Wording) -> str:
    """Return what a number of problems is called."""
    return wording.words.word("drive", name)


def drive_sheet(answer: Mapping[str, Any], wording: Wording) -> list[Row]:
    """Return a row a unit below, at the end the whole, with every number."""
    rows = [drive_row(row, str(row["unit"] or ""), wording) for row in answer["rows"]]
    return [*rows, drive_row(answer["total"], wording.say("matrix_all"), wording)] if rows else []


def source_sheet(answer: Mapping[str, Any], wording: Wording) -> tuple[str, list[Row], Sequence[str]]:
    """Return the same by source, as a further sheet."""
    rows = [
        drive_row(row, wording.words.word("value", row["source"]), wording, head="issue_source")
        for row in answer["sources"]
    ]
    return wording.say("drive_sources"), rows, ()


def drive_row(
    row: Mapping[str, Any],
    title: str,
    wording: Wording,
    *,
    head: str = "unit",
    names: Sequence[str] = driving.FIGURES,
) -> Row:
    """Return the numbers of some problems under their words, the median days with how many it is of."""
    numbers = {drive_word(name, wording): row[name] for name in names}
    return {head: title, **numbers, drive_word("median_days", wording): median(row, wording)}


def median(row: Mapping[str, Any], wording: Wording) -> str:
    """Return the median days from found to closed, and of how many; none where nothing was closed."""
    if row["median_days"] is None:
        return wording.say("median_none")
    days = row["median_days"]
    return wording.say("median_of", days=int(days) if float(days).is_integer() else days, of=row["median_of"])
