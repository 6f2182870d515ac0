"""Check the built pages: links and anchors hold, and nothing is asked of the network."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

REMOTE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")
# what a browser fetches by itself; a link in `a` is followed by a person only
FETCHED = ("src", "srcset", "poster", "data", "xlink:href")
EXTERNAL = ("http:", "https:", "mailto:")
# names of formats, written in pages and never fetched
NAMESPACES = ("http://www.w3.org/",)


@dataclass(slots=True)
class Seen:
    """What a page holds: its anchors, the links a reader follows, and what the browser fetches."""

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, seen: Seen) -> None:
        super().__init__(convert_charrefs=True)
        self.seen, self.style = seen, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.style = tag == "style"
        self.seen.ids |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag in ("a", "area") and "href" in given:
            self.seen.links.append(given["href"])
        elif "href" in given:
            self.seen.fetched.append(given["href"])
        self.seen.fetched += [given[name] for name in FETCHED if given.get(name)]
        self.seen.fetched += css_urls(given.get("style", ""))

    def handle_endtag(self, tag: str) -> None:
        self.style = self.style and tag != "style"

    def handle_data(self, data: str) -> None:
        if self.style:
            self.seen.fetched += css_urls(data)


def css_urls(text: str) -> list[str]:
    """Return what a style sheet fetches."""
    return [one or two for one, two in CSS_URL.findall(text)]


def seen_in(html: str) -> Seen:
    """Read one page."""
    seen = Seen()
    _Reader(seen).feed(html)
    return seen


def problems_of(site: Path) -> list[str]:
    """List broken links and anchors, absent files, and whatever would be fetched from elsewhere.

    Parameters
    ----------
    site : Path
        A built site.

    Returns
    -------
    list of str
        ``page: what is wrong``; empty when all is well.
    """
    texts = {p.relative_to(site).as_posix(): p.read_text(encoding="utf-8") for p in site.rglob("*.html")}
    pages = {name: seen_in(text) for name, text in texts.items()}
    found = [line for page, seen in sorted(pages.items()) for line in _page_problems(page, seen, pages, site)]
    for sheet in sorted(site.rglob("*.css")):
        name = sheet.relative_to(site).as_posix()
        asset = partial(_asset_problem, name, site=site)
        found += filter(None, map(asset, css_urls(sheet.read_text(encoding="utf-8"))))
    return found


def _page_problems(page: str, seen: Seen, pages: dict[str, Seen], site: Path) -> list[str]:
    found = [_link_problem(page, link, pages, site) for link in seen.links]
    found += [_asset_problem(page, target, site=site) for target in seen.fetched]
    return sorted({problem for problem in found if problem})


def _link_problem(page: str, link: str, pages: dict[str, Seen], site: Path) -> str:
    if link.startswith(EXTERNAL):
        return ""
    path, _, anchor = link.partition("#")
    target = _target(page, path) if path else page
    if target not in pages:
        return "" if (site / target).is_file() else f"{page}: no page {link}"
    held = not anchor or unquote(anchor) in pages[target].ids
    return "" if held else f"{page}: no anchor {link}"


def _asset_problem(page: str, target: str, *, site: Path) -> str:
    if REMOTE.match(target):
        return "" if target.startswith(NAMESPACES) else f"{page}: fetches {target}"
    if target.startswith(("data:", "#")):
        return ""
    there = site / _target(page, target.partition("#")[0].partition("?")[0])
    return "" if there.exists() else f"{page}: no file {target}"


def _target(page: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(path).partition("?")[0]))
