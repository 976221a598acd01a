"""Pages saved from a browser as one file (.mht, .mhtml: MIME HTML, RFC 2557)."""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message


def page_of(saved: bytes) -> tuple[bytes, str | None, str | None]:
    """(the HTML page, its declared charset, its address) of a saved file; ValueError where it holds no HTML page."""
    message = message_from_bytes(saved)
    part = next(
        (part for part in message.walk() if part.get_content_type() in {"text/html", "application/xhtml+xml"}), None
    )
    if part is None:
        raise ValueError("no HTML page in the MHT file")
    page = part.get_payload(decode=True)
    address = _address(part) or _address(message)
    return (page if isinstance(page, bytes) else b""), part.get_content_charset(), address


def _address(part: Message) -> str | None:
    said = part.get("Content-Location") or part.get("Snapshot-Content-Location")
    return str(said).strip() if said and str(said).startswith("http") else None
