"""A real mail server on loopback that keeps what it takes, and fails as it is told to."""

import contextlib
import random
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from typing import Any

from aiosmtpd import smtp
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session


@dataclass
class Sink:
    """What came, by recipient; faults are drawn by a seeded chance, or set for a recipient."""

    fault_rate: float = 0.0
    faults: dict[str, str] = field(default_factory=dict)
    """Recipient: ``address_4xx``, ``address_5xx``, ``mail_4xx``, ``before_dot``, ``after_dot``."""
    once: bool = False
    """Each fault that is set for a recipient happens once."""
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    lost_answers: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    port: int = 0

    def counts(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        heads = (BytesHeaderParser(policy=SMTP).parsebytes(content) for _, content in self.taken)
        return Counter(str(head["Message-ID"]) for head in heads)

    def messages(self) -> Iterator[EmailMessage]:
        for _, content in self.taken:
            yield message_from_bytes(content, policy=SMTP)  # type: ignore[arg-type, misc]

    def fault(self, address: str, *kinds: str) -> str:
        kind = self.faults.get(address, "")
        if kind in kinds:
            if self.once:
                del self.faults[address]
            return kind
        return self.chance.choice(kinds) if self.chance.random() < self.fault_rate else ""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: smtp.SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        kind = self.fault(address, "address_4xx", "address_5xx", "before_dot")
        if kind == "before_dot":
            abort(server)
        if kind == "address_5xx" and self.fault_rate:
            kind = "address_4xx"
        if kind.startswith("address"):
            return "451 later" if kind.endswith("4xx") else "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: smtp.SMTP, session: Session, envelope: Envelope
    ) -> str:
        address = envelope.rcpt_tos[0]
        kind = self.fault(address, "mail_4xx", "mail_5xx", "after_dot", "after_dot_lost")
        if kind.startswith("mail") and not (kind == "mail_5xx" and self.fault_rate):
            return "451 later" if kind == "mail_4xx" else "554 no such mail"
        if kind != "after_dot_lost":
            assert isinstance(envelope.content, bytes)
            self.taken.append((address, envelope.content))
        if kind.startswith("after_dot"):
            self.lost_answers += 1
            abort(server)
        return "250 OK"


def abort(server: smtp.SMTP) -> None:
    """The connection is gone, without a word."""
    assert server.transport is not None
    server.transport.abort()


@contextlib.contextmanager
def mail_server(sink: Sink) -> Iterator[Sink]:
    """The sink as a server on a free port, until the end."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        sink.port = found.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop(no_assert=True)
