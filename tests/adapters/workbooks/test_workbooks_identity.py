"""Identity numbers: our check against the usual library's digit, and a reason for each mistake."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from tests.adapters.workbooks.making import TODAY, number
from workflows.adapters.workbooks.identity import (
    area_known,
    born_on,
    check_character,
    mask_identity_number,
    read_identity_number,
    sex,
)
from workflows.adapters.workbooks.refusal import BadCell

BORN = st.dates(date(1900, 1, 1), TODAY)


@given(BORN, st.integers(0, 999), st.integers(110000, 659999))
def test_the_check_character_is_that_of_the_usual_library(born: date, sequence: int, area: int) -> None:
    body = f"{area}{born:%Y%m%d}{sequence:03d}"
    assert check_character(body) == ric.calc_check_digit(body + "0")  # it leaves out the last


@given(BORN, st.integers(0, 999))
def test_a_valid_number_is_read_with_its_birth_and_sex(born: date, sequence: int) -> None:
    good = number(born, sequence)
    assert read_identity_number(good, TODAY) == good
    assert born_on(good) == born
    assert sex(good) == ("male" if sequence % 2 else "female")


@given(BORN, st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(born: date, sequence: int, place: int, shift: int) -> None:
    good = number(born, sequence)
    if good[place] == "X":
        return
    wrong = good[:place] + str((int(good[place]) + shift) % 10) + good[place + 1 :]
    with pytest.raises(BadCell):
        read_identity_number(wrong, TODAY)


def _with_x() -> str:
    return next(made for sequence in range(999) if (made := number(sequence=sequence)).endswith("X"))


@pytest.mark.parametrize("last", ["x", "Ｘ", "х", "×"])
def test_whatever_looks_like_x_is_x(last: str) -> None:
    assert read_identity_number(_with_x()[:-1] + last, TODAY) == _with_x()


@pytest.mark.parametrize("around", [" {} ", "{}\t", "'{}", "\u3000{}"])
def test_blanks_and_apostrophes_are_passed_over(around: str) -> None:
    good = number()
    assert read_identity_number(around.format(good), TODAY) == good
    assert read_identity_number(f"{good[:6]} {good[6:14]} {good[14:]}", TODAY) == good


def test_full_width_digits_are_digits() -> None:
    good = number()
    wide = good.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    assert read_identity_number(wide, TODAY) == good


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (110101199003071234, "identity-not-text"),
        (1.101011990030712e17, "identity-not-text"),
        ("1.10101E+17", "identity-not-text"),
        ("4101051982******20", "identity-masked"),
        ("410105820506001", "identity-old"),
        ("41010519820506001", "identity-length"),
        ("4101051982050600112", "identity-length"),
        ("41010519820506O011", "identity-digits"),
        ("13052219690526191Y", "identity-last"),
        ("410105198202300011", "identity-date"),
        ("410105189902010011", "identity-date"),
        ("410105209902010011", "identity-future"),
        ("不详", "identity-length"),
    ],
)
def test_each_mistake_has_its_reason(written: Any, code: str) -> None:
    with pytest.raises(BadCell) as refused:
        read_identity_number(written, TODAY)
    assert refused.value.code == code


@pytest.mark.parametrize("area", ["330106", "511021", "810000", "410105"])
def test_numbers_of_withdrawn_and_late_areas_are_valid(area: str) -> None:
    assert area_known(read_identity_number(number(area=area), TODAY))


def test_an_area_never_seen_is_no_error() -> None:
    assert not area_known(read_identity_number(number(area="990101"), TODAY))


def test_a_masked_number_keeps_seven_characters() -> None:
    assert mask_identity_number("410105198205060011") == "410***********0011"
    assert mask_identity_number("4101") == "****"
    assert mask_identity_number("") == ""
