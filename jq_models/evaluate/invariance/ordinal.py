"""Model texts of the ladder for ordered items, after Wu and Estabrook (2016, Psychometrika 81, 1014-1045).

Delta parameterisation, factor variances instead of marker loadings. Configural: scale factors 1,
intercepts 0, factor means 0 and variances 1 in every group, thresholds free. Then, one after the other, equal
thresholds (scale factors and intercepts of the later groups become free), equal loadings (factor variances
become free), equal intercepts (all 0; factor means become free). With three categories an item has too few
thresholds for a test of its own: the step "thresholds" then has no degrees of freedom for it. With two, scale
and intercept are not identified, which is refused. Equal residual variances are no step here: in the delta
parameterisation they are no parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jq_models.errors import SpecError

ORDINAL_STEPS: dict[str, tuple[str, ...]] = {
    "configural": (),
    "thresholds": ("thresholds",),
    "metric": ("thresholds", "loadings"),
    "scalar": ("thresholds", "loadings"),
}
FEWEST = 3


def ordinal_text(
    text: str, *, step: str, items: Mapping[str, int], factors: Sequence[str], groups: int
) -> str:
    """Return the model text of a step: what the defaults of equal thresholds do not say by themselves.

    Parameters
    ----------
    items : mapping of str to int
        Ordered items and their categories.
    """
    few = [name for name, categories in items.items() if categories < FEWEST]
    if few:
        raise SpecError(
            f"Ordered items with two categories cannot climb this ladder: {', '.join(few)}. Leave them out, "
            "or compare thresholds and loadings at once with fit_sem(equal=('thresholds', 'loadings'))."
        )
    if step == "configural":
        return text
    later = ", ".join(["NA"] * (groups - 1))
    none, one = ", ".join(["0"] * (groups - 1)), ", ".join(["1"] * (groups - 1))
    scalar = step == "scalar"
    lines = [f"{item} ~ c(0, {none if scalar else later})*1" for item in items]
    lines += [f"{factor} ~ c(0, {later if scalar else none})*1" for factor in factors]
    variances = one if step == "thresholds" else later
    lines += [f"{factor} ~~ c(1, {variances})*{factor}" for factor in factors]
    return "\n".join([text.rstrip(), *lines, ""])
