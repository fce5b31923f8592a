"""Days known only roughly: what is read of them, at the ends; what is no such day; corrected and back."""

from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from tests.support.scenario import UNIT, recorded
from workflows.domain.person.events import MemberRegistered
from workflows.kernel.approximate import (
    ApproximateDay,
    NotYet,
    TooEarly,
    from_json,
    read_approximate,
)
from workflows.kernel.events import FactCorrected, history, with_approximate

FIRST, TODAY = date(1921, 7, 1), date(2026, 11, 20)
D = date


def read(text: str) -> ApproximateDay | None:
    return read_approximate(text, earliest=FIRST, latest=TODAY)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1998", D(1998, 1, 1), D(1998, 12, 31)),
        ("1998年", D(1998, 1, 1), D(1998, 12, 31)),
        ("１９９８年", D(1998, 1, 1), D(1998, 12, 31)),
        ("1998-03", D(1998, 3, 1), D(1998, 3, 31)),
        ("1998.2", D(1998, 2, 1), D(1998, 2, 28)),
        ("2000年2月", D(2000, 2, 1), D(2000, 2, 29)),
        ("199803", D(1998, 3, 1), D(1998, 3, 31)),
        ("一九九八年十二月", D(1998, 12, 1), D(1998, 12, 31)),
        ("九八年", D(1998, 1, 1), D(1998, 12, 31)),
        ("零三年", D(2003, 1, 1), D(2003, 12, 31)),
        ("1998年3月上旬", D(1998, 3, 1), D(1998, 3, 10)),
        ("1998年2月下旬", D(1998, 2, 21), D(1998, 2, 28)),
        ("1998年上半年", D(1998, 1, 1), D(1998, 6, 30)),
        ("1998年第三季度", D(1998, 7, 1), D(1998, 9, 30)),
        ("2003年春", D(2003, 2, 1), D(2003, 5, 31)),
        ("2003年冬季", D(2003, 11, 1), D(2004, 2, 29)),
        ("上世纪八十年代", D(1980, 1, 1), D(1989, 12, 31)),
        ("80年代末", D(1980, 1, 1), D(1989, 12, 31)),
        ("1998年底", D(1998, 1, 1), D(1998, 12, 31)),
        ("1998年3月至5月", D(1998, 3, 1), D(1998, 5, 31)),
        ("1998年以前", FIRST, D(1998, 12, 31)),
        ("不详", FIRST, TODAY),
        ("2026年", D(2026, 1, 1), TODAY),
        ("1921年", FIRST, D(1921, 12, 31)),
    ],
)
def test_the_ends_of_what_is_known(text: str, first: date, last: date) -> None:
    found = read(text)
    assert found is not None
    assert (found.text, found.first, found.last) == (text, first, last)
    assert not found.is_doubted
    assert found.ordered_on == last


@pytest.mark.parametrize(
    "text", ["约2003年春", "大约在2003年春", "2003年春左右", "2003年春?", "约２００３年春"]
)
def test_doubt_is_kept_and_widens_nothing(text: str) -> None:
    found = read(text)
    assert found is not None
    assert (found.first, found.last, found.is_doubted) == (D(2003, 2, 1), D(2003, 5, 31), True)


@pytest.mark.parametrize(
    "text",
    [
        "1998年7月1日", "1998-07-01", "19980701", "二五年", "1998年13月", "1998年0月", "1998-13", "约", "",
        "很久以前", "3月", "春", "2003年春节", "9.3", "1999年至1998年", "年" * 50,
    ],
)  # fmt: skip
def test_a_whole_day_and_what_is_none_are_not_read(text: str) -> None:
    assert read(text) is None


def test_what_has_not_come_yet_and_what_is_too_old_are_told_apart() -> None:
    with pytest.raises(NotYet):
        read("2027年")
    with pytest.raises(TooEarly):
        read("1920年")


@over(st.integers(1922, 2025), st.integers(1, 12), st.sampled_from(["{y}年{m}月", "{y}-{m:02d}", "{y}.{m}"]))
def test_a_month_is_read_back_whatever_its_form(year: int, month: int, form: str) -> None:
    found = read(form.format(y=year, m=month))
    assert found is not None
    assert (found.first.year, found.first.month, found.first.day) == (year, month, 1)
    assert found.last.month == month
    assert (found.last - found.first).days in range(27, 31)
    assert from_json(found.as_json()) == found
    assert msgspec.json.decode(msgspec.json.encode(found), type=ApproximateDay) == found
    again = read(found.text)
    assert again == found


SAID = ApproximateDay("1998年", D(1998, 1, 1), D(1998, 12, 31))


def registered() -> MemberRegistered:
    event = MemberRegistered(member_on=SAID.last, unit_id=UNIT, admitted_on=SAID.last)
    told = with_approximate(event, {"member_on": SAID, "admitted_on": SAID})
    assert isinstance(told, MemberRegistered)
    return told


def test_an_event_of_exact_days_is_stored_without_the_field() -> None:
    event = MemberRegistered(member_on=D(1998, 7, 1), unit_id=UNIT)
    assert b"approx" not in msgspec.json.encode(event)
    assert event.on_approx is None
    told = registered()
    again = msgspec.json.decode(msgspec.json.encode(told), type=MemberRegistered)
    assert again == told
    assert again.on_approx == SAID


def test_a_correction_to_the_exact_day_takes_the_day_of_the_act_with_it_on_both_axes() -> None:
    first = recorded(registered(), 1, at=datetime(2026, 1, 5, tzinfo=UTC))
    mended = recorded(
        FactCorrected(
            corrected_on=D(2026, 3, 1),
            event_id=first.event_id,
            field="admitted_on",
            value="1998-07-01",
            reason="入党志愿书",
        ),
        2,
        at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    (now,) = history([first, mended])
    assert isinstance(now.event, MemberRegistered)
    assert (now.event.admitted_on, now.event.member_on) == (D(1998, 7, 1), D(1998, 7, 1))
    assert now.event.approx is msgspec.UNSET
    (then,) = history([first, mended], known_on=1)
    assert then.event.approximate("admitted_on") == SAID
    assert history([first, mended], as_of=D(1998, 7, 1), known_on=1) == []
    assert len(history([first, mended], as_of=D(1998, 7, 1))) == 1


def test_an_exact_day_may_turn_out_to_be_approximate() -> None:
    first = recorded(MemberRegistered(member_on=D(1998, 7, 1), unit_id=UNIT, admitted_on=D(1998, 7, 1)), 1)
    doubted = FactCorrected(
        corrected_on=D(2026, 3, 1),
        event_id=first.event_id,
        field="admitted_on",
        value=SAID.as_json(),
        reason="只查到年份",
    )
    (now,) = history([first, recorded(doubted, 2)])
    assert isinstance(now.event, MemberRegistered)
    assert (now.event.admitted_on, now.event.member_on) == (SAID.last, D(1998, 7, 1))
    assert now.event.approximate("admitted_on") == SAID
