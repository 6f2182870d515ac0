"""What an uploaded file may be: size, kind, links, archives, declarations, extent; errors hold no cell."""

from __future__ import annotations

import io
import os
import shutil
import warnings
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from jq_models.data import archive, read_table, spss, upload
from jq_models.data.archive import check_archive
from jq_models.data.upload import bounded, checked_bytes, cleanly
from jq_models.errors import DataError

MARK = "QZXJ"
MERGED = b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
LINKED = b'<hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>'
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "QZXJ">]><x>&a;</x>'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder with an empty data/raw."""
    for name in ("instruments", "raw"):
        (tmp_path / "project" / "data" / name).mkdir(parents=True)
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(tmp_path / "project"))
    return tmp_path / "project"


def book(*rows: tuple[object, ...]) -> bytes:
    made = openpyxl.Workbook()
    for row in rows or (("OPP1", "OPP2"), (1, MARK)):
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(data: bytes, *more: tuple[str, bytes], **instead: bytes) -> bytes:
    """Return a workbook with members added, or its sheet or another part replaced."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        warnings.simplefilter("ignore")  # of two members of one name
        with zipfile.ZipFile(io.BytesIO(data)) as old:
            for name in old.namelist():
                made.writestr(name, instead.get(Path(name).stem, old.read(name)))
        for name, text in more:
            made.writestr(name, text)
    return out.getvalue()


def sheet_of(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return parts.read("xl/worksheets/sheet1.xml")


def refused(data: bytes, match: str) -> None:
    with pytest.raises(DataError, match=match) as caught:
        check_archive(data, Path("/home/ann/acme.xlsx"))
    assert "acme.xlsx" in str(caught.value)
    assert "/home" not in str(caught.value)
    assert MARK not in str(caught.value)


def test_a_file_is_returned_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x,y\n1,2\n")
    assert checked_bytes(tmp_path / "a.csv") == b"x,y\n1,2\n"


@pytest.mark.parametrize("content", [b"", b"\n \r\n"])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(DataError, match=r"a\.csv is empty"):
        checked_bytes(tmp_path / "a.csv")


def test_a_large_file_says_how_large_and_what_to_do(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("wb") as file:
        file.truncate(upload.MAX_BYTES + 1)
    with pytest.raises(DataError, match=r"is 200 MB; the limit is 200 MB. Export only the questions"):
        checked_bytes(tmp_path / "a.csv")


def test_a_line_without_end(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x,y\n" + b"1," * (upload.MAX_LINE // 2 + 1))
    with pytest.raises(DataError, match="a line of more than 10 MB"):
        checked_bytes(tmp_path / "a.csv")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(DataError, match=r"a\.csv (is no file|cannot be opened)"):
        checked_bytes(tmp_path / "a.csv")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(DataError, match="no file but a folder, device or pipe"):
        checked_bytes(tmp_path / "a.csv")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
def test_a_device_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to("/dev/zero")
    with pytest.raises(DataError, match="no file but a folder, device or pipe"):
        checked_bytes(tmp_path / "a.csv")


def test_a_link_out_of_the_raw_folder_is_refused(project: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text(f"{MARK},b\n1,2\n")
    (project / "data" / "raw" / "a.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(
        DataError, match=r"a\.csv in data/raw is a link that leads out of this folder"
    ) as caught:
        read_table(project / "data" / "raw" / "a.csv")
    assert "secret" not in str(caught.value)
    assert MARK not in str(caught.value)


def test_a_link_by_way_of_a_folder_is_refused(project: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.csv").write_text("a,b\n1,2\n")
    (project / "data" / "raw" / "sub").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DataError, match="leads out of this folder"):
        checked_bytes(project / "data" / "raw" / "sub" / "a.csv")


def test_a_link_within_the_raw_folder_and_one_from_elsewhere_are_followed(
    project: Path, tmp_path: Path
) -> None:
    raw = project / "data" / "raw"
    (raw / "b.csv").write_text("a,b\n1,2\n")
    (raw / "a.csv").symlink_to(raw / "b.csv")
    (tmp_path / "typed.csv").symlink_to(raw / "b.csv")
    assert checked_bytes(raw / "a.csv") == checked_bytes(tmp_path / "typed.csv") == b"a,b\n1,2\n"


def test_a_raw_folder_on_another_disk_is_no_link_out(project: Path, tmp_path: Path) -> None:
    disk = tmp_path / "encrypted"
    disk.mkdir()
    (disk / "a.csv").write_text("a,b\n1,2\n")
    (project / "data" / "raw").rmdir()
    (project / "data" / "raw").symlink_to(disk)
    assert checked_bytes(project / "data" / "raw" / "a.csv")


def test_a_plain_workbook_passes() -> None:
    check_archive(book(), Path("acme.xlsx"))


def test_a_workbook_with_a_picture_a_macro_and_an_old_encoding_name_passes() -> None:
    old = sheet_of(book()).replace(b"<worksheet", b'<?xml version="1.0" encoding="US-ASCII"?><worksheet', 1)
    data = changed(
        book(), ("xl/media/i.png", b"\x89PNG"), ("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"), sheet1=old
    )
    check_archive(data, Path("acme.xlsm"))


@pytest.mark.parametrize("name", ["../../a.xml", "/etc/a.xml", "C:\\a.xml", "xl\\..\\..\\a", "xl/../../a"])
def test_names_that_lead_out(name: str) -> None:
    refused(changed(book(), (name, b"x")), "name leads out of the workbook")


def test_two_parts_of_one_name() -> None:
    refused(changed(book(), ("XL/worksheets/Sheet1.xml", b"<x/>")), "two parts of one name")


def test_too_many_parts() -> None:
    refused(changed(book(), *((f"xl/{k}.bin", b"") for k in range(archive.MAX_MEMBERS))), r"2,0\d\d parts")


def test_an_archive_in_the_archive() -> None:
    refused(changed(book(), ("xl/embeddings/a.xlsx", book())), "another archive or document")


def test_a_part_that_unpacks_to_very_much() -> None:
    refused(changed(book(), ("xl/worksheets/sheet9.xml", bytes(15_000_000))), "more than 300 times its size")


def test_a_large_picture_or_table_of_styles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_PART", 2_000_000)
    noise = np.random.default_rng(1).bytes(2_100_000)
    refused(changed(book(), ("xl/media/a.bin", noise)), "a picture or part of more than 2 MB")
    check_archive(changed(book(), ("xl/worksheets/sheet9.xml", noise)), Path("acme.xlsx"))


def test_the_whole_is_counted_as_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED", 3_000_000)
    noise = np.random.default_rng(1).bytes(1_600_000)
    refused(changed(book(), ("xl/a.bin", noise), ("xl/b.bin", noise)), "unpacks to more than 3 MB")


@pytest.mark.parametrize("part", ["sheet1", "workbook", "styles", "theme1", "[Content_Types]"])
def test_xml_with_a_document_type(part: str) -> None:
    refused(changed(book(), **{part: ENTITY}), "declares a document type or entities")


def test_a_declaration_is_found_wherever_it_stands() -> None:
    far = b"<?xml version='1.0'?><!--" + b" " * ((1 << 20) - 30) + b"--><!DOCTYPE x><x/>"
    refused(changed(book(), sheet1=far), "declares a document type")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp037"])
def test_a_declaration_cannot_hide_in_another_encoding(encoding: str) -> None:
    refused(changed(book(), sheet1=ENTITY.decode().encode(encoding)), "not written in UTF-8")


def test_a_declaration_cannot_hide_behind_a_named_encoding() -> None:
    named = b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x>'
    refused(changed(book(), sheet1=named), "not written in UTF-8")


def test_very_many_sheets() -> None:
    listed = b"<workbook>" + b'<x:sheet name="a"/>' * (archive.MAX_SHEETS + 1) + b"</workbook>"
    refused(changed(book(), workbook=listed), "more than 500 sheets")


def test_a_tag_of_megabytes() -> None:
    attributes = b" ".join(b'a%d="1"' % k for k in range(300_000))
    refused(
        changed(book(), sheet1=b"<worksheet " + attributes + b"/>"), "a tag or text of a size that no cell"
    )


def test_a_password() -> None:
    data = bytearray(book())
    data[data.find(b"PK\x01\x02") + 8] |= 1
    refused(bytes(data), "protected by a password")
    refused(b"\xd0\xcf\x11\xe0" + bytes(600), "protected by a password, or an old .xls")


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"hello", book()[:-30], book()[:200]])
def test_a_damaged_archive(data: bytes) -> None:
    refused(data, "cannot be opened as an Excel workbook")


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        (b'r="B2"', b'r="XFD1048576"', "more than 5,000 columns"),
        (b'<row r="2"', b'<row r="99999999"', "more rows than Excel can hold"),
        (b"</sheetData>", b"</sheetData>" + MERGED, None),
        (b"</sheetData>", b"</sheetData>" + LINKED, None),
        (b"</sheetData>", b"</x>", "cannot be read"),
    ],
)  # fmt: skip
def test_a_sheet_that_says_it_is_huge_is_read_or_refused_at_once(
    tmp_path: Path, old: bytes, new: bytes, match: str | None
) -> None:
    data = book(("OPP1", "OPP2"), (1, 2), (3, 4))
    (tmp_path / "a.xlsx").write_bytes(changed(data, sheet1=sheet_of(data).replace(old, new, 1)))
    if match:
        with pytest.raises(DataError, match=match):
            read_table(tmp_path / "a.xlsx")
    else:
        assert read_table(tmp_path / "a.xlsx").frame.to_numpy().tolist() == [[1, 2], [3, 4]]


def test_cells_beyond_what_the_sheet_says_of_its_size_are_read(tmp_path: Path) -> None:
    data = book(("OPP1", "OPP2"), (1, 2), (3, 4))
    small = sheet_of(data).replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1:A2"')
    assert small != sheet_of(data)
    (tmp_path / "a.xlsx").write_bytes(changed(data, sheet1=small))
    assert read_table(tmp_path / "a.xlsx").frame.shape == (2, 2)


def test_limits_of_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path("a.csv")
    assert list(bounded([["a", "b"], ["1", "2"]], path)) == [["a", "b"], ["1", "2"]]
    with pytest.raises(DataError, match="more than 5,000 columns"):
        list(bounded([["x"] * 5_001], path))
    monkeypatch.setattr(upload, "MAX_ROWS", 2)
    assert len(list(bounded([["x"]] * 3, path))) == 3  # the header and two rows
    with pytest.raises(DataError, match="more than 2 rows"):
        list(bounded([["x"]] * 4, path))
    monkeypatch.setattr(upload, "MAX_CELLS", 5)
    with pytest.raises(DataError, match="more than 5 cells"):
        list(bounded([["x", "y"]] * 3, path))


@pytest.mark.parametrize(
    "stray",
    [ValueError(MARK), KeyError(MARK), RecursionError(MARK), OverflowError(MARK),
     UnicodeDecodeError("utf-8", MARK.encode(), 0, 1, MARK)],
)  # fmt: skip
def test_what_a_library_raises_leaves_without_its_text(stray: Exception) -> None:
    def read() -> None:
        warnings.warn(MARK, stacklevel=1)
        raise stray

    with pytest.raises(DataError, match=rf"a\.csv cannot be read: .*\({type(stray).__name__}\)") as caught:
        cleanly(read, Path("a.csv"))
    assert MARK not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_an_error_of_ours_keeps_its_words_and_loses_what_it_carried() -> None:
    def read() -> None:
        try:
            int(MARK)
        except ValueError:
            raise DataError("say this") from None

    with pytest.raises(DataError, match=r"^say this$") as caught:
        cleanly(read, Path("a.csv"))
    assert caught.value.__context__ is None


def test_too_little_memory() -> None:
    def read() -> None:
        raise MemoryError

    with pytest.raises(DataError, match="needs more memory than this machine has"):
        cleanly(read, Path("a.csv"))


def test_a_file_that_crashes_the_spss_library_is_refused(tmp_path: Path, checkout: Path) -> None:
    # found by the fuzzer in simulated data: pyreadstat 1.3.7 ends with a segmentation fault on it
    shutil.copy(checkout / "tests" / "fuzz" / "crashes_readstat.zsav", tmp_path / "a.zsav")
    with pytest.raises(DataError, match="cannot be opened as an SPSS file"):
        read_table(tmp_path / "a.zsav")


def test_an_spss_file_with_too_many_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pandas as pd
    import pyreadstat

    pyreadstat.write_sav(pd.DataFrame({"a": [1.0] * 40, "b": ["x"] * 40}), tmp_path / "a.sav")
    assert read_table(tmp_path / "a.sav").n == 40
    monkeypatch.setattr(spss, "MAX_CELLS", 60)
    with pytest.raises(DataError, match="more than 60 cells"):
        read_table(tmp_path / "a.sav")
