"""Log entries: short event names with fields, one JSON object a line, personal data masked.

What can be told by its form (identity numbers, mobile numbers) is masked in every text; what cannot (names)
by the name of its field: names belong into no log entry, and a name inside free text is not found.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal, TextIO, cast
from uuid import UUID

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

PERSONAL_KEYS = frozenset(
    {
        "name", "names", "person_name", "full_name", "id_number", "id_no", "phone", "mobile", "telephone",
        "born_on", "birthday", "address", "email", "mail", "profile", "chair", "lecturer",
        "password", "secret", "token",
    }
)  # fmt: skip
MASK = "***"
NUMBERS = re.compile(
    r"(?P<id>[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})"  # ours: its digits are nobody's number
    r"|(?<!\d)\d{17}[\dXx](?![\dXx])|(?<!\d)\d{15}(?!\d)"
    r"|(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"
)
"""Identity numbers (18 and the old 15 characters) and mobile numbers, wherever they stand."""
DEEPEST = 6

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure(
    form: Literal["json", "console"] = "json",
    *,
    level: str = "info",
    stream: TextIO | None = None,
    cache: bool = True,
) -> None:
    """Have structlog write to ``stream``; standard error by default, since standard output is for answers.

    A worker or server wants ``info``, a command of the command line ``warning``.

    Raises:
        KeyError: ``level`` is none of debug, info, warning, error.
    """
    out = stream or cast(TextIO, StandardError())
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=out.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.format_exc_info,  # before the masking: a traceback quotes values
            masked,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=cache,
    )


def configure_if_nobody_has() -> None:
    """Keep entries off standard output, and to warnings, until somebody says how they are wanted."""
    if not structlog.is_configured():
        configure(level="warning")


class StandardError:
    """Standard error as it is at the moment of writing: it may be exchanged while the program runs."""

    def write(self, text: str) -> int:
        """Write text."""
        return sys.stderr.write(text)

    def flush(self) -> None:
        """Have it written out."""
        sys.stderr.flush()

    def isatty(self) -> bool:
        """Say whether somebody is looking."""
        return sys.stderr.isatty()


@contextmanager
def bound(
    *, request_id: str | None = None, command_id: UUID | str | None = None, **more: str
) -> Iterator[None]:
    """Have every entry within the block carry the ids of the request and the command it belongs to."""
    ids = {"request_id": request_id, "command_id": str(command_id) if command_id else None, **more}
    with structlog.contextvars.bound_contextvars(**{key: value for key, value in ids.items() if value}):
        yield


def masked(logger: WrappedLogger, method: str, entry: EventDict) -> EventDict:
    """Mask personal data in an entry: a processor of structlog."""
    return {key: _masked(key, value, DEEPEST) for key, value in entry.items()}


def mask_text(text: str) -> str:
    """Return text without identity and mobile numbers."""
    return NUMBERS.sub(lambda found: found["id"] or MASK, text)


def _masked(key: Any, value: Any, depth: int) -> Any:
    if isinstance(key, str) and key.lower() in PERSONAL_KEYS and value is not None:
        return MASK
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, bool | int | float | None):
        return mask_text(str(value)) if isinstance(value, int) and _is_number(value) else value
    if depth <= 0:
        return MASK
    if isinstance(value, Mapping):
        return {mask_text(str(k)): _masked(k, v, depth - 1) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(None, item, depth - 1) for item in value]
    return mask_text(str(value))


def _is_number(value: int) -> bool:
    return mask_text(str(value)) != str(value)
