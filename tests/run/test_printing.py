"""The PDF by a process of its own: the same bytes, in its place only when asked for, mistakes told."""

from __future__ import annotations

from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from jq_models.errors import RunError
from jq_models.run import printing as module
from jq_models.run.printing import printing

PAGE = (
    "<html lang=en><head><title>x</title></head><body><main><h1>A page</h1><p>Words.</p></main></body></html>"
)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "report.html"
    file.write_text(PAGE, encoding="utf-8")
    return file


def test_another_process_prints_the_same_bytes(page: Path, tmp_path: Path) -> None:
    for apart in (False, True):
        to = tmp_path / f"{apart}.pdf"
        with printing(page, language="en", apart=apart) as printed:
            assert not to.exists()
            assert printed(to) == ""
    assert (tmp_path / "False.pdf").read_bytes() == (tmp_path / "True.pdf").read_bytes()
    assert (tmp_path / "True.pdf").read_bytes().startswith(b"%PDF")


def test_a_process_that_dies_is_a_mistake_and_no_missing_library(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dead(*_: object, **__: object) -> Path:
        raise BrokenProcessPool

    monkeypatch.setattr(module, "publish_pdf", dead)
    with (
        pytest.raises(RunError, match="process that printed the PDF was ended"),
        printing(page, language="en", apart=False) as printed,
    ):
        printed(tmp_path / "x.pdf")
