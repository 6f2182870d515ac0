"""A whole study, its kernels included, asks nothing of any network."""

from __future__ import annotations

from pathlib import Path

from jq_models.run.together import NOTEBOOKS


def test_a_whole_study_reaches_nowhere(demo_nl: Path, network_log: Path) -> None:
    assert (demo_nl / "report.html").is_file()
    lines = network_log.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("process ")] == []
    assert len(lines) > len(NOTEBOOKS)  # the command and the kernel of every notebook were watched
