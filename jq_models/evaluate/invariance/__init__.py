"""Whether scales mean the same in several groups, and how the groups differ where they do."""

from jq_models.evaluate.invariance.aligned import ALIGNED, ALIGNED_STATES, Alignment, alignment
from jq_models.evaluate.invariance.alignment import Aligned, align
from jq_models.evaluate.invariance.compare import LEVELS, Invariance, invariance
from jq_models.evaluate.invariance.frames import frame_of
from jq_models.evaluate.invariance.ladder import Release, Step, ladder_table
from jq_models.evaluate.invariance.latent_means import MEAN_STATES, latent_means
from jq_models.evaluate.invariance.lines import INVARIANCE_SOURCES, STEP_VERDICTS, STEPS, change_lines
from jq_models.evaluate.invariance.study import WHYS, Compared, invariance_of

__all__ = [
    "ALIGNED",
    "ALIGNED_STATES",
    "INVARIANCE_SOURCES",
    "LEVELS",
    "MEAN_STATES",
    "STEPS",
    "STEP_VERDICTS",
    "WHYS",
    "Aligned",
    "Alignment",
    "Compared",
    "Invariance",
    "Release",
    "Step",
    "align",
    "alignment",
    "change_lines",
    "frame_of",
    "invariance",
    "invariance_of",
    "ladder_table",
    "latent_means",
]
