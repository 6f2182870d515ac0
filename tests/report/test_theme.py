"""House styles: read strictly, refused when they cannot be read, in force where they are asked for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from told import told

from jq_models import paths
from jq_models.errors import JQError, SpecError
from jq_models.report import style
from jq_models.report.publish import publish_html
from jq_models.spec.colour import VISIONS, contrast, distance, luminance, mixed, shades
from jq_models.spec.logo import LARGEST, read_logo
from jq_models.spec.theme import MARK, PLAIN, faults, load_theme

GOOD = 'name = "mine"\naccent = "{accent}"\n[title]\nen = "Mine"\nnl = "Mijn"\n'


def theme_file(folder: Path, *, accent: str = "#005F73", more: str = "") -> Path:
    path = folder / "mine.toml"
    path.write_text(more + GOOD.format(accent=accent), encoding="utf-8")
    return folder


def svg(folder: Path, inner: str, *, head: str = "") -> Path:
    shutil.copy(paths.themes() / "harbour.png", folder / "logo.png")
    path = folder / "logo.svg"
    path.write_text(f'{head}<svg xmlns="http://www.w3.org/2000/svg">{inner}</svg>', encoding="utf-8")
    return path


@pytest.mark.parametrize("name", sorted(p.stem for p in paths.themes().glob("*.toml")))
def test_every_house_style_that_ships_can_be_used(name: str) -> None:
    assert load_theme(name).name == name


def test_the_plain_file_is_the_look_without_a_house_style() -> None:
    assert load_theme("plain") == PLAIN


def test_contrast_and_luminance_are_those_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)  # the well-known near miss
    assert luminance("#808080") == pytest.approx(0.2159, abs=1e-4)


def test_colours_are_as_far_apart_as_their_lab_values() -> None:
    # CIE 1976 by hand: L* of white is 100, of black 0; of sRGB red (53.24, 80.09, 67.20)
    assert distance("#FFFFFF", "#000000") == pytest.approx(100, abs=0.01)
    assert distance("#FF0000", "#000000") == pytest.approx(117.3, abs=0.2)
    red_green = distance("#C00000", "#5A5A00"), distance("#C00000", "#5A5A00", vision="deuteranopia")
    assert red_green[1] < red_green[0] / 3
    assert distance("#808080", "#808080", vision="grey") == 0


def test_a_colour_is_thinned_and_shaded_with_its_hue() -> None:
    assert mixed("#000000", "#FFFFFF", share=0.5) == "#808080"
    near = next(iter(shades("#005F73")))
    assert distance(near, "#005F73") < 3


@pytest.mark.parametrize(
    ("accent", "said"),
    [
        ("#FFD100", "contrast with white is 1.5, text needs 4.5"),
        ("#6B7A89", "from the grey of ordinary marks"),
        ("#14213D", "from the ink"),
    ],
)
def test_an_accent_that_cannot_be_read_is_refused_with_numbers_and_a_remedy(
    tmp_path: Path, accent: str, said: str
) -> None:
    with pytest.raises(SpecError, match=said) as refused:
        load_theme("mine", folder=theme_file(tmp_path, accent=accent))
    hint = str(refused.value).split("passes is ")[1][:7]
    assert faults(hint) == []
    assert load_theme("mine", folder=theme_file(tmp_path, accent=hint)).accent == hint


def test_a_pale_ink_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"running text needs 9"):
        load_theme("mine", folder=theme_file(tmp_path, more='ink = "#5A6673"\n'))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('colour = "#005F73"\n', "unknown key 'colour'"),
        ('ink = "black"\n', "Write a colour as in"),
        ('font = "Comic"\n', "'font' is 'Comic'"),
        ('logo = "../../x.png"\n', "leads out of the project"),
        ('logo = "/etc/x.png"\n', "leads out of the project"),
        ('logo = "none.png"\n', "There is no logo 'none.png'"),
        ('logo = "logo.gif"\n', "neither PNG nor SVG"),
    ],
)
def test_what_a_house_style_may_not_say(tmp_path: Path, more: str, said: str) -> None:
    with pytest.raises(JQError, match=said):
        load_theme("mine", folder=theme_file(tmp_path, more=more))


def test_a_logo_needs_words(tmp_path: Path) -> None:
    svg(tmp_path, "")
    with pytest.raises(SpecError, match=r"needs \[logo_text\]"):
        load_theme("mine", folder=theme_file(tmp_path, more='logo = "logo.svg"\n'))


@pytest.mark.parametrize(
    ("inner", "head", "said"),
    [
        ("<script>x</script>", "", "holds <script>"),
        ("<foreignObject/>", "", "holds <foreignObject>"),
        ('<style>@import "x"</style>', "", "holds <style>"),
        ('<path onload="x" d="M0 0"/>', "", "runs something"),
        ('<use href="https://example.org/x.svg#a"/>', "", "refers to something outside"),
        ('<use href="data:image/svg+xml,x"/>', "", "refers to something outside"),
        ('<path fill="url(https://example.org/x)"/>', "", "refers to something outside"),
        ('<image href="x.png"/>', "", "holds <image>"),
        ("&x;", '<!DOCTYPE svg [<!ENTITY x "y">]>', "declares a document type or entities"),
        ("<path", "", "is no SVG"),
    ],
)
def test_a_logo_runs_and_loads_nothing(tmp_path: Path, inner: str, head: str, said: str) -> None:
    with pytest.raises(SpecError, match=said):
        read_logo(svg(tmp_path, inner, head=head))


def test_a_logo_is_small_and_what_its_name_says(tmp_path: Path) -> None:
    good = read_logo(svg(tmp_path, '<path fill="url(#a)" d="M0 0h1"/>'))
    assert good.size == (720, 720)
    (tmp_path / "logo.png").unlink()
    with pytest.raises(SpecError, match="Word and slides take no SVG"):
        read_logo(tmp_path / "logo.svg")
    (tmp_path / "big.png").write_bytes(b"x" * (LARGEST + 1))
    with pytest.raises(SpecError, match="200,000 are the most"):
        read_logo(tmp_path / "big.png")
    (tmp_path / "text.png").write_bytes(b"<svg/>")
    with pytest.raises(SpecError, match="is no PNG"):
        read_logo(tmp_path / "text.png")
    (tmp_path / "link.png").symlink_to(tmp_path / "text.png")
    with pytest.raises(SpecError, match="There is no logo"):
        read_logo(tmp_path / "link.png")


def test_a_house_style_is_in_force_inside_its_block_and_by_environment(monkeypatch) -> None:
    monkeypatch.delenv(style.THEME_VARIABLE, raising=False)
    assert PLAIN.accent == style.ACCENT
    with style.themed("harbour") as theme:
        assert (theme.accent, theme.ink, theme.soft) == (style.ACCENT, style.INK, style.ACCENT_SOFT)
        assert style.parameters()["text.color"] == theme.ink
        assert f"--accent: {theme.accent};" in style.css_variables()
        with style.themed(PLAIN):
            assert PLAIN.accent == style.ACCENT
        with style.themed(None):
            assert theme.accent == style.ACCENT
    assert PLAIN.accent == style.ACCENT
    monkeypatch.setenv(style.THEME_VARIABLE, "harbour")
    assert style.ACCENT == "#005F73"
    with pytest.raises(AttributeError, match="has no 'ACCNT'"):
        style.ACCNT  # noqa: B018


def test_a_page_in_a_house_style_has_its_logo_colours_and_footer(tmp_path: Path) -> None:
    told(tmp_path)

    def page() -> str:
        made = publish_html(tmp_path / "report.ipynb", out=tmp_path / "x.html", language="en")
        return made.read_text("utf-8")

    assert '<img class="logo"' not in page()
    with style.themed("harbour"):
        text = page()
    assert '<img class="logo" src="data:image/svg+xml;base64,' in text
    assert 'alt="Logo of Harbour: two waves below a lighthouse"' in text
    assert "Harbour · for internal use</footer>" in text
    assert "color:#005F73" in text
    assert PLAIN.accent not in text


def test_ordinary_marks_are_told_from_the_accent_by_every_eye() -> None:
    for name in ("plain", "harbour"):
        accent = load_theme(name).accent
        assert min(distance(accent, MARK, vision=vision) for vision in VISIONS) >= 12
