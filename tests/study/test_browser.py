"""The report opens in a real browser, asks for nothing from anywhere, and nothing in it goes wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = (
    "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-default-apps",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> str:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed, and .ci/run should have installed it")
        pytest.skip("Chromium is not installed: the page is not tried in a browser")
    return found


def opened(browser: str, page: Path, folder: Path) -> tuple[str, list[str], str]:
    """Return the page's DOM after loading, the addresses asked for, and the console's complaints."""
    log = folder / "net.json"
    root = ("--no-sandbox",) if os.name == "posix" and os.geteuid() == 0 else ()
    done = subprocess.run(
        [browser, *QUIET, *root, f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}",
         "--enable-logging=stderr", "--virtual-time-budget=5000", "--dump-dom", page.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    text = log.read_text(encoding="utf-8")
    events = json.loads(text if text.rstrip().endswith("}") else text.rstrip().rstrip(",") + "]}")["events"]
    # the browser's own errands (updates, clock) have no page as initiator
    requests = [event["params"] for event in events if "initiator" in event.get("params", {})]
    asked = {str(r.get("url", "")) for r in requests if r["initiator"] != "not an origin"}
    console = "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)
    return done.stdout, sorted(a for a in asked if a.startswith(("http", "ws", "ftp"))), console


@pytest.mark.parametrize("name", ["demo_nl", "stored", pytest.param("demo", marks=pytest.mark.slow)])
def test_the_page_loads_alone(
    browser: str, name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    page = request.getfixturevalue(name) / "report.html"
    dom, asked, console = opened(browser, page, tmp_path)
    assert asked == []
    assert console == ""
    assert dom.count("<svg") >= 6
    assert "<table" in dom


def test_a_request_and_an_error_would_be_seen(browser: str, tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text(
        '<img src="http://127.0.0.1:9/x.png"><script>console.error("broken")</script>', encoding="utf-8"
    )
    _, asked, console = opened(browser, page, tmp_path)
    assert asked == ["http://127.0.0.1:9/x.png"]
    assert "broken" in console
