"""Talking to a mail server: after each mail it is known whether the server has it or may have it.

Until the dot that ends a mail the server cannot have it, so that it may be tried again. From the
dot to the answer nobody can know (RFC 1047): a mail whose answer was lost is ``unknown``.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Mapping
from email.utils import parseaddr
from types import TracebackType
from typing import Any, Self

from pipeline.domain import mailbox
from pipeline.domain.errors import LettrageError

_DOTS = re.compile(rb"^\.", re.MULTILINE)


class MailServerError(LettrageError):
    """The server cannot be reached or refuses the sender: no mail can go now."""

    retryable = True


class MailServer:
    """One connection, opened when it is needed and again after it broke."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        """``settings`` are ``[mail]``: host, port, security, user, password, timeout."""
        self._settings = settings
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._drop()

    def send(self, sender: str, recipient: str, message: bytes) -> tuple[str, str]:
        """Send one mail; returns ``sent``, ``pending``, ``failed`` or ``unknown``, and why.

        ``pending``: not taken this time. MailServerError where the server takes none at all.
        """
        smtp = self._ready()
        try:
            refused = self._envelope(smtp, sender, recipient)
            if refused is not None:
                return refused
            smtp.send(_DOTS.sub(b"..", message))  # the lines end with CRLF, the last one too
        except (smtplib.SMTPException, OSError):
            self._drop()
            return "pending", "connection_lost"
        try:
            smtp.send(b".\r\n")
            code, _ = smtp.getreply()
        except (smtplib.SMTPException, OSError):
            self._drop()
            return "unknown", "answer_lost"
        if code == 250:
            return "sent", ""
        return self._refused(smtp, code, "mail")

    def _envelope(self, smtp: smtplib.SMTP, sender: str, recipient: str) -> tuple[str, str] | None:
        code, _ = smtp.mail(mailbox.envelope(parseaddr(sender)[1]))
        if code != 250:  # it knows no recipient yet: it would say so of every mail
            self._drop()
            advice = "see [mail] sender" if code >= 500 else "try again later"
            raise MailServerError(f"the mail server refuses the sender ({code}); {advice}")
        code, _ = smtp.rcpt(mailbox.envelope(recipient))
        if code not in (250, 251):
            return self._refused(smtp, code, "address")
        code, _ = smtp.docmd("DATA")
        return None if code == 354 else self._refused(smtp, code, "mail")

    def _refused(self, smtp: smtplib.SMTP, code: int, what: str) -> tuple[str, str]:
        """Of a server's words the code alone is kept: they may name people."""
        try:
            if code == 421 or smtp.rset()[0] != 250:
                self._drop()
        except (smtplib.SMTPException, OSError):
            self._drop()
        state = "failed" if 500 <= code < 600 else "pending"
        return state, f"{what}_refused_{code}"

    def _ready(self) -> smtplib.SMTP:
        if self._smtp is None:
            try:
                self._smtp = self._connected()
            except smtplib.SMTPAuthenticationError as error:
                raise MailServerError(
                    f"the mail server refuses the password ({error.smtp_code}); see [mail] user"
                ) from None
            except (smtplib.SMTPException, OSError, ValueError) as error:  # words it cannot encode
                place = f"{self._settings['host']}:{self._settings['port']}"
                raise MailServerError(
                    f"the mail server {place} cannot be reached: {type(error).__name__}"
                ) from None
        return self._smtp

    def _connected(self) -> smtplib.SMTP:
        host, port = self._settings["host"], self._settings["port"]
        timeout, security = self._settings["timeout_seconds"], self._settings["security"]
        trusted = ssl.create_default_context()
        smtp: smtplib.SMTP
        if security == "tls":
            smtp = smtplib.SMTP_SSL(host, port, timeout=timeout, context=trusted)
        else:
            smtp = smtplib.SMTP(host, port, timeout=timeout)
        try:
            _hurried(smtp)
            if security == "starttls":
                smtp.starttls(context=trusted)
            if self._settings["user"]:
                smtp.login(self._settings["user"], self._settings["password"])
            smtp.ehlo_or_helo_if_needed()
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def _hurried(smtp: smtplib.SMTP) -> None:
    """The dot goes at once: held back until what was sent is acknowledged it costs 40 ms a mail."""
    if smtp.sock is not None:
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
