"""What was posted: read with bounds, as names and texts, before anything looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from unicodedata import category
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Request

from workflows.entrypoints.web.forms.guard import (
    TOKEN,
    refuse_strangers,
    refuse_to_record,
    refuse_without_token,
)
from workflows.entrypoints.web.problems import PageProblem

FORM_TYPE = "application/x-www-form-urlencoded"
MOST_BYTES, MOST_FIELDS, LONGEST_NAME = 300_000, 3_000, 120
DO, COMMAND_ID = "do", "command_id"
OURS = frozenset({DO, TOKEN})
"""Fields of the page, not of the act: they are not carried from page to page."""

_SPACE, _UNSEEN = frozenset("\n\t"), frozenset({"Cc", "Cs"})


class Posted:
    """The fields of a form: each name with its texts, in the order given.

    ``is_draft``: they were posted before, and only shown again.
    """

    is_draft = False

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.texts: dict[str, list[str]] = {}
        for name, text in pairs:
            self.texts.setdefault(name, []).append(text)

    def one(self, name: str) -> str:
        """Return the only text of a name, "" where there is none.

        Raises:
            PageProblem: 400, there are several.
        """
        told = self.texts.get(name, [])
        if len(told) > 1:
            raise _unreadable(f"“{name[:40]}”这一栏给了 {len(told)} 次")
        return told[0].strip() if told else ""

    def all(self, name: str) -> list[str]:
        """Return the texts of a name, those that say nothing left out."""
        return [text.strip() for text in self.texts.get(name, ()) if text.strip()]

    @property
    def do(self) -> str:
        """Return which button was pressed."""
        return self.one(DO)

    @property
    def command_id(self) -> UUID:
        """Return the id made with the form: by it a second posting is known as the same one.

        Raises:
            PageProblem: 400, there is none.
        """
        try:
            return UUID(self.one(COMMAND_ID))
        except ValueError as error:
            raise _unreadable("缺少这张表的编号") from error

    def carried(self, *, without: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
        """Yield what the next page has to carry on, name and text."""
        for name, texts in self.texts.items():
            if name not in OURS and name not in without:
                yield from ((name, text) for text in texts)


async def read_posted(request: Request) -> Posted:
    """Return what was posted from a page of ours on this machine.

    Raises:
        PageProblem: 403 not allowed, 413 too much, 415 no form, 400 nobody can read it.
    """
    refuse_to_record(request)
    refuse_strangers(request)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM_TYPE:
        raise PageProblem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "不能提交", "提交的不是一张表", "请用页面上的表填写"
        )
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise PageProblem(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                "不能提交",
                f"内容太多，超过 {MOST_BYTES // 1000} KB",
                "请少写一些，或者分几次办理",
            )
    posted = Posted(_pairs(bytes(body)))
    refuse_without_token(request, posted.one(TOKEN))
    return posted


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        told = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as error:
        raise _unreadable("写法不对，或者栏目太多") from error
    found = [(name, text.replace("\r\n", "\n").replace("\r", "\n")) for name, text in told]
    for name, text in found:
        if len(name) > LONGEST_NAME or any(category(c) in _UNSEEN and c not in _SPACE for c in name + text):
            raise _unreadable("里面有看不见的字符")
    return found


def _unreadable(why: str) -> PageProblem:
    return PageProblem(HTTPStatus.BAD_REQUEST, "不能提交", f"提交的内容看不懂：{why}", "请回到表上重新填写")
