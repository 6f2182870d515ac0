"""The first page in sentences, and what belongs to a report as a whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from jq_models.data import Responses
from jq_models.disclosure import DISTRIBUTION, mask_shares, shows_distributions
from jq_models.evaluate import SecondEngine, answer_shares
from jq_models.report.columns import estimates as estimate_column
from jq_models.report.columns import words
from jq_models.report.figure import Drawing
from jq_models.report.figures_sample import group_sizes_figure, item_distribution_figure
from jq_models.report.names import construct_of, inline, inside_sentence, model_name, name_of
from jq_models.report.sentences_structure import agreement_sentence
from jq_models.report.table import Table, build
from jq_models.report.tables_fit import agreement_table
from jq_models.report.tables_sample import item_table
from jq_models.report.wording import Wording
from jq_models.sem import FailedFit, SemFit
from jq_models.spec import Group, Instrument

MOST_BARS = 12  # groups beyond which a chart of their sizes tells nothing


def group_views(
    sizes: Mapping[str, pd.Series], w: Wording, *, groups: tuple[Group, ...], minimum: int
) -> list[Drawing | str]:
    """Draw the sizes of every grouping of up to twelve groups, and name those of which none may be shown.

    A grouping nobody is in has nothing to draw.

    Parameters
    ----------
    sizes : mapping of str to Series
        Grouping -> persons by group, as ``disclosure.shown_group_sizes`` returns them.
    """
    few = [group for group in groups if group.name in sizes and 0 < len(sizes[group.name]) <= MOST_BARS]
    hidden = [inside_sentence(w.of(group.label)) for group in few if sizes[group.name].isna().all()]
    drawn: list[Drawing | str] = [
        group_sizes_figure(sizes[group.name], w, group=group, minimum=minimum)
        for group in few
        if sizes[group.name].notna().any()
    ]
    return [*drawn, w("groups.none", listed=w.join(hidden), minimum=minimum)] if hidden else drawn


def answer_views(
    responses: Responses, w: Wording, *, statistics: pd.DataFrame
) -> list[Drawing | Table | str]:
    """Return how every item was answered, or say that there are too few respondents to show it.

    Parameters
    ----------
    statistics : DataFrame
        As ``item_statistics`` returns them, small numbers masked.
    """
    if not shows_distributions(responses.n):
        return [w("items.too_few", n=DISTRIBUTION)]
    instrument = responses.instrument
    shares = mask_shares(answer_shares(responses), counts=statistics["n"])
    return [
        item_distribution_figure(shares, w, instrument=instrument),
        item_table(statistics, w, instrument=instrument),
    ]


def agreement_views(found: SecondEngine, w: Wording) -> list[Table | str]:
    """Return whether two engines agree on a model, and the table when there is something to compare."""
    sentence = agreement_sentence(found, w)
    if found.agreement is None:
        return [sentence]
    return [sentence, agreement_table(found.agreement, w, model=found.model)]


def without_table(
    effects: Mapping[str, pd.DataFrame],
    w: Wording,
    *,
    left_out: str,
    instrument: Instrument,
    asked: Collection[str] | None = None,
) -> Table | str:
    """Show the total effects of job quality with and without one dimension, or say why that cannot be.

    Parameters
    ----------
    effects : mapping of str to DataFrame
        ``"all"`` and ``"without"``: effects of job quality; a model that gave none is absent.
    left_out : str
        Code of the dimension left out.
    asked : collection of str, optional
        The dimensions with answers; by default all of the questionnaire's.
    """
    absent = asked is not None and left_out not in asked
    if absent or construct_of(left_out, instrument) is None:
        return w("without.not_asked")
    if len(effects) < 2:
        return w("without.failed", name=inline(left_out, instrument=instrument, w=w))
    totals = {key: frame[frame["kind"] == "total"].reset_index(drop=True) for key, frame in effects.items()}
    targets = totals["all"]["target"]
    name = inline(left_out, instrument=instrument, w=w)
    return build(
        "without",
        title=w("without.title", name=name),
        note=w("without.note"),
        columns=[
            words(
                "target",
                heading=w("without.target"),
                shown=[name_of(code, instrument=instrument, w=w) for code in targets],
                values=targets,
            ),
            *(
                estimate_column(
                    (key, f"{key}_low", f"{key}_high"), heading=w(f"without.{key}"), frame=frame, w=w
                )
                for key, frame in totals.items()
            ),
        ],
    )


def model_text(fits: Mapping[str, SemFit | FailedFit | None], w: Wording) -> str:
    """Return the text of each model in lavaan's language, as markdown code blocks."""
    parts = [w("model_text.intro")]
    for name, fit in fits.items():
        if fit is None:  # kept away by a gate, or its outcomes were not asked
            continue
        parts += [f"**{model_name(name, w)}**", f"```\n{fit.model.text.strip()}\n```"]
    return "\n\n".join(parts)
