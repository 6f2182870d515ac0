"""Every text inside a file: what is compressed, packed, encoded or escaped is opened first."""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import html
import io
import json
import lzma
import re
import tarfile
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from jq_models.disclosure.pdf import FONTS, UnreadableError, pdf_texts

DEPTH = 6
LARGEST = 200_000_000

Part = tuple[str, bytes]

_STREAMS: dict[bytes, Callable[[bytes], bytes]] = {
    b"\x1f\x8b": gzip.decompress,
    b"BZh": bz2.decompress,
    b"\xfd7zXZ\x00": lzma.decompress,
}
# nothing legible stands in these bytes themselves: compressed, or pixels, or glyphs
_OPAQUE = (*_STREAMS, *FONTS, b"PK\x03\x04", b"\x89PNG")
_BROKEN = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError)
_BASE64 = re.compile(
    rb"base64,[A-Za-z0-9+/]{8,}={0,2}|(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/]{4}(?:\\n|\s){0,2}){24,}[A-Za-z0-9+/]{0,3}={0,2}"
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_SHORT = {"n": "\n", "t": "\t", "r": "\r", "b": " ", "f": " "}


def texts(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield (part, text) for every reading of a file's bytes.

    Parameters
    ----------
    data : bytes
        The whole file.

    Yields
    ------
    tuple of str
        The part inside the file (``""`` for the file itself, ``"xl/worksheets/sheet1.xml"``, nested parts
        joined by ``"!"``) and a text of it: decoded, unescaped (HTML, URL, JSON), tags taken out.

    Raises
    ------
    UnreadableError
        When a part is broken, encrypted, nested more than 6 deep or larger than 200 MB.
    """
    for part, content in unpacked(data):
        if content.startswith(b"%PDF-"):
            yield from ((part, text) for text in pdf_texts(content))
        elif not content.startswith(_OPAQUE):
            binary = b"\x00" in content
            for text in decoded(content):
                yield from ((part, reading) for reading in ([text] if binary else readings(text)))


def unpacked(data: bytes, *, part: str = "", depth: int = 0) -> Iterator[Part]:
    """Yield the bytes themselves and, opened again and again, everything packed in them."""
    if depth > DEPTH or len(data) > LARGEST:
        raise UnreadableError(part)
    yield part, data
    try:
        inner = list(_members(data))
    except _BROKEN:
        raise UnreadableError(part) from None
    except RuntimeError:  # what zipfile raises for an encrypted member
        raise UnreadableError(part) from None
    for name, content in inner:
        yield from unpacked(content, part=f"{part}!{name}" if part else name, depth=depth + 1)


def _members(data: bytes) -> Iterator[Part]:
    for magic, decompress in _STREAMS.items():
        if data.startswith(magic):
            yield "content", decompress(data)
    if data.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield "comment", archive.comment
            for entry in archive.infolist():
                yield f"{entry.filename} (name)", entry.filename.encode()
                yield entry.filename, archive.read(entry)
        yield from _sheets(data)
    elif data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as tape:
            for member in tape:
                stream = tape.extractfile(member)
                yield f"{member.name} (name)", member.name.encode()
                yield member.name, stream.read() if stream else b""
    elif data.startswith(b"\x89PNG"):
        yield from _png_texts(data)
    else:
        yield from _base64_parts(data)


def _sheets(data: bytes) -> Iterator[Part]:
    """Yield the rows of an Excel workbook as lines: its XML refers to texts by number."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return
        shared = archive.read("xl/sharedStrings.xml").decode() if _has_strings(archive) else ""
        strings = [_TAG.sub("", entry) for entry in re.findall(r"<si>.*?</si>|<si/>", shared, re.DOTALL)]
        for name in archive.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
                yield f"{name} (cells)", _cells(archive.read(name).decode(), strings).encode()


def _has_strings(archive: zipfile.ZipFile) -> bool:
    return "xl/sharedStrings.xml" in archive.namelist()


def _cells(sheet: str, strings: list[str]) -> str:
    lines = []
    for row in re.findall(r"<row\b.*?</row>", sheet, re.DOTALL):
        cells = re.findall(r"<c\b([^>]*?)(?:/>|>(.*?)</c>)", row, re.DOTALL)
        lines.append(",".join(_cell(kind, _TAG.sub("", content), strings) for kind, content in cells))
    return "\n".join(lines)


def _cell(kind: str, content: str, strings: list[str]) -> str:
    shared = 't="s"' in kind and content.isdigit() and int(content) < len(strings)
    return strings[int(content)] if shared else content


def _png_texts(data: bytes) -> Iterator[Part]:
    """Yield the text chunks of a PNG, where programs write titles, paths and software names."""
    place = 8
    while place + 8 <= len(data):
        length, kind = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        chunk = data[place + 8 : place + 8 + length]
        place += 12 + length
        if kind in (b"zTXt", b"iTXt"):
            start = chunk.find(b"\x78")
            yield kind.decode(), zlib.decompress(chunk[start:]) if start >= 0 and kind == b"zTXt" else chunk
        elif kind in (b"tEXt", b"eXIf"):
            yield kind.decode(), chunk


def _base64_parts(data: bytes) -> Iterator[Part]:
    """Yield what long base64 words hold: data URIs of a web page, pictures of a notebook."""
    for number, match in enumerate(_BASE64.finditer(data)):
        word = re.sub(rb"^base64,|\\n|\s", b"", match.group()).rstrip(b"=")
        try:
            yield f"base64 {number}", base64.b64decode(word + b"=" * (-len(word) % 4))
        except binascii.Error:
            continue  # a long word, not base64


def decoded(data: bytes) -> Iterator[str]:
    """Yield the bytes as text: UTF-8, or else Latin-1; UTF-16 too when every other byte may be zero."""
    try:
        yield data.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield data.decode("latin-1")
    if b"\x00" in data:
        for start in (0, 1):
            for encoding in ("utf-16-le", "utf-16-be"):
                yield data[start:].decode(encoding, errors="ignore")


def readings(text: str) -> Iterator[str]:
    """Yield a text as it stands, with each kind of escape undone, and with all undone one after another."""
    seen = {text}
    yield text
    undone = text
    for undo in (_json_strings, _unescape, html.unescape, urllib.parse.unquote, _untag):
        undone = undo(undone)
        for changed in (undo(text), undone):
            if changed not in seen:
                seen.add(changed)
                yield changed


def _untag(text: str) -> str:
    return _TAG.sub("", text) if "<" in text else text


def _unescape(text: str) -> str:
    return _ESCAPE.sub(_one_escape, text) if "\\" in text else text


def _one_escape(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(2)
    return chr(int(code, 16)) if code else _SHORT.get(match.group(3), match.group(3))


def _json_strings(text: str) -> str:
    """Return the strings of a JSON file joined without separator, as a notebook splits its texts."""
    if not text.lstrip().startswith(("{", "[")):
        return text
    try:
        return "".join(_strings(json.loads(text)))
    except ValueError:
        return text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield f"{key}\n"
            yield from _strings(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _strings(entry)
