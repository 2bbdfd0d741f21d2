"""The command line. Exceptions end only here: a user sees one line that says what is wrong.

Each command is imported when it is called: `edi validate` needs no database."""

import gc
import os
import sys
from importlib import import_module

import click

from x12_payer.adjudication.errors import StoreError
from x12_payer.commands.common import AGAIN, STOPPED, fail
from x12_payer.edi.words import nearest, unread

COLLECT_AFTER = 50_000  # new objects: hardly one of them hangs in a circle
COMMANDS = {  # name: module and attribute
    "audit": "x12_payer.commands.audit:audit",
    "claims": "x12_payer.commands.claims:claims",
    "explain": "x12_payer.commands.explain:explain_command",
    "load": "x12_payer.commands.load:load",
    "pay": "x12_payer.commands.pay:pay",
    "process": "x12_payer.commands.process:process",
    "show": "x12_payer.commands.show:show_command",
    "validate": "x12_payer.commands.validate:validate_command",
}


class LazyGroup(click.Group):
    """A group that imports a command when somebody asks for it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command's name."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, None when there is none."""
        module, _, attribute = COMMANDS.get(cmd_name, "").partition(":")
        if not module:
            return None
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of the first word; a mistyped one is answered with the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            ctx.fail(f"No such command {args[0]!r}{nearest(args[0], COMMANDS)}")

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; Ctrl-C ends it with a status of its own: click's is 1, which is taken."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo(f"stopped; {AGAIN}" if ctx.invoked_subcommand == "process" else "stopped", err=True)
            sys.exit(STOPPED)


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="x12-payer", prog_name="edi")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Reads inbound X12 270, 276, 278 and 837 interchanges, decides them, writes the answers."""
    if os.environ.get("NO_COLOR"):  # https://no-color.org; rich has it built in
        ctx.color = False


def main() -> None:
    """The entry point: no traceback ever reaches a user."""
    gc.set_threshold(COLLECT_AFTER)
    try:
        cli()
    except StoreError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: {unread(error)}" if error.filename else unread(error))
    except Exception as error:  # a bug: say which and where, without data
        if os.environ.get("EDI_DEBUG"):
            raise
        fail(f"internal error ({type(error).__name__}): please report it; EDI_DEBUG=1 shows the details")
    finally:
        gc.freeze()  # the end of the process need not look for circles in what it leaves
