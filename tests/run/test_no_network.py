"""A run asks nothing of any network: reading, a kernel, the page, the PDF and the workbook, each watched."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

RUN = """
import sys
from pathlib import Path
import nbformat
from jq_models import paths
from jq_models.data import check_study, read_table
from jq_models.report import publish_html, publish_pdf, wording, write_workbook
from jq_models.report.columns import numbers
from jq_models.report.table import build
from jq_models.run.notebook import run_notebook

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    check_study("demo")
    cells = [
        nbformat.v4.new_markdown_cell("# A question", id="a"),
        nbformat.v4.new_code_cell('seed: int = 1', id="b", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("import jq_models.data as d\\nprint(len(d.check_study('demo')))", id="c"),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "a.ipynb")
    run_notebook(folder / "a.ipynb", out=folder / "done.ipynb")
    html = publish_html(folder / "done.ipynb", out=folder / "a.html", language="nl")
    publish_pdf(html, out=folder / "a.pdf", language="nl")
    w = wording("nl")
    table = build("t", title="T", note="", columns=[numbers("x", heading="X", values=[1.0], w=w)])
    write_workbook([table], folder / "a.xlsx", w=w)
"""
CALLS = {
    "connect": "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)",
    "lookup": "import socket; socket.getaddrinfo('example.org', 443)",
    "datagram": "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    "page": "import urllib.request; urllib.request.urlopen('http://example.org', timeout=1)",
}


def watched(
    checkout: Path, folder: Path, *command: str
) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run Python with every process under it watched; return how it ended and what was written down."""
    log = folder / "network.log"
    path = os.pathsep.join(map(str, (checkout / "tests" / "network_guard", checkout)))
    done = subprocess.run(
        [sys.executable, *command],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": path, "JQ_NETWORK_LOG": str(log)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done, log.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("call", CALLS)
def test_the_watch_sees_and_stops_a_call(checkout: Path, tmp_path: Path, call: str) -> None:
    done, lines = watched(checkout, tmp_path, "-c", CALLS[call])
    assert done.returncode == 1
    assert "a test forbids every connection" in done.stderr
    assert [line.split()[0] for line in lines] == ["process", "tried"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no forks")
def test_the_watch_goes_on_in_a_fork(checkout: Path, tmp_path: Path) -> None:
    code = f"import os\nif os.fork() == 0:\n    {CALLS['connect']}\nelse:\n    os.wait()"
    _, lines = watched(checkout, tmp_path, "-c", code)
    assert [line.split()[0] for line in lines] == ["process", "process", "tried"]


def test_reading_a_kernel_and_publishing_reach_nowhere(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "run.py").write_text(RUN, encoding="utf-8")
    done, lines = watched(checkout, tmp_path, str(tmp_path / "run.py"), str(tmp_path))
    assert [line for line in lines if line.startswith("tried")] == []
    assert len(lines) >= 2  # this process and the kernel's
    assert (tmp_path / "a.xlsx").is_file(), done.stderr[-2000:]
