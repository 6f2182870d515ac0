"""An error nobody foresaw: its kind and place on the screen, no traceback, none of its text."""

from __future__ import annotations

import pytest
import typer

from jq_models.cli.screen import TRACEBACK, mendable
from jq_models.errors import DataError
from jq_models.spec import load_study

MARK = "QZXJ"


def test_its_text_is_not_shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TRACEBACK, raising=False)
    with pytest.raises(typer.Exit) as ended, mendable():
        raise ValueError(f"could not convert string to float: '{MARK}'")
    said = "".join(capsys.readouterr())
    assert ended.value.exit_code == 70
    assert "ValueError" in said
    assert "Traceback" not in said
    assert MARK not in said


def test_it_names_the_last_place_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), mendable():
        load_study(5)  # type: ignore[arg-type]  # wrong on purpose
    assert "TypeError, in study.py, line" in capsys.readouterr().err


def test_who_wants_to_see_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TRACEBACK, "1")
    with pytest.raises(ValueError, match=MARK), mendable():
        raise ValueError(MARK)


@pytest.mark.parametrize("stop", [typer.Exit(3), typer.Abort(), KeyboardInterrupt()])
def test_a_wanted_end_is_none(stop: BaseException) -> None:
    with pytest.raises(type(stop)), mendable():
        raise stop


def test_a_mistake_a_user_can_mend_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended, mendable():
        raise DataError("Mend it.")
    assert ended.value.exit_code == 2
    assert "Mend it." in capsys.readouterr().err
