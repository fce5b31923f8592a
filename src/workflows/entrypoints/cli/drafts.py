"""``policy impact``, ``adopt`` and ``retire``: a pack tried on the books, taken up, taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from workflows.entrypoints import rendering
from workflows.entrypoints.cli.acting import put_out, requested
from workflows.entrypoints.cli.frame import REFUSED, Frame, option, pass_frame
from workflows.entrypoints.cli.reading import finder
from workflows.entrypoints.cli.rules import below, policy
from workflows.entrypoints.cli.values import read_asked, read_day
from workflows.entrypoints.cli.workbooks import progress
from workflows.kernel.errors import WrongUsage

if TYPE_CHECKING:
    from rich.console import RenderableType

SHEET = (
    "change", "unit", "person", "matter", "before", "after", "because_of", "rule", "subject", "unit_id",
    "person_id",
)  # fmt: skip
COLUMNS = ("unit", "person", "matter", "before", "after")
MOST_SHOWN = 40
"""Changes listed on a screen; all of them go to a file."""


@below("impact")
@click.argument("file", metavar="FILE", type=click.Path())
@option("--unit", metavar="UNIT")
@option("--from", "start", metavar="DATE")
@option("--on", metavar="DATE")
@pass_frame
def impact(frame: Frame, file: str, unit: str | None, start: str | None, on: str | None) -> None:
    """Who would be judged otherwise if a pack were adopted."""
    text = _text(file)
    unit_id = finder(frame).unit(unit) if unit else None
    with progress(frame, frame.wording.say("replaying")) as report:
        answer = frame.app.impact.impact(text, unit_id, read_asked(start), read_asked(on), report)
    rows = [_told(row, frame) for row in answer["rows"]]
    frame.answer(
        answer,
        title=answer["title"],
        rows=rows,
        sheet=SHEET,
        view=lambda: _drawn(answer, rows, frame),
    )


def _text(file: str) -> str:
    """Return the text of a pack by its id or file, found sound.

    Raises:
        WrongUsage: neither a pack nor a file, or no pack (exit code 3).
    """
    from workflows.adapters.packs import read_pack, shipped, text_of

    path = Path(file)
    if file.endswith(".toml"):
        try:
            read_pack(path)
        except WrongUsage as problem:
            if problem.code == "pack-flawed":
                problem.exit_code = REFUSED
            raise
    text = text_of(path.name if file.endswith(".toml") else file, path.parent)
    if text is None:
        raise WrongUsage("pack-unknown", pack=file, packs=sorted(pack.id for pack in shipped()))
    return text


def _told(row: Mapping[str, Any], frame: Frame) -> dict[str, Any]:
    wording = frame.wording
    matter = row["label"] if row["change"] != "step" else wording.subject(row["subject"])
    if row["change"] == "verdict":
        matter = f"{row['label']} {row['subject']}"
    return {
        **row,
        "change": wording.say(f"change_{row['change']}"),
        "matter": matter,
        "before": _side(row["change"], row["before"], frame),
        "after": _side(row["change"], row["after"], frame),
        **({"because_of": _reasons(row["because"], frame)} if row["change"] == "grade" else {}),
    }


def _side(change: str, told: Mapping[str, Any] | None, frame: Frame) -> str:
    """Return one side of a change as one reads it."""
    wording, say = frame.wording, frame.wording.say
    if told is None:
        return say("not_asked")
    if change == "verdict":
        return wording.words.known("tally", told["verdict"]) or wording.verdict(told["verdict"])
    if change == "grade":
        return _grade(told, frame)
    if change == "deadline":
        status = wording.verdict(told["status"])
        late = say("so_late", count=told["days_late"]) if told["days_late"] else ""
        return f"{told['due_on']} {status}{late}"
    if change == "notice":
        mark = say("provisional_mark") if told["provisional"] else ""
        done = [wording.verdict(told["verdict"])] if told["verdict"] else []
        return wording.words.listed([f"{say('earliest', day=told['earliest_on'])}{mark}", *done])
    first, last = told["earliest_on"], told["latest_on"]
    days = [say("earliest", day=first)] if first else []
    days += [say("latest", day=last)] if last else []
    lacking = [wording.subject(name) for name in told["missing"]]
    return wording.words.listed([*days, *lacking]) or say("free")


def _reasons(because: Sequence[Mapping[str, Any]], frame: Frame) -> list[str]:
    """Return why a grade would be another: each rule with its clause, and what the facts say of it."""
    say, found = frame.wording.say, []
    for one in because:
        facts = one["facts"]
        if one["kind"] == "criterion" and "points" in facts:
            told = say("impact_grade_points", points=f"{facts['points']:g}", most=f"{facts['most']:g}")
        elif one["bars"]:
            told = say("impact_grade_none")
        else:
            told = ""
        found.append(say("impact_grade_because", label=one["label"], clause=one["clause"], told=told))
    return found


def _grade(told: Mapping[str, Any], frame: Frame) -> str:
    """Return a grade with its score; several where a person would have to decide, that there is none."""
    say, words = frame.wording.say, frame.wording.words
    score = "" if told["score"] is None else say("impact_grade_score", score=f"{told['score']:g}")
    if told.get("refer"):
        choices = words.listed(told["levels"])
        return (
            say("impact_grade_refer", choices=choices) + score
            if choices
            else say("impact_grade_refer_none") + score
        )
    return (told["grade"] or say("impact_grade_none")) + score


def _is_worse(row: Mapping[str, Any]) -> bool:
    """Say whether somebody would be behind: these are shown first."""
    after = row["after"] or {}
    if row["change"] == "grade":
        return after["grade"] is None
    return after.get("verdict") in ("missing", "late", "invalid", "block") or bool(after.get("days_late"))


def _outcome(row: Mapping[str, Any], frame: Frame) -> str:
    """Return what a change comes to in a word; of a next step nothing short can be said."""
    after = row["after"]
    if row["change"] == "step":
        return ""
    if after is None:
        return frame.wording.say("not_asked")
    if row["change"] in ("verdict", "grade"):
        return _side(row["change"], {**after, "score": None}, frame)
    if row["change"] == "notice":
        return frame.wording.say("provisional" if after["provisional"] else "settled")
    return frame.wording.say("behind" if after["days_late"] else "in_time")


def _drawn(
    answer: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], frame: Frame
) -> list[RenderableType]:
    """Return what a draft comes to for a screen: how many changes of each kind, then the first of them."""
    say, wording = frame.wording.say, frame.wording
    pieces: list[RenderableType] = [
        say("impact_of", title=answer["title"], start=answer["from"], day=answer["as_of"]),
        *([say("impact_ahead", day=answer["as_of"])] if answer["ahead"] else []),
        say("impact_none") if not rows else say("impact_count", units=answer["units"], count=len(rows)),
    ]
    kinds = list(zip(answer["rows"], rows, strict=True))
    counted = Counter((told["change"], str(told["label"])) for told in rows)
    for (change, label), count in counted.items():
        outcomes = Counter(
            _outcome(row, frame) for row, told in kinds if (told["change"], told["label"]) == (change, label)
        )
        split = wording.words.listed(f"{word} {number}" for word, number in outcomes.items() if word)
        pieces.append(say("impact_line", change=change, matter=label, count=count, split=split))
    if rows:
        shown = [told for row, told in sorted(kinds, key=lambda pair: not _is_worse(pair[0]))][:MOST_SHOWN]
        pieces += ["", rendering.table(shown, wording, columns=COLUMNS, width=frame.width)]
        if len(rows) > len(shown):
            pieces.append(say("more", count=len(shown)))
    return pieces


@below("adopt")
@click.argument("file", metavar="FILE", type=click.Path())
@option("--unit", metavar="UNIT", required=True)
@option("--from", "start", metavar="DATE")
@option("--on", metavar="DATE", told="act-on")
@option("--running", metavar="RULE=WORD", multiple=True)
@pass_frame
def adopt(
    frame: Frame, file: str, unit: str, start: str | None, on: str | None, running: tuple[str, ...]
) -> None:
    """Have a pack hold for a unit and all below it, from a day."""
    from workflows.policies.pack import parse_pack

    text = _text(file)
    pack = parse_pack(text)
    fields: dict[str, Any] = {"pack": pack.id, "text": text, "running": _running(running)}
    if start:
        fields["from"] = start
    _record(frame, "adopt_pack", fields, unit, on, text if pack.calendars else None)


@below("retire")
@click.argument("pack", metavar="ID")
@option("--unit", metavar="UNIT", required=True)
@option("--from", "start", metavar="DATE")
@option("--on", metavar="DATE", told="act-on")
@pass_frame
def retire(frame: Frame, pack: str, unit: str, start: str | None, on: str | None) -> None:
    """Have a pack hold no longer, from a day."""
    _record(frame, "retire_pack", {"pack": pack, **({"from": start} if start else {})}, unit, on)


def _running(given: Sequence[str]) -> dict[str, str]:
    from workflows.policies.findings import Running

    found = {}
    for text in given:
        rule, _, word = text.partition("=")
        if word not in get_args(Running):
            raise WrongUsage("running-unreadable", text=text)
        found[rule] = word
    return found


def _record(
    frame: Frame,
    name: str,
    fields: Mapping[str, Any],
    unit: str,
    on: str | None,
    calendar: str | None = None,
) -> None:
    """Record the act, then bring the views up to it: it may touch a whole county.

    ``calendar`` is the text of a pack with working days: the notices are listed whose last day differs by it.
    """
    request = requested(frame, name, fields, read_day(on), unit, None)
    recomputed: list[dict[str, Any]] = []
    if calendar is not None:
        start = getattr(request.command, "start", None)
        asked = frame.app.impact.impact(
            calendar, request.unit_id, start, request.command.on, changes=("notice",)
        )
        recomputed = asked["rows"]
    outcome = frame.app.recording.record(request)
    with progress(frame, frame.wording.say("deriving")) as report:
        frame.app.catch_up(report)
    if calendar is None:
        put_out(frame, name, request, outcome, [], preview=False)
        return
    more = {"recomputed": recomputed}
    put_out(frame, name, request, outcome, [], preview=False, more=more, drawn=_recomputed(recomputed, frame))


def _recomputed(rows: Sequence[Mapping[str, Any]], frame: Frame) -> list[RenderableType]:
    """Return the notices that a table of working days settles or moves, old day and new day."""
    say = frame.wording.say
    if not rows:
        return ["", say("recomputed_none")]
    told = [_told(row, frame) for row in rows]
    table = rendering.table(told, frame.wording, columns=COLUMNS, width=frame.width)
    return ["", say("recomputed", count=len(rows)), table]


__all__ = ["adopt", "impact", "policy", "retire"]
