"""The PDF, drawn by a process of its own while the other files of a report are made and searched."""

from __future__ import annotations

import multiprocessing
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from jq_models.errors import RunError
from jq_models.report import publish_pdf

Printed = Callable[[Path], str]


@contextmanager
def printing(html: Path, *, language: str, apart: bool) -> Iterator[Printed]:
    """Yield a function that puts the printed page in its place, and says why there is none, or nothing.

    Parameters
    ----------
    html : Path
        A published page, which stays as it is meanwhile.
    language : {"en", "nl"}
    apart : bool
        Whether a process of its own prints while this one goes on; else, and in a process that may have
        none of its own, as a batch's workers, the function itself does.
    """
    with TemporaryDirectory(prefix="jq-models-") as place:
        out = Path(place) / "report.pdf"
        if not apart or multiprocessing.current_process().daemon:
            yield lambda to: _placed(lambda: publish_pdf(html, out=out, language=language), out, to)
            return
        # spawned, not forked: this process has threads, which a fork would leave half-copied
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            waited = pool.submit(publish_pdf, html, out=out, language=language)
            yield lambda to: _placed(waited.result, out, to)


def _placed(make: Callable[[], Path], out: Path, to: Path) -> str:
    try:
        make()
    except RunError as error:  # the HTML holds everything the PDF would
        return str(error)
    except BrokenProcessPool:
        raise RunError(
            "The process that printed the PDF was ended, perhaps for want of memory. Run the study again."
        ) from None
    shutil.move(out, to)
    return ""
