"""The command line: one sub-command per step, errors that help, exit codes of the contract.

0 done, 1 the command ran and found something, 2 wrong usage or settings and nothing was changed.
"""

import argparse
import functools
import getpass
import json
import os
import sys
from collections.abc import Sequence

from pipeline import config
from pipeline.cli import output
from pipeline.cli.parser import Command, Commands, Parser, Version, add_globals
from pipeline.domain.errors import LettrageError, UsageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    Parser.wants_json = "--json" in given
    options = parser().parse_args(given)
    options.user = options.user or _system_user()
    run: Command = options.run
    try:
        code = run(options, config.read(options.config, options.ledger))
        sys.stdout.flush()
        return code
    except UsageError as error:
        return _failed(options, str(error), 2)
    except LettrageError as error:
        return _failed(options, str(error), 1)
    except BrokenPipeError:  # the reader has seen enough, as `lettrage export lines | head`
        _drop_output()
        return 0
    except OSError as error:  # a full disk, a folder that went away
        _flush()
        where = f"{error.filename}: " if error.filename else ""
        return _failed(options, f"{where}{error.strerror or error}", 1)
    except KeyboardInterrupt:
        return _failed(options, "stopped; what was complete is kept, run the command again", 130)
    finally:
        output.stop()


def _flush() -> None:
    try:
        sys.stdout.flush()
    except OSError:
        _drop_output()


def _drop_output() -> None:
    """What is still to be written goes nowhere, so that the end does not fail at it again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's uid without a name
        return f"uid-{os.getuid()}"


def _failed(options: argparse.Namespace, text: str, code: int) -> int:
    output.stop()
    if options.json:
        output.show(json.dumps({"error": text}))
    output.say(f"lettrage: {text}")
    return code


@functools.cache
def parser() -> Parser:
    """The whole command line, built once and without importing what a command needs to run."""
    from pipeline.cli import (
        books,
        corrections,
        machine,
        mappings,
        night,
        outbox,
        page,
        policy,
        proof,
        queue,
        reports,
        statements,
        trace,
    )

    whole = Parser(
        prog="lettrage",
        description="Nightly bank reconciliation in the open.",
        epilog="example: lettrage nightly inbox/",
    )
    add_globals(whole)
    whole.set_defaults(ledger=None, config=None, user=None, json=False)
    whole.add_argument("--version", action=Version, nargs=0, help="print the version")
    commands = Commands(whole)
    for register in (
        books.register,
        night.register,
        queue.register,
        mappings.register,
        corrections.register,
        page.register,
        policy.register,
        reports.register,
        books.register_outputs,
        statements.register,
        outbox.register,
        trace.register,
        proof.register,
        machine.register,
    ):
        register(commands)
    return whole
