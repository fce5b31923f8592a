"""The site: its pages, its static files, and what it says when something is wrong."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.base import BaseHTTPMiddleware

from workflows.entrypoints.web import render
from workflows.entrypoints.web.asking import MENU, rules_told
from workflows.entrypoints.web.desk import Backing, Kept
from workflows.entrypoints.web.forms.drafts import Drafts
from workflows.entrypoints.web.forms.results import Results
from workflows.entrypoints.web.headers import with_headers, with_ours
from workflows.entrypoints.web.horizon import Horizon
from workflows.entrypoints.web.pages import (
    acts,
    amend,
    batch,
    candidates,
    case,
    cases,
    classes,
    compliance,
    compliance_cell,
    deadlines,
    drive,
    events,
    histories,
    meetings,
    overview,
    people,
    pipeline,
    plan,
    record,
    roster,
    scores,
    sheets,
    steps,
    terms,
    todo,
    tree,
    units,
    year,
)
from workflows.entrypoints.web.problems import PageProblem, not_found
from workflows.kernel.clock import today

MEDIA_TYPES = {
    "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
}  # fmt: skip
ELSEWHERE = "请从待办、支部或者发展党员里再找"


def create_app(app: Backing, *, actor: str = "") -> FastAPI:
    """Return the site over an application; nothing of it needs another host.

    ``actor``: as whom its pages record; without one they only show.
    """
    site = FastAPI(title="zhibu", docs_url=None, redoc_url=None, openapi_url=None)
    site.state.backing, site.state.kept, site.state.actor = app, Kept(), actor
    site.state.results, site.state.drafts = Results(), Drafts()
    site.add_middleware(BaseHTTPMiddleware, dispatch=with_headers)
    for pages in (
        todo,
        tree,
        units,
        acts,
        cases,
        candidates,
        case,
        scores,
        classes,
        amend,
        year,
        compliance,
        compliance_cell,
        batch,
        steps,
        record,
        people,
        pipeline,
        roster,
        sheets,
        plan,
        deadlines,
        terms,
        histories,
        meetings,
        events,
        overview,
        drive,
    ):
        site.include_router(pages.router, include_in_schema=False)
    site.add_api_route("/healthz", health, methods=["GET", "HEAD"], include_in_schema=False)
    site.add_api_route("/favicon.ico", icon, include_in_schema=False)
    site.add_api_route("/static/{name}", static, include_in_schema=False)
    site.add_exception_handler(PageProblem, problem_page)
    site.add_exception_handler(StarletteHTTPException, http_page)
    site.add_exception_handler(RequestValidationError, validation_page)
    site.add_exception_handler(Exception, failure_page)
    return site


def health(request: Request) -> JSONResponse:
    """Say that the site answers, and how far the log reaches."""
    with request.app.state.backing.log.read() as reading:
        return JSONResponse({"status": "ok", "position": reading.head()})


def static(name: str) -> Response:
    """Return a static file.

    Raises:
        PageProblem: 404, there is none of that name.
    """
    kind = MEDIA_TYPES.get(name.rpartition(".")[2])
    if kind is None or "/" in name or name.startswith("."):
        raise not_found("个文件")
    try:
        return Response(render.static_file(name), media_type=kind)
    except FileNotFoundError as error:
        raise not_found("个文件") from error


def icon() -> Response:
    """Return the icon for those who ask for it at the usual place."""
    return static("icon.svg")


def problem_page(request: Request, error: Exception) -> HTMLResponse:
    """Return the page of a problem, in its three parts."""
    if not isinstance(error, PageProblem):
        raise error
    return _told(request, error.status, error.what, error.why, error.remedy)


def http_page(request: Request, error: Exception) -> HTMLResponse:
    """Return the page of an address nobody answers."""
    if not isinstance(error, HTTPException | StarletteHTTPException):
        raise error
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return _told(
            request, HTTPStatus.METHOD_NOT_ALLOWED, "不能这样用这一页", "这一页只能看，不能提交", ELSEWHERE
        )
    return _told(request, HTTPStatus(error.status_code), "没有这一页", "地址可能写错了", ELSEWHERE)


def validation_page(request: Request, error: Exception) -> HTMLResponse:
    """Return the page of a form with mistakes."""
    if not isinstance(error, RequestValidationError):
        raise error
    names = "、".join(sorted({str(flaw["loc"][-1]) for flaw in error.errors()}))
    return _told(
        request, HTTPStatus.UNPROCESSABLE_ENTITY, "不能办理", f"填写的内容有误：{names}", "请改正以后再提交"
    )


def failure_page(request: Request, error: Exception) -> Response:
    """Return the page of a failure of ours; what went wrong goes to the log, never to the page."""
    page = _told(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "这一页没有显示出来",
        "程序出了问题，记录没有受影响",
        "请稍后再试；还不行，请把时间和地址告诉管理员",
    )
    return with_ours(request, page)  # it is made outside of what adds the headers


def _told(request: Request, status: HTTPStatus, what: str, why: str, remedy: str) -> HTMLResponse:
    backing: Backing = request.app.state.backing
    day = today(backing.clock)
    body = render.page(
        "problem.html",
        horizon=Horizon(day, day),
        menu=MENU,
        here="",
        today_link="/",
        stamp="",
        recorder="",
        can_record=False,
        rules_told=rules_told(backing),
        what=what,
        why=why,
        remedy=remedy,
    )
    return HTMLResponse(body, status_code=status)
