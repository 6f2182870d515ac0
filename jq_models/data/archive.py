"""Workbooks are zip archives of XML: what such an archive may hold, checked before it is opened as one."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from jq_models.errors import DataError

MAX_MEMBERS = 2_000
MAX_UNPACKED = 500_000_000  # bytes of all members together
MAX_RATIO = 300  # unpacked to packed; a sheet of answers has 5 to 50
RATIO_FROM = 10_000_000  # bytes unpacked from which the ratio counts
MAX_PART = 20_000_000  # bytes of a member that is neither a sheet nor the workbook's texts
MAX_SHEETS = 500
_SHEET = re.compile(rb"<(?:\w{1,20}:)?sheet[\s/>]")  # an entry of the workbook's list
_LARGE = re.compile(r"xl/(worksheets/[^/]+|sharedStrings)\.xml", re.IGNORECASE)
_STEP = 1 << 20
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_KEEP = max(map(len, _DECLARATIONS)) - 1
# Excel writes UTF-8. In another encoding a declaration would be written in other bytes and pass unseen.
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{0,40})["']""")
_PLAIN = (b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252")
_WIDE = (
    b"\xff\xfe",
    b"\xfe\xff",
    b"\x00\x00\xfe\xff",
    b"<\x00",
    b"\x00<",
    b"\x00\x00\x00<",
    b"\x4c\x6f\xa7\x94",
)
_MARK = b"\xef\xbb\xbf"  # what UTF-8 may begin with
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")
_OLE = b"\xd0\xcf\x11\xe0"  # what Excel wraps a workbook with a password in, and the format before 2007
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, ValueError,
           NotImplementedError, RuntimeError, OverflowError, IndexError)  # fmt: skip


def check_archive(data: bytes, path: Path) -> None:
    """Refuse a workbook that would unpack to more than a workbook, or hold anything but its own parts.

    Refused are: no or a damaged archive; a password; more members, bytes or a higher ratio than a survey
    has; names that lead out of the archive or stand twice; archives inside (embedded documents); XML that
    declares a document type or entities, or is not written in UTF-8.

    Parameters
    ----------
    data : bytes
    path : Path
        For error texts; only its name is shown.

    Raises
    ------
    DataError
        With the reason and what to do; no name of a member is shown, for a file may be called anything.
    """
    if data.startswith(_OLE):
        raise DataError(
            f"{path.name} is protected by a password, or an old .xls file under another ending. Save it "
            "again as .xlsx without a password."
        )
    broken = False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_list(archive.infolist(), path)
            _check_parts(archive, path)
    except _BROKEN:
        broken = True
    if broken:
        raise DataError(
            f"{path.name} cannot be opened as an Excel workbook: it is damaged, protected by a password, "
            "or of another format. Save it again as .xlsx without a password."
        )


def _check_list(members: list[zipfile.ZipInfo], path: Path) -> None:
    """Look at what the archive says of its members, before any is unpacked."""
    names = [member.filename for member in members]
    if len(members) > MAX_MEMBERS:
        raise _refused(path, f"it holds {len(members):,} parts, and a workbook has at most {MAX_MEMBERS:,}")
    if len({name.casefold() for name in names}) < len(names):
        raise _refused(path, "it holds two parts of one name")
    if any(_leads_out(name) for name in names):
        raise _refused(path, "it holds a part whose name leads out of the workbook")
    if any(member.flag_bits & 1 for member in members):
        raise DataError(f"{path.name} is protected by a password. Save it again without one.")


def _check_parts(archive: zipfile.ZipFile, path: Path) -> None:
    """Unpack every member and count, for the sizes an archive gives of itself may be untrue."""
    total = sheets = 0
    for member in archive.infolist():
        size = 0
        for bit in _scanned(archive, member, path):
            size += len(bit)
            total += len(bit)
            sheets += len(_SHEET.findall(bit))
            if sheets > MAX_SHEETS:
                raise _refused(path, f"it has more than {MAX_SHEETS} sheets")
            if total > MAX_UNPACKED:
                raise _refused(path, f"it unpacks to more than {MAX_UNPACKED // 10**6} MB")
            if size > RATIO_FROM and size > MAX_RATIO * max(member.compress_size, 1):
                raise _refused(path, f"a part of it unpacks to more than {MAX_RATIO} times its size")
            if size > MAX_PART and not _LARGE.fullmatch(member.filename):
                raise _refused(path, f"it holds a picture or part of more than {MAX_PART // 10**6} MB")


def _scanned(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> Iterator[bytes]:
    """Unpack a member bit by bit, look for what XML may not hold, and yield each bit."""
    with archive.open(member) as part:
        before, is_xml = b"", False
        while bit := part.read(_STEP):
            if not before:
                _check_start(bit, path)
                is_xml = bit.removeprefix(_MARK).lstrip().startswith(b"<")
            if is_xml and len(bit) == _STEP and b">" not in bit:
                raise _refused(path, "its XML has a tag or text of a size that no cell has")
            text = before + bit
            if any(word in text for word in _DECLARATIONS):
                raise _refused(path, "its XML declares a document type or entities, which no workbook needs")
            before = text[-_KEEP:]
            yield bit


def _check_start(bit: bytes, path: Path) -> None:
    if bit.startswith(_ARCHIVES):
        raise _refused(path, "it holds another archive or document")
    encoding = _ENCODING.match(bit.removeprefix(_MARK).lstrip())
    if bit.startswith(_WIDE) or (encoding and encoding[1].lower() not in _PLAIN):
        raise _refused(path, "its XML is not written in UTF-8")


def _leads_out(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/"))
    return parts.is_absolute() or ".." in parts.parts or ":" in name or "\x00" in name


def _refused(path: Path, why: str) -> DataError:
    return DataError(
        f"{path.name} is no plain workbook: {why}. Copy the sheet of answers into a new workbook and save "
        "that as .xlsx, or export the answers as .csv."
    )
