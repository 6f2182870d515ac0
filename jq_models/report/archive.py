"""Office files without the moment they were made: the same report then gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

EPOCH = datetime(2000, 1, 1)  # an office file must say when it was made
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_CORE, _APP = "docProps/core.xml", "docProps/app.xml"
_PREVIEW = "docProps/thumbnail.jpeg"  # of an empty template
_PREVIEWED = re.compile(rb'<Relationship [^>]*docProps/thumbnail.jpeg"[^>]*/>')
# a template's counts, version and machine are not the report's
_PROGRAM = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>jq_models</Application></Properties>"
)


def undated(archive: bytes, *, locale: str = "") -> bytes:
    """Return an office file with every date in it set to one day; workbooks inside it too.

    Parameters
    ----------
    archive : bytes
    locale : str
        Such as ``"nl-NL"``: the language of every text that the file takes for American.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name == _PREVIEW:
                continue
            content = old.read(name)
            if name == _APP:
                content = _PROGRAM
            elif name == _CORE:
                content = _DATES.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", content)
            elif name.endswith(".xlsx"):
                content = undated(content)
            elif name == "_rels/.rels":
                content = _PREVIEWED.sub(b"", content)
            elif locale and name.endswith(".xml"):
                content = content.replace(b'"en-US"', f'"{locale}"'.encode())
            entry = zipfile.ZipInfo(name, date_time=EPOCH.timetuple()[:6])
            new.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
