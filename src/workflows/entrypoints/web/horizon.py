"""As of which day, and as known on which day: the two parameters every page takes and every link keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from urllib.parse import urlencode

from workflows.entrypoints.web.problems import PageProblem, bad_query
from workflows.kernel.clock import FIRST_DAY, LAST_DAY, LOCAL, can_be_asked, end_of_day, local_day
from workflows.kernel.events import Known

A_DAY = "年-月-日，如 2026-06-30"
A_HORIZON = "年-月-日，如 2026-07-15；也可以是某一刻，或 @ 加记录号"


@dataclass(frozen=True, slots=True)
class Horizon:
    """The day asked for and what was on the books by then.

    ``as_of_text`` and ``known_text`` are what the address said ("" where it said nothing); ``today`` is the
    local day of the clock.
    """

    today: date
    as_of: date
    known_on: Known = None
    as_of_text: str = ""
    known_text: str = ""

    @classmethod
    def read(cls, as_of: str, known_on: str, today: date) -> Horizon:
        """Return the horizon an address asks for.

        Raises:
            PageProblem: 400, a day or a moment nobody can read, or beyond all the books can hold.
        """
        day = read_day("as_of", as_of) if as_of else today
        return cls(today, day, read_known(known_on) if known_on else None, as_of, known_on)

    @property
    def is_past(self) -> bool:
        """Say whether the page looks at another day, or at other knowledge, than now."""
        return bool(self.as_of_text or self.known_text)

    @property
    def known_day(self) -> date | None:
        """Return the local day up to which records count, None for all of them or for a position."""
        return local_day(self.known_on) if isinstance(self.known_on, datetime) else None

    @property
    def query(self) -> dict[str, str]:
        """Return the parameters that a link has to keep."""
        told = {"as_of": self.as_of_text, "known_on": self.known_text}
        return {name: value for name, value in told.items() if value}

    def link(self, path: str, **more: object) -> str:
        """Return an address with this horizon; ``more`` are further parameters, empty ones are left out."""
        path, _, place = path.partition("#")
        asked = {name: str(value) for name, value in more.items() if value not in ("", None)}
        query = urlencode({**asked, **self.query})
        joined = "&" if "?" in path else "?"
        return path + (f"{joined}{query}" if query else "") + (f"#{place}" if place else "")


def beyond(name: str, value: str) -> PageProblem:
    """Return the problem of an address that asks for a day the books cannot hold."""
    return PageProblem(
        HTTPStatus.BAD_REQUEST,
        "不能显示这一页",
        f"地址里的 {name} 写作“{value[:40]}”，台账里的日子在 {FIRST_DAY} 与 {LAST_DAY} 之间",
        "请核对年份",
    )


def read_day(name: str, text: str) -> date:
    """Return a day written as ISO text.

    Raises:
        PageProblem: 400, it is none, or one that the books cannot hold.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise bad_query(name, text, A_DAY) from error
    if not can_be_asked(day):
        raise beyond(name, text)
    return day


def read_known(text: str, name: str = "known_on") -> Known:
    """Return a horizon of knowledge: a day to its end, a moment (local without a zone), or ``@POSITION``.

    Raises:
        PageProblem: 400, it is none of them, or beyond all that the books can hold.
    """
    told = text.strip()
    try:
        if told.startswith("@"):
            return _position(told[1:])
        is_day = "T" not in told and " " not in told
        moment = end_of_day(date.fromisoformat(told)) if is_day else datetime.fromisoformat(told)
    except ValueError as error:
        raise bad_query(name, text, A_HORIZON) from error
    if not can_be_asked(moment.date()):
        raise beyond(name, text)
    return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)


def _position(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)
