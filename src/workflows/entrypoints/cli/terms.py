"""``terms``: how the terms of office stand on a day, and what is vacant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workflows.entrypoints.cli.frame import Frame, command, option, pass_frame
from workflows.entrypoints.cli.reading import scope
from workflows.entrypoints.cli.values import asked_of, read_asked, read_known

if TYPE_CHECKING:
    from workflows.entrypoints.wording import Wording

REPORTS = ("approve_officers", "file_committee")
"""What the present committee may still wait for: shown where nothing is to be done for the next one."""
COLUMNS = ("unit", "status", "term_from", "term_until", "latest_on", "secretary", "next", "vacancies")
SHEET = (
    "unit", "kind", "status", "term_from", "term_until", "term_first_until", "latest_on", "days_left",
    "posts", "acting", "vacancies", "next", "unit_id",
)  # fmt: skip


@command("terms")
@option("--unit", metavar="UNIT")
@asked_of
@pass_frame
def terms(frame: Frame, unit: str | None, on: str | None, known_on: str | None) -> None:
    """How the term of each unit stands on a day: its end, the posts, what is vacant, what comes next."""
    day, known = read_asked(on), read_known(known_on)
    unit_id, _ = scope(frame, unit)
    answer = frame.answering.terms(unit_id, day, known)
    rows = [_shown(row, frame.wording) for row in answer["rows"]]
    frame.answer(
        answer, title=frame.wording.words.word("view", "terms"), rows=rows, columns=COLUMNS, sheet=SHEET
    )


def _shown(row: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    words = wording.words
    opened = [one for one in row["steps"] if one["open"]]
    step = next(iter([s for s in opened if s["step"] not in REPORTS] or opened), None)
    comes = "" if step is None else words.word("command", step["step"])
    acting = "、".join(str(one["person"] or "?") for one in row["acting"])
    secretaries = [str(p["person"] or "?") for p in row["posts"] if p["post"] == "secretary"]
    if acting:
        secretaries.append(f"{acting}（{words.word('posting', 'acting')}）")
    return {
        **row,
        "kind": words.kind(row["kind"]),
        "status": words.word("posting", row["status"]),
        "secretary": "、".join(secretaries),
        "next": f"{comes} {step['due_on'] or ''}".strip() if step else "",
        "posts": "、".join(f"{words.word('post', p['post'])} {p['person'] or '?'}" for p in row["posts"]),
        "acting": acting,
        "vacancies": "、".join(
            f"{words.word('post', v['post'])} {v['since']} {wording.amount(v['days'], 'day')}"
            for v in row["vacancies"]
        ),
    }
