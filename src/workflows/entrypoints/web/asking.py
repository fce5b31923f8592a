"""What an address asks: the horizon and the other parameters, each checked, and the page that answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse

from workflows.entrypoints.web import render
from workflows.entrypoints.web.desk import Backing, Desk, Kept
from workflows.entrypoints.web.forms.guard import actor_of, may_record
from workflows.entrypoints.web.horizon import Horizon, beyond
from workflows.entrypoints.web.problems import bad_query, not_found
from workflows.kernel.calendar import Period
from workflows.kernel.clock import LOCAL, can_be_asked, today
from workflows.policies.pack import LEVELS

LONGEST_TEXT = 40
LARGEST_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the menu; ``icon`` is the path of a drawing of 24 by 24.

    On a phone those with an icon are the tabs at the bottom, the others stand under 更多.
    """

    path: str
    word: str
    icon: str = ""


MENU: Sequence[Entry] = (
    Entry("/", "待办", "M4 6h2M4 12h2M4 18h2M10 6h10M10 12h10M10 18h10"),
    Entry("/units", "支部", "M4 20h16M6 20V9l6-5 6 5v11M10 20v-5h4v5"),
    Entry("/pipeline", "发展党员", "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8M4 21c0-5 4-7 8-7s8 2 8 7"),
    Entry("/meetings", "会议", "M4 6h16v14H4zM4 10h16M9 3v5M15 3v5"),
    Entry("/compliance", "履行情况"),
    Entry("/roster", "花名册"),
    Entry("/deadlines", "期限"),
    Entry("/terms", "换届"),
    Entry("/campaigns", "考评"),
    Entry("/issues", "整改"),
    Entry("/sites", "示范点"),
    Entry("/overview", "总览"),
)
LEVEL_WORDS = {
    "central": "中央", "department": "部门", "province": "省", "city": "市", "county": "县", "unit": "本单位",
}  # fmt: skip


class Ask:
    """One request to a page."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.app: Backing = request.app.state.backing
        self.kept: Kept = request.app.state.kept
        self.horizon = Horizon.read(self.text("as_of"), self.text("known_on"), today(self.app.clock))
        self._desk: Desk | None = None

    @property
    def desk(self) -> Desk:
        """Return where the answers come from."""
        if self._desk is None:
            self._desk = Desk(self.app, self.horizon, self.kept)
        return self._desk

    def text(self, name: str) -> str:
        """Return a parameter, "" where it is not given."""
        return self.request.query_params.get(name, "").strip()[:LONGEST_TEXT]

    def choice(self, name: str, allowed: Collection[str], default: str = "") -> str:
        """Return a parameter that is one of several words.

        Raises:
            PageProblem: 400, it is none of them.
        """
        told = self.text(name) or default
        if told and told not in allowed:
            raise bad_query(name, told, "下面之一：" + "、".join(sorted(allowed)))
        return told

    @property
    def page_number(self) -> int:
        """Return the number of the page asked for, counted from 1.

        Raises:
            PageProblem: 400, it is no number.
        """
        told = self.text("page") or "1"
        if not (told.isascii() and told.isdigit()) or not 1 <= int(told) <= LARGEST_PAGE:
            raise bad_query("page", told, "从 1 开始的页码")
        return int(told)

    def paged(self, answer: Callable[..., dict[str, Any]], size: int) -> dict[str, Any]:
        """Return the rows of the page asked for, of an answer that takes ``first`` and ``count``.

        Beyond the end it is the last page.
        """
        told = answer(first=(self.page_number - 1) * size, count=size)
        if not told["rows"] and told["total"]:
            told = answer(first=(-(-told["total"] // size) - 1) * size, count=size)
        return told

    def period(self, name: str, default: Period) -> Period:
        """Return a period asked for: a year, a quarter or a month.

        Raises:
            PageProblem: 400, it is none, or beyond all that the books can hold.
        """
        told = self.text(name)
        try:
            period = Period.parse(told) if told else default
        except ValueError as error:
            raise bad_query(name, told, "年、季度或者月，如 2026、2026-Q3、2026-09") from error
        if not (can_be_asked(period.first) or can_be_asked(period.last)):
            raise beyond(name, told)
        return period

    def unit_filter(self) -> UUID | None:
        """Return the unit a list is asked for, None for all.

        Raises:
            PageProblem: 400, there is no such unit.
        """
        told = self.text("unit")
        if not told:
            return None
        if told not in self.desk.unit_by_id:
            raise bad_query("unit", told, "名单里的支部")
        return UUID(told)

    def stream(self, text: str, what: str) -> UUID:
        """Return the id in an address.

        Raises:
            PageProblem: 404, it is none.
        """
        try:
            return UUID(text)
        except ValueError as error:
            raise not_found(what) from error

    @property
    def part(self) -> bool:
        """Say whether only a part of the page is asked for, to be swapped in."""
        return "hx-request" in self.request.headers and "hx-boosted" not in self.request.headers

    @property
    def _is_another_day(self) -> bool:
        """Say whether a part is asked for that is of another day than the page it belongs to."""
        here = self.request.headers.get("hx-current-url")
        shown = parse_qs(urlsplit(here or "").query).get("as_of", [""])[0]
        return here is not None and self.text("as_of") != shown.strip()

    def page(
        self, template: str, /, *, here: str = "", block: str | None = None, **told: Any
    ) -> HTMLResponse:
        """Return a page, or its ``block`` where only that part is asked for, of the day that is shown."""
        if self.part and self._is_another_day:
            return HTMLResponse(
                "", headers={"HX-Redirect": f"{self.request.url.path}?{self.request.url.query}"}
            )
        body = render.page(template, block if self.part else None, **self._frame(here), **told)
        return HTMLResponse(body)

    def _frame(self, here: str) -> dict[str, Any]:
        path = self.request.url.path
        now = self.app.clock.now().astimezone(LOCAL)
        plain = {k: v for k, v in self.request.query_params.items() if k not in ("as_of", "known_on", "diff")}
        return {
            "horizon": self.horizon,
            "menu": MENU,
            "here": here,
            "today_link": Horizon(self.horizon.today, self.horizon.today).link(path, **plain),
            "stamp": f"数据截至 {now:%Y-%m-%d %H:%M}",
            "rules_told": rules_told(self.app),
            "recorder": actor_of(self.request),
            "can_record": may_record(self.request) and not self.horizon.is_past,
        }


def rules_told(app: Backing) -> str:
    """Return how many packs of each level are in force."""
    counts = {level: sum(pack.level == level for pack in app.rules.packs) for level in LEVELS}
    return "、".join(f"{LEVEL_WORDS[level]} {count} 包" for level, count in counts.items() if count)
