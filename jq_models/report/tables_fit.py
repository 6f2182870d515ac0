"""The table of model fit: one row an index, one column a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from jq_models.evaluate.fit_indices import FitIndices
from jq_models.evaluate.judge import FIT_RULES, Rule
from jq_models.report.columns import Column, excel_format, words, writer
from jq_models.report.names import model_name
from jq_models.report.table import Table, build
from jq_models.report.wording import Wording

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
        formats=(tuple(excel_format(kind, digits) for _, kind, digits in FIT_ROWS),),
        align="right",
    )


def _line(rule: Rule, w: Wording) -> str:
    return f"{'≥' if rule.higher_is_better else '≤'}\u00a0{w.coefficient(rule.good.value)}"
