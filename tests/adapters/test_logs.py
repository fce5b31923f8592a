"""Log entries carry no personal data that can be told by its form or by the name of its field."""

import contextlib
import io
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from workflows.adapters.logs import bound, configure, mask_text

NUMBER, MOBILE = "11010519491231002X", "13812345678"


@contextlib.contextmanager
def as_before() -> Iterator[None]:
    """Leave the log as it was; unconfigured, where nobody had configured it: what comes next does."""
    before, was_configured = structlog.get_config(), structlog.is_configured()
    yield
    if was_configured:
        structlog.configure(**before)
    else:
        structlog.reset_defaults()


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    with as_before():
        configure("json", stream=stream, cache=False)
        yield stream


def entry(out: io.StringIO) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return found


def test_an_entry_is_one_line_of_json_in_chinese_with_time_and_level(out: io.StringIO) -> None:
    structlog.get_logger().info("swept", unit="甲支部", lines=3)
    assert "甲支部" in out.getvalue()
    assert {"event": "swept", "unit": "甲支部", "lines": 3, "level": "info"}.items() <= entry(out).items()
    assert entry(out)["at"].endswith("Z")


def test_standard_output_is_for_answers(capsys: pytest.CaptureFixture[str]) -> None:
    with as_before():
        configure(cache=False)
        structlog.get_logger().info("swept")
    printed = capsys.readouterr()
    assert (printed.out, json.loads(printed.err)["event"]) == ("", "swept")


def test_personal_fields_are_masked_at_any_depth(out: io.StringIO) -> None:
    structlog.get_logger().info(
        "seen", name="王小明", person={"id_number": NUMBER, "unit": "甲支部"}, people=[{"phone": MOBILE}]
    )
    assert "王小明" not in out.getvalue()
    assert (entry(out)["name"], entry(out)["person"]) == ("***", {"id_number": "***", "unit": "甲支部"})


def test_numbers_are_masked_in_any_text_even_of_errors(out: io.StringIO) -> None:
    try:
        raise ValueError(f"身份证{NUMBER}，电话{MOBILE}。")
    except ValueError:
        structlog.get_logger().error("failed", detail=f"x{MOBILE}y", number=int(MOBILE), exc_info=True)
    assert NUMBER not in out.getvalue()
    assert MOBILE not in out.getvalue()
    assert "ValueError" in entry(out)["exception"]


def test_ids_of_request_and_command_stand_in_every_entry_of_their_block(out: io.StringIO) -> None:
    with bound(request_id="r1", command_id=UUID(int=7)):
        structlog.get_logger().info("inside")
        assert (entry(out)["request_id"], entry(out)["command_id"]) == ("r1", str(UUID(int=7)))
    structlog.get_logger().info("outside")
    assert "request_id" not in entry(out)


@pytest.mark.parametrize(
    "text", ["138 1234 5678", "+86-138-1234-5678", "110105491231002", "110105194912310021", f"a{NUMBER}。"]
)
def test_other_ways_to_write_a_number_are_known(text: str) -> None:
    assert not any(part in mask_text(text) for part in ("1234", "1231"))


@given(st.uuids())
def test_our_own_ids_stay_whole(found: UUID) -> None:
    assert mask_text(f"unit {found} {found.hex}") == f"unit {found} {found.hex}"
