"""The guards in conftest.py fail what they are there to fail."""

import shutil
import subprocess
import sys

BAD = """
import random
import numpy

def test_numpy():
    numpy.random.seed(1)

def test_random():
    random.random()

def test_generator():
    assert 0 <= numpy.random.default_rng(1).random() < 1

def test_warning():
    import warnings
    warnings.warn("x")
"""


def test_global_randomness_and_warnings_fail(checkout, tmp_path):
    shutil.copy(checkout / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_bad.py").write_text(BAD, encoding="utf-8")
    command = ["-m", "pytest", "-c", checkout / "pyproject.toml", "--rootdir", tmp_path, tmp_path, "-rA"]
    done = subprocess.run(
        [sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    verdicts = sorted(
        line.split(" - ")[0]
        for line in done.stdout.splitlines()
        if line.startswith(("PASSED", "FAILED", "ERROR"))
    )
    assert verdicts == [
        "ERROR test_bad.py::test_numpy",
        "ERROR test_bad.py::test_random",
        "FAILED test_bad.py::test_warning",
        "PASSED test_bad.py::test_generator",
        "PASSED test_bad.py::test_numpy",
        "PASSED test_bad.py::test_random",
    ], done.stdout + done.stderr
