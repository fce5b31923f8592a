"""Command line (命令行): ``zhibu``; the contract stands in the guide, exit codes 0, 1, 2, 3."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from workflows.entrypoints.cli import (
    acting,
    ahead,
    bulletin,
    candidates,
    drafting,
    organization,
    oversight,
    papers,
    reading,
    scoring,
    terms,
    upkeep,
    workbooks,
)
from workflows.entrypoints.cli.frame import Frame, Main, Told, option
from workflows.entrypoints.cli.stories import sandbox

BEGINNING = frozenset({"init", "demo", "import"})
"""The commands by which data is begun; who calls another on a place without data is told that it was new."""


@click.group("zhibu", cls=Main, no_args_is_help=True)
@option("--home", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), envvar="ZHIBU_HOME")
@option("--database", metavar="URL", envvar="ZHIBU_DATABASE_URL")
@option("--as", "actor", metavar="USER")
@option("--format", type=click.Choice(["table", "json", "csv", "xlsx"]), default="table", show_default=True)
@option("--lang", type=click.Choice(["zh", "en"]), default="zh", envvar="ZHIBU_LANG", show_default=True)
@option("--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.version_option(package_name="zhibu", prog_name="zhibu", message="%(prog)s %(version)s", cls=Told)
@click.pass_context
def zhibu(
    ctx: click.Context,
    home: Path | None,
    database: str | None,
    actor: str | None,
    format: str,
    lang: str,
    output: Path | None,
) -> None:
    """Every command of zhibu."""
    begins = ctx.invoked_subcommand in BEGINNING
    frame = Frame(home, database, actor, format=format, output=output, begins=begins)
    ctx.obj = frame
    ctx.call_on_close(frame.close)


for _command in (
    upkeep.init,
    upkeep.demo,
    workbooks.import_,
    workbooks.undo_import,
    acting.record,
    papers.attach,
    reading.commands,
    reading.deadlines,
    reading.pipeline,
    ahead.plan,
    ahead.eligible,
    terms.terms,
    reading.compliance,
    oversight.overview,
    oversight.drive,
    reading.ledger,
    scoring.scores,
    candidates.candidates,
    bulletin.bulletin,
    organization.units,
    reading.history,
    papers.papers,
    upkeep.remind,
    drafting.policy,
    sandbox,
    upkeep.serve,
    upkeep.worker,
    upkeep.rebuild,
    upkeep.verify,
    upkeep.chart,
):
    zhibu.add_command(_command)


def main() -> None:
    """Run ``zhibu`` with the arguments of the process."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            told = {"errors": "replace"} if stream.isatty() else {"encoding": "utf-8", "errors": "replace"}
            reconfigure(**told)
    zhibu(prog_name="zhibu")
