"""Which facts the domain gives to rules, and which a rule asks for: read from the source and the packs."""

from __future__ import annotations

import ast

from tests.support.documents import ROOT
from workflows.policies.rule import Rule


def facts_put() -> set[str]:
    """Return the names under which the domain puts facts for the rules."""
    found: set[str] = set()
    for path in (ROOT / "src" / "workflows" / "domain").rglob("*.py"):
        if path.name not in ("book.py", "decide.py", "facts.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="put"), args=[ast.Constant(value=str() as name), *_]):
                    found.add(name)
                case ast.Call(func=ast.Attribute(attr="check"), keywords=given):
                    found |= {keyword.arg for keyword in given if keyword.arg}
                case ast.Subscript(value=ast.Name(id="found"), slice=ast.Constant(value=str() as name)):
                    found.add(name)
    return found - {"on", "book"}


def facts_asked(rule: Rule) -> set[str]:
    """Return the facts a rule asks for by name."""
    one = (
        "anchor",
        "since",
        "ends",
        "until",
        "unless",
        "who",
        "claim",
        "each",
        "excuse",
        "starts",
        "days",
        "met_on",
        "sum",
    )
    asked = {getattr(rule, name, None) for name in one} | {*rule.fact_names(), *rule.applies_to.when}
    return {name for name in asked if isinstance(name, str)} - {"on", "votes"}
