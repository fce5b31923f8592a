"""The checker of stage tables finds what the library accepts."""

import pytest

from workflows.domain.stages import TableError, compile_table

STATES = ["a", "b", "c"]


@pytest.mark.parametrize(
    ("moves", "flaw"),
    [
        ([("go", "a", "b"), ("on", "b", "c"), ("x", "b", "nowhere")], "unknown state nowhere"),
        ([("go", "a", "b"), ("go", "a", "c"), ("on", "b", "c")], "given twice"),
        ([("go", "a", "b")], "c: never reached"),
        ([("go", "a", "b"), ("on", "a", "c")], "b: a dead end"),
    ],
)
def test_a_table_that_cannot_be_right_is_refused(moves: list[tuple[str, str, str]], flaw: str) -> None:
    with pytest.raises(TableError, match=flaw):
        compile_table(STATES, moves, "a", ends=frozenset({"c"}))


def test_a_table_that_is_right_becomes_a_look_up() -> None:
    table = compile_table(STATES, [("go", "a", "b"), ("on", ("a", "b"), "c")], "a", ends=frozenset({"c"}))
    assert dict(table) == {("a", "go"): "b", ("a", "on"): "c", ("b", "on"): "c"}
