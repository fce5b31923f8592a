"""推算的话: what stands beside a planned step or a person's plan, for the command line and the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workflows.entrypoints.wording import Wording

Row = Mapping[str, Any]


def step_note(step: Row, wording: Wording) -> str:
    """Return what one must know of a planned step: what decides, what is not known, what is asked first."""
    say, parts = wording.say, []
    parts += [str(f["message"]) for f in step["findings"] if f.get("message")]
    if step["unknown"]:
        parts.append(say("plan_unknown", facts=facts(step["unknown"], wording)))
    if step["refers"]:
        parts.append(say("plan_refers", rules=rules(step["refers"], wording)))
    if step["waits"]:
        parts.append(say("plan_waits", clause=step["clause"]))
    if step["latest_is_planned"] and not step["do_by"]:
        parts.append(say("plan_latest"))
    if step["provisional"]:
        parts.append(say("plan_provisional_day"))
    limit = None if step["latest_is_planned"] else step["latest_on"]
    if limit and step["earliest_on"] and limit < step["earliest_on"]:
        parts.append(say("plan_passed", day=limit))
    elif step["do_by"] and limit and limit < step["do_by"]:
        parts.append(say("plan_limit", day=limit))
    if step["by_superior"]:
        parts.append(say("plan_superior"))
    if step["missing"] and step["status"] in ("open", "waits"):
        parts.append(say("next_missing", missing=facts(step["missing"], wording, step["missing_titles"])))
    if step["only_later"]:
        parts.append(say("plan_only_later"))
    if step["only_early"]:
        parts.append(say("plan_only_early"))
    if step["provided"]:
        parts.append(say("plan_provided", facts=facts(step["provided"], wording)))
    return listed(parts, wording)


def row_note(row: Row, wording: Wording) -> str:
    """Return why someone makes it to a step by a day or not, with the clauses that take the time."""
    say, parts = wording.say, []
    match row["verdict"]:
        case "too_late":
            parts.append(say("plan_too_late", day=row["earliest_on"], days=row["days_late"]))
        case "cannot_tell":
            parts.append(say("plan_unknown", facts=facts(row["missing"], wording)))
            if row["earliest_on"] is not None:
                parts.append(say("plan_if", day=row["earliest_on"]))
        case "refer":
            asked = (rule for step in row["steps"] for rule in step["refers"])
            parts.append(say("plan_refers", rules=rules(dict.fromkeys(asked), wording)))
        case "blocked":
            parts += [str(f["message"]) for f in row["findings"] if f.get("message")]
    if row["verdict"] in ("too_late", "cannot_tell"):
        parts += [
            say("plan_wait", step=step_word(one, wording), day=one["earliest_on"], clause=one["clause"])
            for one in row["because"]
        ]
    if row["provisional"] and row["verdict"] != "blocked":
        parts.append(say("plan_provisional"))
    return listed(parts, wording)


def next_by(row: Row, wording: Wording) -> str:
    """Return the first step still to be done, with the last day that leaves the wished day possible."""
    step = next((one for one in row["steps"] if one["do_by"]), None)
    if step is None:
        return ""
    return f"{step_word(step, wording)} {wording.say('next_latest_on', day=step['do_by'])}"


def places(answer: Row, wording: Wording) -> list[str]:
    """Return how many make it by the day, what the places come to, and what the order means."""
    counts, say = answer["counts"], wording.say
    if not sum(counts.values()):
        return []
    each = (
        say("plan_count", verdict=wording.verdict(name), count=count)
        for name, count in counts.items()
        if count or name == "reaches"
    )
    step = wording.command(str(answer["step"]))
    told = [say("plan_counts", by=answer["by"], step=step, told=wording.words.listed(each))]
    if answer.get("quota") is not None:
        told.append(say("plan_over" if answer["over"] else "plan_fits", **_numbers(answer)))
    return [*told, say("plan_order")]


def _numbers(answer: Row) -> dict[str, int]:
    return {name: answer[name] for name in ("quota", "fits", "over", "free")}


def why_not(row: Row, wording: Wording) -> str:
    """Return why someone may not be what is asked for, or why nobody can tell."""
    parts = [wording.words.word("reason", reason) for reason in row["reasons"]]
    parts += [str(finding["message"]) for finding in row["findings"] if finding.get("message")]
    if row["unknown"]:
        parts.append(wording.say("plan_unknown", facts=facts(row["unknown"], wording)))
    return listed(parts, wording)


def step_word(step: Row, wording: Wording) -> str:
    """Return the name of a step: that of its command, else its title in the chart of a pack."""
    name = str(step["step"])
    return wording.words.known("command", name) or str(step.get("title") or "") or wording.command(name)


def facts(names: Iterable[str], wording: Wording, titles: Row | None = None) -> str:
    """Return facts, steps, papers and rules by their words, as one lists them; ``titles``: those of packs."""
    words = wording.words
    told = (
        (titles or {}).get(n) or words.any_word(n, "fact", "command", "rule") or wording.command(n)
        for n in names
    )
    return words.listed(told)


def rules(ids: Iterable[str], wording: Wording) -> str:
    """Return rules by their short names."""
    return wording.words.listed(wording.words.known("rule", rule) or rule for rule in ids)


def listed(parts: Sequence[str], wording: Wording) -> str:
    """Return remarks as one line."""
    return ("；" if wording.lang == "zh" else "; ").join(part.rstrip("。.") for part in parts if part)
