"""Old Vietnamese encodings that Python cannot write by itself: TCVN3 (ABC fonts) and windows-1258 with its marks."""

from __future__ import annotations

import unicodedata

LETTERS = "ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵĂÂĐÊÔƠƯ"
CODES = bytes.fromhex(
    "a8a9aeaaabacadb5b6b7b8b9bbbcbdbec6c7c8c9cacbcccecfd0d1d2d3d4d5d6d7d8dcdddedfe1e2e3e4e5e6e7e8e9eaebecedeeeff1f2f3"
    "f4f5f6f7f8f9fafbfcfdfea1a2a7a3a4a5a6"
)
TCVN3 = dict(zip(LETTERS, CODES, strict=True))
TONES = "\u0300\u0301\u0303\u0309\u0323"


def encode_tcvn3(text: str) -> bytes:
    """TCVN 5712-3 as ABC fonts use it: capitals with a tone have no code and take the small letter's."""
    made = bytearray()
    for char in unicodedata.normalize("NFC", text):
        code = ord(char) if char.isascii() else TCVN3.get(char) or TCVN3.get(char.lower())
        made += f"&#{ord(char)};".encode() if code is None else bytes([code])
    return bytes(made)


def encode_windows_1258(text: str) -> bytes:
    """Code page 1258: a letter that has no code of its own is written as its base followed by the tone."""
    return "".join(map(_apart, unicodedata.normalize("NFC", text))).encode("cp1258", "xmlcharrefreplace")


def _apart(char: str) -> str:
    try:
        char.encode("cp1258")
    except UnicodeEncodeError:
        pieces = unicodedata.normalize("NFD", char)
        base = unicodedata.normalize("NFC", "".join(piece for piece in pieces if piece not in TONES))
        return base + "".join(piece for piece in pieces if piece in TONES)
    return char
