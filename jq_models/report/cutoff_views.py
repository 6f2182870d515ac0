"""Every model judged by cut-offs of its own: in words, as a drawing and as tables."""

from __future__ import annotations

from collections.abc import Sequence

from jq_models.evaluate.cutoffs import JudgedModel, NotJudged
from jq_models.report.figure import Drawing
from jq_models.report.figures_cutoffs import cutoffs_figure
from jq_models.report.sentences_care import no_cutoff_sentences
from jq_models.report.sentences_cutoffs import corrected_sentences, cutoff_sentences
from jq_models.report.table import Table
from jq_models.report.tables_cutoffs import corrected_table, cutoff_table
from jq_models.report.wording import Wording


def judged_views(judged: Sequence[JudgedModel | NotJudged], w: Wording) -> list[str | Drawing | Table]:
    """Return sentences, drawing and tables of the first model; of the others all but the drawing.

    The tables of the others bear the model in their file names. Of a model that was not judged it says why.
    """
    shown: list[str | Drawing | Table] = []
    drawn = False
    for one in judged:
        if isinstance(one, NotJudged):
            shown.append(no_cutoff_sentences(one.fit, w))
            continue
        suffix = f"_{one.cutoffs.model}" if drawn else ""
        shown += [
            cutoff_sentences(one.cutoffs, w),
            *([] if drawn else [cutoffs_figure(one.cutoffs, w)]),
            cutoff_table(one.cutoffs, w, name=f"cutoffs{suffix}"),
            corrected_sentences(one.tests, w, cutoffs=one.cutoffs),
            corrected_table(one.tests, w, model=one.cutoffs.model, name=f"corrected_tests{suffix}"),
        ]
        drawn = True
    return shown
