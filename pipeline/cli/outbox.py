"""``lettrage outbox``: what became of each statement that was to go, and what people decide."""

import argparse
from functools import partial
from pathlib import Path

from pipeline.cli.output import progress, report, show, table, writing
from pipeline.cli.parser import Commands, Parser, number
from pipeline.config import Settings

_STATES = ("pending", "sending", "sent", "failed", "unknown", "suppressed")
_DECISIONS = {
    "bounced": "it came back: its address gets no mail any more",
    "stop": "what is pending does not go",
    "resend": "send it once more, whatever came of it; the same Message-ID",
    "confirm": "what is unknown has arrived",
}


def register(commands: Commands) -> None:
    """Add outbox with its actions."""
    outbox = commands.add("outbox", None, "what became of each statement that was to go",
                          "lettrage outbox runs")  # fmt: skip
    actions = Commands(outbox, "ACTION")
    actions.add("runs", _runs, "the runs of statements, newest first", "lettrage outbox runs")
    told = actions.add("report", _report, "sent, printed, skipped with reason, failed",
                       "lettrage outbox report --run 1")  # fmt: skip
    _run(told)
    listed = actions.add("list", _list, "deliveries one by one",
                         "lettrage outbox list --state unknown")  # fmt: skip
    _run(listed, required=False)
    listed.add_argument("--state", choices=_STATES, help="only those that are so")
    for name in ("bounced", "stop", "resend"):
        _register_decision(actions, name)
    deliver = actions.add("deliver", _deliver, "send and print what is left of a run",
                          "lettrage outbox deliver --run 1")  # fmt: skip
    _run(deliver)
    deliver.add_argument("--out", type=Path, default=Path("statements"), metavar="DIR")
    _register_decision(actions, "confirm")
    _register_addresses(actions)


def _register_decision(actions: Commands, name: str) -> None:
    decision = actions.add(name, partial(_decide, name), _DECISIONS[name],
                           f"lettrage outbox {name} 1 --reason 'Mr Sommer called'")  # fmt: skip
    decision.add_argument("ids", type=number, nargs="+", metavar="ID", help="of deliveries")
    decision.add_argument("--reason", required=True, metavar="TEXT", help="kept with it")


def _register_addresses(actions: Commands) -> None:
    for name, action, text in (
        ("suppress", "add", "an address that gets no mail"),
        ("allow", "remove", "an address that may get mail again"),
    ):
        address = actions.add(name, partial(_address, action), text,
                              f"lettrage outbox {name} info@sommer.example --reason asked"
                              )  # fmt: skip
        address.add_argument("address", metavar="ADDRESS")
        address.add_argument("--reason", required=True, metavar="TEXT", help="kept with it")


def _run(parser: Parser, *, required: bool = True) -> None:
    parser.add_argument("--run", dest="number", type=number, required=required, metavar="N",
                        help="a run, see: lettrage outbox runs")  # fmt: skip


def _runs(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import deliveries
    from pipeline.ledger.outbox_desk import RUNS

    return _rows(options, RUNS, deliveries.all_runs(settings), "no statements were sent yet")


def _list(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import deliveries
    from pipeline.ledger.outbox_desk import COLUMNS

    found = deliveries.listed(settings, options.number, options.state)
    return _rows(options, COLUMNS, found, "no such deliveries")


def _rows(
    options: argparse.Namespace, columns: tuple[str, ...], rows: list[list[object]], none: str
) -> int:
    if options.json:
        return report(options, {"rows": [dict(zip(columns, row, strict=True)) for row in rows]})
    if not rows:
        show(none)
        return 0
    numeric = ("id", "run", "number", "tries", "statements")
    table({c.replace("_", " "): "right" if c in numeric else "left" for c in columns}, rows)
    return 0


def _report(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import deliveries

    return report(options, deliveries.report(settings, options.number))


def _decide(decision: str, options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import deliveries

    done = deliveries.decide(settings, decision, options.ids, options.reason, options.user)
    return report(options, done)


def _deliver(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import deliveries

    with writing("--out", options.out):
        done = deliveries.deliver(settings, options.number, options.out, options.user, progress)
    return report(options, done)


def _address(action: str, options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import deliveries

    return report(
        options,
        deliveries.suppress(settings, options.address, action, options.reason, options.user),
    )
