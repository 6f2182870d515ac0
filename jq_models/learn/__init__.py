"""The course's room: worlds with known truth, exercises that are checked, figures that teach. English only.

``check("02.3", answer)`` checks an exercise; ``explore`` shows sliders beside a figure that stands still;
`worlds` draws data; `small_table` and the ``figures_*`` files show what happened.
"""

from jq_models.learn.answers import Choice, Function, Names, Number
from jq_models.learn.checking import Verdict, check, start_over
from jq_models.learn.exercise import Exercise, Trap
from jq_models.learn.exercises import chapters, exercises_of
from jq_models.learn.sliders import explore
from jq_models.learn.tables import small_table
from jq_models.learn.worlds import World, as_answers, factor_world, implied, model_text

__all__ = [
    "Choice",
    "Exercise",
    "Function",
    "Names",
    "Number",
    "Trap",
    "Verdict",
    "World",
    "as_answers",
    "chapters",
    "check",
    "exercises_of",
    "explore",
    "factor_world",
    "implied",
    "model_text",
    "small_table",
    "start_over",
]
