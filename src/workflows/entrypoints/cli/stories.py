"""``sandbox``: plays a story in memory; ``told`` also runs the stories of a pack for ``policy check``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflows.entrypoints.cli.files import must_be_there
from workflows.entrypoints.cli.frame import REFUSED, Frame, command, pass_frame
from workflows.kernel.errors import WrongUsage

if TYPE_CHECKING:
    from rich.console import RenderableType

    from workflows.application.story import Played, Player
    from workflows.application.story_tables import StepTable
    from workflows.entrypoints.wording import Wording

LARGEST_STORY_BYTES = 2_000_000
INDENT = 5


@command("sandbox")
@click.argument("file", metavar="FILE.toml", type=click.Path(path_type=Path))
@pass_frame
def sandbox(frame: Frame, file: Path) -> None:
    """Play a story in memory."""
    answer, unmet = told(file, frame.wording)
    frame.answer(answer, rows=step_rows(answer), view=lambda: drawn(answer, frame))
    for place in unmet:
        frame.talk(frame.wording.say("unmet", place=place))
    if unmet:
        raise click.exceptions.Exit(REFUSED)


def told(file: Path, wording: Wording) -> tuple[dict[str, Any], list[str]]:
    """Return the answer of the contract for a story, and the places where it is not as its author expects.

    Raises:
        WrongUsage: the file cannot be read, is no story, or uses a pack, command or name that is not there.
    """
    from workflows.application.expecting import unmet
    from workflows.application.story import Player, read_story
    from workflows.application.story_questions import questions
    from workflows.bootstrap import story_app
    from workflows.entrypoints.answers import explained, with_explanations
    from workflows.entrypoints.spoken import story_named
    from workflows.kernel.clock import SystemClock
    from workflows.projections.answers import Answering

    story = story_named(read_story(_text(file)))
    app = story_app(story, file.parent)
    player = Player(story, app.recording, app.clock)
    played = player.play()
    people = {name: player.person_id(name) for name in _names(player)}
    answering = Answering(app.log, app.rules, SystemClock(), named=people)
    names = {str(number): name for name, number in people.items()}
    names |= {str(number): name for name, number in player.units.items()}
    failed: list[str] = []
    steps = []
    for step, result in zip(story.steps, played, strict=True):
        steps.append(_step(step, result, wording, names, player))
        if step.expect is not None:
            place = wording.say("step", step=result.step)
            failed += [f"{place} {line}" for line in unmet(step.expect, steps[-1])]
    answers = []
    for number, question in enumerate(questions(story.ask), 1):
        answer = answering.ask(question.ask, question.arguments)
        if question.ask == "pipeline":
            answer = explained(answer, wording, names.get)
        elif question.ask == "compliance":
            answer = with_explanations(answer, wording)
        answers.append({"ask": question.ask, **answer})
        if question.expect is not None:
            place = f"{question.ask} {number}"
            failed += [f"{place} {line}" for line in unmet(question.expect, answers[-1])]
    return {"title": story.title, "steps": steps, "answers": answers}, failed


def _text(file: Path) -> str:
    must_be_there(file)
    try:
        if file.stat().st_size > LARGEST_STORY_BYTES:
            raise WrongUsage("story-too-large", file=file.name, most=LARGEST_STORY_BYTES)
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUsage("file-unreadable", file=file.name) from error


def _names(player: Player) -> list[str]:
    from workflows.application.story import names_in

    story = player.story
    found = [*story.people, *(step.person for step in story.steps if step.person)]
    return list(dict.fromkeys([*found, *(name for step in story.steps for name in names_in(step.fields))]))


def _step(
    step: StepTable, played: Played, wording: Wording, names: dict[str, str], player: Player
) -> dict[str, Any]:
    from workflows.entrypoints.wording import findings_json

    outcome = played.outcome
    unit = step.unit or player.story.all_units[0].name
    who = step.person or step.subject or unit
    return {
        "step": played.step,
        "do": played.do,
        "verdict": str(outcome.verdict),
        "events": list(outcome.events),
        "findings": findings_json(outcome.findings, wording, names, command=step.do, on=step.day, who=who),
        "on": step.day.isoformat(),
        **({} if isinstance(step.on, date) else {"on_approx": step.rough_day(step.on).as_json()}),
        "person": step.person,
        "unit": unit,
    }


def step_rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the steps of a story as rows of a sheet: one a finding, one a step without any."""
    rows = []
    for step in answer["steps"]:
        for finding in step["findings"] or [{}]:
            rows.append(
                {
                    "step": step["step"],
                    "on": step["on"],
                    "do": step["do"],
                    "person": step["person"],
                    "unit": step["unit"],
                    "verdict": step["verdict"],
                    "events": step["events"],
                    "rule": finding.get("rule"),
                    "status": finding.get("verdict"),
                    "message": finding.get("message"),
                }
            )
    return rows


def drawn(answer: dict[str, Any], frame: Frame) -> Sequence[RenderableType]:
    """Return a story for the screen: each step with its findings that say more than ok, then the answers."""
    from rich.text import Text

    from workflows.entrypoints import rendering
    from workflows.entrypoints.cli import layout

    wording = frame.wording
    pieces: list[RenderableType] = [Text(answer["title"], style="bold")] if answer["title"] else []
    for step in answer["steps"]:
        words = (
            wording.command(step["do"]),
            step["person"] or step["unit"],
            wording.verdict(step["verdict"]),
        )
        pieces.append(Text("  ".join([f"{step['step']:>3}", rendering.day_told(step), *words])))
        for finding in step["findings"]:
            if finding["verdict"] != "ok":
                pieces.append(layout.indented(finding["message"], INDENT, frame))
    for told_answer in answer["answers"]:
        pieces.append(Text(""))
        pieces.append(layout.heading(_asked(told_answer, answer["steps"], wording)))
        pieces.append(answered(told_answer, frame))
    return pieces


def _asked(answer: dict[str, Any], steps: Sequence[dict[str, Any]], wording: Wording) -> str:
    """Return what was asked, of which day, and how many steps of the story come after that day."""
    asked = wording.say("asked", question=wording.words.word("question", answer["ask"]), day=answer["as_of"])
    later = sum(step["on"] > answer["as_of"] for step in steps)
    return asked + (wording.say("asked_before", count=later) if later else "")


def answered(answer: dict[str, Any], frame: Frame) -> RenderableType:
    """Return one answer for the screen."""
    from workflows.entrypoints.cli import bulletin, duty_cells, layout, scoring

    match answer["ask"]:
        case "state":
            return layout.card(answer["state"], frame)
        case "pipeline":
            return layout.pipeline_view(answer["rows"], frame)
        case "compliance":
            return duty_cells.view(answer["rows"], frame)
        case "scores":
            return scoring.criteria_of(answer, frame)
        case "bulletin":
            return bulletin.grades_of(answer, frame)
    return layout.grid(layout.deadline_rows(answer["rows"], frame.wording), answer["ask"], frame)
