"""Which words of a Dutch report are English, and what of a finished file a reader gets."""

from __future__ import annotations

import html
import json
import re
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl

from jq_models.disclosure.pdf import pdf_texts
from jq_models.report import wording
from jq_models.report.bibliography import references
from jq_models.spec import load_instrument, load_study

# names of statistics, methods and bodies that Dutch texts call by their English name
NAMES = (
    "maximum likelihood", "partial least squares", "employee net promoter score", "loglikelihood",
    "heterotrait-monotrait", "American Psychological Association", "alignment", "bootstrap", "back-ups",
)  # fmt: skip
# what stands in a file for programs: the model in lavaan's language, names of files, formats of numbers
CODE = (
    r"\b[\w/]+\.(?:csv|json|toml|xlsx)\b", r"\bdata/ ?\w+/ ?\w*", r"\[\[?\w+(?:\.\w+)?\]\]?",
    r"\bmissing (?=in het)", r"\b[A-Z]{2,}\d*\b",
)  # fmt: skip
# common English words that no Dutch text has; Dutch ones such as "of", "was" and "die" are left out
COMMON = frozenset(
    word
    for line in (
        "the and with from this that which are were has have not but by for between each every than when",
        "where there below above about into through their its they them these those how what who why any",
        "some only also more most less fewer such other others both either if then else because whether",
        "while until after before without within across two three four five first second third new old",
        "same different none yes no true false mean group path paths share answers answered answer",
        "question questions people person persons figure figures page loading sample size power weight",
        "weights error errors value values estimate estimates estimated lower upper higher lowest highest",
        "right left number numbers change difference job quality work satisfaction commitment turnover",
        "intention customer customers employees learning sharing response responses shown hidden row rows",
        "sheet title name names level levels tested fitted simulated here see does did can could should",
        "would will may must",
    )
    for word in line.split()
)
WORD = re.compile(r"[a-zà-ÿ]+(?:[’'‑-][a-zà-ÿ]+)*")
PLACEHOLDER = re.compile(r"\{\w+\}")


def words(text: str) -> set[str]:
    """The words of a text, in small letters."""
    return set(WORD.findall(text.lower()))


def titles() -> set[str]:
    """The words of the works cited: a PDF's lines part titles, and its fonts, too."""
    return set().union(*(words(reference.text) for reference in references()))


def cleared(text: str) -> str:
    """A text without titles of works, names of statistics, codes and what is for programs."""
    text = re.sub(r"\s+", " ", text)
    for reference in references():  # a line's end may part a title anywhere, even within a word
        text = re.sub(r"\s*".join(map(re.escape, re.sub(r"[\s*]", "", reference.text))), " ", text)
    for name in NAMES:
        text = re.sub(rf"\b{re.escape(name)}", " ", text, flags=re.IGNORECASE)
    for pattern in CODE:
        text = re.sub(pattern, " ", text)
    return text


def english_words(checkout: Path) -> frozenset[str]:
    """Words that the package says in English, in any file, and never in Dutch; common ones besides."""
    english, dutch = set(COMMON), set()
    study = load_study("demo")
    instrument = load_instrument(study.instrument)
    told = [
        *(text for c in instrument.constructs for text in (c.name, c.short, c.high)),
        *(item.text for item in instrument.items),
        instrument.source,
        *(group.label for group in study.groups),
        *(label for group in study.groups for label in group.labels.values()),
        study.title,
    ]
    for language, found in (("en", english), ("nl", dutch)):
        for text in wording(language).texts.values():
            found |= words(PLACEHOLDER.sub(" ", text))
        for text in told:
            found |= words(wording(language).of(text))
        for item in instrument.items:
            found |= words(" ".join(item.scale.labels[language]))
    for path in (checkout / "notebooks" / "study").glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                english |= words(re.sub(r"`[^`]*`", " ", "".join(cell["source"])))
    dutch |= words(re.sub(r"`[^`]*`", " ", " ".join(narration(checkout))))
    return frozenset(word for word in english - dutch if len(word) > 1)


def narration(checkout: Path) -> Iterator[str]:
    """The notebooks' texts in Dutch."""
    for path in sorted((checkout / "notebooks" / "study" / "nl").glob("*.toml")):
        cells = tomllib.loads(path.read_text(encoding="utf-8")).values()
        yield from (cell["text"] for cell in cells if isinstance(cell, dict))


def read(path: Path) -> str:
    """What a person reads in a finished file, alternative texts included."""
    match path.suffix:
        case ".html" | ".svg":
            return _page(path.read_text(encoding="utf-8"))
        case ".pdf":
            return " ".join(_printed(path.read_bytes()))
        case ".docx":
            return _office(path, r"word/(?:document|header\d*|footer\d*|footnotes)\.xml", block="w:p")
        case ".pptx":
            return _office(path, r"ppt/(?:slides|notesSlides|charts)/[^/]+\.xml", block="a:p")
        case ".xlsx":
            sheets = openpyxl.load_workbook(path).worksheets
            cells = (cell.value for sheet in sheets for row in sheet for cell in row)
            return " \n ".join([*(s.title for s in sheets), *(c for c in cells if isinstance(c, str))])
    raise AssertionError(path.suffix)


def _page(text: str) -> str:
    text = re.sub(r"<(style|metadata)\b.*?</\1>", " ", text, flags=re.DOTALL)
    text = re.sub(r"</?(?:span|em|strong|i|b|a)\b[^>]*>", "", text)  # what parts no words
    spoken = " ".join(re.findall(r'(?:alt|aria-label|title)="([^"]*)"', text))
    return html.unescape(f"{re.sub(r'<[^>]*>', ' ', text)} {spoken}")


def _office(path: Path, names: str, *, block: str) -> str:
    """The texts of an office file: runs of a paragraph joined, paragraphs parted; names and descriptions."""
    found = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if re.fullmatch(names, name):
                xml = archive.read(name).decode("utf-8")
                xml = re.sub(r"<(w:instrText|c:f|c:formatCode)\b.*?</\1>", " ", xml)
                found += re.findall(r'\b(?:descr|title|sheet name|c:v)="([^"]*)"', xml)
                found += [
                    re.sub(r"<[^>]*>", "", part) for part in re.split(rf"</{block}>|</c:v>|<[^>]*br/>", xml)
                ]
    return html.unescape(" \n ".join(found))


def _printed(data: bytes) -> Iterator[str]:
    """The printed texts of a PDF, without its objects, the commands that print and the names of anchors."""
    program = re.compile(r"/Type|<<|begincmap|\b(?:Tf|cm|BT|re)\b")
    anchor = re.compile(r"\b(?:[tf]\d+-)?(?:table|figure)-\S+")
    for text in pdf_texts(data):
        if text.count(" ") > 20 and not program.search(text):
            yield anchor.sub(" ", text).replace("\N{REPLACEMENT CHARACTER}", "")  # letters of other fonts
