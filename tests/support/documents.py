"""Documents as their readers use them: blocks of code, tried in their order in a folder of their own.

The first word behind a fence is the language, the others say what becomes of the block:

- ```` ```console ```` is typed at a terminal, line by line (``$ ``), and shows what comes back; ``…``
  stands for any lines left out, or within a line for any text. An exit code other than 0 is asked for with
  ``$ echo $?``. With ``not-run=WHY`` nothing is run, and only the command lines are read.
- ```` ```toml story ```` is played in the sandbox, ```` ```toml rule ```` checked as a rule of a pack,
  ```` ```toml notify ```` read as settings; ``file=NAME`` also keeps a block for the commands that follow.
- ```` ```python ```` is run; the blocks of a document share their names.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

ROOT = Path(__file__).parents[2]
REASONS = frozenset({"serves", "network", "slow", "system", "own-id"})
"""It does not end, needs the network, takes minutes, changes the machine, or needs an id of the reader's."""

SHOWN_ONLY = frozenset({"text", "mermaid", "markdown", "csv", "diff"})
PROMPT, LEFT_OUT, ASKED_CODE = "$ ", "…", "echo $?"
OWN_WORDS = frozenset({"test", "check", "lock"})
"""Words of ``dev.py`` that are no command of zhibu."""

_FENCE = re.compile(
    r"^(?P<indent> *)(?P<ticks>`{3,})(?P<info>[^`\n]*)\n(?P<body>.*?)^(?P=indent)(?P=ticks)[ \t]*$",
    re.M | re.S,
)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of code; ``line`` is that of its fence."""

    line: int
    language: str
    words: frozenset[str]
    options: dict[str, str]
    body: str


@dataclass(slots=True)
class Typed:
    """A command line, and what the document shows of its answer."""

    line: str
    shown: list[str] = field(default_factory=list)


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a document in their order."""
    for found in _FENCE.finditer(text):
        language, *rest = found["info"].split() or [""]
        yield Block(
            line=text.count("\n", 0, found.start()) + 1,
            language=language,
            words=frozenset(word for word in rest if "=" not in word),
            options=dict(word.split("=", 1) for word in rest if "=" in word),
            body=re.sub(f"^{found['indent']}", "", found["body"], flags=re.M),
        )


def without_code(text: str) -> str:
    """Return a document without its blocks and its code in running text: what is left may hold links."""
    return re.sub(r"`[^`\n]*`", "", _FENCE.sub("", text))


def typed(body: str) -> list[Typed]:
    """Return the command lines of a console block."""
    found: list[Typed] = []
    for line in body.splitlines():
        if line.startswith(PROMPT):
            found.append(Typed(line.removeprefix(PROMPT)))
        elif found:
            found[-1].shown.append(line.rstrip())
        else:
            raise AssertionError(f"no command before {line!r}")
    return found


def arguments(line: str) -> list[str] | None:
    """Return what a command line says to ``zhibu``; None for another program, or a word of ``dev.py``."""
    words = shlex.split(line, comments=True)
    if words[:1] == ["zhibu"]:
        return words[1:]
    if words[:2] == ["python3", "dev.py"] and words[2:3] and words[2] not in OWN_WORDS:
        return words[2:]
    return None


def run(line: str) -> Result:
    """Run a command line of ``zhibu`` in this process; stdout and stderr come as one, as on a screen.

    Raises:
        AssertionError: another program; its block must say ``not-run``.
    """
    from workflows.entrypoints.cli import zhibu

    words = arguments(line)
    assert words is not None, f"only zhibu is run here, not {line!r}"
    return CliRunner().invoke(zhibu, words, prog_name="zhibu")


def read_only(line: str) -> None:
    """Check that a command line of ``zhibu`` names a command and options that there are; nothing is run."""
    from workflows.entrypoints.cli import zhibu

    words = arguments(line)
    if words is None:
        return
    context = zhibu.make_context("zhibu", list(words))
    command: Any = zhibu
    rest = [*context._protected_args, *context.args]
    while hasattr(command, "commands"):
        assert rest, f"{line!r} names no command"
        name, command, rest = command.resolve_command(context, rest)
        context = command.make_context(name, rest, parent=context)
        rest = [*context._protected_args, *context.args]


def differs(shown: list[str], came: str) -> str | None:
    """Return how an answer differs from what is shown of it, None where it does not."""
    wanted = [line for line in shown if line]
    actual = [line.rstrip() for line in came.splitlines() if line.strip()]
    pattern = "".join(_as_pattern(line) for line in wanted)
    text = "".join(f"{line}\n" for line in actual)
    if re.fullmatch(pattern, text):
        return None
    return "shown:\n" + "\n".join(wanted) + "\n\ncame:\n" + text


def _as_pattern(line: str) -> str:
    """Return what a shown line stands for: ``…`` alone any lines, within a line any text."""
    if line == LEFT_OUT:
        return r"(?:[^\n]*\n)*?"
    return r"[^\n]*".join(re.escape(part) for part in line.split(LEFT_OUT)) + r"\n"


_LINK = re.compile(r"!?\[[^\]]*\]\((?P<to>[^)\s]+)(?:\s+\"[^\"]*\")?\)|<img[^>]*\ssrc=\"(?P<src>[^\"]+)\"")


def links(text: str) -> Iterator[str]:
    """Yield where a document points, other hosts left out."""
    for found in _LINK.finditer(without_code(text)):
        target = found["to"] or found["src"]
        if "://" not in target and not target.startswith("mailto:"):
            yield target


def anchors(text: str) -> set[str]:
    """Return the anchors of a document's headings, as hosts of repositories make them."""
    found: set[str] = set()
    for heading in re.findall(r"^#{1,6}[ \t]+(.+?)[ \t]*$", _FENCE.sub("", text), re.M):
        plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        number = sum(
            anchor == slug or re.fullmatch(rf"{re.escape(slug)}-\d+", anchor) is not None for anchor in found
        )
        found.add(f"{slug}-{number}" if number else slug)
    return found
