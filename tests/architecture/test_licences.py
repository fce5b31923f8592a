"""Everything that we bring along, or test with, allows a permissive product: no GPL in the closure."""

import re
from importlib import metadata
from pathlib import Path

import pytest

# LGPL binds a library to stay replaceable, which an ordinary dependency is
GPL = re.compile(r"(?<!L)GPL|(?<!Lesser )General Public License|Affero", re.IGNORECASE)
LONGEST_NAME = 200  # some packages put the whole text into the field, and its head names it


def licence(distribution: metadata.Distribution) -> str:
    """Return all that the package itself says of its licence, "" when it says nothing."""
    fields = distribution.metadata
    said = [fields.get_all(name, [""])[0][:LONGEST_NAME] for name in ("License-Expression", "License")]
    said += [value for value in fields.get_all("Classifier", []) if value.startswith("License ::")]
    if not any(said):
        files = [path for path in distribution.files or [] if path.name.upper().startswith("LICEN")]
        said = [Path(str(path.locate())).read_text(encoding="utf-8")[:LONGEST_NAME] for path in files]
    return " / ".join(text for text in said if text).replace("GNU Lesser General Public License", "LGPL")


@pytest.mark.parametrize(
    "distribution", list(metadata.distributions()), ids=lambda distribution: distribution.metadata["Name"]
)
def test_a_package_is_not_under_the_gpl(distribution: metadata.Distribution) -> None:
    said = licence(distribution)
    assert said, "the package does not say under what licence it is"
    assert not GPL.search(said), said


@pytest.mark.parametrize(
    ("text", "is_gpl"),
    [
        ("GPL-3.0-or-later", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("GNU Affero General Public License v3", True),
        ("LGPL-3.0-only", False),
        ("BSD-3-Clause", False),
    ],
)
def test_the_gpl_is_told_from_its_lesser_kin(text: str, is_gpl: bool) -> None:
    assert bool(GPL.search(text)) is is_gpl
