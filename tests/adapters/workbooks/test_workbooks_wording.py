"""Every code has its sentences in both languages, and every sentence is used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

import pytest

import workflows.adapters.workbooks
from workflows.adapters.workbooks import wording

PACKAGE = Path(workflows.adapters.workbooks.__file__).parent


class _Anything(Mapping[str, object]):
    def __getitem__(self, name: str) -> object:
        return f"<{name}>"

    def __iter__(self) -> object:  # type: ignore[override]
        return iter(())

    def __len__(self) -> int:
        return 0


@pytest.mark.parametrize("code", sorted(wording.codes()))
def test_a_sentence_says_the_same_in_both_languages(code: str) -> None:
    for part in (wording.reason, wording.remedy):
        chinese, english = part(code, _Anything()), part(code, _Anything(), "en")
        assert bool(chinese) == bool(english)
    said = {name for _text, name, *_rest in Formatter().parse(wording.reason(code, _Same(), "zh")) if name}
    meant = {name for _text, name, *_rest in Formatter().parse(wording.reason(code, _Same(), "en")) if name}
    assert meant - {"detail"} <= said


@pytest.mark.parametrize("code", sorted(wording.codes()))
def test_a_file_is_imported_never_uploaded(code: str) -> None:
    for part in (wording.reason, wording.remedy):
        assert "上传" not in part(code, _Anything())
        assert "upload" not in part(code, _Anything(), "en").lower()


class _Same(_Anything):
    def __getitem__(self, name: str) -> object:
        return f"{{{name}}}"


def test_every_code_of_the_source_has_a_sentence_and_every_sentence_a_use() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.glob("*.py"))
    quoted = set(re.findall(r'"([a-z]+(?:-[a-z0-9]+)+|missing|unreadable)"', source))
    used = {word for word in quoted if word in wording.codes()}
    raised = set(re.findall(r'(?:UnreadableFile|BadCell|Flag|\.flag)\(\s*"([a-z0-9-]+)"', source))
    assert raised <= wording.codes()
    # The others are raised by those who know the books: an unknown branch, a changed cell.
    beyond = PACKAGE.parents[1] / "application" / "importing"
    elsewhere = "\n".join(path.read_text(encoding="utf-8") for path in beyond.glob("*.py"))
    assert {code for code in wording.codes() - used if f'"{code}"' not in elsewhere} == set()
