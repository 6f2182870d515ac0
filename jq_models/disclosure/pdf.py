"""What can be read out of a PDF without a PDF library: its objects, its metadata and its printed text.

Streams are inflated. Printed text is stored as glyph numbers; the fonts' ToUnicode tables turn them back
(PDF 32000-1:2008, 9.10). Every table is tried on every page, so which font is in use need not be known.
Figures are what a tagged PDF marks as such (14.8.4): there numbers stand by their place, not in rows.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_SHOWN = re.compile(rb"\(((?:\\.|[^\\()])*)\)|<([0-9A-Fa-f\s]*)>|\b(T[dDm*]|ET)", re.DOTALL)
_RANGE_BLOCK = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_RANGE = re.compile(rb"<(\w+)>\s*<(\w+)>\s*(?:<(\w+)>|\[(.*?)\])", re.DOTALL)
_CHAR = re.compile(rb"<(\w+)>\s*<(\w+)>")
_ILLEGIBLE = (b"/Image", b"/Length1", b"/CIDFontType0C", b"/Type1C", b"/OpenType")
_FIGURE = re.compile(rb"/Figure\s*<<[^>]*>>\s*BDC(.*?)\bEMC\b", re.DOTALL)
# a glyph that the table does not know is another font's: it parts what stands on its sides
_OTHER = "\N{REPLACEMENT CHARACTER}"
FONTS = (b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf", b"wOFF", b"wOF2")
_OCTAL = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

Glyphs = dict[bytes, str]
Tokens = list[tuple[bytes, bytes]]
"""Strings shown, and between them the operators that move the pen or end a text."""


class UnreadableError(Exception):
    """A container that could not be opened, so that nobody knows what is in it."""


def pdf_texts(data: bytes) -> Iterator[str]:
    """Yield the texts of a PDF: objects, inflated streams, text strings, and printed text.

    Printed text comes twice: line pieces joined by nothing (a word may be cut in pieces) and by a space.
    The labels of figures come once, each parted from the next: ticks and cells are no row of answers.

    Raises
    ------
    UnreadableError
        When the file is encrypted.
    """
    if b"/Encrypt" in data:
        raise UnreadableError("encrypted PDF")
    bodies = [_STREAM.sub(b"", data), *_legible_streams(data)]
    tables = [table for body in bodies if (table := _to_unicode(body))]
    for body in bodies:
        yield body.decode("latin-1")
        yield "\n".join(_strings(body))
        if b"TJ" in body or b"Tj" in body:
            yield from _printed(body, tables)


def _printed(body: bytes, tables: list[Glyphs]) -> Iterator[str]:
    page = _tokens(_FIGURE.sub(b" ", body))
    drawn = [_tokens(figure) for figure in _FIGURE.findall(body)]
    labels = [(raw, move) for tokens in drawn for raw, move in tokens if not move or move == b"ET"]
    for table in tables:
        pieces = list(_shown(page, table))
        yield "".join(pieces)
        yield " ".join(piece for piece in pieces if piece.strip())
        if labels:
            yield _OTHER.join(piece for piece in _shown(labels, table) if piece.strip())


def _legible_streams(data: bytes) -> Iterator[bytes]:
    """Yield the inflated streams but fonts and images, where chance bytes look like anything."""
    for match in _STREAM.finditer(data):
        dictionary = data[data.rfind(b"obj", 0, match.start()) : match.start()]
        body = _inflated(match.group(1))
        if not any(mark in dictionary for mark in _ILLEGIBLE) and not body.startswith(FONTS):
            yield body


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return stream  # not compressed, or an image: searched as it stands


def _strings(body: bytes) -> Iterator[str]:
    """Yield the text strings of objects: titles, authors, keywords, links."""
    for literal, code, _ in _SHOWN.findall(body):
        raw = _bytes(literal, code)
        yield raw[2:].decode("utf-16-be", "ignore") if raw.startswith(b"\xfe\xff") else raw.decode("latin-1")


def _bytes(literal: bytes, code: bytes) -> bytes:
    if code:
        digits = code if code.isalnum() else re.sub(rb"\s", b"", code)
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    return _OCTAL.sub(_one_byte, literal) if b"\\" in literal else literal


def _one_byte(match: re.Match[bytes]) -> bytes:
    code = match.group(1)
    return bytes([int(code, 8) % 256]) if code.isdigit() and code < b"8" else _NAMED.get(code, code)


def _to_unicode(body: bytes) -> Glyphs:
    """Read a ToUnicode table: which bytes stand for which text."""
    glyphs: Glyphs = {}
    for kind, block in _RANGE_BLOCK.findall(body):
        if kind == b"char":
            glyphs.update((bytes.fromhex(c.decode()), _utf16(t)) for c, t in _CHAR.findall(block))
        else:
            for low, high, first, listed in _RANGE.findall(block):
                glyphs.update(_range(low, high, first=first, listed=listed))
    return glyphs


def _range(low: bytes, high: bytes, *, first: bytes, listed: bytes) -> Iterator[tuple[bytes, str]]:
    texts = [_utf16(text) for text in _HEX.findall(listed)] if listed else None
    for step in range(int(high, 16) - int(low, 16) + 1):
        code = (int(low, 16) + step).to_bytes(len(low) // 2)
        if texts is None:
            start = _utf16(first)
            yield code, start[:-1] + chr(ord(start[-1]) + step)
        elif step < len(texts):
            yield code, texts[step]


def _utf16(code: bytes) -> str:
    return bytes.fromhex(code.decode()).decode("utf-16-be", "ignore")


def _tokens(body: bytes) -> Tokens:
    return [(b"" if move else _bytes(literal, code), move) for literal, code, move in _SHOWN.findall(body)]


def _shown(tokens: Tokens, table: Glyphs) -> Iterator[str]:
    """Yield the strings a page shows, by one font's table, in pieces between the operators."""
    width = max(map(len, table))
    piece: list[str] = []
    for raw, move in tokens:
        if move:
            yield "".join(piece)
            piece = []
        elif len(raw) == width:  # the usual case, by far: a glyph at a time
            piece.append(table.get(raw, _OTHER))
        else:
            piece += [table.get(raw[k : k + width], _OTHER) for k in range(0, len(raw), width)]
    yield "".join(piece)
