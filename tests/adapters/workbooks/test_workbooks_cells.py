"""Names, lists of names, counts, terms, phones, and the words of closed lists."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.adapters.workbooks.making import moment
from workflows.adapters.workbooks.branches import suggest_branch
from workflows.adapters.workbooks.cells import (
    is_empty,
    mask_phone,
    read_count,
    read_label,
    read_name,
    read_names,
    read_phone,
    read_term_years,
    read_text,
    shown,
)
from workflows.adapters.workbooks.refusal import BadCell
from workflows.adapters.workbooks.rows import ErrorValue, MonthShown, TimeOfDay, Uncalculated
from workflows.adapters.workbooks.vocabulary import read_kind, read_meeting_type, read_posts, read_sex


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("李明", "李明"),
        ("李　明", "李明"),
        (" 李 明\n", "李明"),
        ("李\u200b明\ufeff", "李明"),
        ("阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉・买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉 ‧ 买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉.买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ("𬭸明", "𬭸明"),
        ("㛃 䶮", "㛃䶮"),
        ("John  Smith", "John Smith"),
        ("José", "José"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
    ],
)
def test_names_lose_blanks_and_nothing_else(written: str, name: str) -> None:
    assert read_name(written) == name


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=4))
def test_a_chinese_name_is_itself_whatever_blanks_stand_in_it(name: str) -> None:
    assume(not is_empty(name))
    kept = unicodedata.normalize("NFC", name)
    assert read_name(name) == kept
    assert read_name("　".join(name)) == kept


@pytest.mark.parametrize("written", ["", "  ", "\u3000", "/", "—", "无", None, "\x1f", "\u200b·"])
def test_a_name_that_says_nothing_is_none(written: Any) -> None:
    assert read_name(written) == ""


@pytest.mark.parametrize(
    "written",
    [
        "吴瑜、陈海燕、汪玉梅",
        "吴瑜,陈海燕，汪玉梅",
        "吴瑜;陈海燕；汪玉梅",
        "吴瑜 陈海燕　汪玉梅",
        "吴 瑜、陈海燕、汪玉梅、",
        "吴　瑜 陈海燕 汪玉梅",
        "吴瑜\n陈海燕\n汪玉梅",
        "吴瑜/陈海燕/汪玉梅",
        "吴瑜（书记）、陈海燕(组织委员)、汪玉梅",
        "书记：吴瑜；委员：陈海燕、汪玉梅",
        "吴瑜、陈海燕、吴瑜、汪玉梅",
    ],
)
def test_lists_of_names(written: str) -> None:
    assert read_names(written) == ("吴瑜", "陈海燕", "汪玉梅")


def test_lists_of_one_name_or_none() -> None:
    assert read_names("李　明") == ("李明",)
    assert read_names("李和平、和平") == ("李和平", "和平")
    assert read_names("无") == read_names("") == ()
    assert read_names("阿卜杜拉·买买提、John Smith") == ("阿卜杜拉·买买提", "John Smith")


@pytest.mark.parametrize(
    ("written", "count"),
    [
        (17, 17),
        (17.0, 17),
        ("17", 17),
        ("17人", 17),
        (" １７ 名", 17),
        ("十七人", 17),
        ("二十", 20),
        (0, 0),
        ("0", 0),
    ],
)
def test_whole_counts(written: Any, count: int) -> None:
    assert read_count(written) == count


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (-1, "count-negative"),
        ("-3人", "count-negative"),
        (2.5, "count-fraction"),
        ("2.5", "count-fraction"),
        ("若干", "count-text"),
        ("17/20", "count-text"),
        ("全体", "count-text"),
        (True, "count-text"),
        (date(2024, 1, 1), "count-text"),
        (None, "count-text"),
    ],
)
def test_what_is_no_count_says_why(written: Any, code: str) -> None:
    with pytest.raises(BadCell) as refused:
        read_count(written)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("written", "years"),
    [
        (5, 5),
        (3.0, 3),
        ("3年", 3),
        ("五年", 5),
        ("５", 5),
        ("若干", None),
        (0, None),
        (50, None),
        (2.5, None),
    ],
)
def test_terms_are_years_or_unknown(written: Any, years: int | None) -> None:
    assert read_term_years(written) == years


def test_a_term_of_other_types_is_unknown() -> None:
    assert read_term_years(True) is read_term_years(date(2024, 1, 1)) is None


@pytest.mark.parametrize(
    ("written", "text", "good"),
    [
        ("13812345678", "13812345678", True),
        (13812345678, "13812345678", True),
        (13812345678.0, "13812345678", True),
        ("138 1234 5678", "13812345678", True),
        ("138-1234-5678", "13812345678", True),
        ("0371-65901234", "0371-65901234", True),
        ("13812345678、13912345678", "13812345678、13912345678", True),
        ("+8613812345678", "+8613812345678", True),
        ("1381234567", "1381234567", False),
        ("12345", "12345", False),
        ("同上", "同上", False),
    ],
)
def test_phones_are_never_refused(written: Any, text: str, good: bool) -> None:
    assert read_phone(written) == (text, good)


def test_a_masked_phone() -> None:
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("12345") == "*****"


def test_what_says_nothing() -> None:
    assert all(
        is_empty(cell) for cell in [None, "", " ", "/", "-", "——", "无", "暂无", "未转正", "N/A", "\u3000"]
    )
    something: list[Any] = [0, False, "不详", "无锡", "未央", "a/b", "不知道什么时候转正的"]
    assert not any(is_empty(cell) for cell in something)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (None, ""),
        (True, "TRUE"),
        (3.0, "3"),
        (2.5, "2.5"),
        (date(2024, 1, 2), "2024-01-02"),
        (moment(2024, 1, 2, 3, 4), "2024-01-02 03:04:00"),
        (MonthShown(date(2024, 1, 1)), "2024年1月"),
        (ErrorValue("#N/A"), "#N/A"),
        (Uncalculated("=A1"), "=A1"),
        (TimeOfDay("12:30:00"), "12:30:00"),
    ],
)
def test_how_a_cell_is_shown(written: Any, text: str) -> None:
    assert shown(written) == text


def test_texts_lose_control_characters_and_keep_lines() -> None:
    assert read_text("一\x1b[31m、\r\n二\x00\u202e ") == "一[31m、\n二"


def test_labels_are_compared_without_blanks_and_widths() -> None:
    assert (
        read_label(" 县第１小学 党支部(本部)")
        == read_label("县第1小学党支部（本部）")
        == "县第1小学党支部（本部）"
    )


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("社区", "community"),
        ("行政村", "village"),
        ("村", "village"),
        ("农村", "village"),
        ("机关", "organ"),
        ("学校", "school"),
        ("中小学校", "school"),
        ("国有企业", "state_enterprise"),
        ("国企", "state_enterprise"),
        ("非公企业", "non_public"),
        ("非公有制企业", "non_public"),
        ("高校", "university"),
        ("高等院校", "university"),
        ("社会组织", "social"),
        ("事业单位", "institution"),
        ("流动党员党支部", "floating"),
        ("离退休干部", "retired"),
        ("联合党支部", "joint"),
        ("临时", "temporary"),
        ("机关事业单位", None),
        ("两新组织", None),
        ("企业", None),
        ("其他", None),
    ],
)
def test_kinds_of_branch(word: str, kind: str | None) -> None:
    assert read_kind(word) == kind


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("支部党员大会", "branch_assembly"),
        ("党员大会", "branch_assembly"),
        ("支部大会（换届）", "branch_assembly"),
        ("支部委员会会议", "committee_meeting"),
        ("支委会", "committee_meeting"),
        ("支委会议", "committee_meeting"),
        ("支部委员会", "committee_meeting"),
        ("党小组会", "cell_meeting"),
        ("党小组会议", "cell_meeting"),
        ("党课", "party_lecture"),
        ("书记讲党课", "party_lecture"),
        ("主题党日", "theme_party_day"),
        ("主题党日活动", "theme_party_day"),
        ("党员活动日", "theme_party_day"),
        ("组织生活会", "organizational_life"),
        ("专题组织生活会", "organizational_life"),
        ("民主评议党员", "democratic_appraisal"),
        ("述职评议", "duty_review"),
    ],
)
def test_types_of_meeting(word: str, kind: str) -> None:
    assert read_meeting_type(word) == kind


@pytest.mark.parametrize(
    ("word", "code"),
    [("茶话会", "meeting-unknown"), ("组织生活会暨民主评议党员", "meeting-two"), ("", "meeting-unknown")],
)
def test_a_meeting_of_no_or_two_types_is_refused(word: str, code: str) -> None:
    with pytest.raises(BadCell) as refused:
        read_meeting_type(word)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("word", "posts", "understood"),
    [
        ("党支部书记", ("secretary",), True),
        ("书记", ("secretary",), True),
        ("支部副书记", ("deputy_secretary",), True),
        ("组织委员", ("organization",), True),
        ("宣传委员", ("publicity",), True),
        ("纪检委员", ("discipline",), True),
        ("纪律检查委员", ("discipline",), True),
        ("青年委员", ("youth",), True),
        ("支部委员", ("member",), True),
        ("统战委员", ("member",), True),
        ("副书记兼组织委员", ("deputy_secretary", "organization"), True),
        ("书记、宣传委员", ("secretary", "publicity"), True),
        ("普通党员", (), True),
        ("党小组长", (), True),
        ("第一书记", (), False),
        ("科长", (), False),
    ],
)
def test_posts(word: str, posts: tuple[str, ...], understood: bool) -> None:
    assert read_posts(word) == (posts, understood)


def test_sexes() -> None:
    assert [read_sex(word) for word in ("男", "女", " 女性", "M", "未知")] == [
        "male",
        "female",
        "female",
        "male",
        None,
    ]


def test_a_wrong_branch_has_near_names() -> None:
    known = ["向阳村党支部", "红旗村党支部", "城关镇杨塘社区党支部", "县第1小学党支部", "县第2小学党支部"]
    assert suggest_branch("向阳支部", known) == ("向阳村党支部",)
    assert suggest_branch("杨塘社区党支部", known)[0] == "城关镇杨塘社区党支部"
    assert suggest_branch("中共县第１小学支部委员会", known)[0] == "县第1小学党支部"
    assert suggest_branch("不存在的党支部", known) == ()
    assert suggest_branch("", known) == suggest_branch("党支部", known) == ()
