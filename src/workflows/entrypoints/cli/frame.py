"""The frame around every command: global options anywhere, one language, one way out for answers."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from workflows.entrypoints.cli.language import choose, help_for, language, teach_click
from workflows.entrypoints.masking import Masked, mask_text
from workflows.kernel.errors import Problem

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from workflows.bootstrap import App
    from workflows.entrypoints.spreadsheet import Part
    from workflows.entrypoints.wording import Wording

F = TypeVar("F", bound=Callable[..., Any])
GLOBAL_OPTIONS = ("--home", "--database", "--as", "--format", "--lang", "--output")
NARROWEST_SCREEN, WIDEST_SCREEN, WIDTH_WITHOUT_SCREEN = 40, 160, 80
OUR_FAILURE, WRONG_USAGE, REFUSED = 1, 2, 3

teach_click()


def hoisted(args: Sequence[str]) -> list[str]:
    """Return the arguments with the global options in front; after ``--`` nothing is moved."""
    front: list[str] = []
    rest: list[str] = []
    left = list(args)
    while left:
        arg = left.pop(0)
        if arg == "--":
            rest += [arg, *left]
            break
        if arg in GLOBAL_OPTIONS and left:
            front += [arg, left.pop(0)]
        elif arg.partition("=")[0] in GLOBAL_OPTIONS and "=" in arg:
            front.append(arg)
        else:
            rest.append(arg)
    return front + rest


class Told(click.Option):
    """An option whose help stands in the table of help texts, under its name or ``told``."""

    def __init__(self, *args: Any, told: str | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self._told = told or self.name or ""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the help in the language of the call."""
        self.help = help_for("option", self._told) or self.help
        return super().get_help_record(ctx)


class _Bilingual(click.Command):
    """A command whose help stands in the table of help texts."""

    told: str = ""

    def _texts(self) -> str:
        return help_for("command", self.told or self.name or "")

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the help in the language of the call."""
        return self._texts()

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in the language of the call."""
        self.help = self._texts()
        super().format_help_text(ctx, formatter)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the pieces of the usage line in the language of the call."""
        words = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]..."} if language() == "zh" else {}
        return [words.get(piece, piece) for piece in super().collect_usage_pieces(ctx)]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the help option, told in the language of the call."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = help_for("option", "help")
        return option


class Command(_Bilingual):
    """A command of zhibu."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, unless its answer could not go where it is wanted."""
        frame = ctx.find_object(Frame)
        if frame is not None:
            frame.check_output(self._files(ctx))
        return super().invoke(ctx)

    def _files(self, ctx: click.Context) -> list[tuple[str, Path]]:
        """Return the files that the call names besides the output, each with its argument or option.

        An argument that is no file here is none: it may be the id of a pack.
        """
        found = []
        for param in self.params:
            value = ctx.params.get(param.name or "")
            if value and isinstance(param.type, click.Path):
                if not isinstance(param, click.Argument):
                    found.append((param.opts[0], Path(value)))
                elif Path(value).exists():
                    found.append((param.metavar or "", Path(value)))
        return found

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Say where the global options are told."""
        from workflows.entrypoints.wording import Wording

        self.epilog = Wording(language()).say("options")
        super().format_epilog(ctx, formatter)


class Group(_Bilingual, click.Group):
    """A group of commands below ``zhibu``."""

    command_class = Command


class Main(Group):
    """``zhibu`` itself: global options anywhere, problems told in three parts, the exit code."""

    group_class = Group

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the global options wherever they stand."""
        choose(args)
        return super().parse_args(ctx, hoisted(args))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which one meets them."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; problems go to stderr, never a traceback."""
        try:
            return super().invoke(ctx)
        except Problem as problem:
            tell_problem(problem)
            ctx.exit(problem.exit_code)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get("ZHIBU_DEBUG"):
                raise
            tell_problem(Problem("internal", kind=type(error).__name__))
            ctx.exit(OUR_FAILURE)


def tell_problem(problem: Problem) -> None:
    """Write the three parts of a problem to stderr, each on its line."""
    from workflows.entrypoints.wording import Wording

    wording = Wording(language())
    what, why, remedy = wording.problem(problem)
    head = "错误：" if wording.lang == "zh" else "Error: "
    stop = "。" if wording.lang == "zh" else "."
    for line in (head + what, why, remedy):
        if line:
            click.echo(mask_text(line) + stop, err=True)


@dataclass
class Frame:
    """What every command needs: where the data is, who acts, in which form the answer goes out.

    ``begins``: this command is one by which data is begun: a new place is no surprise.
    """

    home: Path | None = None
    database: str | None = None
    actor: str | None = None
    format: str = "table"
    output: Path | None = None
    begins: bool = False
    _app: list[App] = field(default_factory=list)

    @property
    def wording(self) -> Wording:
        """Return the words of the language of the call."""
        from workflows.entrypoints.wording import Wording

        return Wording(language())

    @property
    def width(self) -> int:
        """Return the width of the screen in cells; 80 where there is none."""
        told = shutil.get_terminal_size((WIDTH_WITHOUT_SCREEN, 24)).columns
        return max(NARROWEST_SCREEN, min(told, WIDEST_SCREEN))

    @property
    def app(self) -> App:
        """Open the database and everything on it, once a call."""
        if not self._app:
            from workflows.entrypoints.cli import opening

            self._app.append(opening.opened(self))
        return self._app[0]

    @property
    def answering(self) -> Masked:
        """Return whoever answers about the books: numbers of people in free text are masked."""
        return Masked(self.app.answering)

    def close(self) -> None:
        """Close what was opened."""
        while self._app:
            self._app.pop().close()

    # --- out --------------------------------------------------------------------------------------------

    def console(self, *, err: bool = False) -> Console:
        """Return the screen (or stderr) with the width of the call."""
        from rich.console import Console

        stream = sys.stderr if err else sys.stdout
        return Console(
            file=stream, width=self.width, highlight=False, emoji=False, markup=False, soft_wrap=False
        )

    def talk(self, text: str) -> None:
        """Say something beside the answer, on stderr."""
        from workflows.entrypoints.widths import wrapped

        paths = () if self.output is None else (str(self.output),)
        self.console(err=True).print(
            "\n".join(wrapped(mask_text(text), self.width, paths=paths)), soft_wrap=True
        )

    def answer(
        self,
        answer: Mapping[str, Any],
        *,
        title: str = "",
        columns: Sequence[str] = (),
        sheet: Sequence[str] = (),
        rows: Sequence[Mapping[str, Any]] | None = None,
        view: Callable[[], RenderableType | Sequence[RenderableType]] | None = None,
        more: Sequence[Part] = (),
    ) -> None:
        """Put out an answer in the format asked for.

        ``columns`` are those of a screen, ``sheet`` those of CSV and workbook (default: all), ``rows`` what
        stands there (default: the answer's own), ``view`` draws the answer where a plain table would not do,
        ``more`` are further sheets of a workbook.
        """
        from workflows.entrypoints import rendering

        told = answer.get("rows", []) if rows is None else rows
        if self.format != "json":
            told = [rendering.in_words(row) for row in told]
        match self.format:
            case "json":
                self._write(rendering.as_json(answer) + "\n")
            case "csv":
                self._write(rendering.as_csv(told, self.wording, sheet))
            case "xlsx":
                from workflows.entrypoints import spreadsheet

                more = [part for part in more if part[1]]
                self._write(spreadsheet.as_xlsx(told, self.wording, sheet, title, more))
            case _:
                self._draw(answer, told, title, columns, view)
        if self.output is not None:
            self._tell_written(title, len(told), more if self.format == "xlsx" else ())

    def _tell_written(self, title: str, count: int, more: Sequence[Part]) -> None:
        """Say what went into the output file: how many rows, or how many on each sheet; else that it did."""
        say = self.wording.say
        if self.format not in ("csv", "xlsx") or not (count or more):
            self.talk(say("written_whole", file=self.output))
            return
        if not more:
            self.talk(say("written", file=self.output, count=count))
            return
        parts = [(title, count), *((part[0], len(part[1])) for part in more)]
        told = self.wording.words.listed(say("written_part", title=name, count=rows) for name, rows in parts)
        self.talk(say("written_parts", file=self.output, parts=told))

    def check_output(self, files: Iterable[tuple[str, Path]] = ()) -> None:
        """Refuse an output that cannot be had, before anything is done for it.

        ``files`` are those that the command has already, to read or to write, each with its option.

        Raises:
            WrongUsage: ``terminal-binary``: a workbook on a screen; ``file-unwritable``: no such folder;
                ``output-same``: the output is one of ``files``.
        """
        from workflows.kernel.errors import WrongUsage

        if self.output is not None:
            from workflows.entrypoints.cli.files import must_be_writable, must_not_be

            must_be_writable(self.output)
            must_not_be(self.output, files)
        elif self.format == "xlsx" and sys.stdout.isatty():
            raise WrongUsage("terminal-binary")

    def _draw(
        self,
        answer: Mapping[str, Any],
        rows: Sequence[Mapping[str, Any]],
        title: str,
        columns: Sequence[str],
        view: Callable[[], RenderableType | Sequence[RenderableType]] | None,
    ) -> None:
        from workflows.entrypoints import rendering

        pieces: list[Any] = [title] if title else []
        if view is not None:
            drawn = view()
            pieces += drawn if isinstance(drawn, list | tuple) else [drawn]
        elif rows:
            pieces.append(rendering.table(rows, self.wording, columns=columns, width=self.width))
        else:
            pieces.append(self.wording.say("nothing"))
        if answer.get("as_of"):
            pieces.append(self._footing(answer, len(rows), drawn=view is not None))
        self.show(*pieces)

    def _footing(self, answer: Mapping[str, Any], count: int, *, drawn: bool) -> str:
        say = self.wording.say
        parts = [say("as_of", day=answer["as_of"])]
        if answer.get("known_on"):
            parts.append(say("known_on", known=answer["known_on"]))
        if count or not drawn:  # what is drawn has more to it than rows, and says itself that there are none
            parts.append(say("rows", count=count))
        if self.wording.lang == "en" and count:
            parts.append(say("names_kept"))
        return ("，" if self.wording.lang == "zh" else ", ").join(parts)

    def show(self, *pieces: RenderableType) -> None:
        """Draw pieces on the screen, or into the output file; a text not to be wrapped stands as it is."""
        told = [mask_text(one) if isinstance(one, str) else one for one in pieces]
        if self.output is not None:
            from rich.console import Console

            from workflows.entrypoints.cli.files import opened_for_writing

            with opened_for_writing(self.output) as stream:
                console = Console(file=stream, width=self.width, highlight=False, emoji=False, markup=False)
                for piece in told:
                    console.print(piece, soft_wrap=getattr(piece, "no_wrap", None))
            return
        console = self.console()
        for piece in told:
            console.print(piece, soft_wrap=getattr(piece, "no_wrap", None))

    def _write(self, text: str | bytes) -> None:
        if self.output is not None:
            from workflows.kernel.errors import WrongUsage

            try:
                self.output.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
            except OSError as error:
                raise WrongUsage("file-unwritable", file=self.output.name) from error
        elif isinstance(text, bytes):
            click.echo(text, nl=False)
        else:
            click.echo(text.encode("utf-8") if not sys.stdout.isatty() else text, nl=False)


def option(*names: str, told: str | None = None, **more: Any) -> Callable[[F], F]:
    """Return an option of a command; its help stands in the table of help texts."""
    return click.option(*names, cls=Told, told=told, **more)


def command(
    name: str, told: str | None = None, cls: type[Command] = Command
) -> Callable[[Callable[..., Any]], Command]:
    """Return what makes a function a command; its help stands in the table of help texts."""

    def made(function: Callable[..., Any]) -> Command:
        made_of: Command = click.command(name, cls=cls)(function)
        made_of.told = told or name
        return made_of

    return made


pass_frame = click.make_pass_decorator(Frame, ensure=True)
