"""Purging a client: its files in data/raw go, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jq_models.errors import RunError, SpecError
from jq_models.run.purge import purge
from jq_models.spec import Text
from jq_models.spec.study_text import StudyDraft, study_text


@pytest.fixture
def project(tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two clients with data, an issued list and a report."""
    root = tmp_path / "project"
    shutil.copytree(checkout / "data" / "instruments", root / "data" / "instruments")
    for folder in ("data/studies", "data/raw", "reports/acme/notebooks", "reports/acme-en"):
        (root / folder).mkdir(parents=True)
    for file in ("acme.csv", "acme.issued.json", "acme2.csv", "README.md", "other.csv", ".gitkeep"):
        (root / "data" / "raw" / file).write_text("x\n", encoding="utf-8")
    write(root, "acme")
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(root))
    return root


def write(root: Path, name: str, *, file: str = "", more: str = "") -> None:
    text = study_text(
        StudyDraft(
            name=name,
            instrument="ccc_job_quality",
            title=Text(en=name, nl=name),
            file=file or f"data/raw/{name}.csv",
            source="x",
            language="nl",
        )
    )
    changed = (
        text.replace("\n[title]", f"{more}\n[title]", 1) if more.startswith("simulated") else text + more
    )
    (root / "data" / "studies" / f"{name}.toml").write_text(changed, encoding="utf-8")


def left(root: Path) -> set[str]:
    return {path.name for path in (root / "data" / "raw").iterdir()}


def test_what_a_killed_start_left_and_notices_are_known(project: Path) -> None:
    (project / "data" / "raw" / ".acme.csv.0123abcd").write_text("x\n", encoding="utf-8")
    (project / "reports" / "acme.privacy.nl.html").write_text("x\n", encoding="utf-8")
    (project / "reports" / ".acme.deposit.zip.part").write_text("x\n", encoding="utf-8")
    purged = purge("acme")
    assert left(project) == OTHERS
    assert purged.stays[-2:] == ("reports/.acme.deposit.zip.part", "reports/acme.privacy.nl.html")


OTHERS = {"acme2.csv", "README.md", "other.csv", ".gitkeep"}


def test_the_client_s_files_go_and_everything_else_stays(project: Path) -> None:
    purged = purge("acme")
    assert purged.deleted == ("acme.csv", "acme.issued.json")
    assert purged.stays == ("data/studies/acme.toml", "reports/acme", "reports/acme-en")
    assert left(project) == OTHERS
    assert (project / "reports" / "acme" / "notebooks").is_dir()


def test_a_dry_run_deletes_nothing(project: Path) -> None:
    assert purge("acme", dry=True).deleted == ("acme.csv", "acme.issued.json")
    assert left(project) == OTHERS | {"acme.csv", "acme.issued.json"}


def test_a_data_file_of_another_name_goes_too(project: Path) -> None:
    write(project, "acme", file="data/raw/other.csv")
    assert purge("acme").deleted == ("acme.csv", "acme.issued.json", "other.csv")


def test_a_study_whose_file_is_gone_can_still_be_purged(project: Path) -> None:
    (project / "data" / "studies" / "acme.toml").unlink()
    assert purge("acme").deleted == ("acme.csv", "acme.issued.json")


@pytest.mark.parametrize(
    ("file", "more", "message"),
    [
        ("data/simulated/acme.csv", "", "lie outside data/raw"),
        ("data/raw/../simulated/acme.csv", "", "lie outside data/raw"),
        ("../elsewhere.csv", "", "lie outside data/raw"),
        ("/etc/hostname", "", "lie outside data/raw"),
        ("data/raw/acme.csv", "simulated = true\n", "are simulated"),
    ],
)
def test_data_elsewhere_and_simulated_data_are_refused(
    file: str, more: str, message: str, project: Path
) -> None:
    write(project, "acme", file=file, more=more)
    with pytest.raises(RunError, match=message):
        purge("acme")
    assert "acme.csv" in left(project)


def test_a_link_is_deleted_and_not_what_it_leads_to(project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "precious.csv"
    outside.write_text("x\n", encoding="utf-8")
    (project / "data" / "raw" / "acme.old.csv").symlink_to(outside)
    assert "acme.old.csv" in purge("acme").deleted
    assert outside.exists()


def test_a_data_file_that_is_a_link_out_of_data_raw_is_refused(project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "precious.csv"
    outside.write_text("x\n", encoding="utf-8")
    raw = project / "data" / "raw" / "acme.csv"
    raw.unlink()
    raw.symlink_to(outside)
    with pytest.raises(RunError, match="lie outside"):
        purge("acme")
    assert outside.exists()


def test_a_deposit_is_named_as_it_may_hold_the_answers(project: Path) -> None:
    reports = project / "reports"
    reports.mkdir(exist_ok=True)
    for name in ("acme.deposit.zip", "acme-nl.deposit.zip", "other.deposit.zip"):
        (reports / name).write_bytes(b"")
    stays = [path for path in purge("acme").stays if path.endswith(".zip")]
    assert stays == ["reports/acme.deposit.zip", "reports/acme-nl.deposit.zip"]


@pytest.mark.parametrize("name", ["../acme", "", ".", "*", "Acme", "a/b"])
def test_names_that_lead_elsewhere_are_refused(name: str, project: Path) -> None:
    with pytest.raises(SpecError, match="cannot name a study"):
        purge(name)
    assert left(project) == OTHERS | {"acme.csv", "acme.issued.json"}


def test_nothing_to_delete_is_said(project: Path) -> None:
    purge("acme")
    with pytest.raises(RunError, match="nothing of 'acme' in data/raw"):
        purge("acme")
    with pytest.raises(RunError, match="nothing of 'readme'"):
        purge("readme")


def test_data_of_two_studies_are_not_deleted_with_one(project: Path) -> None:
    write(project, "acme2", file="data/raw/acme.csv")
    with pytest.raises(RunError, match="used by acme2 too"):
        purge("acme")
    assert "acme.csv" in left(project)


def test_a_later_wave_is_named(project: Path) -> None:
    write(project, "acme2", more='\n[compare]\nprevious = "acme"\n')
    assert purge("acme").compared_by == ("acme2",)
