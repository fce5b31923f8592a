"""The fields of a command of a unit or a case, from its types: rows, tables, people as its events hold them.

A command added to the domain has a form without a line here; what is written here are only better words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from msgspec import inspect
from msgspec.structs import replace

from workflows.application.commands import commands, events_of
from workflows.domain.act import Command, Who
from workflows.domain.case_acts import FileCommand
from workflows.domain.papers import Attach
from workflows.domain.unit.commands import UnitCommand
from workflows.domain.waivers import Relieving
from workflows.entrypoints.web.forms.fields import ON, Field, in_order, kinds_in, plain_field
from workflows.entrypoints.web.words import CATALOGUE

ANYONE = frozenset({"person", "owner"})
"""Parts of a row that name somebody."""

A_UNIT = frozenset({"members_to"})
"""What names a unit, though no event holds it under that name."""

A_UNIT_OF = frozenset({("escalate_issue", "to")})

LEFT_OUT = frozenset({("adopt_pack", "text")})
"""The text of a pack is a file: it is adopted with ``zhibu policy``; here one that comes with the program."""

OF_THE_CLOCK = frozenset({"mark_term_due", "mark_term_overdue"})
"""What the program notices by itself."""

LABELS = {
    "cell": "党小组", "chair": "主持人", "lecturer": "主讲人", "for_period": "补开哪一期的会",
    "attachments": "附件", "name": "名称", "hash": "校验值", "candidates": "候选人",
    "superior": "上级党组织", "posts": "职务", "topic": "议题", "votes": "得赞成票数",
    "secret": "是否无记名投票", "reason": "原因",
    "superior_consent": "上级同意不计入", "assembly_vote": "党员大会同意不计入", "rule": "哪一条规定",
    "branch": "哪个支部", "about": "是谁的哪一步", "task": "交办什么事", "owner": "谁办",
    "also": "同时也是什么会", "rituals": "做了哪些规定动作", "participants": "谈话的人",
    "subject": "哪一步或者哪一期", "authority": "批准的党组织", "until": "到哪一天为止",
    "due_on": "延到哪一天",
    "from": "从哪一天起", "to": "改到哪一天", "excluded": "不计入应到的人", "running": "办理中的事怎么办",
    "roster_known": "名册是否齐全", "leader": "负责人",
}  # fmt: skip
LABELS |= {
    "units": "并进来的党组织", "into": "分成哪几个", "ends": "原来的是否撤销",
    "members_to": "人员去向（党员转到哪个党组织）",
    "units_covered": "联合了几个单位", "members": "哪些党员", "requested_on": "申请的日期",
    "filed_on": "备案的日期", "project_months": "项目要几个月", "is_township": "是否乡镇党委",
}  # fmt: skip
LABELS_OF = {
    ("move_theme_day", "from"): "原定哪一天", ("hold_meeting", "on"): "开会日期",
    ("elect_committee", "on"): "选举大会的日期", ("adopt_pack", "pack"): "规则包的编号",
    **{(one, "branch"): "联系的党支部" for one in ("keep_contact", "end_contact")},
    **{(one, "leader"): "联系领导" for one in ("keep_contact", "end_contact")},
    ("record_censure", "on"): "作出决定的日期", ("record_censure", "authority"): "哪个机关决定",
    ("record_censure", "over_work"): "是不是因工作失误", ("record_censure", "reason"): "为什么事",
}  # fmt: skip
HINTS = {
    "for_period": "写作 2026-11 或者 2026-Q3；在那一期里开的、不是补开的不用填",
    "attachments": "可以不填。原件留在支部，不上传；要证明以后没有改动的，写文件的校验值（SHA-256），"
    "一行一个",
    "hash": "文件的 SHA-256，64 位十六进制；原件留在支部，不上传",
    "members": "一行写一个姓名",
    "members_to": "各去各处的，先逐个转接组织关系，再撤销",
    "superior": "",
    "eligible": "不填就按那一天的名册",
    "attending": "到会的人数",
    "document": "文件的字号，没有就不填",
    "signed_by": "一行写一个签名的人",
    "ballots_valid": "有效票不等于赞成票",
    "term_years": "不填就按规定的年限",
    "subject": "不填就是这一条规定现在的期限",
    "written_in_favour": "事先用书面表示赞成的",
}  # fmt: skip
HINTS_OF = {
    ("record_censure", "document"): "决定、通报的文号，没有文号的写文件名称",
    ("record_censure", "form"): "有名册的党员被立案的，登记在他本人那里",
    ("approve_officers", "posts"): "不写就是选出来、还没有批准的；分工也写在这里",
    ("file_committee", "posts"): "不写就是选出来、还没有备案的；分工也写在这里",
    ("elect_committee", "posts"): "当场分了工的写在这里；还没有的，批准、备案时再写",
}
ONE_A_LINE = "一行写一项"
FIRST_ROWS = {("elect_committee", "candidates"): 4, ("elect_committee", "posts"): 3}
"""How many rows stand empty in a new form, one where nothing is said."""


_SAID = ("post", "meeting", "ritual", "running", "value")


def has_unit_form(command: str) -> bool:
    """Say whether a command has a form at a unit."""
    kind = commands().get(command)
    return (
        kind is not None
        and issubclass(kind, UnitCommand | Relieving | Attach)
        and command not in OF_THE_CLOCK
    )


@cache
def unit_fields(command: str) -> tuple[Field, ...]:
    """Return the fields of a command of a unit, the day of the act first."""
    return command_fields(commands()[command])


@cache
def command_fields(of: type[Command]) -> tuple[Field, ...]:
    """Return the fields of a command of a unit or of a case, the day of the act first."""
    told: Any = inspect.type_info(of)
    held = _held(of)
    found = [
        _field(of, field, held.get(field.encode_name, []))
        for field in told.fields
        if (of.verb(), field.encode_name) not in LEFT_OUT
    ]
    return tuple(sorted(found, key=lambda field: field.name != ON))


def _held(of: type[Command]) -> dict[str, list[Any]]:
    """Return by name the types under which the events of a command hold what is said of a field."""
    found: dict[str, list[Any]] = {}
    for event in events_of(of.verb()):
        if issubclass(of, FileCommand) and event.topic().partition(".")[0] != of.aggregate:
            continue  # another command bears the same name
        told: Any = inspect.type_info(event)
        for field in told.fields:
            found.setdefault(field.encode_name, []).append(field.type)
    return found


def _field(of: type[Command], told: Any, held: Sequence[Any], *, inner: bool = False) -> Field:
    name, command, is_of_case = told.encode_name, of.verb(), issubclass(of, FileCommand)
    plain = plain_field(of, told)
    label, hint = plain.label, plain.hint
    if not is_of_case:
        label = LABELS_OF.get((command, name)) or LABELS.get(name) or plain.label
        hint = HINTS_OF.get((command, name)) or HINTS.get(name, plain.hint if name == ON else "")
    base = replace(plain, label=label, hint=hint, is_long=inner and plain.kind in ("yes", "choice"))
    kinds = list(kinds_in(told.type))
    if plain.kind in ("counted", "real"):
        return replace(base, is_long=plain.kind == "counted")
    if name in A_UNIT or (command, name) in A_UNIT_OF:
        return replace(base, kind="choice", is_long=True)
    for node in kinds:
        match node:
            case inspect.DictType():
                return replace(base, kind="rows", keyed=True, parts=_pairs(of, name, node, held))
            case inspect.ListType(item_type=item) if _fields(item):
                return replace(base, kind="rows", parts=_parts(of, item))
            case inspect.StructType():
                return replace(base, kind="part", parts=_parts(of, node))
            case inspect.ListType(item_type=item) if inspect.IntType not in {type(k) for k in kinds}:
                return _list(base, item, held)
    if plain.kind == "text" and (name in ANYONE or _is_someone(held)):
        return replace(base, kind="person")
    if plain.kind == "text" and _is_unit(held):
        return replace(base, kind="choice", is_long=True)
    return base


def _list(base: Field, item: Any, held: Sequence[Any]) -> Field:
    """Return a list as words to tick, as people or units where its events hold those, else as lines."""
    words = [
        str(one) for kind in kinds_in(item) if isinstance(kind, inspect.LiteralType) for one in kind.values
    ]
    if words:
        told = tuple((one, CATALOGUE.any_word(one, *_SAID) or one) for one in words)
        return replace(base, kind="several", choices=told)
    if _is_someone(held):
        return replace(base, kind="people")
    return (
        replace(base, kind="several", is_long=True)
        if _is_unit(held)
        else replace(base, kind="lines", hint=base.hint or ONE_A_LINE)
    )


def _parts(of: type[Command], node: Any) -> tuple[Field, ...]:
    return tuple(_field(of, field, [], inner=True) for field in _fields(node))


def _pairs(of: type[Command], name: str, node: Any, held: Sequence[Any]) -> tuple[Field, ...]:
    """Return key and value of a table as two fields; the key is somebody where the events say so."""
    is_person = _is_someone(held)
    key = Field(
        name="person" if is_person else "key",
        label="姓名" if is_person else LABELS["rule"],
        kind="person" if is_person else "text",
        required=True,
    )
    words: tuple[tuple[str, str], ...] = ()
    if any(isinstance(kind, inspect.LiteralType) for kind in kinds_in(node.value_type)):
        words = tuple((one, CATALOGUE.any_word(one, *_SAID) or one) for one in in_order(of, name))
    said = Field(
        name="said",
        label=LABELS.get(name) or CATALOGUE.any_word(name, "fact") or name,
        kind="choice" if words else "text",
        required=True,
        choices=words,
        is_long=True,
    )
    return key, said


def _fields(node: Any) -> Sequence[Any]:
    return next((tuple(kind.fields) for kind in kinds_in(node) if isinstance(kind, inspect.StructType)), ())


def _leaves(node: Any) -> Iterator[Any]:
    """Yield the types in a type: of a list those of its items, of a table those of its fields."""
    for kind in kinds_in(node):
        yield kind
        if isinstance(kind, inspect.VarTupleType | inspect.ListType):
            yield from _leaves(kind.item_type)
        elif isinstance(kind, inspect.StructType) and kind.cls is not Who:
            for field in kind.fields:
                yield from _leaves(field.type)


def _is_someone(held: Sequence[Any]) -> bool:
    return any(getattr(kind, "cls", None) is Who for node in held for kind in _leaves(node))


def _is_unit(held: Sequence[Any]) -> bool:
    """Say whether ids are held: people are held as :class:`Who`, so that they are those of units."""
    return any(isinstance(kind, inspect.UUIDType) for node in held for kind in _leaves(node))
