"""Damage inside valid containers: the parts of a workbook, a table as workbook or SPSS file, a study file."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
from good import MARK, NUMBER
from mutate import Grid, Rng, damage_bytes

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "' + b"QZXJ" * 20 + b'">'
    + b"".join(f'<!ENTITY {chr(98 + k)} "{f"&{chr(97 + k)};" * 10}">'.encode() for k in range(9))
    + b']><worksheet>&j;</worksheet>'
)  # fmt: skip
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst><si><t>&a;</t></si></sst>'
# one place in a sheet's text, and what stands there instead
IN_SHEET: tuple[tuple[bytes, bytes], ...] = (
    (rb'<c r="[A-Z]+[0-9]+"', b'<c r="XFD1048576"'),
    (rb'<c r="[A-Z]+[0-9]+"', b'<c r="A99999999999"'),
    (rb'<c r="[A-Z]+[0-9]+"', b'<c r="QZXJ"'),
    (rb'<c r="[A-Z]+[0-9]+"', b"<c"),
    (rb'<row r="[0-9]+"', b'<row r="1048576"'),
    (rb'<row r="[0-9]+"', b'<row r="-1"'),
    (rb'<dimension ref="[^"]*"', b'<dimension ref="A1"'),
    (rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"'),
    (rb"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    (rb"</sheetData>", b'</sheetData><hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>'),
    (rb"<v>[^<]*</v>", b"<v>999999999</v>"),
    (rb"<v>[^<]*</v>", b"<v>" + b"9" * 500 + b"</v>"),
    (rb"<v>[^<]*</v>", b"<v>QZXJ 73519</v>"),
    (rb"<v>[^<]*</v>", b"<v>1e999</v>"),
    (rb"<v>[^<]*</v>", b'<f>HYPERLINK("QZXJ")</f>'),
    (rb"<v>[^<]*</v>", b"<v></v>"),
    (rb' t="[a-z]+"', b' t="e"'),
    (rb' t="[a-z]+"', b' t="d"'),
    (rb' t="[a-z]+"', b' t="inlineStr"'),
    (rb' t="[a-z]+"', b""),
    (rb' s="[0-9]+"', b' s="73519"'),
    (rb"<c ", b'<c s="1" t="n" '),
    (rb"</row>", b"<c><v>4</v></c></row>"),
    (rb"<sheetData>", b"<sheetData><![CDATA[QZXJ]]>"),
    (rb"<sheetData>", b"<sheetData>" + b"<x>" * 3000),
    (rb"^<\?xml[^>]*>", b'<?xml version="1.0" encoding="utf-7"?>'),
)


def damage_book(data: bytes, rng: Rng) -> bytes:
    """Damage one member of a workbook, or the list of its members, and zip it again."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = str(rng.choice(list(parts)))
    sheets = [part for part in parts if part.startswith("xl/worksheets/") and part.endswith(".xml")]
    kind = int(rng.integers(12))
    extra: list[tuple[str, bytes]] = []
    if kind <= 4 and sheets:
        sheet = str(rng.choice(sheets))
        parts[sheet] = _in_sheet(parts[sheet], rng)
    elif kind == 5:
        parts[name] = damage_bytes(parts[name], rng)
    elif kind == 6:
        del parts[name]
    elif kind == 7:
        parts[name] = (BOMB, OUTSIDE, parts[name].decode("utf-8", "replace").encode("utf-16"), b"")[
            int(rng.integers(4))
        ]
    elif kind == 8:
        extra = [(str(rng.choice(["../../evil.xml", "/etc/x", "C:\\x.xml", "xl\\..\\..\\x", name])), b"x")]
    elif kind == 9:
        extra = [("xl/embeddings/more.xlsx", data), ("xl/media/bomb.bin", bytes(40_000_000))][
            int(rng.integers(2)) :
        ][:1]
    elif kind == 10:
        other = str(rng.choice(list(parts)))
        parts[name], parts[other] = parts[other], parts[name]
    else:
        extra = [(f"xl/media/{k}.bin", b"x") for k in range(2_500)]
    zipped = _zipped([*parts.items(), *extra])
    return _encrypted(zipped) if rng.random() < 0.03 else zipped


def _in_sheet(text: bytes, rng: Rng) -> bytes:
    for _ in range(int(rng.integers(1, 4))):
        pattern, instead = IN_SHEET[int(rng.integers(len(IN_SHEET)))]
        places = list(re.finditer(pattern, text))
        if places:
            at = places[int(rng.integers(len(places)))]
            text = text[: at.start()] + instead + text[at.end() :]
    return text


def _zipped(parts: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two members of one name are what is wanted
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in parts:
                archive.writestr(name, text)
    return out.getvalue()


def _encrypted(data: bytes) -> bytes:
    """Set the flag that says a member is encrypted."""
    made = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.find(mark)
        while at >= 0:
            made[at + offset] |= 1
            at = made.find(mark, at + 4)
    return bytes(made)


def book_of(grid: Grid, rng: Rng) -> bytes:
    """Write a table as a workbook, cells that look like numbers as numbers, perhaps with more sheets."""
    book = openpyxl.Workbook()
    for row in grid[:3_000]:
        book.active.append([_cell(cell) for cell in row[:6_000]])
    if rng.random() < 0.1:
        book.create_sheet(f"Blad {MARK[:1]}").append(["x"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        kept = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)
        return kept[:32_000]


def sav_of(grid: Grid, path: Path) -> bytes | None:
    """Write a table as an SPSS file; None when its columns can't be called so."""
    import pandas as pd
    import pyreadstat

    if len(grid) < 2 or not grid[0] or len(grid[0]) > 500:
        return None
    width = len(grid[0])
    names = [f"v{k}" if not re.fullmatch(r"[A-Za-z]\w{0,60}", n) else n for k, n in enumerate(grid[0])]
    rows = [(row + [""] * width)[:width] for row in grid[1:200]]
    frame = pd.DataFrame(rows, columns=names).map(lambda cell: cell[:500])
    for name in list(dict.fromkeys(names)):
        numbers = pd.to_numeric(frame[name], errors="coerce") if names.count(name) == 1 else None
        if numbers is not None and numbers.notna().mean() > 0.5:
            frame[name] = numbers.replace([np.inf, -np.inf], float(NUMBER))
    try:
        pyreadstat.write_sav(frame, path)
    except Exception:  # noqa: BLE001 - what cannot be written is no test of reading
        return None
    return path.read_bytes()


TOML = (
    (r"(?m)^name = .*$", 'name = "../../etc"'), (r"(?m)^missing = .*$", "missing = [99.5, true]"),
    (r"(?m)^missing = .*$", f"missing = {'[' * 3000}"),
    (r"(?m)^missing = .*$", f"missing = [{'9' * 5000}]"),
    (r"(?m)^missing = .*$", "missing = [1, 2, 3, 4, 5]"), (r"(?m)^file = .*$", 'file = "/etc/passwd"'),
    (r"(?m)^file = .*$", 'file = "../../../etc/passwd"'), (r"(?m)^file = .*$", "file = 5"),
    (r"(?m)^instrument = .*$", 'instrument = "../../etc/passwd"'), (r"(?m)^instrument = .*$", ""),
    (r"(?m)^language = .*$", 'language = "xx"'), (r"(?m)^\[data\]$", "[data"), (r"(?m)^\[data\]$", ""),
    (r"(?m)^\[columns\]$", '[columns]\nOPP1 = "remarks"\nZZZ = "x"'), (r"(?m)^\[columns\]$", "columns = 3"),
    (r"(?m)^\[options\]$", "[options]\nminimum_group = 1"),
    (r"(?m)^\[options\]$", "[options]\nseed = -1e400"),
    (r"(?m)^\[options\]$", "[options]\nunknown = 1979-05-27T07:32:00Z"),
    (r"(?m)^\[options\]$", '[options]\n"" = 1'), (r"(?m)^column = .*$", 'column = "OPP1"'),
    (r"(?m)^column = .*$", "column = ['x']"), (r"(?m)^simulated = .*$", "simulated = 'yes'"),
    (r"(?m)^ignore = .*$", "ignore = [1]"), (r"(?m)^\[covariates\]$", "[covariates]\nrecommend = 'OPP2'"),
    (r"(?m)^\[options\]$", "a" + ".a" * 3000 + " = 1\n[options]"),
    (r"(?m)^\[options\]$", "[options]\nx = " + "{a=" * 2000), (r"(?m)^title = .*$", "title = { en = 3 }"),
    (r"(?m)^\[options\]$", "[response]\ninvited = -4\n[response.team]\nx = 'y'\n[options]"),
    (r"(?m)^\[options\]$", "[compare]\nnorm = '../x'\ntarget = nan\nprevious = '../../x'\n[options]"),
    (r"(?m)^\[options\]$", "[gates]\nfull = 'x'\n[options]"),
    (r"(?m)^\[options\]$", "[options]\ntheme = '/etc'"),
)  # fmt: skip


def damage_toml(text: str, rng: Rng) -> bytes:
    """Damage a study file: a key, a type, a value, or its bytes."""
    if rng.random() < 0.25:
        return damage_bytes(text.encode(), rng)
    for _ in range(int(rng.integers(1, 3))):
        pattern, instead = TOML[int(rng.integers(len(TOML)))]
        text = re.sub(pattern, instead.replace("\\", r"\\"), text, count=1)
    return text.encode()
