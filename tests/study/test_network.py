"""A whole study, its kernels included, asks nothing of any network."""

from __future__ import annotations

from pathlib import Path


def test_a_whole_study_reaches_nowhere(demo: Path, network_log: Path) -> None:
    assert (demo / "report.html").is_file()
    lines = network_log.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("tried")] == []
    assert len(lines) > 2  # the command and its kernels were watched
