"""Labels of points in a figure that keep apart from each other, from marks and from the frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from jq_models.report import style

# where a label may stand round its point, best first
_AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7))


def place_labels(
    ax: Axes,
    points: np.ndarray,
    *,
    labels: Sequence[str],
    colours: Sequence[str],
    avoid: Sequence[Bbox] = (),
) -> None:
    """Print a label at every point without covering points or other labels.

    Parameters
    ----------
    ax : Axes
        Settled axes: their limits and place in the figure no longer change.
    points : ndarray of shape (n, 2)
        Where the points are, in data coordinates.
    labels, colours : sequence of str
        One of each a point.
    avoid : sequence of Bbox
        What else should stay visible, in pixels.
    """
    spots = ax.transData.transform(points)
    texts = [
        ax.text(0, 0, label, color=colour, fontsize=style.SMALL, linespacing=0.9, zorder=4)
        for label, colour in zip(labels, colours, strict=True)
    ]
    marks = [Bbox.from_extents(x - 5, y - 5, x + 5, y + 5) for x, y in spots]
    taken: list[Bbox] = []
    # the most crowded points choose first: they have the fewest places left
    crowd = [int((np.hypot(*(spots - spot).T) < 90).sum()) for spot in spots]
    for i in sorted(range(len(labels)), key=lambda k: (-crowd[k], k)):
        box, far = _place(texts[i], spots[i], others=[*taken, *marks[:i], *marks[i + 1 :]], avoid=avoid)
        taken.append(box)
        x, y = ax.transData.inverted().transform((box.x0, box.y0))
        texts[i].set(x=x, y=y, ha="left", va="bottom")
        if far:
            near = np.clip(spots[i], box.min, box.max)
            ax.plot(
                *ax.transData.inverted().transform([spots[i], near]).T,
                color=style.FAINT,
                linewidth=0.5,
                zorder=2,
            )


def _place(
    text: Text, spot: np.ndarray, *, others: Sequence[Bbox], avoid: Sequence[Bbox]
) -> tuple[Bbox, bool]:
    """Return the cheapest place round a point and whether it is so far that it needs a leader line."""
    extent = text.get_window_extent()
    frame = text.axes.get_window_extent() if text.axes is not None else extent
    best, cheapest, far = extent, np.inf, False
    for distance in (7.0, 12.0, 20.0, 30.0, 42.0):
        for dx, dy in _AROUND:
            x = spot[0] + dx * distance + (0.0, -extent.width, -extent.width / 2)[_side(dx)]
            y = spot[1] + dy * distance + (0.0, -extent.height, -extent.height / 2)[_side(dy)]
            box = Bbox.from_bounds(x, y, extent.width, extent.height)
            cost = 2 * distance + 3 * sum(_overlap(box.padded(3), other) for other in others)
            cost += sum(_overlap(box, other) for other in avoid) + 5 * _outside(box, frame)
            if cost < cheapest:
                best, cheapest, far = box, cost, distance > 12
    return best, far


def _side(direction: float) -> int:
    """Return 0 to begin at the point, 1 to end at it, 2 to be centred on it."""
    return 2 if direction == 0 else int(direction < 0)


def _overlap(a: Bbox, b: Bbox) -> float:
    shared = Bbox.intersection(a, b)
    return 0.0 if shared is None else float(shared.width * shared.height)


def _outside(box: Bbox, frame: Bbox) -> float:
    return float(box.width * box.height) - _overlap(box, frame)
