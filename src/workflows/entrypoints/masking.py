"""Personal data as pages, lists and messages show it: names in full, numbers never."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from workflows.kernel.personal_numbers import ID_NUMBER, PHONE

SHOWN_OF_ID, SHOWN_OF_ID_END = 3, 4
SHOWN_OF_PHONE, SHOWN_OF_PHONE_END = 3, 2
MASKED_WHOLE = frozenset({"address", "home_address"})
DIGITS = re.compile(r"\d{11}")
"""No shorter run of figures is a number of somebody."""
AN_ID_OR_HASH = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,})")
"""Ids and sums of the program, in which figures are nobody's."""
AN_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def mask_id_number(text: str) -> str:
    """Return an identity number with its first three and last four characters: ``410***********002X``."""
    return _middle(text, SHOWN_OF_ID, SHOWN_OF_ID_END)


def mask_phone(text: str) -> str:
    """Return a telephone number with its first three and last two digits: ``138******06``."""
    return _middle(text, SHOWN_OF_PHONE, SHOWN_OF_PHONE_END)


def mask_text(text: str) -> str:
    """Return free text with every identity number and mobile number in it masked."""
    if not DIGITS.search(text):
        return text
    parts = AN_ID_OR_HASH.split(text)
    return "".join(part if number % 2 else _masked_part(part) for number, part in enumerate(parts))


def _masked_part(text: str) -> str:
    masked = ID_NUMBER.sub(lambda found: mask_id_number(found[1]), text)
    return PHONE.sub(lambda found: mask_phone(found[1]), masked)


def masked(name: str, value: Any) -> Any:
    """Return a value in JSON form as it may be shown under ``name``; tables and lists are gone through."""
    if isinstance(value, dict):
        return {key: masked(key, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [masked(name, item) for item in value]
    if not isinstance(value, str) or AN_ID.fullmatch(value):
        return value
    match name:
        case "id_number":
            return mask_id_number(value)
        case "phone":
            return mask_phone(value)
        case _ if name in MASKED_WHOLE:
            return "*" * len(value)
        case _:
            return mask_text(value)


class Masked:
    """Whoever answers, with every answer as it may be shown."""

    def __init__(self, answering: object) -> None:
        self._answering = answering

    def __getattr__(self, name: str) -> Callable[..., dict[str, Any]]:
        """Return a question whose answer is masked."""

        def asked(*given: Any, **named: Any) -> dict[str, Any]:
            return as_shown(getattr(self._answering, name)(*given, **named))

        return asked


def as_shown(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with all it says masked, so that no page or sheet made of it can forget to."""
    return {name: masked(name, value) for name, value in answer.items()}


def _middle(text: str, head: int, tail: int) -> str:
    hidden = len(text) - head - tail
    return "*" * len(text) if hidden <= 0 else text[:head] + "*" * hidden + text[-tail:]
