"""Damage done to files on purpose: bytes, cells, headers, encodings, sizes; each by a seeded generator."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from good import MARK, NUMBER, delimited

Rng = np.random.Generator
Grid = list[list[str]]

ODD_BYTES = (
    b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b'"', b"'", b"\n", b"\r", b"\t", b";", b",", b"\x1a",
    b"\\", b"\x80", b"\xed\xa0\x80", b"PK\x03\x04", b"%PDF", b"\x1f\x8b\x08", b"<!DOCTYPE", b"{" * 50,
    b"[" * 500, b"\xe2\x80\xae", b"\xf0\x9f\x98\x80",
)  # fmt: skip
# what no answer should be; the marked ones must never be repeated
ODD_CELLS = (
    "vier", "five", "NaN", "nan", "inf", "-inf", "Infinity", "1e400", "-1e308", "9" * 400,
    "0." + "0" * 400 + "1", "1_000", "٣", "４", "²", "Ⅳ", "½", "1.000,50", "3,0,0", "--3", "+3", "3-", "0x3",
    "1e0", "TRUE", "WAAR", "None", "null", "#N/A", "#VERW!", "2024-02-30", "31/12/1899", "10:00:61",
    "2024-01-01T00:00:00Z", "9999-99-99", "", " ", "\t", "\u00a0", "\u200b", "\ufeff", "\u202eabc", "😀",
    "e\u0301" * 50, "\x07", "\x1b[31m", "'", '"', '""""', "a,b;c\td", "line\nbreak", "line\r\nbreak",
    "[red]x[/red]", "{0}", "{column}", "%s%n", "${7*7}", "<b>x</b>", "5" * 5000 + " x",
    "1" + " " * 3000 + "x", "(" * 400, f"=HYPERLINK(\"http://{MARK}\")", f"=cmd|' /C {MARK}'!A0",
    f"@SUM({MARK})", f"+{MARK}", f"-{MARK}", f"{MARK} is boos", f"{NUMBER}", f"{NUMBER},5", f"-{NUMBER}e10",
    f"{MARK.lower()}@voorbeeld.nl", f"{MARK}" * 40, "99", "999", "-9", "0", "3.5", "77",
)  # fmt: skip
ENCODINGS = (
    "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "shift_jis", "cp437", "utf-7", "utf-8-sig",
    "iso8859_15", "cp037", "mac_roman",
)  # fmt: skip


def damage_bytes(data: bytes, rng: Rng, *, first: int | None = None) -> bytes:
    """Change some bytes; `first` keeps to the file's beginning, where headers are."""
    made = bytearray(data)
    for _ in range(int(rng.integers(1, 9))):
        if made:
            at = int(rng.integers(min(len(made), first or len(made))))
            _choice(rng, BYTES)(made, at, rng)
    return bytes(made)


def _flip(made: bytearray, at: int, rng: Rng) -> None:
    made[at] = int(rng.integers(256))


def _insert(made: bytearray, at: int, rng: Rng) -> None:
    odd = _choice(rng, ODD_BYTES)
    made[at:at] = odd if rng.random() < 0.6 else rng.integers(0, 256, 40, dtype=np.uint8).tobytes()


def _delete(made: bytearray, at: int, rng: Rng) -> None:
    del made[at : at + int(rng.integers(1, 60))]


def _cut(made: bytearray, at: int, rng: Rng) -> None:
    del made[at if rng.random() < 0.3 else len(made) - int(rng.integers(1, 60)) :]


def _repeat(made: bytearray, at: int, rng: Rng) -> None:
    made[at:at] = made[at : at + int(rng.integers(1, 60))] * int(rng.integers(1, 40))


def _empty(made: bytearray, at: int, rng: Rng) -> None:
    part = made[at : at + int(rng.integers(1, 60))]
    made[at : at + len(part)] = bytes(len(part))


def _number(made: bytearray, at: int, rng: Rng) -> None:
    made[at : at + 4] = _choice(rng, (b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\x80", b"\1\0\0\0"))


def _exchange(made: bytearray, at: int, rng: Rng) -> None:
    other, many = int(rng.integers(len(made))), int(rng.integers(1, 60))
    made[at : at + many], made[other : other + many] = made[other : other + many], made[at : at + many]


def damage_text(data: bytes, rng: Rng) -> bytes:
    """Remove or double a line end, delimiter or quotation mark, or write the text in another encoding."""
    kind = int(rng.integers(4))
    if kind == 0:
        text = data.decode("utf-8", errors="replace")
        return text.encode(_choice(rng, ENCODINGS), errors="replace")
    if kind == 1:
        text = data.decode("utf-8", errors="replace")
        half = int(rng.integers(len(text) + 1))
        return text[:half].encode("cp1252", errors="replace") + text[half:].encode("utf-8")
    mark = _choice(rng, (b"\n", b"\r\n", b",", b";", b'"', b"\t"))
    places = [k for k in range(len(data)) if data.startswith(mark, k)][: 1 if rng.random() < 0.5 else None]
    if not places:
        return damage_bytes(data, rng)
    at = int(rng.choice(places))
    gone = b"" if kind == 2 else mark * int(rng.integers(2, 4))
    return data[:at] + gone + data[at + len(mark) :]


def damage_grid(grid: Grid, rng: Rng) -> Grid:
    """Change the header, some cells or the structure of a table."""
    made = [list(row) for row in grid]
    for _ in range(int(rng.integers(1, 4))):
        made = _choice(rng, (*HEADERS, *HEADERS, _cells, _cells, _column, *STRUCTURES))(made, rng)
    return made


def written(grid: Grid, rng: Rng) -> bytes:
    """Write a table as delimited text, in one of many ways."""
    encoding = _choice(rng, ("utf-8", "utf-8", "utf-8", *ENCODINGS))
    delimiter = _choice(rng, (",", ",", ";", "\t", "|", ":", " "))
    quoting = int(rng.integers(0, 3))
    data = delimited(_encodable(grid), delimiter=delimiter, encoding=encoding, quoting=quoting)
    return b"\xef\xbb\xbf" + data if rng.random() < 0.1 else data


def _encodable(grid: Grid) -> Grid:
    return [[cell.encode("utf-8", errors="replace").decode() for cell in row] for row in grid]


def _cells(grid: Grid, rng: Rng) -> Grid:
    for _ in range(int(rng.integers(1, 30))):
        row = grid[int(rng.integers(len(grid)))] if grid else []
        if row:
            row[int(rng.integers(len(row)))] = _choice(rng, ODD_CELLS)
    return grid


def _column(grid: Grid, rng: Rng) -> Grid:
    """Fill a whole column with something odd, or with numbers as words."""
    at = int(rng.integers(max(map(len, grid), default=1) or 1))
    cell = _choice(rng, ODD_CELLS)
    for row in grid[1:]:
        if at < len(row):
            row[at] = cell if rng.random() < 0.8 else f"{row[at]}.0"
    return grid


def _swap_headers(grid: Grid, rng: Rng) -> Grid:
    """Swap a header with another, or with a cell of its own column."""
    if grid and grid[0]:
        a, b = (int(k) for k in rng.integers(len(grid[0]), size=2))
        row = 0 if rng.random() < 0.4 else int(rng.integers(len(grid)))
        b = b if row == 0 else a
        if b < len(grid[row]):
            grid[0][a], grid[row][b] = grid[row][b], grid[0][a]
    return grid


def _copy_header(grid: Grid, rng: Rng) -> Grid:
    if grid and grid[0]:
        a, b = (int(k) for k in rng.integers(len(grid[0]), size=2))
        grid[0][a] = grid[0][b]
    return grid


def _odd_header(grid: Grid, rng: Rng) -> Grid:
    for _ in range(int(rng.integers(1, 6)) if grid and grid[0] else 0):
        odd = ("", "A" * 40_000, "\x00", "\x07\x1b", *ODD_CELLS)
        grid[0][int(rng.integers(len(grid[0])))] = _choice(rng, odd)
    return grid


def _no_header(grid: Grid, rng: Rng) -> Grid:
    return grid[1:] if rng.random() < 0.5 else [*grid[:1], *grid]


def _header_joined(grid: Grid, rng: Rng) -> Grid:
    """Lose the line end behind the header, as a careless edit does."""
    if len(grid) < 2 or not grid[0] or not grid[1]:
        return grid
    joined = [*grid[0][:-1], grid[0][-1] + grid[1][0], *grid[1][1:]]
    return [joined, *grid[2:]]


def _header_lower(grid: Grid, rng: Rng) -> Grid:
    """Put answers above the header, or the header somewhere among them."""
    if len(grid) > 3:
        at = int(rng.integers(1, len(grid)))
        grid[0], grid[at] = grid[at], grid[0]
    return grid


def _answers_as_some_headers(grid: Grid, rng: Rng) -> Grid:
    if len(grid) > 1:
        width = min(len(grid[0]), len(grid[1]))
        for at in rng.integers(width, size=int(rng.integers(1, width + 1))) if width else []:
            grid[0][int(at)] = grid[1][int(at)]
    return grid


def _ragged(grid: Grid, rng: Rng) -> Grid:
    for row in grid:
        if rng.random() < 0.3:
            del row[int(rng.integers(len(row) + 1)) :]
        elif rng.random() < 0.2:
            row += [_choice(rng, ODD_CELLS)] * int(rng.integers(1, 5))
    return grid


def _few(grid: Grid, rng: Rng) -> Grid:
    """Leave no rows, some rows, one column, or nothing."""
    kind = int(rng.integers(5))
    if kind == 0:
        return grid[:1]
    if kind == 1:
        return grid[: int(rng.integers(1, 35))]
    if kind == 2:
        return [row[:1] for row in grid]
    return [] if kind == 3 else [[""] * len(row) for row in grid]


def _many(grid: Grid, rng: Rng) -> Grid:
    """Make one thing very large: columns, a cell, rows, columns of one name."""
    kind = int(rng.integers(5))
    if kind == 0 and grid:
        grid[0] = grid[0] + [f"x{k}" for k in range(int(_choice(rng, (200, 4_000, 100_000))))]
    elif kind == 1 and len(grid) > 1 and grid[1]:
        grid[1][0] = MARK * int(_choice(rng, (1_000, 30_000, 300_000)))
    elif kind == 2:
        grid += grid[1:] * int(_choice(rng, (1, 5, 40)))
    elif kind == 3:
        grid = [row * 2 for row in grid]
    elif grid:
        grid[0] = [f"{name} {MARK * 20}" for name in grid[0]]
    return grid


def _shuffled(grid: Grid, rng: Rng) -> Grid:
    """Shift the cells of some rows sideways, or turn the table on its side."""
    if rng.random() < 0.2:
        width = min(map(len, grid), default=0)
        return [[row[k] for row in grid] for k in range(width)]
    for row in grid[1:]:
        if row and rng.random() < 0.3:
            row.insert(int(rng.integers(len(row))), _choice(rng, ODD_CELLS))
    return grid


def _choice(rng: Rng, options: tuple):  # type: ignore[no-untyped-def, type-arg]  # of whatever they are
    return options[int(rng.integers(len(options)))]


Damage = Callable[[Grid, Rng], Grid]
HEADERS: tuple[Damage, ...] = (
    _swap_headers, _copy_header, _odd_header, _no_header, _header_joined, _header_lower,
    _answers_as_some_headers,
)  # fmt: skip
STRUCTURES: tuple[Damage, ...] = (_ragged, _few, _many, _shuffled)
BYTES = (_flip, _insert, _delete, _cut, _repeat, _empty, _number, _exchange)
