"""Mail: what is sent out, by the server that mainstem.toml names.

The password is $MAINSTEM_MAIL_PASSWORD, never in a file.
"""

import smtplib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from pipelines import settings
from pipelines.errors import MainstemError
from pipelines.settings import Settings

PORTS = {"starttls": 587, "tls": 465, "none": 25}
PATIENCE = 60.0  # seconds that the server may take


@dataclass(frozen=True)
class Attached:
    """A file that goes with a mail."""

    name: str
    kind: str
    content: bytes


def check(addresses: Sequence[str]) -> None:
    """MainstemError for what is no address, before anything is worked out."""
    for address in addresses:
        if not settings.is_mail_address(address):
            raise MainstemError(f"{address!r} is no mail address. Write it like name@example.org.")


def send(
    told: Settings, to: Sequence[str], subject: str, text: str, attached: Sequence[Attached] = ()
) -> list[str]:
    """Send one mail to all; whom the server refused. MainstemError where nobody has it."""
    if not told.mail_server or not told.mail_sender:
        raise MainstemError(
            "No mail server is set. In mainstem.toml, under [mail], set server and sender."
        )
    check([*to, told.mail_sender])
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = told.mail_sender, ", ".join(to), subject
    mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain="mainstem")
    mail.set_content(text)
    for file in attached:
        kind, _, subkind = file.kind.partition("/")
        mail.add_attachment(file.content, maintype=kind, subtype=subkind, filename=file.name)
    try:
        with _opened(told) as server:
            if told.mail_user:
                server.login(told.mail_user, settings.mail_password())
            refused = server.send_message(mail)
    except (OSError, smtplib.SMTPException) as error:
        raise MainstemError(f"{told.mail_server} did not take the mail: {error}.") from error
    return list(refused)


def _opened(told: Settings) -> smtplib.SMTP:
    host, _, port = told.mail_server.partition(":")
    number = int(port or PORTS[told.mail_security])
    own = socket.gethostname()  # smtplib itself would ask the DNS, which may take long
    if told.mail_security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, number, own, timeout=PATIENCE, context=context)
    server = smtplib.SMTP(host, number, own, timeout=PATIENCE)
    if told.mail_security == "starttls":
        server.starttls(context=ssl.create_default_context())
    return server
