"""入党时间 1998年: a day known only roughly is read as such, with a remark, never as a day nobody wrote."""

from datetime import date
from typing import Any

import pytest

from tests.adapters.workbooks.making import TODAY
from workflows.adapters.workbooks.dates import read_past
from workflows.adapters.workbooks.refusal import BadCell
from workflows.adapters.workbooks.rows import MonthShown
from workflows.kernel.approximate import ApproximateDay

D = date


@pytest.mark.parametrize(
    ("written", "text", "first", "last"),
    [
        ("1998年", "1998年", D(1998, 1, 1), D(1998, 12, 31)),
        (1998, "1998", D(1998, 1, 1), D(1998, 12, 31)),
        (199803, "199803", D(1998, 3, 1), D(1998, 3, 31)),
        (1998.12, "1998.12", D(1998, 12, 1), D(1998, 12, 31)),
        (MonthShown(D(1998, 3, 1)), "1998年3月", D(1998, 3, 1), D(1998, 3, 31)),
        ("约2003年春", "约2003年春", D(2003, 2, 1), D(2003, 5, 31)),
        ("'98年3月", "98年3月", D(1998, 3, 1), D(1998, 3, 31)),
        ("１９９８年３月", "１９９８年３月", D(1998, 3, 1), D(1998, 3, 31)),
        ("1998—03", "1998-03", D(1998, 3, 1), D(1998, 3, 31)),
    ],
)
def test_a_day_known_only_roughly_keeps_its_words_and_ends(
    written: Any, text: str, first: date, last: date
) -> None:
    assert read_past(written, TODAY) == ApproximateDay(text, first, last)


def test_an_exact_day_is_read_as_ever() -> None:
    assert read_past("1998年7月1日", TODAY) == D(1998, 7, 1)
    assert read_past(D(1998, 7, 1), TODAY) == D(1998, 7, 1)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("不详", "date-unreadable"),
        (1998.1, "date-incomplete"),
        ("85.3.2", "date-short-year"),
        ("3月5日", "date-incomplete"),
        ("1998年2月30日", "date-impossible"),
        ("2099年", "date-future"),
        ("1900年", "date-too-early"),
        (True, "date-unreadable"),
    ],
)
def test_what_tells_no_day_is_refused_as_before(written: Any, code: str) -> None:
    with pytest.raises(BadCell) as caught:
        read_past(written, TODAY)
    assert caught.value.code == code
