"""The comparison behind the notebooks' regression tests."""

import pytest

from jq_models.run.compare import close, differences


@pytest.mark.parametrize(
    ("stored", "found"),
    [
        ("CFI 0.951", "CFI 0.951"),
        ("0.30000000000000004", "0.3000000300000000"),
        ("0.30000000000000004", "0.300000030"),
        ("0.3", "0.30000000000000004"),
        ("0.712", "0.713"),
        ("-0.712", "-0.713"),
        ("chi-square 1234.56 (df = 939)", "chi-square 1234.57 (df = 939)"),
        ("1,234.56", "1,234.57"),
        ("0,712", "0,712"),
        ("12,34", "12,35"),
        ("p = .0321", "p = .0322"),
        ("<td>0.712</td>", "<td>0.713</td>"),
        ("[0.651, 0.712]", "[0.652, 0.711]"),
        ("0.651–0.712", "0.652–0.711"),
        ("1.234e-05", "1.2340001e-05"),
        ("−0.712", "−0.713"),
    ],
)
def test_last_digits_may_turn(stored, found):
    assert differences(stored, found) == []


@pytest.mark.parametrize(
    ("stored", "found"),
    [
        ("n = 577", "n = 578"),
        ("1,234", "1,235"),
        ("0.71", "0.72"),
        ("0.95", "0.94"),
        ("0.712", "0.719"),
        ("0.712", "-0.712"),
        ("0.712", "−0.712"),
        ("0.71", "0.710"),
        ("0.731", "0.7312345678"),
        ("3.00", "3"),
        ("12.34", "12.47"),
        ("0,71", "0,72"),
        (".032", ".033"),
        ("p < .001", "p = .001"),
        ("OPP1", "OPP2"),
        ("#4c72b0", "#4c72b1"),
        ("1.50em", "1.51em"),
        ("version 2.3.11", "version 2.3.12"),
        ("10.1080/09585192.2012.669782", "10.1080/09585192.2012.669783"),
        ("supported", "not supported"),
        ("supported", "Supported"),
        ("0.712 ***", "0.712 **"),
        ("a 0.712", "a 0.712 b"),
        ("0.712", "–"),
        ("0.712 0.713", "0.712"),
        ("1.234e-05", "1.334e-05"),
        ("1e5", "1e6"),
    ],
)
def test_words_whole_numbers_and_real_changes_show(stored, found):
    assert differences(stored, found)


@pytest.mark.parametrize("digits", [2, 3, 4, 7])
@pytest.mark.parametrize("value", [0.5, 0.731, 0.999, 1.01, 2.0, 3.62, 9.87, 57.7, 1234.5])
def test_one_percent_always_fails_where_the_digits_show_it(value, digits):
    stored, found = f"{value:.{digits}f}", f"{value * 1.01:.{digits}f}"
    assert stored == found or not close(stored, found)
    assert differences(f"x {value!r}", f"x {value * (1 + 1e-7)!r}") == []


def test_a_difference_names_its_place():
    before = "<tr><td>Job quality</td><td>0.712</td><td>0.801</td></tr>"
    found = differences(before, before.replace("0.801", "0.851"))
    assert [str(d) for d in found] == ["…Job quality 0.712 »0.801« is now »0.851«"]
    (word,) = differences("The claim is supported here", "The claim is rejected here")
    assert (word.stored.split()[0], word.found.split()[0]) == ("supported", "rejected")
    assert word.before == "The claim is"
