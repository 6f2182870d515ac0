"""Write reference/AGREEMENT.md: every case our engine is held to, and how far it is from lavaan.

``python tests/lavaan_agreement.py`` writes it. With names of cases, or beginnings of names, it prints their
deviations and where they are instead; with ``--ready`` those of all, and marks the ones that agree as ready.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

import pandas as pd
from lavaan_cases import ENGINE, KINDS, REFERENCE, TOLERANCE, Agreement, cases, compare_fit, not_offered

DOCUMENT = REFERENCE / "AGREEMENT.md"
HEAD = """# Agreement with lavaan

Each row is one fit by our engine beside lavaan 0.6-14: the largest deviation over all its parameters and
measures. *own*: data and numbers in `engine/`; *oracle*: outside numbers kept beside the checkout, where
lavaan's optimiser ended (right to about 1e-5); their tests are skipped without that folder. Estimates,
standard errors and standardised values are absolute differences for ML, MLR, MLM, MLMV and MLF; for the
rest they are divided by max(0.1, |x|), standard errors by max(0.01, |x|). Tests (chi-square, df, p,
baseline, log-likelihood, AIC, BIC, scaled ones) and indices (CFI, TLI, RMSEA with its interval, SRMR,
scaled and robust ones) are divided by max(1, |x|).
Written by `python tests/lavaan_agreement.py`.
"""
COLUMNS = ("case", "source", "estimator", "n", "parameters", *KINDS)


def agreement_text(found: Iterable[Agreement]) -> str:
    """The document: tolerances, then one row a case."""
    lines = [HEAD, "Allowed: " + "; ".join(_allowed(normal) for normal in (True, False)) + ".\n"]
    for option, names in not_offered().items():
        if names:
            lines.append(
                f"Not compared with `{option}`, as the engine does not offer them: {', '.join(names)}.\n"
            )
    found = list(found)
    for case in (a.case for a in found if a.case.allowed):
        limits = ", ".join(f"{kind} {limit:g}" for kind, limit in case.allowed.items())
        lines.append(f"{case.name}: allowed {limits}. {case.why}.\n")
    lines += [
        f"{a.case.name}: not compared: {', '.join(a.case.unoffered)}. {a.case.why}.\n"
        for a in found
        if a.case.why and not a.case.allowed
    ]
    lines += ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    for a in found:
        cells = [a.case.name, a.case.source, a.case.arguments["estimator"], str(a.n), str(a.n_parameters)]
        cells += [f"{a.largest[kind]:.1e}" for kind in KINDS]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _allowed(normal: bool) -> str:
    limits = ", ".join(f"{kind} {limit:g}" for kind, limit in TOLERANCE[normal].items())
    return f"{'normal theory' if normal else 'the rest'}: {limits}"


def agreement_rows() -> pd.DataFrame:
    """The table of the document, indexed by case."""
    lines = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]
    return pd.DataFrame(rows, columns=COLUMNS).set_index("case").astype(dict.fromkeys(KINDS, float))


def show(names: list[str]) -> list[str]:
    """Print the deviations of the cases whose names begin so; return the names of those that agree."""
    agreed = []
    for case in (c for c in cases().values() if c.name.startswith(tuple(names))):
        try:
            found = compare_fit(case, case.fit())
        except Exception as problem:  # noqa: BLE001 - a survey goes on
            print(case.name, "-", type(problem).__name__, problem)
            continue
        figures = (f"{kind} {found.largest[kind]:.1e}" for kind in KINDS)
        print(case.name, *figures, *found.beyond, sep=" | ")
        if not found.beyond:
            agreed.append(case.name)
    return agreed


def mark_ready(agreed: Iterable[str]) -> None:
    """Set ``ready = true`` in cases.toml for these cases; what is ready stays so."""
    path, names, here = ENGINE / "cases.toml", set(agreed), ""
    lines = path.read_text(encoding="utf-8").splitlines()
    for i, line in enumerate(lines):
        if line.startswith("["):
            here = line.split('"')[1] if '"' in line else ""
        elif line == "ready = false" and here in names:
            lines[i] = "ready = true"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(words: list[str]) -> None:
    """Show some cases, mark those that agree as ready, or write the document from all that are ready."""
    if words == ["--ready"]:
        mark_ready(show([""]))
    elif words:
        show(words)
    else:
        ready = [c for c in cases().values() if c.ready]
        DOCUMENT.write_text(agreement_text(compare_fit(c, c.fit()) for c in ready), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
