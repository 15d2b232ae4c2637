"""The parser that helps: nearest command or option, an example a command, globals anywhere."""

import argparse
import difflib
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from pipeline.config import Settings

Command = Callable[[argparse.Namespace, Settings], int]


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose errors name the nearest known word and an example; exit code 2."""

    wants_json = False
    """Set for the whole command line before it is parsed: an error is one JSON object then."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **options)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does it, but an unknown option is an error of the command it stands in."""
        found, left = super().parse_known_args(args, namespace)
        if left and not self._has_commands():
            self.error(f"unknown option or argument {left[0]!r}{self._nearest(left[0])}")
        return found, left

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, what was meant perhaps, and one example; nothing was changed."""
        if "invalid choice" in message:
            message = self._choice(message)
        elif "are required" in message:
            message += self._choices(message)
        text = f"{self.prog}: {message}"
        if Parser.wants_json:
            sys.stdout.write(json.dumps({"error": text}) + "\n")
        lines = [text, f"help: {self.prog} --help"]
        sys.stderr.write("\n".join([*lines, *([self.epilog] if self.epilog else [])]) + "\n")
        raise SystemExit(2)

    def _has_commands(self) -> bool:
        return any(isinstance(a, argparse._SubParsersAction) for a in self._actions)

    def _nearest(self, word: str) -> str:
        known = [name for action in self._actions for name in action.option_strings]
        near = difflib.get_close_matches(word.split("=")[0], known, 1)
        return f"; did you mean {near[0]}?" if near else ""

    def _choices(self, message: str) -> str:
        """What may stand where a word is missing, as far as it is a list."""
        missing = message.partition("required: ")[2].split(", ")
        for action in self._actions:
            if action.choices and action.metavar in missing:
                return f" (known: {', '.join(map(str, action.choices))})"
        return ""

    def _choice(self, message: str) -> str:
        """Python's ``invalid choice: 'x' (choose from 'a', 'b')`` with the nearest choice first."""
        place, _, rest = message.partition("invalid choice: ")
        found, _, choices = rest.partition(" (choose from ")
        known = [c.strip(" '") for c in choices.rstrip(")").split(",")]
        near = difflib.get_close_matches(found.strip("'"), known, 1, 0.5)
        hint = f"; did you mean {near[0]}?" if near else ""
        place = place.removeprefix("argument ").strip(" :")
        return f"{place}: unknown {found}{hint} (known: {', '.join(known)})"


def day(text: str) -> date:
    """An ISO date of the command line."""
    try:
        if len(text) != 10:
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a date YYYY-MM-DD") from None


def number(text: str) -> int:
    """A whole number from 1 of the command line."""
    if not (text.isascii() and text.isdecimal() and len(text) < 16 and int(text)):
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a whole number from 1")
    return int(text)


def as_known_at(command: argparse.ArgumentParser) -> None:
    """The option of everything that looks back."""
    command.add_argument(
        "--as-known-at", type=int, metavar="REGISTER", help="what the ledger knew at a register"
    )


def add_globals(parser: argparse.ArgumentParser, default: Any = argparse.SUPPRESS) -> None:
    """The options that stand before or after the sub-command."""
    group = parser.add_argument_group("for every command")
    add = group.add_argument
    add("--ledger", metavar="URL", default=default, help="ledger database (SQLAlchemy URL)")
    add("--config", metavar="FILE", type=Path, default=default, help="settings file (TOML)")
    add("--user", metavar="NAME", default=default, help="who acts; recorded with every change")
    add("--json", action="store_true", default=default, help="print one JSON object")


class Version(argparse.Action):
    """``--version``: looks it up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Print the version and end."""
        from importlib.metadata import version

        sys.stdout.write(f"lettrage {version('lettrage')}\n")
        parser.exit()


class Commands:
    """Adds sub-commands that share the globals, each with its function and one example."""

    def __init__(self, parser: argparse.ArgumentParser, name: str = "COMMAND") -> None:
        dest = name.lower()
        self._parsers = parser.add_subparsers(
            dest=dest, required=True, metavar=name, parser_class=Parser
        )

    def add(self, name: str, run: Command | None, text: str, example: str) -> Parser:
        """One command; ``example`` is a whole command line that a test runs."""
        command: Parser = self._parsers.add_parser(
            name, help=text, description=text, epilog=f"example: {example}"
        )
        add_globals(command)
        if run is not None:
            command.set_defaults(run=run)
        return command
