"""What a page says when it cannot be shown: what, why, and what can be done."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus


class PageProblem(Exception):
    """A page that cannot be shown, told in three parts.

    Attributes:
        status: the HTTP status (400 a wrong question, 404 nothing there, 422 a form with mistakes).
        what: what was refused.
        why: the fact against it.
        remedy: what can be done.
    """

    def __init__(self, status: HTTPStatus, what: str, why: str, remedy: str) -> None:
        super().__init__(what)
        self.status, self.what, self.why, self.remedy = status, what, why, remedy


def bad_query(name: str, value: str, wanted: str) -> PageProblem:
    """Return the problem of an address that carries a value nobody can read."""
    return PageProblem(
        HTTPStatus.BAD_REQUEST,
        "不能显示这一页",
        f"地址里的 {name} 写作“{value[:40]}”，看不懂",
        f"请写成{wanted}",
    )


def not_yet(what: str, day: date) -> PageProblem:
    """Return the problem of a day on which something that is there now was not there yet."""
    return PageProblem(
        HTTPStatus.NOT_FOUND,
        f"{day} 还没有这{what}",
        "那一天的台账里没有它",
        "请看今天的情况，或者选晚一些的日子",
    )


def not_found(what: str) -> PageProblem:
    """Return the problem of an address that leads to nothing."""
    return PageProblem(
        HTTPStatus.NOT_FOUND,
        f"没有这{what}",
        "地址可能写错了，或者那一天还没有这条记录",
        "请从待办、支部或者发展党员里再找",
    )
