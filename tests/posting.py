"""A real server of outgoing mail, on a port of its own, that keeps what it takes."""

from collections.abc import Generator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from pipelines import servers

REFUSED = "nobody@example.org"
USER, PASSWORD = "hub", "a secret"


class Kept(list[EmailMessage]):
    """The mails that came, and where they came to."""

    port = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take every address but one."""
        if address == REFUSED:
            return "550 there is nobody of this name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep a mail."""
        content = envelope.content
        assert isinstance(content, bytes)
        told = message_from_bytes(content, policy=policy.default)
        assert isinstance(told, EmailMessage)
        self.append(told)
        return "250 OK"


def _authenticated(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, told: object
) -> AuthResult:
    right = (USER.encode(), PASSWORD.encode())
    given = getattr(told, "login", None), getattr(told, "password", None)
    return AuthResult(success=given == right, handled=False)


@contextmanager
def posting(asks: bool = False) -> Generator[Kept]:
    """A server that runs; one that `asks` takes mail from USER only."""
    kept = Kept()
    kept.port = servers.free_port(0)
    controller = Controller(
        kept, hostname="127.0.0.1", port=kept.port, authenticator=_authenticated,
        auth_required=asks, auth_require_tls=False,
    )  # fmt: skip
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()
