"""What the right verdict is, claim by claim, in every population of the trials."""

from __future__ import annotations

from jq_models.evaluate.hypotheses import HYPOTHESES
from jq_models.evaluate.sources import SOURCE_CLAIMS

# a population is the truth of the claims it names; its verdicts on others are of no interest
TRUTHS: dict[str, dict[str, str]] = {
    "HOLDS": dict.fromkeys(HYPOTHESES, "supported"),
    "WRONG": dict.fromkeys(("H2", "H2b", "H4", "H5", "H6"), "not_supported"),
    "NOTHING_ADDED": dict.fromkeys(("H3", "H7", "H8"), "not_supported"),
    "ONE_FACTOR": {"H1": "not_supported"},
    "holds": dict.fromkeys(SOURCE_CLAIMS, "supported"),
    "wrong": dict.fromkeys(SOURCE_CLAIMS, "not_supported"),
}
NOTHING = "nothing"  # no effect at all: whatever else is said, a claim is not to be called supported
LEAST_RIGHT, MOST_FALSE = 0.90, 0.05
