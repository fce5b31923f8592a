"""Closed lists of the field: kinds of branch and meeting, posts, sex, as offices write them (类别词表)."""

from __future__ import annotations

import re

from workflows.adapters.workbooks.cells import read_label
from workflows.adapters.workbooks.refusal import BadCell
from workflows.adapters.workbooks.rows import Plain

_Table = tuple[tuple[re.Pattern[str], str], ...]


def _table(entries: dict[str, str]) -> _Table:
    return tuple((re.compile(pattern), name) for name, pattern in entries.items())


# Order matters: 联合 and 临时 say more of a branch than where it stands, 高校 comes before 学校.
_KINDS = _table(
    {
        "floating": "流动",
        "retired": "离退休|退休|老干部",
        "joint": "联合",
        "temporary": "临时|功能型",
        "_mixed": "机关.*事业|事业.*机关|两新|非公.*社会组织|社会组织.*非公",
        "university": "高校|高等(院校|学校|教育)|大学|大专院校|学院",
        "school": "学校|中学|小学|幼儿园|中职|职高|技校|中小学|公办园|民办园",
        "non_public": "非公|民营|民企|私营|私企|个体|外资|外企",
        "social": "社会组织|社会团体|社团|民办非企业|民非|协会|基金会|社会服务机构",
        "state_enterprise": "国有|国企|央企|集体企业|国资",
        "community": "社区|居委会|居民区|居民委员会",
        "village": "村",
        "institution": "事业|医院|科研院所|卫生院",
        "organ": "机关|工委|政府部门",
    }
)
_MEETINGS = _table(
    {
        "committee_meeting": "支部?委员?会|支委扩大会|委员会(会议)?",
        "cell_meeting": "党?小组会",
        "theme_party_day": "主题党日|党员(主题)?活动日|固定党日|党日活动|支部主题日|统一活动日",
        "party_lecture": "党课",
        "organizational_life": "组织生活会",
        "democratic_appraisal": "民主评议|评议党员|党员评议",
        "duty_review": "述职",
        "branch_assembly": "党员大会|支部大会|党员会议",
    }
)
_POSTS = _table(
    {
        "deputy_secretary": "副书记",
        "secretary": "(党?支部|党组织|党)?书记",
        "organization": "组织(委员|部?委员)",
        "publicity": "宣传委员|宣委",
        "discipline": "(纪检|纪律检查|纪律|纪检监察)委员",
        "youth": "(青年|共青|群团|青工)委员",
        "member": "(党?支部|支委会|支部委员会|其他)?委员|支委"
        "|(统战|群工|群众|生活|保密|学习|文体|妇女|保卫|文艺|工会|监督)\\S{0,4}委员",
    }
)
_ROLES = _table(
    {
        "hardship": "下岗|失业|待业|抚恤|救济|低保|困难",
        "retired": "退休|离休",
        "student": "学生",
        "farmer": "农民|务农|村民",
        "self_employed": "个体|自由职业|私营|经营",
        "employed": "工资|在职|在岗|职工|干部|教师|公务员|事业|按比例|企业",
    }
)
ROLE_WORDS = "按月领取工资、个体经营、离退休、农民、学生、下岗失业（抚恤、低保）"
_NO_POST = re.compile(r"无|(普通|正式|预备|一般|支部)?党员|群众|(党)?小组长|党小组组长|成员")
_POST_SEPARATORS = re.compile(r"[、,，;；/|兼和暨]")
_IN_BRACKETS = re.compile(r"（[^）]*）")

MEETING_WORDS = "支部党员大会、支部委员会会议、党小组会、党课、主题党日、组织生活会、民主评议党员、述职评议"


def read_kind(written: Plain) -> str | None:
    """Return the kind of a branch; None where the word is not known or means two kinds (两新组织)."""
    word = _IN_BRACKETS.sub("", read_label(written)) or read_label(written)
    found = next((name for pattern, name in _KINDS if pattern.search(word)), None)
    return None if found == "_mixed" else found


def read_meeting_type(written: Plain) -> str:
    """Return the type of a meeting.

    Raises:
        BadCell: ``meeting-unknown``, or ``meeting-two`` where one cell names two types
        (组织生活会暨民主评议).
    """
    label = read_label(written)
    word = _IN_BRACKETS.sub("", label) or label
    found = [name for pattern, name in _MEETINGS if pattern.search(word)]
    if not found:
        raise BadCell("meeting-unknown", text=label[:30], known=MEETING_WORDS)
    if len(found) > 1:
        raise BadCell("meeting-two", text=label[:30])
    return found[0]


def read_posts(written: Plain) -> tuple[tuple[str, ...], bool]:
    """Return the posts in the branch committee, in order, and whether every word was understood."""
    label = read_label(written)
    posts: list[str] = []
    understood = True
    for word in _POST_SEPARATORS.split(_IN_BRACKETS.sub("", label)):
        bare = re.sub(r"^(现任|党?支部委员会|党?支部|支委会)", "", word) or word
        post = next((name for pattern, name in _POSTS if pattern.fullmatch(bare)), None)
        if post is not None:
            posts.append(post)
        elif word and not _NO_POST.fullmatch(word):
            understood = False
    return tuple(dict.fromkeys(posts)), understood


def read_dues_role(written: Plain) -> str:
    """Return the class by which someone pays dues.

    Raises:
        BadCell: ``dues-role``, the word is none of the six.
    """
    label = read_label(written)
    found = next((name for pattern, name in _ROLES if pattern.search(label)), None)
    if found is None:
        raise BadCell("dues-role", text=label[:30], known=ROLE_WORDS)
    return found


def read_sex(written: Plain) -> str | None:
    """Return ``male`` or ``female``, None for anything else."""
    word = read_label(written).lower()
    return {"男": "male", "男性": "male", "m": "male", "女": "female", "女性": "female", "f": "female"}.get(
        word
    )
