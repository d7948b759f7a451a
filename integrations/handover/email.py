"""Handing over by e-mail. The message's id is made from the packet's key, so that a repeat is the same message."""

from __future__ import annotations

import hashlib
import json
import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from assistant.domain.hand_over import Packet
from assistant.errors import PermanentFault, TransientFault
from integrations.handover.packet_json import packet_json

_TRANSIENT_CODES = range(400, 500)


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where e-mail leaves. `tls`: "starttls", "tls" (from the first byte) or "none" (for a server on this machine)."""

    host: str
    port: int = 587
    sender: str = "field-assistant@localhost"
    tls: str = "starttls"
    user: str | None = None
    password: str | None = None
    timeout: float = 20.0


class SmtpHandOver:
    """Sends the card as readable text with the same facts attached as JSON. Reference and type stand in the subject."""

    def __init__(self, server: SmtpServer, to: str) -> None:
        self._server = server
        self._to = to

    def deliver(self, packet: Packet) -> str:
        """Send once; the receipt is the message id. 4xx and no answer are transient, 5xx and a bad login are not."""
        message = compose(packet, self._server.sender, self._to)
        where = f"mail server {self._server.host}:{self._server.port}"
        try:
            with self._connected() as smtp:
                smtp.send_message(message)
        except smtplib.SMTPAuthenticationError as fault:
            raise PermanentFault(f"{where} refused the login; see [smtp] in settings") from fault
        except smtplib.SMTPRecipientsRefused as fault:
            codes = [code for code, _ in fault.recipients.values()]
            raise _by_code(codes[0], f"{where} refused the address {self._to} ({codes[0]})") from fault
        except smtplib.SMTPResponseException as fault:
            raise _by_code(fault.smtp_code, f"{where} answered {fault.smtp_code}") from fault
        except smtplib.SMTPNotSupportedError as fault:
            raise PermanentFault(f"{where} offers no {self._server.tls}; see [smtp] in settings") from fault
        except ssl.SSLCertVerificationError as fault:
            raise PermanentFault(f"{where} shows a certificate nobody vouches for") from fault
        except (smtplib.SMTPException, OSError) as fault:
            raise TransientFault(f"{where} did not answer ({type(fault).__name__})") from fault
        return str(message["Message-ID"])

    def _connected(self) -> smtplib.SMTP:
        held = self._server
        if held.tls == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                held.host, held.port, timeout=held.timeout, context=ssl.create_default_context()
            )
        else:
            smtp = smtplib.SMTP(held.host, held.port, timeout=held.timeout)
        try:
            if held.tls == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if held.user is not None:
                smtp.login(held.user, held.password or "")
        except BaseException:
            smtp.close()
            raise
        return smtp


def compose(packet: Packet, sender: str, to: str) -> EmailMessage:
    """The message for a packet: the same key gives the same bytes, date included."""
    referral = packet.referral
    domain = sender.rpartition("@")[2] or "localhost"
    kind = referral.type.value.replace("_", " ")
    message = EmailMessage()
    message["Message-ID"] = f"<{hashlib.sha256(packet.key.encode()).hexdigest()[:40]}@{domain}>"
    message["From"] = Address(addr_spec=sender)
    message["To"] = Address(addr_spec=to)
    message["Date"] = format_datetime(referral.received_at)
    message["Subject"] = f"{referral.reference}: {kind}, due {referral.due_at:%Y-%m-%d %H:%M} UTC"
    message["X-Rep-Key"] = packet.key
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_readable(packet))
    attached = json.dumps(packet_json(packet), ensure_ascii=False, indent=2, sort_keys=True)
    message.add_attachment(
        attached.encode("utf-8"),
        maintype="application",
        subtype="json",
        filename=f"{referral.reference}-r{referral.revision}.json",
    )
    return message


def _readable(packet: Packet) -> str:
    referral = packet.referral
    rows = [
        ("Reference", f"{referral.reference}, revision {referral.revision}"),
        ("Type", referral.type.value.replace("_", " ")),
        ("Special situation", (referral.special_situation or "").replace("_", " ")),
        ("Day zero", f"{referral.day_zero:%Y-%m-%d %H:%M} UTC"),
        ("Due", f"{referral.due_at:%Y-%m-%d %H:%M} UTC"),
        ("Sent by", f"{referral.sender.identity} ({referral.sender.role or 'not on the roster'})"),
        ("Why", referral.why),
        *((name.value.replace("_", " ").capitalize(), words) for name, words in sorted(referral.details.items())),
        ("Still missing", ", ".join(word.replace("_", " ") for word in referral.missing)),
        ("Note", packet.note),
    ]
    lines = [f"{name}: {' '.join(value.split())}" for name, value in rows if value]
    if referral.original_id is not None:
        lines.append("The original words are kept in the vault; open them with: rep referrals show --original")
    return "\n".join(lines) + "\n"


def _by_code(code: int, message: str) -> Exception:
    return TransientFault(message) if code in _TRANSIENT_CODES else PermanentFault(message)
