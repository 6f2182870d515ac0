"""Tables of model fit, one row an index, and of what two engines make of one model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from jq_models.evaluate.agreement import Agreement, Difference
from jq_models.evaluate.fit_indices import FitIndices
from jq_models.evaluate.judge import FIT_RULES, Rule
from jq_models.report.columns import Column, excel_format, numbers, verdicts, words, writer
from jq_models.report.names import model_name
from jq_models.report.table import Table, build
from jq_models.report.wording import DASH, Wording

# index, kind, decimals; None of them is judged unless judge.FIT_RULES has a line
FIT_ROWS = (
    ("n", "count", 0),
    ("n_parameters", "count", 0),
    ("chi_square", "number", 2),
    ("df", "count", 0),
    ("p_value", "p_value", 3),
    ("cfi", "coefficient", 3),
    ("tli", "coefficient", 3),
    ("rmsea", "coefficient", 3),
    ("rmsea_low", "coefficient", 3),
    ("rmsea_high", "coefficient", 3),
    ("rmsea_close_p", "p_value", 3),
    ("srmr", "coefficient", 3),
    ("log_likelihood", "number", 2),
    ("aic", "number", 2),
    ("bic", "number", 2),
    ("sabic", "number", 2),
)


def fit_table(indices: Mapping[str, FitIndices], w: Wording) -> Table:
    """Show the fit of models side by side: one row an index, one column a model.

    The table of a single model carries its name, so that its file never stands for the comparison's.
    """
    keys = [key for key, _, _ in FIT_ROWS]
    index = words("index", heading=w("fit.index"), shown=[w(f"fit.{key}") for key in keys], values=keys)
    labels = [w("fit.rmsea_interval") if key == "rmsea_low" else w(f"fit.{key}") for key in keys]
    good = {rule.index: _line(rule, w) for rule in FIT_RULES}
    lines = [f"{w(f'fit.{rule.index}')} {good[rule.index]}" for rule in FIT_RULES]
    return build(
        f"fit_{next(iter(indices))}" if len(indices) == 1 else "fit",
        title=w("fit.title"),
        note=w("fit.note", lines=w.join(lines), source=w(f"source.{FIT_RULES[0].good.source}")),
        rows=[bool(indices) and key != "rmsea_high" for key in keys],
        columns=[
            replace(index, shown=tuple(labels), texts=index.shown),  # the bounds share a row on the page only
            words("line", heading=w("fit.line"), shown=[good.get(key, "") for key in keys]),
            *(_fit_column(name, fit, w=w) for name, fit in indices.items()),
        ],
    )


def agreement_table(agreement: Agreement, w: Wording, *, model: str) -> Table:
    """Show how far two engines are apart on a model: one row a kind of number.

    Where they agree, a reader sees that the difference is below the line and nothing else: the rest is the
    last digit of an optimiser. The files hold the difference and the parameter it is largest for.
    """
    names, rows = list(agreement.parts), list(agreement.parts.values())
    engines = {"jq": [part.first for part in rows], "semopy": [part.second for part in rows]}
    largest = numbers("largest", heading=w("agreement.largest"), values=[part.largest for part in rows], w=w)
    table = build(
        "agreement",
        title=w("agreement.title"),
        note=w(
            "agreement.note",
            model=model_name(model, w),
            line=line_of(agreement.estimates, w),
            chi_line=line_of(agreement.chi_square, w),
        ),
        columns=[
            words(
                "quantity",
                heading=w("agreement.quantity"),
                shown=[w(f"agreement.{name}") for name in names],
                values=names,
            ),
            numbers(
                "compared",
                heading=w("agreement.compared"),
                values=[part.compared for part in rows],
                w=w,
                kind="count",
            ),
            *(_engine_column(key, values, w=w, rows=rows) for key, values in engines.items()),
            replace(largest.showing(difference(part, w) for part in rows), formats=("0.0E+00",)),
            verdicts(
                "verdict",
                heading=w("col.verdict"),
                codes=["same" if part.agrees else "other" for part in rows],
                prefix="agreement",
                w=w,
            ),
            words(
                "where",
                heading=w("agreement.where"),
                shown=[DASH if part.agrees else part.where or DASH for part in rows],
                values=[part.where for part in rows],
            ),
        ],
    )
    if not agreement.agrees:
        return table
    return replace(table, frame=table.frame.iloc[:, :-1], align=table.align[:-1])  # nowhere


def _engine_column(key: str, values: list[float], *, w: Wording, rows: list[Difference]) -> Column:
    """Chi-square is shown always, a parameter's value only where the engines disagree on it."""
    cells = [
        w.number(value) if not part.where else DASH if part.agrees else w.number(value, _places(part))
        for value, part in zip(values, rows, strict=True)
    ]
    return numbers(key, heading=w(f"agreement.{key}"), values=values, w=w).showing(cells)


def difference(part: Difference, w: Wording) -> str:
    """Write a relative difference, or that it is below the line."""
    if part.agrees:
        return w("agreement.below", line=line_of(part, w))
    return w.coefficient(part.largest, _places(part))


def line_of(part: Difference, w: Wording) -> str:
    """Write the line below which two engines agree."""
    return w.coefficient(part.line, _places(part))


def _places(part: Difference) -> int:
    return round(-math.log10(part.line))


def _fit_column(name: str, fit: FitIndices, *, w: Wording) -> Column:
    shown = {
        key: writer(w, kind=kind, digits=digits)(float(getattr(fit, key))) for key, kind, digits in FIT_ROWS
    }
    shown["rmsea_low"] = w.coefficient_interval(fit.rmsea_low, fit.rmsea_high, 3)
    heading = model_name(name, w)
    return Column(
        heading=heading,
        shown=tuple(shown.values()),
        raw={name: tuple(getattr(fit, key) for key, _, _ in FIT_ROWS)},
        headings=(heading,),
        formats=(tuple(excel_format(kind, digits, w) for _, kind, digits in FIT_ROWS),),
        align="right",
    )


def _line(rule: Rule, w: Wording) -> str:
    return f"{'≥' if rule.higher_is_better else '≤'}\u00a0{w.coefficient(rule.good.value)}"
