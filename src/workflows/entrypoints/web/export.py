"""Lists as files: the same filter and the same columns as on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from fastapi.responses import Response

from workflows.entrypoints.rendering import as_csv
from workflows.entrypoints.spreadsheet import Part, Rows, as_xlsx
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.words import WORDING

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def answer(ask: Ask, title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return the list as the address asks: ``….xlsx`` or ``….csv``."""
    return workbook(ask, title, [dict(zip(head, row, strict=True)) for row in rows], columns=head)


def workbook(
    ask: Ask,
    title: str,
    rows: Rows,
    more: Sequence[Part] = (),
    columns: Sequence[str] = (),
) -> Response:
    """Return rows by their headings, ``more`` on further sheets, which CSV has not."""
    kind = ask.request.url.path.rpartition(".")[2]
    name = f"{title}-{ask.horizon.as_of}.{kind}"
    if kind == "csv":
        # office programs take a file without the mark for GBK
        body, media = as_csv(rows, WORDING, columns).encode("utf-8-sig"), CSV
    else:
        body, media = as_xlsx(rows, WORDING, columns, title, [part for part in more if part[1]]), XLSX
    return attached(body, media, name)


def attached(body: bytes, media: str, name: str) -> Response:
    """Return a file to be saved under a name, which may hold any character."""
    ending = name.rpartition(".")[2]
    disposition = f"attachment; filename=\"list.{ending}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(body, media_type=media, headers={"Content-Disposition": disposition})
