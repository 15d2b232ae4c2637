"""Mails to our own people: each is told once, and told again only what changed since.

A mail is kept once the server has taken it; one that was sent by a run that was killed before that
goes again, under the same Message-ID.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline import ledger
from pipeline.config import Settings
from pipeline.delivering import check_mail
from pipeline.domain import mailbox
from pipeline.domain.errors import UsageError
from pipeline.ledger import notices
from pipeline.statements.mail import Mail, message, one_line
from pipeline.statements.mail_server import MailServer, MailServerError

Receipt = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Notice:
    """What one person is told: ``told`` is kept in the books, the same is not told twice."""

    name: str
    address: str
    told: dict[str, Any]
    subject: str = field(repr=False)
    text: str = field(repr=False)


def check_address(key: str, address: str) -> None:
    """UsageError that names the ``key`` of the settings where no mail can go to ``address``."""
    if wrong := mailbox.wrong(address):
        raise UsageError(f"{key}: found {address!r}, {wrong}")


def tell(settings: Settings, book: ledger.Ledger, due: Sequence[Notice], actor: str) -> Receipt:
    """Send a mail each; counts of ``sent``, ``unknown`` and ``failed`` ones.

    MailServerError (retryable) where a mail was not taken yet; what was sent is not sent again.
    """
    done: Receipt = {"sent": 0, "unknown": 0, "failed": 0}
    waits: list[str] = []
    if due:
        check_mail(settings)
    with MailServer(settings.mail) as server:
        for notice in due:
            mail = _mail(settings, notice)
            state, why = _send(settings, server, mail)
            if state == "pending":
                waits.append(why)
                continue
            done[state] += 1
            notices.record(book, notice.name, notice.told, mail.message_id, (state, why), actor)
    if waits:
        raise MailServerError(f"{len(waits)} mails to our own people wait: {waits[0]}")
    return done


def _mail(settings: Settings, notice: Notice) -> Mail:
    told = json.dumps([notice.name, notice.told], sort_keys=True)
    digest = hashlib.sha256(told.encode()).hexdigest()[:40]
    return Mail(
        notice.address,
        f"<notice.{digest}@{mailbox.domain(settings.mail['sender'])}>",
        one_line(notice.subject),
        notice.text,
    )


def _send(settings: Settings, server: MailServer, mail: Mail) -> tuple[str, str]:
    sender, reply_to = settings.mail["sender"], settings.mail["reply_to"]
    made = message(mail, sender, reply_to, dt.datetime.now(dt.UTC))
    return server.send(sender, mail.recipient, made)
