"""The fields of a command as a form shows them: from its types, with the words of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Literal, get_args, get_origin

import msgspec
from msgspec import inspect

from workflows.application.commands import commands
from workflows.domain.act import Command
from workflows.domain.case_acts import FileCommand
from workflows.domain.person.commands import Personal, PersonCommand
from workflows.entrypoints.web.words import CATALOGUE, WHO_SAID, WORDING

Kind = Literal[
    "day", "number", "money", "month", "yes", "choice", "text", "long", "lines", "words", "person", "people",
    "unit", "step", "rows", "part", "attendance", "several", "real", "counted",
]  # fmt: skip
ON = "on"
LONGEST_TEXT, LONGEST_LIST = 2000, 50
MOST_RADIOS = 5
YES, NO = "true", "false"

PEOPLE = frozenset({("assign_mentors", "persons"), ("assign_sponsors", "persons")})
PERSON, UNIT, STEP, MONTH = frozenset({"by"}), frozenset({"to_unit"}), "step", "month"
TWIN = ("merge_persons", "other")
"""Who turns out to be the same person: chosen among all who may be, not among the members of the unit."""

WORDS = frozenset({"recommended_by", "opinions"})
LONG = frozenset({"reason", "opinion", "special_reason"})
LONG_AT_A_CASE = frozenset({"text", "measure", "note", "reason"})
DAY_PATTERN = r"^\d{4}-\d{2}-\d{2}$"
LEFT_OUT = frozenset({("transfer_person", "outside")})
"""Told by another field: a unit that is not on these books is written by hand."""

LABELS = {
    "on": "办理日期", "name": "姓名", "by": "谈话人", "born_on": "出生日期", "starts_on": "公示开始日",
    "recommended_by": "由谁推荐", "special_case": "特殊情况", "together": "几个人一并表决",
    "passed": "是否通过", "agreed": "是否同意", "upheld": "异议是否成立", "secret": "是否无记名投票",
    "corrected": "是否已经改正", "in_order": "材料是否齐全", "in_transit": "接收的党组织还没有接收（在途）",
    "from": "开始日期", "to": "结束日期",
}  # fmt: skip
LABELS_OF = {
    ("assign_mentors", "persons"): "培养联系人", ("assign_sponsors", "persons"): "入党介绍人",
    ("order_correction", "months"): "限期改正的月数", ("strike_off", "kind"): "处理方式",
    ("defer_conversion", "until"): "推迟到哪一天", ("bar_rights", "until"): "限制到哪一天",
    ("bar_rights", "ground"): "限制的事由",
    ("record_charge", "on"): "作出决定的日期", ("record_charge", "authority"): "哪个机关决定",
    ("record_charge", "over_work"): "是不是因工作失误", ("record_charge", "reason"): "为什么事",
    ("exempt_from_meetings", "until"): "到哪一天", ("stop_membership", "since"): "从哪一天起",
    ("conclude_background_review", "passed"): "政治审查是否合格",
    ("conclude_preliminary_review", "passed"): "预审是否合格",
    ("conclude_preliminary_review", "leaving_on"): "离开单位的日期",
    ("record_training", "title"): "培训名称", ("record_dues", "month"): "交的是哪个月的",
    ("register_absence", "on"): "从哪一天起外出", ("register_absence", "until"): "打算哪天回来",
    ("register_absence", "purpose"): "去做什么", ("end_absence", "on"): "哪一天回来",
    ("report_lost_contact", "on"): "从哪一天起失去联系", ("record_contact", "on"): "哪一天取得联系",
    ("issue_certificate", "number"): "证明信编号", ("issue_certificate", "until"): "有效到哪一天",
    ("issue_certificate", "addressed_to"): "送交哪个党组织", ("record_receipt", "number"): "回执编号",
    ("transfer_person", "valid_until"): "介绍信上写的有效期", ("reduce_dues", "amount"): "每月交多少",
    ("record_graduation", "on"): "毕业离校的日期", ("examine_transfer_file", "reason"): "没有接收的理由",
    ("reduce_dues", "document"): "上级批准的文件",
    ("merge_persons", "on"): "合并日期", ("merge_persons", "reason"): "怎样认定是同一个人",
    ("archive_dossier", "papers"): "归档的材料", ("confirm_activist", "meeting"): "在哪次会议上确定",
}  # fmt: skip
HINTS = {
    "on": "事情发生的那一天，以会议记录、谈话记录上的日期为准",
    "eligible": "不填就按名册上那一天有表决权的人数",
    "attending": "到会的有表决权的人数",
    "passed": "填了票数就按票数判断，不用选",
    "id_number": "18 位；用来认出是不是同一个人",
    "document": "写文件的字号，没有就不填",
    "leaving_on": "只有马上要离开工作、学习单位的才填",
    "starts_on": "与办理日期同一天的不用填",
    "recommended_by": "勾选，或者在下面写",
    "special_case": "不是特殊情况的不填",
    "days": "天数和学时填一样就行",
    "hours": "天数和学时填一样就行",
    "month": "如 2026-07",
    "base": "元", "amount": "元", "first_month": "如 2026-07", "last_month": "不定的不填",
    "ways": "用过哪些办法查找", "letter": "介绍信的编号，当天开出",
    "papers": "一行写一种材料",
    "posts": "一行写一个职务",
    "written_in_favour": "因故不能到会、事先用书面表示赞成的票数",
}  # fmt: skip
HINTS_OF_CASES = frozenset({"on", "document"})
HINTS_OF = {
    ("open_issue", "period"): "没有按期办的事，写 2026、2026-Q3 或者 2026-09",
    ("open_issue", "rule"): "销号时按这一条看事实；不涉及规定的不选",
    ("report_monthly", "month"): "不填就是报告那天的月份",
    ("close_out", "by"): "验收、销号的人不能是整改的人",
    ("accept_correction", "by"): "不能是整改的人",
    ("escalate_issue", "to"): "不选就是上一级",
    ("declare", "units"): "勾选党组织；只知道数目的，写数目",
    ("open_campaign", "units"): "勾选党组织；只知道数目的，写数目",
    ("freeze_rubric", "criteria"): "方案已经采用为规则包的不用写，照它这一天的各项",
    ("assess_self", "score"): "不填就按各项合计",
    ("review", "score"): "不填就按各项合计",
    ("review", "reason"): "与自评不同的、重新评的，写明为什么",
    ("survey_masses", "satisfaction"): "写了人数的不用写，按人数算",
    ("open_campaign", "scheme"): "采用了的方案可以从列表里选，别的照实写名称",
    ("draw_sample", "sampled"): "写数目的，按种子抽，谁都能照着再抽一次；已经点名抽了的，勾选",
    ("draw_sample", "seed"): "事先公开的一串字或者数，如抽签的号码、日期",
    ("recheck", "wrong"): "一个也没有的写 0",
    ("list_unit", "listed"): "不填就按账上今年列入的，连同这一个",
    ("list_unit", "of_units"): "不填就按最近一次考评没有达标的",
    ("nominate_site", "sites"): "不填就按账上这个乡镇的，连同这一个",
    ("plan_inspection", "checklist"): "选了规则包的不用写",
    ("vote_on_admission", "on"): "会议记录上的日期",
    ("merge_persons", "on"): "今天；合并从登记起就算，不看这一天",
    (
        "merge_persons",
        "other",
    ): "列出的是同名、出生日期对得上，或者身份证号相同的；别的写姓名或者编号",
    ("reduce_dues", "amount"): "元；免交的不填",
    ("stop_membership", "since"): "登记过外出、失联的，不填就按登记的日期",
    ("strike_off", "months_without_dues"): "支部登记党费的，不填就按登记数",
    ("strike_off", "months_without_life"): "会议都登记了到会名单的，不填就按名单",
    ("record_charge", "document"): "决定、通报的文号，没有文号的写文件名称",
    ("bar_rights", "ground"): "留党察看的不用选；被留置、逮捕的写明，权利只是暂停",
    ("order_correction", "ground"): "失联以后又取得联系的选“失去联系”，别的不选",
    ("vote_on_full_membership", "on"): "会议记录上的日期",
}
CHOICES = {"gender": (("男", "男"), ("女", "女"))}


class Given(msgspec.Struct, frozen=True):
    """A row that stands there beforehand: its first value, what it is called, what is known of it.

    ``choices``: what is to be ticked in it, where it has a part for that.
    """

    value: str
    label: str
    known: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()


class Field(msgspec.Struct, frozen=True):
    """One field: ``choices`` are (value, word); ``least`` and ``most`` bound a number or a text's length.

    ``is_long``: what it lists grows with the books. ``parts`` are the fields of each of its rows (``rows``;
    ``keyed``: the first of them is the key to the second), or of the one table it is (``part``). ``rough``: a
    day of the past that may be told in words (约日). ``preset``: rows that stand there beforehand
    (``closed``: there are no others). ``folded``: it is written only where something is unusual.
    """

    name: str
    label: str
    kind: Kind
    required: bool = False
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    default: str = ""
    least: int | None = None
    most: int | None = None
    is_long: bool = False
    parts: tuple[Field, ...] = ()
    keyed: bool = False
    rough: bool = False
    preset: tuple[Given, ...] = ()
    closed: bool = False
    folded: bool = False

    @property
    def is_group(self) -> bool:
        """Say whether it has several inputs, so that its label is a legend."""
        return self.kind in ("people", "words", "several", "counted") or (
            self.kind in ("choice", "yes") and len(self.choices) <= MOST_RADIOS and not self.is_long
        )


def is_personal(command: str) -> bool:
    """Say whether a command describes someone, who may be new."""
    return issubclass(commands()[command], Personal)


def has_form(command: str) -> bool:
    """Say whether a command has a form: those of a person."""
    kind = commands().get(command)
    return kind is not None and issubclass(kind, PersonCommand)


@cache
def fields_of(command: str) -> tuple[Field, ...]:
    """Return the fields of a command of a person, the day of the act first."""
    kind = commands()[command]
    told: Any = inspect.type_info(kind)
    found = [
        plain_field(kind, field) for field in told.fields if (command, field.encode_name) not in LEFT_OUT
    ]
    return tuple(sorted(found, key=lambda field: field.name != ON))


def plain_field(of: type[Command], told: Any) -> Field:
    """Return one field of a command as its type and name say it."""
    command, name = of.verb(), told.encode_name
    kinds = list(kinds_in(told.type))
    kind, choices = _kind(of, name, kinds)
    default = _default(told, kind)
    optional = any(isinstance(node, inspect.NoneType) for node in kinds) and not told.required
    if kind == "yes" and optional:
        choices = (*choices, ("", "没有写"))
    if kind == "choice" and optional:
        choices = (*choices, ("", "不填"))
    least, most = _bounds(told.type)
    is_count = kind == "number"
    return Field(
        name=name,
        label=label_of(of, name),
        kind=kind,
        rough=kind == "day" and name in of.roughly,
        required=bool(told.required) or (command == "receive_application" and name == "name"),
        hint=HINTS_OF.get((command, name)) or _hint(of, name),
        choices=choices,
        default=default,
        least=least if is_count else None,
        most=most if most is not None else None if is_count else LONGEST_TEXT,
    )


def label_of(of: type[Command], name: str) -> str:
    """Return what a field is called in the form of a command; a case has its words in the catalogue alone."""
    command = of.verb()
    own = CATALOGUE.field(name, command) or WORDING.fact(name)
    if issubclass(of, FileCommand):
        return LABELS[ON] if name == ON else own
    return LABELS_OF.get((command, name)) or LABELS.get(name) or own


def _hint(of: type[Command], name: str) -> str:
    is_meant = not issubclass(of, FileCommand) or name in HINTS_OF_CASES
    return HINTS.get(name, "") if is_meant else ""


def _kind(of: type[Command], name: str, kinds: Sequence[Any]) -> tuple[Kind, tuple[tuple[str, str], ...]]:
    command = of.verb()
    if issubclass(of, FileCommand) and (found := _kind_at_a_case(name, kinds)) is not None:
        return found, ()
    if (command, name) in PEOPLE:
        return "people", ()
    if (command, name) == TWIN:
        return "person", ()
    for named, kind in ((PERSON, "person"), (UNIT, "unit"), (LONG, "long")):
        if name in named:
            return kind, ()  # type: ignore[return-value]
    if name in WORDS:
        return "words", tuple(WHO_SAID.items())
    if name in CHOICES:
        return "choice", CHOICES[name]
    if command == "record_step" and name == STEP:
        return "step", ()
    for node in kinds:
        match node:
            case inspect.LiteralType():
                told = in_order(of, name) or [str(value) for value in node.values]
                return "choice", tuple((value, _word(value)) for value in told)
            case inspect.BoolType():
                return "yes", ((YES, "是"), (NO, "否"))
            case inspect.DateType():
                return "day", ()
            case inspect.IntType():
                return "number", ()
            case inspect.DecimalType():
                return "money", ()
            case inspect.ListType():
                return "lines", ()
    return ("month" if name == MONTH or name.endswith(f"_{MONTH}") else "text"), ()


def _kind_at_a_case(name: str, kinds: Sequence[Any]) -> Kind | None:
    """Return what a field of a case is: what only cases have, a number or the units themselves among it."""
    types = {type(node) for node in kinds}
    if {inspect.IntType, inspect.ListType} <= types:
        return "counted"
    if inspect.FloatType in types:
        return "real"
    if inspect.StrType in types:
        patterns = [node.pattern for node in kinds if isinstance(node, inspect.StrType)]
        if DAY_PATTERN in patterns:
            return "day"
        return "long" if name in LONG_AT_A_CASE else "text" if inspect.IntType in types else None
    return None


def in_order(of: type[Command], name: str) -> list[str]:
    """Return the words of a field as the command lists them, the usual one first; [] of a field of a row."""
    told = next((f.type for f in msgspec.structs.fields(of) if f.encode_name == name), None)
    found: list[str] = []
    todo = [told]
    while todo:
        node = todo.pop(0)
        if get_origin(node) is Literal:
            found += [str(value) for value in get_args(node)]
        else:
            todo += get_args(node)
    return found


def _word(value: str) -> str:
    return CATALOGUE.any_word(value, "stage", "value", "meeting", "post", "kind", "level", "command") or value


def _default(told: Any, kind: Kind) -> str:
    if told.default is msgspec.UNSET or told.default is msgspec.NODEFAULT or told.default is None:
        return ""
    if kind == "yes":
        return YES if told.default else NO
    return str(told.default)


def kinds_in(node: Any) -> Iterator[Any]:
    """Yield the types a field may have, without their constraints."""
    if isinstance(node, inspect.Metadata):
        yield from kinds_in(node.type)
    elif isinstance(node, inspect.UnionType):
        for part in node.types:
            yield from kinds_in(part)
    else:
        yield node


def _bounds(node: Any) -> tuple[int | None, int | None]:
    for kind in kinds_in(node):
        if isinstance(kind, inspect.IntType):
            return kind.ge, kind.le
        if isinstance(kind, inspect.StrType):
            return kind.min_length, kind.max_length
    return None, None


OTHER = ".other"
"""Behind the name of a field: what is written by hand beside a list to choose from."""

HAND_WRITTEN = frozenset({"people", "person", "unit", "words"})
_SPLIT = re.compile(r"[、，,;；\n]+")


def names_in(text: str) -> list[str]:
    """Return the names in a text: by 、 or commas or lines."""
    return [part.strip() for part in _SPLIT.split(text) if part.strip()]
