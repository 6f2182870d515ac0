"""A planted leak is found in every kind of file, a clean folder has none, findings never quote."""

from __future__ import annotations

import base64
import bz2
import gzip
import html
import io
import json
import lzma
import re
import struct
import tarfile
import urllib.parse
import zipfile
import zlib
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import weasyprint

from jq_models.disclosure import Finding, describe, path_patterns, row_signatures, scan, scan_folder
from jq_models.errors import DisclosureError

CANARY = 'Vogel "Zürich" & 4711'
PLAIN = "KANARIE-4711"
POSIX = "/home/someone/project/data.csv"
WINDOWS = r"C:\Users\someone\data.csv"
WORDS = "Results: 12 dimensions, mean 3.42 (1/5), see https://example.org/home/index.html and ./tmp/x. "


def zipped(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


def taped(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tape:
        member = tarfile.TarInfo("inside.txt")
        member.size = len(data)
        tape.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def workbook(text: str) -> bytes:
    book = openpyxl.Workbook()
    book.active["B3"] = text
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def notebook(text: str) -> bytes:
    output = {"output_type": "stream", "name": "stdout", "text": ["first line\n", text + "\n"]}
    cell = {"cell_type": "code", "source": [], "metadata": {}, "outputs": [output], "execution_count": 1}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def picture(text: str) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    note = b"Title\x00\x00" + zlib.compress(text.encode("latin-1"))
    body = chunk(b"IHDR", header) + chunk(b"zTXt", note) + chunk(b"IDAT", zlib.compress(b"\x00\x00"))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def pdf(body: str, title: str = "t") -> bytes:
    page = f"<title>{html.escape(title)}</title><body>{body}</body>"
    return weasyprint.HTML(string=page).write_pdf()


def web_page_with_picture(text: str) -> bytes:
    data = base64.b64encode(picture(text * 3)).decode()
    return f"<html><img alt='x' src='data:image/png;base64,{data}'></html>".encode()


CONTAINERS = {
    "plain.txt": lambda t: t.encode(),
    "utf16.csv": lambda t: t.encode("utf-16"),
    "utf16le.txt": lambda t: ("x" + t).encode("utf-16-le"),
    "cp1252.csv": lambda t: ("é" + t).encode("cp1252"),
    "page.html": lambda t: f"<p>{html.escape(t)}</p>".encode(),
    "entities.html": lambda t: "".join(f"&#{ord(c)};" for c in t).encode(),
    "tagged.html": lambda t: f"<p>{html.escape(t[:4])}<b>{html.escape(t[4:])}</b></p>".encode(),
    "link.html": lambda t: f"<a href='x?{urllib.parse.quote(t)}'>x</a>".encode(),
    "script.html": lambda t: f"<script>var x = {json.dumps(t)};</script>".encode(),
    "in_json.json": lambda t: json.dumps({"a": json.dumps({"b": t})}).encode(),
    "run.json": lambda t: json.dumps({"a": [{"b": t}]}).encode(),
    "notebook.ipynb": notebook,
    "book.xlsx": workbook,
    "packed.zip": lambda t: zipped("a.txt", t.encode()),
    "nested.zip": lambda t: zipped("inner.zip", zipped("study.xlsx", workbook(t))),
    "name.zip": lambda t: zipped(f"{t}.txt", b"nothing"),
    "notebook.zip": lambda t: zipped("a.ipynb", notebook(t)),
    "log.gz": lambda t: gzip.compress(t.encode()),
    "log.bz2": lambda t: bz2.compress(t.encode()),
    "log.xz": lambda t: lzma.compress(t.encode()),
    "files.tar": lambda t: taped(t.encode()),
    "files.tar.gz": lambda t: gzip.compress(taped(t.encode())),
    "picture.png": picture,
    "short.html": lambda t: b"<a href='data:text/plain;base64," + base64.b64encode(t.encode()) + b"'>x</a>",
    "embedded.html": web_page_with_picture,
    "metadata.pdf": lambda t: pdf("nothing", title=t),
    "printed.pdf": lambda t: pdf(f"<p>{html.escape(t)}</p>"),
    "attached.zip": lambda t: zipped("report.pdf", pdf(f"<p>{html.escape(t)}</p>")),
}


def found(folder: Path, **options) -> set[tuple[str, str]]:
    return {(finding.file, finding.rule) for finding in scan_folder(folder, **options)}


@pytest.mark.parametrize("leak", [CANARY, PLAIN], ids=["quotes", "plain"])
@pytest.mark.parametrize("name", CONTAINERS)
def test_forbidden_text_is_found(name, leak, tmp_path):
    if name == "name.zip" and leak == CANARY:
        leak = "Vogel Zürich"
    (tmp_path / name).write_bytes(CONTAINERS[name](WORDS + "words "))
    assert found(tmp_path, forbidden=[leak]) == set()
    (tmp_path / name).write_bytes(CONTAINERS[name](leak))
    assert found(tmp_path, forbidden=[leak, "never there"]) == {(name, "forbidden_text")}


@pytest.mark.parametrize("name", [n for n in CONTAINERS if n not in ("name.zip", "link.html", "tagged.html")])
@pytest.mark.parametrize(("leak", "rule"), [(POSIX, "posix_path"), (WINDOWS, "windows_path")])
def test_absolute_paths_are_found(name, leak, rule, tmp_path):
    (tmp_path / name).write_bytes(CONTAINERS[name](f"read {leak} ok"))
    assert (name, rule) in found(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        WORDS,
        "a ratio 3/home, the root/tmp of it, src/media/main.py, ../mnt/x",
        "https://example.org/tmp/file and http://a.b/Users/x",
        r"\alpha\beta{x} e.g. C: the end",
        "see p:/ and q: /x",
        "body { font: 12px/1.5 serif } .a:root { }",
    ],
)
def test_harmless_texts_are_no_paths(text, tmp_path):
    (tmp_path / "a.html").write_text(text)
    (tmp_path / "a.json").write_text(json.dumps([text]))
    assert found(tmp_path) == set()


def test_own_folders_are_paths(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: Path("/opt/people/me"))
    monkeypatch.setattr(scan, "project_root", lambda: Path("/srv/studies/workbook"))
    patterns = path_patterns(prefixes=["/data"])
    assert patterns["posix_path"].search("in /opt/people/me, really")
    assert patterns["posix_path"].search("file:///data/x")
    assert not patterns["posix_path"].search("/opt/people/members")
    assert not patterns["posix_path"].search("/database/x")
    assert patterns["posix_path"].search("/srv/studies/workbook")
    assert patterns["posix_path"].search("/srv/studies/other/data.csv")


ANSWERS = pd.DataFrame(
    np.random.default_rng(3).integers(1, 6, size=(15, 20)).astype(float),
    columns=[f"I{k}" for k in range(20)],
)
ROW = [int(v) for v in ANSWERS.iloc[7, 4:17]]
HOLED = ANSWERS.copy()
HOLED.iloc[7, 9] = np.nan


def csv(separator: str, **options) -> bytes:
    return ANSWERS.iloc[[7]].to_csv(sep=separator, index=False, **options).encode()


ROWS = {
    "comma.csv": csv(",", float_format="%.0f"),
    "semicolon.csv": csv(";"),
    "dutch.csv": csv(";", decimal=","),
    "tab.txt": csv("\t"),
    "quoted.csv": csv(",", quoting=1),
    "holes.csv": HOLED.iloc[[7]].to_csv().encode(),
    "nans.csv": HOLED.iloc[[7]].to_csv(na_rep="NaN").encode(),
    "list.json": json.dumps(ROW).encode(),
    "pretty.json": json.dumps({"row": ROW}, indent=2).encode(),
    "nulls.json": HOLED.iloc[[7]].to_json(orient="values").encode(),
    "column.json": json.dumps({"I3": [int(v) for v in ANSWERS["I3"]]}).encode(),
    "table.html": ANSWERS.iloc[[7]].to_html().encode(),
    "cells.html": ("<tr>" + "".join(f"<td>{v}</td>" for v in ROW) + "</tr>").encode(),
    "frame.ipynb": notebook(ANSWERS.iloc[[7]].to_string()),
    "table.pdf": pdf("<table><tr>" + "".join(f"<td>{v}</td>" for v in ROW) + "</tr></table>"),
    "row.zip": zipped("a.csv", csv(",")),
}


@pytest.mark.parametrize("name", ROWS)
def test_rows_of_data_are_found(name, tmp_path):
    (tmp_path / name).write_bytes(ROWS[name])
    rows = row_signatures(HOLED if b"null" in ROWS[name] or "holes" in name or "nans" in name else ANSWERS)
    assert found(tmp_path, rows=rows) == {(name, "data_row")}


def figure_in_pdf(labels: list[object]) -> bytes:
    texts = "".join(f'<text x="{12 * k}" y="20">{label}</text>' for k, label in enumerate(labels))
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40">{texts}</svg>'
    picture = f"<img alt='d' src='data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}'>"
    page = f"<title>t</title><body><p>above</p>{picture}<p>below</p></body>"
    return weasyprint.HTML(string=page).write_pdf(pdf_tags=True)


def test_labels_of_a_printed_figure_are_read_one_by_one(tmp_path):
    # ticks and cells of a drawing stand by their place: side by side they are nobody's answers
    (tmp_path / "a.pdf").write_bytes(figure_in_pdf([*ROW, PLAIN.split()[0]]))
    assert found(tmp_path, forbidden=[WORDS], rows=row_signatures(ANSWERS)) == set()
    assert found(tmp_path, forbidden=[PLAIN.split()[0]]) == {("a.pdf", "forbidden_text")}
    (tmp_path / "a.pdf").write_bytes(figure_in_pdf([",".join(map(str, ROW))]))
    assert found(tmp_path, rows=row_signatures(ANSWERS)) == {("a.pdf", "data_row")}


@pytest.mark.parametrize("as_text", [False, True])
def test_rows_in_a_workbook_are_found(as_text, tmp_path):
    book = openpyxl.Workbook()
    book.active.append([str(v) for v in ROW] if as_text else ROW)
    book.save(tmp_path / "study.xlsx")
    assert found(tmp_path, rows=row_signatures(ANSWERS)) == {("study.xlsx", "data_row")}


def test_rows_behind_shared_strings_are_found(tmp_path):
    # as Excel and LibreOffice save texts: the sheet holds only their places in a list
    texts = ["total", *map(str, sorted(set(ROW), reverse=True))]
    strings = "".join(f"<si><t>{text}</t></si>" for text in texts)
    cells = "".join(f'<c t="s"><v>{texts.index(str(v))}</v></c>' for v in ROW)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/sharedStrings.xml", f"<sst>{strings}</sst>")
        archive.writestr("xl/worksheets/sheet1.xml", f"<sheetData><row><c s='1'/>{cells}</row></sheetData>")
    (tmp_path / "study.xlsx").write_bytes(buffer.getvalue())
    assert scan_folder(tmp_path, rows=row_signatures(ANSWERS)) == (
        Finding(file="study.xlsx", part="xl/worksheets/sheet1.xml (cells)", rule="data_row"),
    )


def test_signatures_leave_harmless_tables_alone(tmp_path):
    straight = pd.DataFrame([[4.0] * 20] * 15)
    assert row_signatures(straight) == frozenset()
    assert row_signatures(pd.DataFrame({"text": ["a"] * 30, "share": [0.5] * 30})) == frozenset()
    (tmp_path / "counts.csv").write_text("n_items\n" + "4\n" * 12)
    (tmp_path / "numbers.txt").write_text(" ".join(str(k) for k in range(60)) + " 3.14 2.71 " * 12)
    (tmp_path / "short.txt").write_text(",".join(map(str, ROW[:11])))
    assert found(tmp_path, rows=row_signatures(ANSWERS)) == set()


def test_file_and_folder_names_are_searched(tmp_path):
    (tmp_path / f"x {PLAIN}").mkdir()
    assert found(tmp_path, forbidden=[PLAIN]) == {("x [...]", "forbidden_text")}


def test_own_patterns_replace_the_default(tmp_path):
    (tmp_path / "a.txt").write_text(f"call 06-12345678 {POSIX}")
    assert found(tmp_path, patterns={"phone": re.compile(r"\b06-\d{8}\b")}) == {("a.txt", "phone")}


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(b"x" * 1000)[:-20],
        zipped("a.txt", b"x" * 1000)[:30] + b"\x00" * 40 + zipped("a.txt", b"x" * 1000)[70:],
        b"%PDF-1.7 /Encrypt 5 0 R",
    ],
    ids=["gz", "zip", "pdf"],
)
def test_what_cannot_be_opened_is_a_finding(data, tmp_path):
    (tmp_path / "broken.bin").write_bytes(data)
    assert found(tmp_path) == {("broken.bin", "unreadable")}


def test_nesting_without_end_is_a_finding(tmp_path):
    data = b"x"
    for _ in range(9):
        data = zipped("a.zip", data)
    (tmp_path / "deep.zip").write_bytes(data)
    assert found(tmp_path) == {("deep.zip", "unreadable")}


def test_findings_name_file_part_and_rule_but_never_the_text(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "study.zip").write_bytes(zipped("book.xlsx", workbook(PLAIN)))
    findings = scan_folder(tmp_path, forbidden=[PLAIN])
    assert all(f.file == "sub/study.zip" and f.part.startswith("book.xlsx!xl/") for f in findings)
    (tmp_path / "named.zip").write_bytes(zipped(f"{PLAIN}.txt", b"nothing"))
    findings = scan_folder(tmp_path, forbidden=[PLAIN])
    assert PLAIN not in repr(findings) + describe(findings)
    assert findings[0] == Finding(file="named.zip", part="[...].txt (name)", rule="forbidden_text")
    assert describe([Finding(file="a", part=p, rule="r") for p in "xy"]) == "a: r (2)"


def test_a_clean_report_folder_has_no_findings(tmp_path):
    for name, make in CONTAINERS.items():
        (tmp_path / name).write_bytes(make("words " if name == "name.zip" else WORDS))
    assert scan_folder(tmp_path, forbidden=[PLAIN, CANARY], rows=row_signatures(ANSWERS)) == ()


def test_errors(tmp_path):
    with pytest.raises(DisclosureError, match="no folder 'gone' to scan"):
        scan_folder(tmp_path / "gone")
    with pytest.raises(DisclosureError, match="A forbidden text is empty"):
        scan_folder(tmp_path, forbidden=["", "x"])
