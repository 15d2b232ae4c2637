"""The queue as a page without Airflow, and who may sign in there."""

import argparse
import getpass
import secrets
import socket
import sys
from typing import TYPE_CHECKING

from pipeline.cli.output import report, say, table
from pipeline.cli.parser import Commands, Parser, number
from pipeline.config import Settings
from pipeline.domain.errors import UsageError

if TYPE_CHECKING:
    from fastapi import FastAPI

_ROLES = ("viewer", "reviewer", "approver")
_PORT = 8321


def register(commands: Commands) -> None:
    """Add user and serve."""
    user = commands.add("user", None, "who may sign in at lettrage serve", "lettrage user list")
    actions = Commands(user, "ACTION")
    actions.add("list", _list, "who may sign in, and what they may do", "lettrage user list")
    _register(actions, "add", "let somebody sign in, or change role or password",
              "lettrage user add anna --role approver --password-stdin")  # fmt: skip
    _register(actions, "remove", "let somebody sign in no more", "lettrage user remove anna")
    serve = commands.add(
        "serve", _serve, "the exceptions as a page, on loopback, with its own login",
        "lettrage serve",
    )  # fmt: skip
    serve.add_argument("--port", type=number, default=_PORT, metavar="N", help=f"default: {_PORT}")


def _register(actions: Commands, action: str, text: str, example: str) -> Parser:
    command = actions.add(action, _change, text, example)
    command.add_argument("name", metavar="NAME", help="recorded with all that the person does")
    command.set_defaults(action=action)
    if action == "add":
        command.add_argument(
            "--role", choices=_ROLES, default="reviewer",
            help="viewer: look; reviewer: decide; approver: also approve what others prepared",
        )  # fmt: skip
        command.add_argument(
            "--password-stdin", action="store_true",
            help="read the password from standard input, one line",
        )  # fmt: skip
    return command


def _list(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import ledger
    from pipeline.ledger import people

    with ledger.open(settings.ledger) as book:
        rows = people.standing(book)
    names = ("name", "role", "actor", "recorded_at")
    if options.json:
        return report(options, {"users": [{name: row[name] for name in names} for row in rows]})
    table(dict.fromkeys(("name", "role", "by", "since"), "left"),
          [[row[name] for name in names] for row in rows])  # fmt: skip
    return 0


def _change(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import ledger
    from pipeline.ledger import people
    from pipeline.page import passwords

    with ledger.open(settings.ledger) as book:
        known = {row["name"]: row for row in people.standing(book)}.get(options.name)
        if options.action == "remove":
            if known is None:
                raise UsageError(f"no user {options.name!r}; see: lettrage user list")
            people.record(book, options.name, "remove", known["role"], "", options.user)
            return report(options, {"user": options.name, "action": "remove"})
        hashed = passwords.hashed(_password(options))
        action = "change" if known else "add"
        people.record(book, options.name, action, options.role, hashed, options.user)
    return report(options, {"user": options.name, "action": action, "role": options.role})


def _password(options: argparse.Namespace) -> str:
    if options.password_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise UsageError("no terminal to ask for the password; use --password-stdin")
    password = getpass.getpass(f"password of {options.name}: ")
    if getpass.getpass("once more: ") != password:
        raise UsageError("the two passwords differ; nothing was changed")
    return password


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    import uvicorn

    from pipeline import ledger, page
    from pipeline.ledger import people

    with ledger.open(settings.ledger) as book:
        if not people.standing(book):
            raise UsageError("nobody may sign in yet; run: lettrage user add NAME --role approver")
    app = app_of(settings)
    listening = _listening(options.port)
    page.warm(app)
    page.follow(app)
    say(f"exceptions: http://127.0.0.1:{options.port}/  (Ctrl-C ends)")
    quiet = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    uvicorn.Server(quiet).run(sockets=[listening])
    return 0


def _listening(port: int) -> socket.socket:
    """The socket that is served, before anything says so; UsageError where it cannot be had."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        raise UsageError(f"--port {port}: cannot be listened on: {error}; name another") from None


def app_of(settings: Settings) -> "FastAPI":
    """What ``serve`` answers with: to requests for this machine, or for the host of our links."""
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    from pipeline import page
    from pipeline.page.login import Login
    from pipeline.statements import link

    login = Login(settings)
    links = settings.mail["enclose"] == "link"
    if links:
        link.check(settings.mail)
    app = page.build(lambda: settings, login.identify, secrets.token_bytes(32), login=login,
                     links=links)  # fmt: skip
    hosts = ["127.0.0.1", "localhost", *([link.host(settings.mail)] if links else [])]
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts)
    return app
