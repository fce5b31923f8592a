"""The invented county: committees, branches of every kind, their people before the books begin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from workflows.application.demo.names import Names
from workflows.application.demo.people import People, Somebody, day_between, years_before
from workflows.kernel.calendar import add_months
from workflows.kernel.chance import Chance

COUNTY = "青岚县"
COMMITTEES = (
    ("松涛镇", "中共青岚县松涛镇委员会"),
    ("石门镇", "中共青岚县石门镇委员会"),
    ("白鹭乡", "中共青岚县白鹭乡委员会"),
    ("临江街道", "中共青岚县临江街道工作委员会"),
    ("机关", "中共青岚县直属机关工作委员会"),
    ("教育", "中共青岚县委教育工作委员会"),
    ("国资", "中共青岚县国有企业委员会"),
    ("两新", "中共青岚县非公有制经济组织和社会组织工作委员会"),
)
"""(short name, full name); the first four have places, the others offices, schools and firms."""

_OFFICES = (
    "财政局",
    "水利局",
    "司法局",
    "审计局",
    "统计局",
    "档案馆",
    "林业局",
    "民政局",
    "信访局",
    "住建局",
    "交通局",
)
_SCHOOLS = (
    "第一小学",
    "实验小学",
    "第二小学",
    "第三中学",
    "第一高级中学",
    "职业中专",
    "特殊教育学校",
    "教师进修学校",
    "中心幼儿园",
)
_STATE_FIRMS = ("城投公司", "供水公司", "粮油购销公司", "公交公司", "燃气公司", "农机公司")
_FIRMS = ("腾远机械有限公司", "岚山茶业有限公司", "恒兴纺织有限公司", "绿野农业合作社", "东升建材有限公司")
_SLOTS: tuple[tuple[int, str, int], ...] = (
    *(((0, "village", 8), (1, "village", 8), (2, "village", 7), (3, "community", 8))),
    *(((0, "community", 2), (3, "retired", 1), (2, "floating", 1), (1, "institution", 1))),
    *(((4, "organ", 10), (5, "school", 8), (6, "state_enterprise", 4), (7, "non_public", 4))),
    *(((7, "social", 1), (7, "joint", 1))),
)
"""(committee, kind, how many of 64)."""

FULL_COUNTY = 64
SIZES = {
    "village": (12, 26), "community": (16, 31), "organ": (7, 19), "school": (9, 22),
    "state_enterprise": (8, 20), "non_public": (3, 9), "social": (3, 6), "joint": (4, 9),
    "retired": (18, 34), "floating": (4, 9), "institution": (14, 26),
}  # fmt: skip
"""Full members when the books begin, fewest and most by kind."""

RURAL = frozenset({"village", "community", "floating", "retired"})
SMALLEST_WITH_COMMITTEE, LARGER_COMMITTEE = 7, 22
_FOUNDED_LATER = ("non_public", "social")
_LONGEST_TERM_DAYS = 1800
_TWO = 2


@dataclass(slots=True, eq=False)
class Branch:
    """One branch and what the play needs to know of it. ``habits`` are weights of what goes wrong there."""

    index: int
    kind: str
    committee: int
    established_on: date
    opens_on: date
    theme_day: int
    slack: float
    clerk: str
    name: str = ""
    cells: int = 0
    last_election: date | None = None
    members: list[Somebody] = field(default_factory=list)
    dates: dict[str, tuple[date, date | None]] = field(default_factory=dict)
    first_posts: dict[str, str] = field(default_factory=dict)
    renamed: tuple[date, str] | None = None
    id: UUID | None = None

    def called(self, on: date) -> str:
        """Return its name on a day."""
        return self.renamed[1] if self.renamed is not None and self.renamed[0] <= on else self.name

    @property
    def office(self) -> bool:
        """Say whether its people work in offices, schools and firms."""
        return self.kind not in RURAL

    @property
    def mentors(self) -> list[Somebody]:
        """Return those who train and vouch for others: of long standing, if there are enough of them."""
        full = {who: since for who in self.members if (since := self.dates[who.key][1]) and not who.is_barred}
        long = [who for who, since in full.items() if since < add_months(self.opens_on, -24)]
        return long if len(long) > _TWO else list(full)


@dataclass(slots=True)
class County:
    """The whole stage: units with their ids once recorded, branches, the people's inventor.

    ``ended`` are branches that are no more on the last day, besides ``branches``.
    """

    begin: date
    until: date
    chance: Chance
    people: People
    branches: list[Branch]
    ended: list[Branch] = field(default_factory=list)
    id: UUID | None = None
    committees: dict[int, UUID] = field(default_factory=dict)


TermEnd = Callable[[date, str], "date | None"]
"""When a term ends that began on a day, by the kind of branch: the rules say."""


def lay_out(chance: Chance, begin: date, until: date, count: int, term_end: TermEnd) -> County:
    """Return the county as it is when the books begin, with ``count`` branches of the kinds there are."""
    names = Names(chance.fork("places"))
    people = People(names, chance.fork("people"))
    slots = [(c, kind) for c, kind, times in _SLOTS for _ in range(times)]
    order = chance.fork("slots").shuffled(range(len(slots)))
    chosen = sorted(order[number % len(slots)] for number in range(count))
    county = County(begin, until, chance, people, [])
    used: dict[str, int] = {}
    for index, slot in enumerate(chosen):
        committee, kind = slots[slot]
        own = chance.fork("branch", index)
        number = used[kind] = used.get(kind, 0) + 1
        later = kind in _FOUNDED_LATER and number == 1 and count == FULL_COUNTY
        branch = _branch(county, own, index, committee, kind, later=later)
        branch.name = _name(names, committee, kind, number)
        _fill(county, branch, own, None if later else _last_election(branch, own, term_end))
        county.branches.append(branch)
    return county


def one_more(
    county: County, chance: Chance, committee: int, kind: str, name: str, term_end: TermEnd
) -> Branch:
    """Return a branch besides those of the plan, with people of its own."""
    branch = _branch(county, chance, len(county.branches), committee, kind, later=False)
    branch.name = name
    _fill(county, branch, chance, _last_election(branch, chance, term_end))
    return branch


def _branch(county: County, chance: Chance, index: int, committee: int, kind: str, *, later: bool) -> Branch:
    opens_on = add_months(county.begin, chance.number(9, 20)) if later else county.begin
    established = opens_on if later else day_between(chance, date(1952, 3, 1), years_before(opens_on, 6))
    return Branch(
        index=index,
        kind=kind,
        committee=committee,
        established_on=established,
        opens_on=opens_on,
        theme_day=chance.pick((5, 8, 10, 15, 18, 20, 25)),
        slack=chance.weighted({1: 80, 3: 14, 7: 6}) / 100,
        clerk=f"zb{index + 1:03d}",
    )


def _last_election(branch: Branch, chance: Chance, term_end: TermEnd) -> date:
    """Return a day before the books whose term ends some weeks after they begin, at the earliest."""
    while True:
        day = branch.opens_on - timedelta(days=chance.number(20, _LONGEST_TERM_DAYS))
        end = term_end(day, branch.kind)
        if end is not None and end > branch.opens_on + timedelta(days=45):
            return day


def _fill(county: County, branch: Branch, chance: Chance, last_election: date | None) -> None:
    """Invent the people of a branch as they are when its books begin, and their committee."""
    branch.last_election = last_election
    full = chance.number(*SIZES[branch.kind])
    branch.cells = 0 if full < SIZES["organ"][1] else full // 8
    for _ in range(full):
        _full_member(county, branch, chance)
    if chance.happens(0.45):
        _probationary(county, branch, chance)
    if last_election is not None:
        _first_committee(branch, chance)


def _name(names: Names, committee: int, kind: str, number: int) -> str:
    place = COMMITTEES[committee][0]
    round_, rest = divmod(number - 1, 1000)
    match kind:
        case "village":
            return f"{place}{names.place()}村党支部"
        case "community":
            return f"{place}{names.place()}社区党支部"
        case "organ":
            return f"县{_OFFICES[rest % len(_OFFICES)]}党支部" + _again(rest, _OFFICES)
        case "school":
            return f"县{_SCHOOLS[rest % len(_SCHOOLS)]}党支部" + _again(rest, _SCHOOLS)
        case "state_enterprise":
            return f"{COUNTY}{_STATE_FIRMS[rest % len(_STATE_FIRMS)]}党支部" + _again(rest, _STATE_FIRMS)
        case "non_public":
            return f"{_FIRMS[rest % len(_FIRMS)]}党支部" + _again(rest, _FIRMS)
    word = {
        "retired": "退休干部", "floating": "流动党员驻外", "institution": "中心卫生院",
        "social": "县志愿服务协会", "joint": "商贸楼宇联合",
    }[kind]  # fmt: skip
    home = "" if kind in ("social", "joint") else place
    return f"{home}{word}党支部" + (f"（{number}）" if number > 1 or round_ else "")


def _again(rest: int, words: tuple[str, ...]) -> str:
    return f"（{rest // len(words) + 1}）" if rest >= len(words) else ""


def _full_member(county: County, branch: Branch, chance: Chance) -> None:
    """Invent somebody who is a full member when the books of the branch begin."""
    young, old = {"retired": (60, 84), "floating": (24, 52), "village": (26, 82)}.get(branch.kind, (26, 63))
    born = day_between(chance, years_before(branch.opens_on, old), years_before(branch.opens_on, young))
    first = add_months(born, 12 * chance.number(20, 23))
    last = max(first, min(add_months(born, 12 * 42), add_months(branch.opens_on, -14)))
    admitted = min(day_between(chance, first, last), add_months(branch.opens_on, -14))
    who = county.people.invent(branch.name, born, office=branch.office)
    branch.members.append(who)
    branch.dates[who.key] = (admitted, add_months(admitted, 12))


def _probationary(county: County, branch: Branch, chance: Chance) -> None:
    """Invent somebody who is on probation when the books of the branch begin."""
    age = chance.number(21, 40)
    born = day_between(chance, years_before(branch.opens_on, age + 1), years_before(branch.opens_on, age))
    admitted = branch.opens_on - timedelta(days=chance.number(20, 340))
    who = county.people.invent(branch.name, born, office=branch.office)
    branch.members.append(who)
    branch.dates[who.key] = (admitted, None)


def _first_committee(branch: Branch, chance: Chance) -> None:
    """Name the committee of the election before the books."""
    full = sum(1 for _, since in branch.dates.values() if since)
    edge = add_months(branch.last_election or branch.opens_on, -13)
    fit = [who for who in branch.members if (since := branch.dates[who.key][1]) and since < edge]
    seats = seats_for(full)
    for who, post in zip(chance.some(fit or branch.members, seats), POSTS[seats], strict=False):
        branch.first_posts[who.key] = post


POSTS = {
    1: ("secretary",),
    3: ("secretary", "organization", "publicity"),
    5: ("secretary", "deputy_secretary", "organization", "publicity", "discipline"),
}


def seats_for(full_members: int) -> int:
    """Return how many posts a branch of that many full members fills."""
    if full_members < SMALLEST_WITH_COMMITTEE:
        return 1
    return 5 if full_members >= LARGER_COMMITTEE else 3
