"""`python -m docs.make`: put the pages together in docs/build/pages, then let Sphinx make docs/build/site."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from docs.make.site import BUILD, build_site


def main(words: list[str]) -> int:
    """Build the site; return 0 when there was no warning and every link holds."""
    parser = argparse.ArgumentParser(prog="python3 do.py docs", description="Build the documentation site.")
    parser.add_argument("--out", type=Path, default=BUILD, help="folder of the pages and the site")
    parser.add_argument("--rooms", nargs="*", help="only these pages of the reference, and no notebooks")
    asked = parser.parse_args(words)
    return build_site(asked.out, rooms=None if asked.rooms is None else tuple(asked.rooms))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
