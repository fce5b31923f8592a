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
                case ast.Call(func=ast.Attribute(attr="check") | ast.Name(id="_check"), keywords=given):
                    found |= {keyword.arg for keyword in given if keyword.arg}
                case ast.Subscript(value=ast.Name(id="found"), slice=ast.Constant(value=str() as name)):
                    found.add(name)
    return found - {"on", "book"}


TELLING = frozenset({
    "_told_facts", "unit_book", "meeting_facts", "_on_votes", "_of_probation", "ballot_facts", "_too_early",
    "_facts_of_the_posts", "satisfied_of", "points_of", "facts_of_rating",
})  # fmt: skip
"""The functions of the domain that return facts as a table."""


def facts_given() -> set[str]:
    """Return every fact that a state or a command of the domain gives, under whatever form it is written."""
    found = facts_put()
    for path in (ROOT / "src" / "workflows" / "domain").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="put"), args=[ast.Constant(value=str() as name), *_]):
                    found.add(name)
                case ast.Call(
                    func=ast.Attribute(attr="check") | ast.Name(id="_check" | "plainly"), keywords=given
                ):
                    found |= {keyword.arg for keyword in given if keyword.arg}
                case ast.FunctionDef(name=name, body=body) if name in TELLING:
                    found |= {key for part in body for key in _keys(part)}
                case ast.FunctionDef(body=body) if "check(**said" in ast.unparse(
                    node
                ) or "_check(case, **said" in ast.unparse(node):
                    found |= {name for part in body for name in _gathered(part)}
                case ast.Assign(targets=[ast.Name(id="said")], value=value):
                    found |= set(_keys(value))
                case ast.AnnAssign(target=ast.Name(id="said"), value=ast.expr() as value):
                    found |= set(_keys(value))
                case ast.AugAssign(target=ast.Name(id="said"), value=value):
                    found |= set(_keys(value))
                case ast.For(iter=ast.Tuple(elts=pairs), body=body) if "put(name," in ast.unparse(
                    ast.Module(body, [])
                ):
                    found |= {str(pair.elts[0].value) for pair in pairs}  # type: ignore[attr-defined]
    return found - {"on", "book"}


def _keys(node: ast.AST) -> list[str]:
    """Return the names of a table, or those set in it one by one."""
    found = [
        key.value
        for table in ast.walk(node)
        if isinstance(table, ast.Dict)
        for key in table.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    ]
    return found + [
        place.slice.value
        for place in ast.walk(node)
        if isinstance(place, ast.Subscript)
        and isinstance(place.slice, ast.Constant)
        and isinstance(place.slice.value, str)
    ]


def _gathered(node: ast.AST) -> list[str]:
    """Return the names from which a table is made in one go: ``{name: … for name in (…)}``."""
    return [
        str(name.value)
        for table in ast.walk(node)
        if isinstance(table, ast.DictComp) and isinstance(names := table.generators[0].iter, ast.Tuple)
        for name in names.elts
        if isinstance(name, ast.Constant)
    ]


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
