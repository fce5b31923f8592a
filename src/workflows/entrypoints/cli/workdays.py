"""What ``policy check`` says of the working days of a year in a pack: doubts, and where others are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workflows.entrypoints.cli.frame import Frame
    from workflows.policies.workdays import CalendarYear


def told(year: CalendarYear) -> dict[str, Any]:
    """Return a year in JSON form: how many days, its notice, ``doubts``, days that differ from the known."""
    from workflows.adapters.packs import calendar

    differs = calendar().differences(year.table)
    word = {True: "workday", False: "holiday"}
    return {
        "year": year.year,
        "holidays": len(year.holidays),
        "workdays": len(year.workdays),
        "source": year.source,
        "confidence": year.confidence,
        "doubts": [{"what": d.what, "day": d.day, "name": d.name} for d in year.doubts()],
        "differs": [{"day": day, "is": word[year.table.is_working_day(day)]} for day in differs],
    }


def drawn(year: Mapping[str, Any], frame: Frame) -> list[str]:
    """Return a year in lines for a screen."""
    wording = frame.wording
    say, named = wording.say, ("year", "holidays", "workdays", "source")
    lines = [say("calendar_ok", **{key: year[key] for key in named})]
    lines += [say(f"doubt_{d['what']}", day=d["day"], name=d["name"]) for d in year["doubts"]]
    if year["differs"]:
        days = wording.words.listed(f"{d['day']} {wording.value('value', d['is'])}" for d in year["differs"])
        lines.append(say("calendar_differs", year=year["year"], days=days))
    return lines
