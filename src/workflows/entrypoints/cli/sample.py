"""An office workbook of the demo: two branches as an office writes them, a few slips included.

Everybody in it is invented; title rows, blanks in headings, several ways to write a day are what offices do.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from workflows.kernel.calendar import add_months
from workflows.kernel.chance import Chance

BRANCHES = ("云台社区党支部", "松溪村党支部")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN = ("建国", "秀英", "志强", "丽华", "国庆", "晓燕", "永红", "海波", "春梅", "俊杰", "文静", "德胜")
MEMBERS, MONTHS, MEETINGS_A_YEAR = 9, 12, 4
WEIGHTS, CHECK = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"


def write_sample(target: Path, *, seed: int, today: date) -> None:
    """Write the workbook; the same seed and day give the same one."""
    import xlsxwriter

    chance = Chance("sample", seed)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(target), options) as book:
        for name, rows in _sheets(chance, today).items():
            page = book.add_worksheet(name)
            for line, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, int):
                        page.write_number(line, place, value)
                    else:
                        page.write_string(line, place, str(value))


def _sheets(chance: Chance, today: date) -> dict[str, list[list[Any]]]:
    founded = add_months(today, -MONTHS * 8)
    elected = add_months(today, -MONTHS * 2)
    units: list[list[Any]] = [
        ["党支部基本情况一览表"],
        ["序号", "支 部 名 称", "类 别", "成立时间", "本届选举时间", "任 期"],
        [1, BRANCHES[0], "社区", f"{founded:%Y.%m.%d}", f"{elected:%Y年%m月%d日}", "5年"],
        [2, BRANCHES[1], "村", f"{founded:%Y/%m/%d}", f"{elected:%Y-%m-%d}", "五年"],
    ]
    roster: list[list[Any]] = [
        ["党 员 花 名 册"],
        ["序号", "姓 名", "性别", "出生日期", "身份证号码", "入党时间", "转正时间", "所在党支部", "联系电话"],
    ]
    names: list[str] = []
    for number in range(MEMBERS * len(BRANCHES)):
        branch = BRANCHES[number // MEMBERS]
        name = SURNAMES[number % len(SURNAMES)] + chance.fork("name", number).pick(GIVEN)
        born = add_months(today, -MONTHS * chance.fork("age", number).number(30, 64))
        joined = add_months(born, MONTHS * 23)
        names.append(name)
        identity = _identity(born, 2 * number + 11)
        phone = f"139{chance.fork('phone', number).number(0, 10**8 - 1):08d}"
        roster.append(
            [
                number + 1, name, "男", f"{born:%Y-%m-%d}", identity, f"{joined:%Y.%m.%d}",
                f"{add_months(joined, MONTHS):%Y.%m.%d}", branch, phone,
            ]
        )  # fmt: skip
    roster[4][1] = ""
    roster[6][4] = f"{roster[6][4][:-1]}Y"
    roster[8][5] = "1998.02.30"
    meetings: list[list[Any]] = [
        ["三会一课记录"],
        ["党支部", "日期", "类型", "应到人数", "实到人数", "主持人", "主要内容"],
    ]
    first = date(today.year - 1, 2, 10)
    for place, branch in enumerate(BRANCHES):
        for quarter in range(MEETINGS_A_YEAR):
            day = add_months(first, 3 * quarter) + timedelta(days=place)
            host = names[place * MEMBERS]
            meetings.append(
                [branch, f"{day:%Y-%m-%d}", "支部党员大会", MEMBERS, MEMBERS - 1, host, "学习讨论"]
            )
    meetings[3][4] = MEMBERS + 2
    return {"支部基本情况": units, "党员花名册": roster, "三会一课记录": meetings}


def _identity(born: date, sequence: int) -> str:
    """Return an identity number whose check character is right; the area belongs to no county."""
    body = f"410199{born:%Y%m%d}{sequence:03d}"
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True))
    return body + CHECK[total % len(CHECK)]
