"""The population values are those documented, and they agree with one another."""

from dataclasses import replace

import numpy as np
import pytest

from jq_models.data.population import DEMO, decompose, latent_covariance
from jq_models.errors import DataError

LOADINGS = {
    "OPP": 0.75, "AMB": 0.60, "CON": 0.65, "SUP": 0.75, "ATM": 0.65, "EMP": 0.75,
    "ENJ": 0.80, "TOO": 0.60, "INT": 0.80, "LCU": 0.65, "LEM": 0.70, "INF": 0.70,
}  # fmt: skip
TRIO = ("LCU", "LEM", "INF")


@pytest.fixture(scope="module")
def exogenous():
    return decompose(DEMO)


def test_the_documented_values_stand_in_the_code():
    assert dict(DEMO.second_order) == LOADINGS
    assert dict(DEMO.further) == dict.fromkeys(TRIO, 0.35)
    assert dict(DEMO.paths) == {
        ("SAT", "JQ"): 0.72,
        ("COM", "JQ"): 0.40,
        ("COM", "SAT"): 0.36,
        ("TIN", "SAT"): -0.38,
        ("TIN", "COM"): -0.32,
        ("TIN", "JQ"): 0.0,
    }
    assert min(*DEMO.loadings, DEMO.reversed_loading) >= 0.60
    assert max(DEMO.loadings) <= 0.88
    assert (min(DEMO.missing), max(DEMO.missing), DEMO.sensitive_missing) == (0.0, 0.05, 0.08)


def test_means_lie_where_documented():
    nine = [DEMO.means[code] for code in LOADINGS if code not in TRIO]
    assert min(nine) >= 3.2
    assert max(nine) <= 3.8
    for code in TRIO:
        assert 0.4 <= np.mean(nine) - DEMO.means[code] <= 0.7


def test_group_shares_lie_where_documented():
    icc = DEMO.organisation_icc
    assert all(0.04 <= icc[code] <= 0.05 for code in ("SAT", "COM", "TIN", "ENJ"))
    assert all(0.04 <= icc[code] <= 0.08 for code in ("OPP", "AMB", "CON", "EMP"))
    assert all(0.12 <= icc[code] <= 0.25 for code in ("TOO", "INT", *TRIO))
    assert dict(DEMO.team_icc) == {"SUP": 0.10, "ATM": 0.10}


def test_every_construct_has_variance_one_in_total(exogenous):
    np.testing.assert_allclose(np.diag(latent_covariance(exogenous)), 1.0, atol=1e-12)


def test_documented_correlations_and_r_squared_follow(exogenous):
    r = latent_covariance(exogenous)
    assert r.loc["SAT", "COM"] == pytest.approx(0.36 + 0.40 * 0.72, abs=1e-12)
    assert round(r.loc["SAT", "COM"], 2) == 0.65
    assert round(r.loc["SAT", "TIN"], 2) == -0.59
    assert round(r.loc["COM", "TIN"], 2) == -0.57
    residual = dict(zip(exogenous.parts, exogenous.variance, strict=True))
    explained = [round(1 - residual[f"residual {code}"], 2) for code in ("SAT", "COM", "TIN")]
    assert explained == [0.52, 0.50, 0.40]


def test_the_further_factor_binds_the_trio_only(exogenous):
    r = latent_covariance(exogenous)
    assert r.loc["LCU", "INF"] == pytest.approx(0.65 * 0.70 + 0.35**2, abs=1e-12)
    assert r.loc["LCU", "OPP"] == pytest.approx(0.65 * 0.75, abs=1e-12)
    assert r.loc["LCU", "SAT"] == pytest.approx(0.65 * 0.72, abs=1e-12)


def test_the_levels_add_up_and_reach_the_documented_shares(exogenous):
    person = 1 - exogenous.organisation - exogenous.team
    shares = (exogenous.organisation, exogenous.team, person)
    organisation, team, within = (latent_covariance(exogenous, share=share) for share in shares)
    np.testing.assert_allclose(organisation + team + within, latent_covariance(exogenous), atol=1e-12)
    for code in organisation.index:
        assert organisation.loc[code, code] == pytest.approx(DEMO.organisation_icc[code], abs=1e-12)
        assert team.loc[code, code] == pytest.approx(DEMO.team_icc.get(code, 0.0), abs=1e-12)


def test_explained_variance_above_one_is_refused():
    with pytest.raises(DataError, match="SAT is explained beyond its variance"):
        decompose(replace(DEMO, paths=dict(DEMO.paths) | {("SAT", "JQ"): 1.1}))


def test_a_share_below_what_is_inherited_is_refused():
    with pytest.raises(DataError, match="ICC of OPP is out of reach"):
        decompose(replace(DEMO, organisation_icc=dict(DEMO.organisation_icc) | {"OPP": 0.01}))
