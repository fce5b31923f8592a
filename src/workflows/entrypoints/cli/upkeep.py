"""Setting up, serving, upkeep: ``init demo remind serve worker rebuild verify chart``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from workflows.entrypoints.cli import layout
from workflows.entrypoints.cli.frame import Frame, command, option, pass_frame
from workflows.entrypoints.cli.values import read_asked
from workflows.entrypoints.cli.workbooks import progress
from workflows.kernel.errors import NotWhole, WrongUsage

if TYPE_CHECKING:
    from workflows.adapters.attachments import Kept
    from workflows.entrypoints.wording import Wording

LARGEST_PORT = 65_535


@command("init")
@pass_frame
def init(frame: Frame) -> None:
    """Make the database and the keys; again changes nothing."""
    settings = frame.app.settings
    answer = {"home": str(settings.home), "master_key": str(settings.master_key)}
    ready = frame.wording.say("ready", **answer)
    frame.answer(answer, rows=[answer], view=lambda: layout.unbroken(ready, list(answer.values()), frame))


@command("demo")
@option("--full", is_flag=True)
@option("--once", is_flag=True)
@option("--seed", type=int, default=1, show_default=True)
@option("--years", type=click.IntRange(1, 20), default=5, show_default=True)
@option("--host", default="127.0.0.1", show_default=True)
@option("--port", type=click.IntRange(1, LARGEST_PORT), default=8000, show_default=True)
@pass_frame
def demo(frame: Frame, full: bool, once: bool, seed: int, years: int, host: str, port: int) -> None:
    """Play five years of an invented county."""
    from workflows.entrypoints.cli.demo import drawn, first_look, play, recorded_since, said_again
    from workflows.entrypoints.web.serving import refuse_other_hosts

    refuse_other_hosts(host)
    played = play(frame, seed=seed, years=years, full=full)
    if not played.get("played", True):
        frame.talk(said_again(recorded_since(frame), frame))
    answer = {**played, **first_look(frame)}
    frame.answer(answer, rows=answer["deadlines"]["rows"], view=lambda: drawn(answer, frame))
    if full and not once:
        _serve(frame, host, port)


@command("remind")
@option("--on", metavar="DATE", told="on")
@option("--dry-run", "dry_run", is_flag=True)
@pass_frame
def remind(frame: Frame, on: str | None, dry_run: bool) -> None:
    """One round of reminders by hand."""
    answer = frame.app.scheduler.remind(read_asked(on), dry_run=dry_run)
    rows = [{**row, "text": frame.wording.reminder(row)} for row in answer["rows"]]
    frame.answer(
        answer, rows=rows, sheet=layout.SHEETS["remind"], view=lambda: layout.grid(rows, "remind", frame)
    )


@command("serve")
@option("--host", default="127.0.0.1", show_default=True)
@option("--port", type=click.IntRange(1, LARGEST_PORT), default=8000, show_default=True)
@pass_frame
def serve(frame: Frame, host: str, port: int) -> None:
    """Serve the pages, to this machine only."""
    from workflows.bootstrap import keep_log
    from workflows.entrypoints.web.serving import refuse_other_hosts

    refuse_other_hosts(host)
    keep_log()
    _serve(frame, host, port)


def _serve(frame: Frame, host: str, port: int) -> None:
    """Serve pages with the scheduler beside them until told to stop."""
    import socket

    from workflows.entrypoints.web.serving import serve as serve_pages

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise WrongUsage("port-taken", port=port) from error
    frame.app.catch_up()
    frame.app.scheduler.start()
    frame.talk(frame.wording.say("serving", host=host, port=port))
    serve_pages(frame.app, host, port, actor=frame.actor or frame.app.settings.actor)


@command("worker")
@pass_frame
def worker(frame: Frame) -> None:
    """Run the scheduler and the views alone."""
    from threading import Event

    from workflows.bootstrap import keep_log

    keep_log()
    frame.app.scheduler.start()  # each of its ticks first brings the views up to the log
    frame.talk(frame.wording.say("worker"))
    Event().wait()


@command("rebuild")
@click.argument("view", metavar="[VIEW]", required=False)
@pass_frame
def rebuild(frame: Frame, view: str | None) -> None:
    """Rebuild views and compare."""
    wording = frame.wording
    with progress(frame, wording.say("working", view=view or "")) as tell:
        rows = frame.app.rebuild(view, tell)
    shown = [{**row, "view": wording.words.known("view", str(row["view"])) or row["view"]} for row in rows]
    frame.answer({"rows": rows}, rows=shown, columns=("view", "streams", "rows", "equal", "parked"))
    differing = [row["view"] for row in rows if not row["equal"]]
    if differing:
        raise NotWhole("views-differ", views=differing)


@command("verify")
@pass_frame
def verify(frame: Frame) -> None:
    """Check that no event was changed."""
    found = frame.app.log.store.verify()
    wording = frame.wording
    rows = [{"position": fault.position, "what": fault.what} for fault in found.faults]
    kept = None if rows else frame.app.check_attachments()
    answer = {
        "events": found.head.position,
        "chain": found.head.chain.hex(),
        "covered": found.covered,
        "whole": not rows and (kept is None or kept.is_whole),
        "attachments": None
        if kept is None
        else {"kept": kept.total, "missing": list(kept.missing), "changed": list(kept.changed)},
        "rows": rows,
    }
    frame.answer(
        answer,
        rows=rows,
        view=lambda: (
            [wording.say("whole", count=found.head.position), *_of_files(kept, wording)]
            if not rows
            else [
                wording.say(
                    "fault", position=row["position"], what=wording.words.word("fault", str(row["what"]))
                )
                for row in rows
            ]
        ),
    )
    if rows:
        raise NotWhole("chain-broken", position=rows[0]["position"])
    if kept is not None and not kept.is_whole:
        raise NotWhole("attachments-differ", missing=len(kept.missing), changed=len(kept.changed))


def _of_files(kept: Kept | None, wording: Wording) -> list[str]:
    """Return what is to be said of the files kept: nothing where there were never any."""
    if kept is None or not (kept.total or kept.missing):
        return []
    told = [wording.say("files_whole", count=kept.total)] if kept.is_whole else []
    told += [wording.say("file_gone", hash=name) for name in kept.missing]
    return told + [wording.say("file_changed", hash=name) for name in kept.changed]


@command("chart")
@click.argument("name", metavar="development", required=False, default="development")
@pass_frame
def chart(frame: Frame, name: str) -> None:
    """Draw the stages of development (Mermaid)."""
    if name != "development":
        raise WrongUsage("chart-unknown", chart=name)
    frame.show(mermaid(frame))


def mermaid(frame: Frame) -> str:
    """Return the stage machine as a Mermaid diagram, stages and moves in the language of the call."""
    from workflows.domain.stages import ENDS, MOVES, Stage

    wording = frame.wording
    lines = ["stateDiagram-v2", "  direction LR"]
    lines += [f'  state "{wording.stage(stage.value)}" as {stage.value}' for stage in Stage]
    lines.append(f"  [*] --> {Stage.NOBODY.value}")
    inside: dict[str, list[str]] = {}
    for (source, move), target in MOVES.items():
        told = wording.words.any_word(move, "command", "move") or wording.command(move)
        if source == target:
            inside.setdefault(source, []).append(told)
        else:
            lines.append(f"  {source} --> {target}: {told}")
    for stage, steps in inside.items():
        lines.append(f"  {stage} --> {stage}: {wording.words.listed(steps)}")
    lines += [f"  {stage.value} --> [*]" for stage in Stage if stage.value in ENDS]
    return "\n".join(lines)
