"""通报的话: what a bulletin says, in the order of a Chinese official paper; its facts are an answer's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from workflows.entrypoints import grade_words
from workflows.entrypoints.cell_words import activity_word
from workflows.entrypoints.documents import Block, Paper, Section
from workflows.entrypoints.period_words import period_word
from workflows.entrypoints.wording import Wording

Told = Mapping[str, Any]
FIGURES = "一二三四五六七八九十"
NOT_ASKED = ("exempt", "pending")


def title_of(answer: Told) -> str:
    """Return what a bulletin is called: that of a campaign, or that of a period."""
    if "campaign" in answer:
        return f"关于{answer['campaign']['subject']}结果的通报"
    return f"关于{_period(answer)}按期事项履行情况的通报"


def _period(answer: Told) -> str:
    told = period_word(answer["period"], date.min).replace(" ", "")
    return f"{told}度" if told.endswith("年") else told


def paper_of(answer: Told, wording: Wording) -> Paper:
    """Return the paper of an answer of ``bulletin`` or of ``undone``."""
    return _of_a_campaign(answer, wording) if "campaign" in answer else _of_a_period(answer, wording)


def _paper(answer: Told, issuer: str, to: str, opening: str, parts: Iterable[Section | None]) -> Paper:
    """Return the paper of an answer; sections with nothing to tell are left out, the others numbered."""
    told = [part for part in parts if part is not None]
    sections: list[Section] = [
        {"head": f"{_figure(number)}、{part['head']}", "blocks": part["blocks"]}
        for number, part in enumerate(told, 1)
    ]
    known = answer["known_on"]
    until = f"，按{known}以前记录的" if known else ""
    return {
        "title": title_of(answer),
        "to": to,
        "opening": [opening],
        "sections": sections,
        "issuer": issuer,
        "issued_on": _day(answer["as_of"]),
        "note": f"（以上为截至{_day(answer['as_of'])}的情况{until}。）",
    }


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"


def _text(text: str) -> Block:
    return {"kind": "text", "text": text}


def _listed(names: Iterable[str]) -> str:
    return "、".join(names)


# --- a campaign -------------------------------------------------------------------------------------------


def _of_a_campaign(answer: Told, wording: Wording) -> Paper:
    campaign = answer["campaign"]
    parts = [
        _of_the_course(answer),
        _of_grades(answer, wording),
        _of_what_bars(answer),
        _of_remarks(answer, wording),
        _of_problems(answer),
    ]
    plan = f"依据《{answer['plan'].strip('《》')}》" if answer["plan"] else ""
    version = f"（{_day(answer['version'])}起执行的内容）" if answer["version"] else ""
    year = "" if str(answer["year"]) in campaign["subject"] else f"（{answer['year']}年度）"
    held = f"{campaign['unit']}组织开展了{campaign['subject']}{year}，现将结果通报如下。"
    opening = f"{plan}{version}，{held}" if plan else held
    return _paper(answer, campaign["unit"] or "", "各参评党组织：", opening, parts)


def _of_the_course(answer: Told) -> Section:
    numbers, course = answer["numbers"], answer["round"]
    told = [f"{_day(answer['opened_on'])}启动"]
    if answer["frozen_on"]:
        told.append(f"考评标准{_day(answer['frozen_on'])}冻结")
    counted = [
        f"参评党组织{numbers['units']}个",
        *(f"{word}{numbers[name]}个" for name, word in _COUNTED if numbers[name]),
    ]
    blocks = [_text(f"{'，'.join(told)}。{'，'.join(counted)}。")]
    sample, recheck = course["sample"], course["recheck"]
    if sample or recheck:
        drawn = f"初评达标的{sample['passed']}个中抽查{sample['sampled']}个" if sample else "进行了复查"
        wrong = f"，复查{recheck['sampled']}个，有误{recheck['wrong']}个" if recheck else "，还没有复查"
        if recheck and recheck["rate"] is not None:
            wrong += f"，误差率{recheck['rate']:g}%"
        blocks.append(_text(f"{drawn}{wrong}。"))
    blocks += [
        _text(f"{_day(one['on'])}初评作废重评：{one['reason'] or '没有写明理由'}。")
        for one in course["voided"]
    ]
    appeals = course["appeals"]
    for one in course["notices"]:
        days = f"，公示{one['working_days']}个工作日" if one["working_days"] else ""
        blocks.append(_text(f"{_day(one['starts_on'] or one['on'])}起公示{days}。"))
    if appeals:
        upheld = sum(bool(one["settled"] and one["settled"]["upheld"]) for one in appeals)
        open_still = sum(one["settled"] is None for one in appeals)
        rest = f"，还没有处理{open_still}件" if open_still else ""
        blocks.append(_text(f"收到申诉{len(appeals)}件，成立{upheld}件{rest}。"))
    for one in answer["decisions"]:
        days = _day(one["first"])
        days += f"至{_day(one['last'])}" if one["last"] != one["first"] else ""
        paper = f"（{one['document']}）" if one["document"] else ""
        blocks.append(_text(f"{days}审定等次{paper}。"))
    return {"head": "考评经过", "blocks": blocks}


_COUNTED = (("declared", "申报"), ("assessed", "自评"), ("reviewed", "初评"), ("decided", "审定"))


def _of_grades(answer: Told, wording: Wording) -> Section:
    """Return who holds which grade, in the order of the plan; within one in that of the tree."""
    blocks: list[Block] = []
    apart, plan = answer["apart"], answer["plan"] or ""
    for one in answer["grades"]:
        _group(blocks, one["grade"] or "已审定、没有写等次", one["units"], one["use"], plan, wording)
    failed = apart["failed"]
    if failed["units"]:
        _group(blocks, "初评没有达标", failed["units"], failed["use"], plan, wording)
    for name, word in (("pending", "等次待重新审定"), ("undecided", "还没有审定")):
        if apart[name]:
            _group(blocks, word, apart[name], (), plan, wording)
    blocks.append(_text("同一等次的按组织隶属的次序排列，不排名次。"))
    return {"head": "等次", "blocks": blocks}


def _group(
    blocks: list[Block], word: str, units: Sequence[str], uses: Iterable[Told], plan: str, wording: Wording
) -> None:
    number = sum(one["kind"] == "head" for one in blocks) + 1
    blocks.append({"kind": "head", "text": f"（{_figure(number)}）{word}（{len(units)}个）"})
    blocks.append(_text(f"{_listed(units)}。"))
    said = [_short(grade_words.use_line(use, wording), plan) for use in uses]
    if said:
        blocks.append(_text(f"方案写明：{'；'.join(said)}。"))


def _short(text: str | None, plan: str) -> str:
    """Return a text without the title of the plan before a clause: the paper names the plan once."""
    told = text or ""
    return told.replace(f"《{plan.strip('《》')}》", "") if plan else told


def _figure(number: int) -> str:
    """Return a number below a hundred in Chinese."""
    tens, ones = divmod(number, 10)
    head = f"{FIGURES[tens - 1] if tens > 1 else ''}十" if tens else ""
    return head + (FIGURES[ones - 1] if ones else "")


def _of_what_bars(answer: Told) -> Section | None:
    plan = answer["plan"] or ""
    blocks = [
        _text(f"{one['unit']}：没有做到“{one['criterion']}”{_in_brackets(_short(one['clause'], plan))}。")
        for one in answer["vetoes"]
    ]
    blocks += [
        _text(f"{one['unit']}：{_day(one['on'])}取消等次，{one['reason'] or '没有写明理由'}。")
        for one in answer["apart"]["revoked"]
    ]
    return {"head": "否决和取消", "blocks": blocks} if blocks else None


def _in_brackets(text: str | None) -> str:
    return f"（{text}）" if text else ""


def _of_remarks(answer: Told, wording: Wording) -> Section | None:
    """Return what the plan says against decisions made all the same, or leaves to a person; no points."""
    blocks = []
    for one in answer["remarks"]:
        said = one["label"] or wording.words.known("remark", one["rule"])
        if said:
            word = "由人判断" if one["verdict"] == "refer" else "与规定不一致"
            clause = _in_brackets(_short(one["clause"], answer["plan"] or ""))
            units = (
                f"{unit}（{reason}）" if reason else unit
                for unit, reason in zip(one["units"], one["reasons"], strict=True)
            )
            told = f"{said}{clause}：{word}的有{_listed(units)}。"
            blocks.append(_text(told))
    if answer["not_given"]:
        blocks.append(_text(f"方案没有写全：{answer['not_given']}。缺的由人判断。"))
    return {"head": "比例、分数段等需要说明的", "blocks": blocks} if blocks else None


def _of_problems(answer: Told) -> Section:
    head = "存在的问题和要求"
    open_still = f"另有{answer['open']}项记录还说明不了，由人认定，没有算作问题。" if answer["open"] else ""
    if not answer["counts"]["automatic"] + answer["counts"]["partly"]:
        told = "考评标准没有由记录证明的项，存在的问题由考评的党组织写明。"
        return {"head": head, "blocks": [_text(told)]}
    if not answer["problems"]:
        told = f"考评标准里由记录证明的各项，没有发现没有做到的。{open_still}"
        return {"head": head, "blocks": [_text(told)]}
    rows = [
        (str(place), one["label"], one["clause"], f"{len(one['units'])}个，{one['times']}次")
        for place, one in enumerate(answer["problems"], 1)
    ]
    table: Block = {"kind": "table", "heads": ("序号", "规定要求", "依据", "没有做到的党组织"), "rows": rows}
    asked = "请有关党组织对照上列各条要求逐项整改，并登记整改情况；得到豁免的不在其内。"
    intro = "考评标准里由记录证明的各项，没有做到的如下。"
    return {"head": head, "blocks": [_text(intro), table, _text(open_still + asked)]}


# --- a period ---------------------------------------------------------------------------------------------


def _of_a_period(answer: Told, wording: Wording) -> Paper:
    counts, unit = answer["counts"], answer["unit"]
    asked = sum(counts.values()) - sum(counts[name] for name in NOT_ASKED)
    short = len({row["unit_id"] for row in answer["rows"]})
    is_over = answer["as_of"] >= answer["last"]
    whose = f"{unit}及所属" if unit else "所属"
    opening = (
        f"现将{whose}党组织{_period(answer)}按期事项（三会一课、组织生活等）的履行情况通报如下"
        f"{'' if is_over else '（这一期还没有结束）'}。"
    )
    told = [
        f"有要求的党组织{answer['units']}个，到期应办{asked}项：已办{counts['met']}项，过期补办{counts['late']}项，"
        f"没有记录{counts['missing']}项，办了但无效{counts['invalid']}项",
        f"需要由人认定的{counts['refer']}项，没有算作没有做到" if counts["refer"] else "",
        f"不作要求的{counts['exempt']}项" if counts["exempt"] else "",
        f"还没有到期的{counts['pending']}项" if counts["pending"] else "",
    ]
    parts: list[Section] = [
        {"head": "总的情况", "blocks": [_text("；".join(one for one in told if one) + "。")]}
    ]
    if answer["rows"]:
        rows = list(_undone(answer, wording))
        table: Block = {"kind": "led", "heads": ("党组织", "没有做到的", "要求和依据", "期间"), "rows": rows}
        intro = f"涉及党组织{short}个，按组织隶属的次序排列，不排名次。"
        asked_for = "请有关党组织对照上列各条要求补办或者说明情况；确已办理没有记录的，及时补录。"
        parts.append({"head": "没有做到的", "blocks": [_text(intro), table, _text(asked_for)]})
    else:
        parts.append({"head": "没有做到的", "blocks": [_text("没有发现没有做到的事项。")]})
    return _paper(answer, unit or "", "各有关党组织：", opening, parts)


def _period_of(row: Told, of: date) -> str:
    in_vain = "（无效）" if row["verdict"] == "invalid" else ""
    return period_word(row["period"], of).replace(" ", "") + in_vain


def _undone(answer: Told, wording: Wording) -> Iterator[tuple[str, str, str, str]]:
    """Yield a row for each unit and rule, with the periods; of what was done in vain that is said."""
    found: dict[tuple[str, str, str], list[Told]] = {}
    for row in answer["rows"]:
        key = (str(row["unit_id"]), str(row["rule"]), str(row["part_id"] or row["part"] or ""))
        found.setdefault(key, []).append(row)
    of = date.fromisoformat(answer["last"])
    for mine in found.values():
        first = mine[0]
        what = activity_word(wording.words, str(first["rule"]), str(first["facts"]["activity"]))
        part = f"（{first['part']}）" if first["part"] else ""
        periods = (_period_of(row, of) for row in mine)
        asked = f"{first['label']}{_in_brackets(first['clause'])}"
        yield str(first["unit"] or ""), what + part, asked, _listed(periods)
