"""等次的话: what a grade is, which class it stands for and what the plan says comes of it, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workflows.entrypoints.wording import Wording

USES = ("class", "commend", "next", "plate")


def unit_class(word: str | None, wording: Wording) -> str:
    """Return a class (先进、中间、后进), "" where none is known."""
    return wording.words.word("use", f"class-{word}") if word else ""


def grade_told(row: Mapping[str, Any], wording: Wording) -> str:
    """Return the grade of a row as it may be told: one whose round was voided with that it is pending."""
    if row.get("pending") is None:
        return str(row["grade"] or "")
    pending = wording.words.word("use", "pending")
    return wording.say("grade_pending", grade=row["pending"], told=pending) if row["pending"] else pending


def use_words(use: Mapping[str, Any], wording: Wording) -> str:
    """Return what a rule says may or must be done about a grade, "" where it only names its class."""
    return wording.words.listed(
        wording.words.word("use", f"{name}-{use[name]}") for name in USES[1:] if name in use
    )


def use_line(use: Mapping[str, Any], wording: Wording) -> str:
    """Return what one rule says of a grade, with its clause."""
    said = [wording.words.word("use", f"{name}-{use[name]}") for name in USES if name in use]
    clause = f"（{use['clause']}）" if wording.lang == "zh" else f" ({use['clause']})"
    return wording.words.listed(said) + clause


def entries_line(entries: Iterable[Mapping[str, Any]], wording: Wording) -> str:
    """Return the value of a rule of kind ``grades``: of which grades, or of whom, it says what."""
    words, colon, mark = wording.words, *(("：", "；") if wording.lang == "zh" else (": ", "; "))

    def line(one: Mapping[str, Any]) -> str:
        whom = words.listed(one["levels"]) if "levels" in one else None
        passed = "true" if one.get("passed") else "false"
        said = words.listed(words.word("use", f"{name}-{one[name]}") for name in USES if name in one)
        return f"{whom or words.word('use', f'passed-{passed}')}{colon}{said}"

    return mark.join(map(line, entries))


def plate(told: Mapping[str, Any] | None, *, due: bool, wording: Wording) -> str:
    """Return where the plate of a grade stands, with its day, "" where the plan has none."""
    if told is None:
        return wording.words.word("plate", "due") if due else ""
    return plate_since(told["standing"], told["on"], told["taken_down_on"], wording)


def plate_since(standing: str, hung_on: str | None, down_on: str | None, wording: Wording) -> str:
    """Return where a plate stands with the day since when; how long it should be down no text says."""
    day = down_on if standing == "taken_down" else hung_on if standing == "hangs" else ""
    return f"{wording.words.word('plate', standing)} {day or ''}".rstrip()


def grade_line(row: Mapping[str, Any], wording: Wording) -> str:
    """Return one entry of the history of grades: the day, what was decided, by which campaign, why."""
    said = str(row["grade"] or "") if row["step"] == "confirm_rating" else wording.command(row["step"])
    if row["passed"] is False:
        said = wording.words.word("use", "failed")
    told = unit_class(row["class"], wording)
    score = wording.say("grade_score", score=f"{row['score']:g}") if row["score"] is not None else ""
    ended = wording.words.word("use", "ended") if row["grade"] and not row["holds"] else ""
    if row["void_on"]:
        told_of = wording.words.word("use", "pending") if row["pending"] else ended
        ended = wording.say("grade_void", on=row["void_on"], told=told_of)
    parts = [row["on"], said or wording.words.word("use", "no-grade"), told, score]
    hung = plate(row["plate"], due=row["plate_due"], wording=wording)
    parts += [str(row["subject"]), str(row["reason"] or ""), ended, hung]
    return " ".join(part for part in parts if part)
