"""No page of a record speaks in codes: neither what the rules said nor what was recorded."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from typing import Any

import msgspec
import pytest

from workflows.application.commands import step_named
from workflows.domain.act import OF_A_MERGER, Who
from workflows.entrypoints.case_words import CaseWords
from workflows.entrypoints.web import why
from workflows.entrypoints.web.pages.events import LEFT_OUT, facts_of
from workflows.entrypoints.web.timeline import ALREADY_TOLD, Timeline, field_word
from workflows.entrypoints.web.words import CATALOGUE
from workflows.kernel.events import AMENDING, event_types
from workflows.policies.findings import Finding, Verdict

CODE = re.compile(r"[A-Za-z]{2,}")
MESSAGES = tomllib.loads(files("workflows.entrypoints").joinpath("messages.toml").read_text("utf-8"))
KINDS = {"case": "case", "tree": "tree", "merge": OF_A_MERGER, "input": "input"}
"""What findings that no rule of a pack made are about, by the table of their sentences."""

LISTS = frozenset(
    {"labels", "units", "people", "fields", "looked", "broken", "criteria", "lacking", "levels"}
)
NUMBERS = frozenset({"score", "total", "points", "most", "count"})


NOT_NAMED = (LEFT_OUT | ALREADY_TOLD) - {"profile"}
"""Fields that no page names; a day known only roughly stands in the place of its day."""


def codes() -> Iterator[tuple[str, str]]:
    """Yield every code of a finding that no rule of a pack made, with its kind."""
    for table, kind in KINDS.items():
        for code in MESSAGES[table]:
            if not code.endswith(("-near", "-untold")):
                yield code, kind


def fact(name: str) -> Any:
    if name in NUMBERS:
        return 3
    return ["甲"] if name in LISTS else "2026-03-05" if name.endswith("on") else "甲"


def finding(code: str, kind: str) -> dict[str, Any]:
    """Return a finding of a code with all facts that its sentences speak of, in JSON form."""
    texts = [table[code][0] for table in MESSAGES.values() if isinstance(table.get(code), list)]
    names = set(re.findall(r"{(\w+)}", "".join(texts)))
    names |= {"labels"} if "number" in names else set()
    facts = {name: fact(name) for name in names} | (
        {"reviewed_on": ["2026-03-05"]} if "total" in names else {}
    )
    late = facts.pop("days_late", None) and 3
    told = Finding(
        rule=code, verdict=Verdict.REFER, kind=kind, severity="record", facts=facts, days_late=late
    )
    return dict(msgspec.to_builtins(told))


def row(event: str, facts: Mapping[str, Any], *findings: Mapping[str, Any]) -> dict[str, Any]:
    at = {"position": 3, "event": event, "on": "2026-03-05", "recorded_at": "2026-03-05T02:00:00+00:00"}
    return {**at, "actor": "周敏", "facts": dict(facts), "findings": findings, "now": findings}


@pytest.mark.parametrize(("code", "kind"), list(codes()))
def test_what_the_rules_said_is_told_on_every_page_without_its_code(code: str, kind: str) -> None:
    told = finding(code, kind)
    (entry,) = Timeline([row("MeetingHeld", {}, told)]).entries()
    asked = why.of_finding(told, why.Scene("", date(2026, 3, 5), "", lambda _: None), 9)
    said = [*entry.notes, asked.title, asked.version, *(line.text for line in asked.facts)]
    assert entry.notes, "it is told on the page that says what was recorded"
    assert [text for text in said if CODE.search(text)] == []


def fields_of(event: str, kind: Any) -> Iterator[tuple[str, str]]:
    """Yield the fields of an event and of the rows in it, as a page names them; people are names."""
    step = step_named(event)

    def each(node: Any) -> Iterator[tuple[str, str]]:
        if node is None or getattr(node, "cls", None) is Who:
            return
        for one in getattr(node, "fields", ()):
            if one.encode_name not in NOT_NAMED and not one.encode_name.endswith("approx"):
                yield one.encode_name, field_word(one.encode_name, step)
                yield from each(one.type)
        for inner in (*getattr(node, "types", ()), getattr(node, "item_type", None)):
            yield from each(inner)

    yield from each(msgspec.inspect.type_info(kind))


OUR_EVENTS = [one for one in event_types().values() if one.__module__.startswith("workflows.")]
"""The events of the program; other tests may have made some of their own."""


@pytest.mark.parametrize("name", sorted({kind.__name__ for kind in OUR_EVENTS} - AMENDING))
def test_every_field_that_a_page_can_show_of_a_record_has_a_chinese_name(name: str) -> None:
    kind = next(one for one in OUR_EVENTS if one.__name__ == name)
    assert [pair for pair in fields_of(name, kind) if CODE.search(pair[1])] == []


def test_a_waiver_names_its_rule_and_its_step_by_their_words() -> None:
    class Known:
        label = "党支部每月开展一次主题党日"

    class Rules:
        packs = ()

        def rule(self, name: str) -> Any:
            return Known if name == "meet-theme-day" else None

    facts = {"rule": "meet-theme-day", "subject": "hold_meeting", "authority": "县委组织部"}
    rules: Any = Rules()
    words = CaseWords(rules, lambda: rules, date(2026, 3, 5), lambda _: None)
    (told,) = words.rows([row("RuleWaived", facts)])
    (entry,) = Timeline([told]).entries()
    said = [entry.text, *(text for _, text in facts_of(told, personal=False))]
    assert "党支部每月开展一次主题党日" in said[0]
    assert CATALOGUE.word("command", "hold_meeting") in said[0]
    assert [text for text in said if CODE.search(text)] == []
    adopted = words.facts({"running": {"meet-theme-day": "pin"}})
    assert list(adopted["running"]) == ["党支部每月开展一次主题党日"]
