"""The columns of the four tables and the headings under which offices write them (标题的各种写法).

A heading is compared after ``plain_heading``; patterns match it whole. A *weak* pattern counts only where no
other column of the sheet says the same more plainly: 主题 beside 主要内容, 时间 beside 日期.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from workflows.adapters.workbooks.rows import SheetKind

_DAY = "(的?(具体)?(时间|日期|年月日|年月|日|时点))?"
_DAY_SAID = "的?(具体)?(时间|日期|年月日|年月|日)"
_MADE = "(被|经)?(推荐)?(确定|列|列入|定|吸收|确立|推荐|确认|成|发展)?为?"


@dataclass(frozen=True, slots=True)
class Fact:
    """One column of a table: stored name, our own heading, reader of its cells, headings that mean it.

    ``column_needed``: without the column the sheet is not read. ``cell_needed``: without the cell the row is
    refused.
    """

    canonical: str
    title: str
    reader: str
    strong: re.Pattern[str]
    weak: re.Pattern[str] | None = None
    column_needed: bool = False
    cell_needed: bool = False


def _fact(canonical: str, title: str, reader: str, strong: str, weak: str = "", needed: str = "") -> Fact:
    return Fact(
        canonical,
        title,
        reader,
        re.compile(strong),
        re.compile(weak) if weak else None,
        column_needed="column" in needed,
        cell_needed="cell" in needed,
    )


_SEX = _fact("sex", "性别", "sex", "性别|男女")
_BORN = _fact("born_on", "出生日期", "born", f"出生{_DAY}|出生年月日|生日")
_IDENTITY = _fact(
    "identity_number",
    "身份证号",
    "identity",
    "(公民|居民)?身份(证|证件|证明)?(号码?|编号)|(居民)?(二代)?身份证|证件号码?",
)
_PHONE = _fact(
    "phone",
    "联系电话",
    "phone",
    "(本人|个人)?(联系|手机|移动|办公)?(电话|手机)(号码?)?|(本人)?联系(方式|号码)",
)
_FULL = _fact(
    "full_since",
    "转正时间",
    "past_day",
    f"(批准|按期|预备期?|正式|预备党员|预备期满)?转正(批准)?{_DAY}|(批准)?(转为|成为)正式(党员)?{_DAY}|正式党员{_DAY_SAID}",
)
_BRANCH = _fact(
    "branch",
    "所在党支部",
    "label",
    "(现|目前|现在)?(所在|所属|隶属|组织关系(所在|隶属)?|党员所在)?(的)?(基层)?(党支部|支部)(名称|全称)?",
    "(所在|所属|隶属|组织关系所在)(的)?(基层)?党组织(名称|全称)?|(基层)?党组织(名称|全称)?|组织关系(所在地|所在单位)?|所在单位党支部",
    "column cell",
)
_NAME = "(党员|本人|申请人|发展对象|对象|人员)?(姓名|名字)"

FACTS: Final[dict[SheetKind, tuple[Fact, ...]]] = {
    "units": (
        _fact(
            "name",
            "支部名称",
            "label",
            "(基层|所在)?(党支部|支部)(名称|全称)?",
            "(基层)?党组织(名称|全称)?|(组织|单位)?名称",
            "column cell",
        ),
        _fact(
            "superior",
            "上级党组织",
            "label",
            "(上级|隶属|所属|主管|直属|上级主管|上一级|所在)(的)?(基层)?(党组织|党委|党工委|工委|党总支|总支)(名称|全称)?|(上级|隶属)(组织|关系|单位)",
            "(基层|乡镇|镇街)?(党委|党工委|党总支)(名称|全称)?",
        ),
        _fact(
            "kind",
            "类别",
            "kind",
            "(党?支部|党?组织|单位|所属|所在)?(类别|类型|性质|种类|分类)|(所属|所在|支部所在|支部)?领域(类别)?",
        ),
        _fact(
            "established_on",
            "成立时间",
            "day",
            f"(党?支部|党?组织)?(批准|批复)?(成立|建立|组建|设立)(批准|批复)?{_DAY}",
        ),
        _fact(
            "elected_on",
            "本届选举时间",
            "day",
            "(本届|本次|现任|现届|本届任期|最近(一次)?|上一?次|上届)?(党?支部|班子|支委会?|委员会|支部委员会)?(班子)?"
            f"(换届选举|换届|选举|当选|改选|选举产生|任期开始|任期起始|任期起){_DAY}|本届(任期)?(起始|开始){_DAY}",
        ),
        _fact(
            "term_years",
            "任期",
            "term",
            "(每届|本届|法定|班子|支委会|委员会|党?支部)?任期(年限|年数|时长|长度)?(年)?",
            "届期",
        ),
        _fact(
            "secretary",
            "书记",
            "person",
            "(现任)?(党?支部|党组织)?书记(姓名|名字)?",
            "(党?支部|党组织)?负责人(姓名)?",
        ),
        _fact(
            "committee",
            "委员会成员",
            "people",
            "(现任)?(党?支部|支委会|支部委员会)?(委员会)?(班子)?(委员|成员|支委|组成人员|支委成员|委员成员)(名单|姓名)?",
            "(党?支部)?(支委会|支部委员会|委员会|支部班子|班子)",
        ),
        _fact(
            "cell_count",
            "党小组数",
            "number",
            "(下设|所辖|下辖|划分|设立?)?(党小组|小组)(数|数量|个数|总数)?(个)?",
        ),
    ),
    "members": (
        _fact("name", "姓名", "name", _NAME, "党员", "column cell"),
        _SEX,
        _fact("ethnicity", "民族", "label", "民族|族别"),
        _BORN,
        _IDENTITY,
        _fact(
            "education",
            "学历",
            "label",
            "学历(学位)?|文化程度|文化水平|教育程度",
            "(最高|现|全日制)(学历|文化程度)(学位)?",
        ),
        _fact(
            "admitted_on",
            "入党时间",
            "past_day",
            f"(批准)?入党{_DAY}|(参加|加入)(中国共产党|中共|党)(组织)?{_DAY}"
            f"|(接收|吸收|批准|成|列|发展)?为?预备党员(接收|批准)?{_DAY_SAID}",
            needed="column cell",
        ),
        _FULL,
        _BRANCH,
        _fact(
            "posts",
            "党内职务",
            "posts",
            "(现任)?(党内|党?支部|支委会?|党组织)(职务|任职|分工)(情况)?",
            "职务|任职情况|分工",
        ),
        _PHONE,
    ),
    "development": (
        _fact("name", "姓名", "name", _NAME, "申请人|入党申请人", "column cell"),
        _SEX,
        _BORN,
        _IDENTITY,
        _PHONE,
        _BRANCH,
        _fact(
            "applied_on",
            "申请入党时间",
            "past_day",
            f"(本人)?(递交|提交|提出|上交|交)?(入党)?申请(书)?(入党)?(递交|提交)?{_DAY}",
            needed="column cell",
        ),
        _fact(
            "talked_on",
            "谈话时间",
            "past_day",
            f"(首次|初次|党组织|党?支部|组织|入党申请人)?(派人)?([与同](入党)?(申请人|其|本人))?谈话{_DAY}",
        ),
        _fact("activist_on", "确定为入党积极分子时间", "past_day", f"{_MADE}(入党)?积极分子(确定)?{_DAY}"),
        _fact(
            "mentors",
            "培养联系人",
            "people",
            "(入党)?(积极分子)?培养(联系人|人)(姓名|名单)?|(入党)?联系人(姓名)?",
        ),
        _fact("target_on", "确定为发展对象时间", "past_day", f"{_MADE}(党员)?发展对象(确定)?{_DAY}"),
        _fact("sponsors", "入党介绍人", "people", "(入党)?介绍人(姓名|名单)?"),
        _fact(
            "reviewed_on",
            "政治审查时间",
            "past_day",
            f"(政治审查|政审)(结论|完成|通过|结束|材料)?(形成)?{_DAY}",
        ),
        _fact(
            "trained_on",
            "集中培训时间",
            "span_last",
            f"(发展对象)?(参加)?(短期)?(集中)?培训(班)?(起止|结业|完成|结束)?{_DAY}",
        ),
        _fact(
            "notice_on",
            "公示开始时间",
            "span_first",
            f"(发展对象|预备党员|拟?接收(预备党员)?|入党|发展党员|党员发展|发展)?前?公示(开始|起始|起止|起)?{_DAY}",
        ),
        _fact(
            "voted_on",
            "支部大会接收时间",
            "past_day",
            "(党?支部)?(党员)?大会(讨论|接收|吸收|通过|表决|审议|票决|同意|决议|召开)*为?(预备党员)?(接收|入党|发展)?"
            f"{_DAY}|(接收|吸收|成|列)为?预备党员{_DAY}|(批准)?入党{_DAY}",
        ),
        _fact(
            "approved_on",
            "上级党委审批时间",
            "past_day",
            f"(上级|基层|乡镇|镇|街道)?(党委|党组织|党工委|组织)?(审批|批准|批复)(同意)?(接收)?(入党|预备党员)?{_DAY}",
        ),
        _FULL,
    ),
    "meetings": (
        _fact(
            "branch",
            _BRANCH.title,
            "label",
            _BRANCH.strong.pattern,
            "((召开|主办|组织|所在|开展)?单位|(所在|所属)?(基层)?党组织)(名称|全称)?",
            "column cell",
        ),
        _fact(
            "held_on",
            "日期",
            "day",
            "(会议|活动|召开|开展|举行|举办|开会|组织生活|会议召开|活动开展|会议活动)?(日期|年月日)",
            "(会议|活动|召开|开展|举行|举办|开会|组织生活|会议召开|活动开展|会议活动)?时间",
            "column cell",
        ),
        _fact(
            "type",
            "类型",
            "meeting",
            "(会议|活动|组织生活|三会一课|党内组织生活|会议活动)?(类型|类别|形式|种类)",
            "(会议|活动|组织生活|会议活动)?(名称|项目)|会议|活动",
            "column cell",
        ),
        _fact(
            "eligible", "应到人数", "eligible", "应(到|参加|出席|参会|到会)(会)?((党员|人员)?(人数|数)|人)?"
        ),
        _fact(
            "attending",
            "实到人数",
            "attending",
            "(实|实际)(到|参加|出席|参会|到会)(会)?((党员|人员)?(人数|数)|人)?",
            "(到会|参会|参加|出席)(党员|人员)?(人数|数)",
        ),
        _fact("chair", "主持人", "person", "(会议|活动)?(主持人?|召集人)(姓名)?"),
        _fact("lecturer", "主讲人", "person", "(党课)?(主讲人?|授课人|讲课人|主讲人员|讲授人)(姓名)?"),
        _fact(
            "topics",
            "主要内容",
            "text",
            "(会议|活动|学习|党课|会议活动)?(的)?(主要)?(内容|事项|议程)(摘要|概要|简述|记录)?",
            "(会议|活动|学习|党课)?(主要)?(主题|题目|议题|标题)",
        ),
    ),
    "dues": (
        _fact("name", "姓名", "name", _NAME, "党员|交纳人", "column cell"),
        _IDENTITY,
        _BORN,
        _BRANCH,
        _fact(
            "month",
            "月份",
            "month",
            "(党费)?(所属|交纳|缴纳|缴费|交费|收缴|应交|应缴)?(党费)?的?(月份|年月|所属期|月度)",
            "(所属)?(期间|时期)|月",
            "column cell",
        ),
        _fact(
            "paid_on",
            "交纳日期",
            "day",
            "(党费)?(交纳|缴纳|交费|缴费|收缴|收款|实交|实缴|交款)(党费)?(的)?(具体)?(日期|时间)",
            "日期",
        ),
        _fact(
            "role",
            "党费类别",
            "dues_role",
            "(党费|交纳|缴纳|党员|人员|收入)?(类别|类型|收入来源|身份类别)",
            "身份|职业",
        ),
        _fact(
            "base",
            "计算基数",
            "money",
            "(党费|交纳党费|缴费|缴纳|月|每月|月工资|交纳)?(的)?(计算|交纳|缴纳|缴费)?基数(元)?|月(工资|收入|工资收入)(基数)?(元)?",
        ),
        _fact(
            "amount",
            "实交金额",
            "money",
            "(党费)?(实|已|实际)?(交|缴|收)(纳|费)?(党费)?(的)?(金额|数额|党费)(元)?|实[交缴收](元)?|交纳党费(元)?",
            "金额(元)?|党费(元)?",
            "column cell",
        ),
    ),
    "training": (
        _fact("name", "姓名", "name", _NAME, "党员|参训人员|学员", "column cell"),
        _IDENTITY,
        _BORN,
        _BRANCH,
        _fact(
            "held_on",
            "培训日期",
            "span_last",
            "(参加)?(集中)?(学习|培训|学习培训|轮训)(起止|结束|结业|的)?(日期|时间|年月日)",
            "日期|时间",
            "column cell",
        ),
        _fact(
            "title",
            "培训名称",
            "text",
            "(参加)?(的)?(集中)?(学习|培训|学习培训)(班|班次)?(名称|主题|内容|项目)|(培训)?班次",
            "名称|主题|内容",
        ),
        _fact(
            "hours", "学时", "number", "(集中)?(学习|培训|学习培训)?(学时|课时|小时)(数)?", needed="column"
        ),
        _fact("organizer", "组织单位", "text", "(培训|主办|举办|组织|承办)(单位|机构|部门)(名称)?", "地点"),
    ),
}

NAMES: Final[tuple[tuple[SheetKind, re.Pattern[str]], ...]] = (
    ("development", re.compile("发展(党员|对象|台账|情况)|党员发展|积极分子|入党申请")),
    ("dues", re.compile("党费")),
    ("training", re.compile("(学习)?培训(登记|台账|情况|记录|学时)|学时|(教育|学习)培训")),
    ("meetings", re.compile("三会一课|组织生活|会议(记录|台账|登记|情况)|主题党日")),
    ("members", re.compile("花名册|党员(名册|名单|信息|基本|情况|统计|登记|台账)|党员$")),
    (
        "units",
        re.compile(
            "支部(基本|情况|信息|名册|名单|一览|台账|登记|设置)|基本情况|党组织(信息|情况|基本)|换届|支部$"
        ),
    ),
)
"""What a sheet may be called, tried in this order: 发展党员花名册 is no roster."""

TITLES: Final[dict[SheetKind, str]] = {
    "units": "支部基本情况",
    "members": "党员花名册",
    "development": "发展党员台账",
    "meetings": "三会一课记录",
    "dues": "党费收缴登记表",
    "training": "学习培训登记表",
}

_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\]]*\]|【[^】]*】|〔[^〕]*〕|《|》|“|”|\"")
_SIGNS = re.compile(r"[\s\u200b-\u200f\ufeff*★☆#:;,./、。·\-_'’|\\?!]+")


def plain_heading(heading: str) -> str:
    """Return a heading without blanks, signs, and remarks in brackets: ``任 期（年）`` is 任期."""
    text = unicodedata.normalize("NFKC", heading)
    return _SIGNS.sub("", _IN_BRACKETS.sub("", text)).lower() or _SIGNS.sub("", text).strip("()[]").lower()


def kind_called(title: str) -> SheetKind | None:
    """Return the table that a sheet name or a title row names, None where it names none."""
    plain = plain_heading(title)
    return next((kind for kind, pattern in NAMES if pattern.search(plain)), None)
