"""The PDF by a process of its own: the same bytes, in its place only when asked for, mistakes told."""

from __future__ import annotations

import multiprocessing
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
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


def _print_in(page: Path, to: Path, told: Connection) -> None:
    with printing(page, language="en", apart=True) as printed:
        told.send(printed(to))


def test_a_worker_that_may_have_no_process_of_its_own_prints_itself(page: Path, tmp_path: Path) -> None:
    # as Dask's are: a batch of one client has its notebooks side by side, and asks for a printing process
    to, spawn = tmp_path / "x.pdf", multiprocessing.get_context("spawn")
    answer, told = spawn.Pipe(duplex=False)
    worker = spawn.Process(target=_print_in, args=(page, to, told), daemon=True)
    worker.start()
    worker.join(60)
    assert worker.exitcode == 0
    assert answer.recv() == ""
    assert to.read_bytes().startswith(b"%PDF")


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
