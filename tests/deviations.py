"""Measure how far our numbers lie from outside software's, test by test, and write reference/DEVIATIONS.md.

reference/compared.toml names each statistic, the outside software, the case and the tests that hold the two
against each other. Here these tests are run, and each comparison they make (``pytest.approx``,
``assert_allclose``, ``assert_frame_equal``) is watched: what stands in the document is what was measured,
not what is allowed. Fits of the engine beside lavaan's have a document of their own, AGREEMENT.md, and are
summed up from it.

``python tests/deviations.py`` writes the document (minutes); with words, it shows the tests so named.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd
import pytest

TESTS = Path(__file__).parent
REFERENCE = TESTS / "reference"
COMPARED, DOCUMENT = REFERENCE / "compared.toml", REFERENCE / "DEVIATIONS.md"
HEAD = REFERENCE / "deviations_head.txt"
COLUMNS = ("statistic", "outside software", "case", "numbers", "largest deviation", "allowed")
# rows of AGREEMENT.md, put together by what is asked of the engine
FAMILIES = {
    "ML, MLR, MLM, MLMV, MLF, with FIML": (
        "ML",
        "MLR",
        "MLM",
        "MLMV",
        "MLF",
    ),
    "ULS, GLS, WLS, DWLS": ("ULS", "GLS", "WLS", "DWLS"),
    "WLSMV, ULSMV of ordered items": ("WLSMV", "ULSMV"),
}
KINDS = {
    "estimates": "estimates",
    "standard errors": "se",
    "standardised estimates": "std",
    "chi-square, scaled tests, log-likelihood, AIC, BIC": "tests",
    "CFI, TLI, RMSEA, SRMR": "indices",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One line of compared.toml."""

    statistic: str
    software: str
    case: str
    tolerance: float
    tests: tuple[str, ...]


@dataclass(slots=True)
class Largest:
    """The largest deviation of one test, and how many numbers it compared."""

    deviation: float = 0.0
    numbers: int = 0

    def add(self, ours: Any, theirs: Any) -> None:
        """Count numbers in; a deviation is divided by the number's size where that is above 1."""
        mine, other = np.broadcast_arrays(_floats(ours), _floats(theirs))
        both = np.isfinite(mine) & np.isfinite(other)
        if both.any():
            far = np.abs(mine - other)[both] / np.maximum(1.0, np.abs(other)[both])
            self.deviation = max(self.deviation, float(far.max()))
            self.numbers += int(both.sum())


@dataclass(slots=True, eq=False)
class Watch:
    """A pytest plugin that writes down what is compared while a test runs."""

    found: dict[str, Largest] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    now: Largest | None = None
    silent: bool = False

    def note(self, ours: Any, theirs: Any) -> None:
        """Count a comparison of the test that runs; within another comparison nothing is counted."""
        if self.now is not None and not self.silent:
            self.now.add(ours, theirs)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Watch one test."""
        self.now = self.found.setdefault(item.nodeid, Largest())
        try:
            return (yield)
        finally:
            self.now = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember what failed: its numbers must not enter the document."""
        if report.failed:
            self.failed.append(report.nodeid)


def _floats(values: Any) -> np.ndarray:
    array = np.asarray(values)
    if array.dtype == object or array.dtype.kind not in "fiub":
        array = pd.to_numeric(pd.Series(array.ravel()), errors="coerce").to_numpy(float).reshape(array.shape)
    return array.astype(float)


@contextmanager
def watching(watch: Watch) -> Iterator[None]:
    """Hand every comparison to the watch while the block runs."""
    with pytest.MonkeyPatch.context() as patch:
        _wrap(patch, np.testing, "assert_allclose", watch, lambda ours, theirs: (ours, theirs))
        for name in ("assert_frame_equal", "assert_series_equal"):
            _wrap(patch, pd.testing, name, watch, _numeric_parts)
        scalar: Any = type(pytest.approx(1.0))  # what approx makes of each number, in a list or alone
        equal = scalar.__eq__

        def noted(self: Any, actual: Any) -> bool:
            if isinstance(self.expected, float | np.floating):
                watch.note(actual, self.expected)
            return bool(equal(self, actual))

        patch.setattr(scalar, "__eq__", noted)
        yield


Pair = Callable[[Any, Any], tuple[Any, Any]]


def _wrap(patch: pytest.MonkeyPatch, module: Any, name: str, watch: Watch, pair: Pair) -> None:
    compare = getattr(module, name)

    @wraps(compare)
    def noted(ours: Any, theirs: Any, *rest: Any, **more: Any) -> Any:
        watch.note(*pair(ours, theirs))
        outer, watch.silent = watch.silent, True
        try:
            return compare(ours, theirs, *rest, **more)
        finally:
            watch.silent = outer

    patch.setattr(module, name, noted)


def _numeric_parts(ours: Any, theirs: Any) -> tuple[Any, Any]:
    if ours.shape != theirs.shape:
        return np.nan, np.nan  # the comparison itself fails and says so
    return ours.to_numpy(), theirs.to_numpy()


def compared() -> list[Compared]:
    """Read compared.toml."""
    with COMPARED.open("rb") as file:
        entries = tomllib.load(file)["compared"]
    return [Compared(**(entry | {"tests": tuple(entry["tests"])})) for entry in entries]


def measure(tests: Iterable[str]) -> dict[str, Largest]:
    """Run tests (files or ids below tests/) and return what each compared."""
    watch = Watch()
    words = ["-n", "0", "-p", "no:cacheprovider", "-q", "--no-header", "-m", ""]
    with watching(watch):
        pytest.main([*words, *(str(TESTS / test) for test in dict.fromkeys(tests))], plugins=[watch])
    if watch.failed:
        raise SystemExit("These tests fail, so that nothing was written: " + ", ".join(watch.failed))
    return {nodeid.partition("tests/")[2] or nodeid: found for nodeid, found in watch.found.items()}


def of_line(line: Compared, found: Mapping[str, Largest]) -> Largest:
    """Put together the tests of one line, their parametrised ids included."""
    total = Largest()
    for test in line.tests:
        ours = [one for name, one in found.items() if name.partition("[")[0] == test]
        if not sum(one.numbers for one in ours):
            raise SystemExit(f"{test} of '{line.statistic}' compared no numbers.")
        total.deviation = max(total.deviation, *(one.deviation for one in ours))
        total.numbers += sum(one.numbers for one in ours)
    return total


def engine_rows() -> list[tuple[str, ...]]:
    """The fits of AGREEMENT.md, summed up by family and kind."""
    from lavaan_agreement import agreement_rows
    from lavaan_cases import cases

    table, listed = agreement_rows(), cases()
    rows = []
    for family, estimators in FAMILIES.items():
        block = table[table["estimator"].isin(estimators)]
        for kind, column in KINDS.items():
            allowed = max(listed[name].tolerance[column] for name in block.index)
            what = (f"{family}: {kind}", "lavaan 0.6-14", "AGREEMENT.md", f"{len(block)} fits")
            rows.append((*what, f"{block[column].max():.1e}", f"{allowed:g}"))
    return rows


def document(found: Mapping[str, Largest]) -> str:
    """The document, from what was measured."""
    rows = engine_rows()
    for line in compared():
        total = of_line(line, found)
        rows.append(
            (
                line.statistic,
                line.software,
                f"{line.case}/",
                str(total.numbers),
                f"{total.deviation:.1e}",
                f"{line.tolerance:g}",
            )
        )
    head = HEAD.read_text(encoding="utf-8")
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---|---|---|--:|--:|--:|"]
    return head + "\n" + "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def main(words: list[str]) -> None:
    """Show what the named tests compare, or write the document."""
    if words:
        for test, largest in measure(words).items():
            print(f"{largest.deviation:9.1e} {largest.numbers:7d}  {test}")
    else:
        tests = [test for line in compared() for test in line.tests]
        DOCUMENT.write_text(document(measure(tests)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
