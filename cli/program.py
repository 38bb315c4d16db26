"""The program behind ``mtorules``: its commands, and what becomes of an error."""

from __future__ import annotations

import errno
import os
import sys
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from . import commands
from .ending import Ended
from .lazy import ModuleGroup
from .options import HELP, example

# In the order in which a newcomer needs them.
MODULES = (
    *("models", "conditions", "network", "draw", "export", "check", "compare"),
    *("simulate", "scan", "analyse", "report", "share", "open", "claims", "calibrate"),
    *("uncertainty", "petab", "explore", "init", "doctor"),
)


class _Failure(click.ClickException):
    """Work that failed for a reason the user can act on."""


class _ReaderGone(click.ClickException):
    """Whoever read our output has stopped, as ``head`` does."""

    exit_code = 141  # what a shell reports for a program stopped by SIGPIPE


class _Program(ModuleGroup):
    """The outermost group, which tells a user's mistake from a bug."""

    def make_context(self, *arguments: Any, **settings: Any) -> click.Context:
        with _sorted_out():
            return super().make_context(*arguments, **settings)

    def invoke(self, ctx: click.Context) -> Any:
        with _sorted_out():
            status = super().invoke(ctx)
            if sys.stdout is not None:  # as it is where the shell closed it
                sys.stdout.flush()
            return status


@contextmanager
def _sorted_out() -> Iterator[None]:
    """Let usage errors and bugs pass, and turn any other failure into one line for the user."""
    try:
        yield
    except BrokenPipeError as error:
        raise _ReaderGone("") from error
    except (Ended, KeyboardInterrupt):
        raise
    except Exception as error:
        told = message(error)
        if told is None:
            raise
        raise _Failure(told) from error
    except BaseException as error:  # such as SystemExit, which only a model's code may have raised
        *_, last = traceback.extract_tb(error.__traceback__)
        name = type(error).__name__
        raise _Failure(
            f"{last.filename}:{last.lineno}: the program was to be ended by {name}, which a model "
            "must not do."
        ) from error


def message(error: Exception) -> str | None:
    """Return what to tell the user, or None where the exception is a bug.

    An exception class of our own was written to be read. So was what the system says about a file,
    or about a disk that is full. Anything else should never have come this far, and keeps its
    traceback.
    """
    if type(error).__module__.partition(".")[0] == __name__.partition(".")[0]:
        return str(error)
    if isinstance(error, OSError) and error.filename is not None:
        name = error.filename
        return f"{os.fsdecode(name) if isinstance(name, bytes) else str(name)!r}: {error.strerror}."
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EBADF):
        return f"{error.strerror}."
    if isinstance(error, UnicodeEncodeError) and "\\udc" in ascii(error.object):
        return f"{error.object[:80]!r} holds bytes that are no text and cannot be written."
    if isinstance(error, MemoryError):
        return "There is not enough memory."
    return None


@click.command(
    cls=_Program,
    package=commands.__name__,
    modules=MODULES,
    context_settings={**HELP, "show_default": True},
    epilog="MODEL is a name that `mtorules models` lists, package.module[:attribute], a Python "
    "file that holds a PySB model, or a .bngl file.\n\n"
    + example("mtorules simulate complexes --drug 'everolimus=20 nM'"),
)
@click.version_option(package_name="mtorules", message="%(prog)s %(version)s")
def program() -> None:
    """Rule-based models of mTOR signalling and of the drugs that target it."""


def run(arguments: Sequence[str]) -> int:
    """Run the program on its arguments and return the status; a bug keeps its traceback."""
    try:
        if any("\0" in argument for argument in arguments):
            raise click.UsageError("An argument holds a NUL byte, which no name and no file has.")
        with _remarks():
            return program.main(list(arguments), prog_name="mtorules", standalone_mode=False) or 0
    except click.Abort:
        click.echo("mtorules: interrupted", err=True)
        return 130
    except _ReaderGone as error:
        _let_go_of_stdout()
        return error.exit_code
    except click.ClickException as error:
        click.echo(_line(error, arguments), err=True)
        try:
            if sys.stdout is not None:
                sys.stdout.flush()
        except OSError:
            _let_go_of_stdout()
        return error.exit_code


@contextmanager
def _remarks() -> Iterator[None]:
    """Tell warnings of our own, which were written to be read, as a line each."""

    def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if category.__module__.partition(".")[0] == __name__.partition(".")[0]:
            click.echo(f"mtorules: {message}", err=True)
        else:
            shown(message, category, *where, **more)

    with warnings.catch_warnings():
        shown = warnings.showwarning
        warnings.showwarning = show
        yield


def _line(error: click.ClickException, arguments: Sequence[str]) -> str:
    """Return the one message an error is worth, with the command it came from."""
    context = getattr(error, "ctx", None)
    if context is not None:
        where = context.command_path
    else:
        named = next((name for name in arguments if name in MODULES), "")
        where = f"mtorules {named}".strip()
    message = error.format_message().strip()
    if isinstance(error, click.UsageError):
        end = "" if message.endswith((".", "?")) else "."
        message = f"{message}{end} See '{where} --help'."
    return f"{where}: {message}"


def _let_go_of_stdout() -> None:
    """Send what is still buffered nowhere, so that Python does not complain at exit."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        pass  # standard output is no file of the system, as under a test
