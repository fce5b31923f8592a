"""What is found wanting in branches, and what is done about it. Invented, from everyday work."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that no rule counts: what it is called, what was seen, what is done about it.

    ``point`` of an inspection's list at which it shows.
    """

    subject: str
    text: str
    measure: str
    progress: str
    done: str
    point: str = ""


TROUBLES = (
    Trouble(
        "会议记录没有主持人签名",
        "上半年四次会议的记录，主持人栏空着。",
        "补签；以后散会当天由记录员送签。",
        "已补签三次，一次主持人外出。",
        "四次都已补签。",
        "三会一课记录",
    ),
    Trouble(
        "党费台账与收据对不上",
        "台账比收据多记120元，有两人的月份写错行。",
        "逐笔核对，更正台账，由第二人复核。",
        "核到五月，找到一笔重复登记。",
        "差额查清，台账已更正。",
        "党费收缴",
    ),
    Trouble(
        "流动党员去向登记不全",
        "外出半年以上的党员有3人没有联系电话。",
        "向家属逐个打听，电话和去处登记到册。",
        "已联系上2人。",
        "3人都已登记。",
        "流动党员登记",
    ),
    Trouble(
        "主题党日有代签",
        "签到表上两处笔迹相同，本人当天在外地。",
        "当面说明，以后到场本人签。",
        "两名当事人已谈话。",
        "近两次签到表逐人核对，没有代签。",
        "主题党日",
    ),
    Trouble(
        "党务公开栏一个季度没有更新",
        "公开栏还是上一季度的收支。",
        "每季度第一个月十日前更新。",
        "已贴出当季收支。",
        "连续两个季度按时更新。",
        "党务公开",
    ),
    Trouble(
        "入党积极分子考察写实雷同",
        "两名积极分子的考察意见一字不差。",
        "由培养联系人分别重写，支委会逐份看。",
        "一份已重写。",
        "两份都已重写，支委会看过。",
        "发展党员材料",
    ),
    Trouble(
        "活动室被挤占",
        "活动室堆着杂物，开会借用别处。",
        "杂物移走，活动室恢复使用。",
        "已腾出一半。",
        "全部移走，本月的会在活动室开。",
        "党员活动室",
    ),
    Trouble(
        "走访困难党员没有记录",
        "说走访了四户，没有日期，没有情况。",
        "按户补记，请本人或家属看过。",
        "补记两户。",
        "四户都有记录。",
        "走访慰问记录",
    ),
)
"""Found in any branch."""

ROOF = Trouble(
    "党员活动室屋顶漏雨",
    "雨天会场积水，墙面起皮。",
    "请人估价，申请维修。",
    "估价4.6万元，支部拿不出，请上级解决。",
    "维修完工，雨后看过，不漏。",
)
"""Too much for a branch."""

POINTS = tuple(trouble.point for trouble in TROUBLES)
"""What an inspection looks at."""
