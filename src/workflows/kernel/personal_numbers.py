"""Numbers of people in free text: identity numbers (18 and the old 15 characters) and mobile numbers."""

from __future__ import annotations

import re

ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])([1-9]\d{16}[0-9Xx]|[1-9]\d{14})(?![0-9A-Za-z])")
PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d{9})(?!\d)")


def has_personal_number(text: str) -> bool:
    """Say whether a number of somebody stands in a text."""
    return bool(ID_NUMBER.search(text) or PHONE.search(text))
