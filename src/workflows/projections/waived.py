"""豁免: what is told today beside a finding that was kept with its act before anybody waived it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from workflows.policies.findings import Finding, Relief, Verdict
from workflows.policies.relief import LIFTED, OF_A_RELIEF, OF_RULES_ALONE, as_json, beside
from workflows.projections.naming import plain


def told(
    findings: Iterable[Finding], made_on: date, asked_on: date, reliefs: Sequence[Relief]
) -> list[dict[str, Any]]:
    """Return the findings of an act of ``made_on`` in JSON form, each with the word kept with the act.

    One that is waived by the books of ``asked_on`` has besides ``waived``: by what, from when, until when.
    """
    found = []
    for finding in findings:
        row: dict[str, Any] = plain(finding)
        waiver = _waiver(finding, made_on, asked_on, reliefs)
        found.append(row if waiver is None else {**row, "waived": as_json(waiver)})
    return found


def _waiver(finding: Finding, made_on: date, asked_on: date, reliefs: Sequence[Relief]) -> Relief | None:
    if finding.verdict not in (LIFTED | {Verdict.NOTE}) or finding.kind in OF_RULES_ALONE:
        return None
    if finding.kind == "waiver" or OF_A_RELIEF[0] in finding.facts:
        return None  # the waiver itself, or a finding that tells of it already
    return beside(finding.rule, finding.aliases, made_on, asked_on, reliefs)
