"""What a run composed is rendered and goes to its customers by mail, each once.

Every step may be stopped and repeated: what the outbox says of a delivery decides what is left.
"""

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from pipeline import books, ledger, statements
from pipeline.config import Settings
from pipeline.domain import mailbox, whole_file
from pipeline.domain.errors import UsageError
from pipeline.domain.pdf import NotDrawnError
from pipeline.ledger import as_of, kept_content, outbox, reads, suppressions
from pipeline.ledger import statement_runs as runs
from pipeline.ledger.outbox import Delivery, Outcome, Scope
from pipeline.ledger.statement_numbers import CHANGED
from pipeline.sent_log import SentLog
from pipeline.statements import link
from pipeline.statements.mail import Catalogue, Mail, message
from pipeline.statements.mail_server import MailServer, MailServerError

Receipt = dict[str, Any]
Progress = Callable[[str, int, int], None]
_PART = 200
_PAUSES = (1, 5, 20)
"""Seconds to wait for a server that takes no mail; then the run ends and the rest waits."""


def render(
    settings: Settings, scope: Scope, folder: Path, actor: str, progress: Progress
) -> Receipt:
    """Render what is pending of a run into ``folder``; what fails is marked, the rest goes on."""
    whole_file.folder(folder)
    with books.opened(settings) as book:
        run = runs.get(book, scope.run_no)
        renderer, done, wrong, after = Pages(run, settings), 0, 0, 0
        total = outbox.count(book, scope, "pending", rendered=False)
        while part := outbox.pending(book, scope, rendered=False, after=after, most=_PART):
            files, pages, failed = [], [], []
            for item in part:
                try:
                    pdf = renderer.pdf(item)
                except Exception as error:  # noqa: BLE001 - one page stops no other
                    failed.append((item.id, why_not(error)))
                else:
                    files.append((folder / file_name(item), pdf))
                    pages.append((item.id, hashlib.sha256(pdf).hexdigest(), statements.pages(pdf)))
            whole_file.put_all(files)
            outbox.rendered(book, pages, failed, actor)
            done, wrong, after = done + len(pages), wrong + len(failed), part[-1].id
            progress("render", min(done + wrong, total), total)
        said = renderer.warnings()
    return {"rendered": done, "not_rendered": wrong, **({"warnings": said} if said else {})}


def file_name(item: Delivery) -> str:
    """The file of a delivery; a revision has a name of its own."""
    day = dt.date.fromisoformat(item.as_of)
    name = statements.file_name(item.customer_no, item.unit, day)
    return name if not item.revision else name.replace(".pdf", f"-r{item.revision}.pdf")


def why_not(error: Exception) -> str:
    """The reason that is kept of a page that could not be made."""
    return error.reason if isinstance(error, NotDrawnError) else "not_rendered"


class Pages:
    """The PDF of each delivery of a run, by the templates and the look that are there now."""

    def __init__(self, run: runs.Run, settings: Settings) -> None:
        self._run = run
        look = statements.look(settings.statements)
        self._renderer = statements.Renderer(look, settings.company["country"])
        self._renderer.start()  # what keeps all pages from being drawn is the fault of none
        self.warnings = self._renderer.warnings
        self._anew = 0

    def said(self) -> Receipt:
        """For a receipt: how many pages left the house otherwise than they were rendered."""
        said = (
            f"{self._anew} PDFs are drawn otherwise than they were rendered: a template, the look"
            " or the release changed since; the ledger has the hashes of what leaves"
        )
        return {"warnings": [said]} if self._anew else {}

    def pdf(self, item: Delivery) -> bytes:
        """The same bytes each time, whoever asks."""
        head = self._run.register_hash
        replaces = (item.replaces, item.replaced)
        data = statements.page(item.content, head, item.number, item.revision, replaces)
        return self._renderer.pdf(data, item.as_of)

    def again(self, book: ledger.Ledger, item: Delivery, actor: str) -> bytes:
        """The PDF as it leaves the house: what was rendered.

        A release that came since may draw the same content otherwise: that is recorded before it
        leaves. OtherPageError where it is not what was kept for this customer.
        """
        pdf, digest = self.sent(item)
        if digest != item.pdf_sha256:
            outbox.rendered(book, [(item.id, digest, statements.pages(pdf))], (), actor)
            self._anew += 1
        return pdf

    def sent(self, item: Delivery) -> tuple[bytes, str]:
        """The PDF of what was kept, and its hash. OtherPageError where it is of anything else."""
        if kept_content.sha256(item.content) != item.content_sha256:
            raise OtherPageError
        pdf = self.pdf(item)
        digest = hashlib.sha256(pdf).hexdigest()
        if digest != item.pdf_sha256 and statements.content_of(pdf) != item.content_sha256:
            raise OtherPageError
        return pdf, digest


class OtherPageError(Exception):
    """The page is not the one that was kept for its customer."""


def withhold_changed(settings: Settings, scope: Scope, actor: str) -> int:
    """Suppress statements that the books have overtaken before they left; returns how many.

    The next run tells their customers how it is now.
    """
    with books.opened(settings) as book:
        run = runs.get(book, scope.run_no)
        head = reads.register_head(book)["no"]
        if head == run.register_no:
            return 0
        late = as_of.customer_movements(book, run.as_of, head, after_register=run.register_no)
        customers = set(late["party_no"].to_list())
        return outbox.withhold(book, scope, customers, CHANGED, actor)


def check_mail(settings: Settings) -> Catalogue:
    """What mails say; UsageError where the settings name no server or sender that can be used."""
    for key in ("host", "sender"):
        if not settings.mail[key]:
            raise UsageError(f"[mail] {key}: nothing is set, expected it in the settings file")
    for key in ("sender", "reply_to"):
        address = parseaddr(settings.mail[key])[1]
        if settings.mail[key] and mailbox.wrong(address):
            raise UsageError(
                f"[mail] {key}: found {settings.mail[key]!r}, {mailbox.wrong(address)}"
            )
    linked = settings.mail["enclose"] == "link"
    if linked:
        link.check(settings.mail)
    return Catalogue(Path(settings.mail["texts"]) if settings.mail["texts"] else None, link=linked)


def has_mail(settings: Settings, scope: Scope) -> bool:
    """Whether anything of a run is to go, or may have gone, by mail."""
    with books.opened(settings) as book:
        return outbox.count(book, scope, "pending", "sending", method="email") > 0


def mail(settings: Settings, scope: Scope, actor: str, progress: Progress) -> Receipt:
    """Send what is pending by mail; returns counts by what came of it, ``waiting`` what is left.

    Deliveries whose worker went silent become ``unknown`` first. A server that takes no mail at all
    is waited for a little; then the rest waits for the next call.
    """
    catalogue = check_mail(settings)
    counts = {"sent": 0, "failed": 0, "unknown": 0}
    with books.opened(settings) as book, MailServer(settings.mail) as server:
        counts["unknown"] += outbox.lost(book, settings.mail["unknown_after_minutes"], actor)
        run = runs.get(book, scope.run_no)
        post = _Post(settings, book, run, server, catalogue, actor)
        total = outbox.count(book, scope, "pending", method="email")
        problem = ""
        try:
            for done, outcome in enumerate(_each(book, scope, post, settings, actor), 1):
                if outcome.state in counts:
                    counts[outcome.state] += 1
                progress("mail", min(done, total), total)
        except MailServerError as error:
            problem = str(error)
        left = outbox.count(book, scope, "pending", method="email")
    return {**counts, "waiting": left, "problems": [problem] if problem else [], **post.said()}


def _each(
    book: ledger.Ledger, scope: Scope, post: "_Post", settings: Settings, actor: str
) -> Iterator[Outcome]:
    """Claim, send, record, one after the other; who was not taken is tried once more at the end."""
    fallback = settings.mail["fallback"] == "print"
    outcome, after, again = None, 0, True
    while True:
        item = outbox.turn(book, scope, outcome, actor, after, on_paper=fallback)
        outcome = None
        if item is None:
            if not again:
                return
            after, again = 0, False
            continue
        after = item.id
        try:
            outcome = post.deliver(item)
        except MailServerError:
            outbox.settle(book, Outcome(item, "pending", "server_down"), actor)
            raise
        yield outcome


class _Post:
    """Makes each mail anew and sends it."""

    def __init__(
        self,
        settings: Settings,
        book: ledger.Ledger,
        run: runs.Run,
        server: MailServer,
        catalogue: Catalogue,
        actor: str,
    ) -> None:
        self._settings, self._server, self._catalogue = settings, server, catalogue
        self._book, self._actor = book, actor
        self._pages = Pages(run, settings)
        self.said = self._pages.said
        self._log = SentLog(settings, run.as_of)

    def deliver(self, item: Delivery) -> Outcome:
        """Send one statement. MailServerError where the server takes none, after some waiting."""
        if self._log.forgotten(item):  # the ledger was set back since
            self._log.told(item)
            return Outcome(item, "unknown", "left_before")
        if suppressions.stands(self._book, item.recipient):  # since it was composed
            return Outcome(item, "failed", "suppressed_address")
        try:
            pdf = self._pages.again(self._book, item, self._actor)
            made = self._message(item, pdf)
        except OtherPageError:
            return Outcome(item, "failed", "page_changed")
        except Exception:  # noqa: BLE001 - one mail that cannot be made stops no other
            return Outcome(item, "failed", "mail_not_made")
        self._log.left(item)
        try:
            state, reason = self._sent(item.recipient, made)
        except MailServerError:
            self._log.back(item)
            raise
        if state in ("pending", "failed"):
            self._log.back(item)
        if state == "pending" and item.tries >= self._settings.mail["tries"]:
            state = "failed"
        return Outcome(item, state, reason)

    def _sent(self, recipient: str, made: bytes) -> tuple[str, str]:
        for pause in _PAUSES:
            try:
                return self._server.send(self._settings.mail["sender"], recipient, made)
            except MailServerError:
                time.sleep(pause)
        return self._server.send(self._settings.mail["sender"], recipient, made)

    def _message(self, item: Delivery, pdf: bytes) -> bytes:
        said = json.loads(item.content)
        values = {
            "company": said["company"], "customer_no": item.customer_no,
            "name": said["address"][0], "day": said["as_of"], "number": str(item.number),
        }  # fmt: skip
        at, mail = dt.datetime.now(dt.UTC), self._settings.mail
        linked = mail["enclose"] == "link"
        if linked:
            values["link"] = link.address(mail, item.id, item.content_sha256, at.date())
        subject, text = self._catalogue.words(said["language"], values)
        enclosed = () if linked else (file_name(item), pdf)
        made = Mail(item.recipient, item.message_id, subject, text, *enclosed)
        return message(made, mail["sender"], mail["reply_to"], at)
