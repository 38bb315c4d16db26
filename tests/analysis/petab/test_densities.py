"""Densities integrate to one, and have the values that PEtab's own library gives."""

import math

import numpy as np
import pytest
from mtorules.analysis.petab import densities
from mtorules.analysis.petab.problem import Parameter, PetabError, Prior
from scipy import integrate


@pytest.mark.parametrize("distribution", ["normal", "laplace"])
@pytest.mark.parametrize("scale", ["lin", "log", "log10"])
def test_the_likelihood_of_all_measurements_is_one(scale: str, distribution: str) -> None:
    def density(measured: float) -> float:
        given = (np.array([measured]), np.array([2.0]), np.array([0.3]))
        return float(np.exp(densities.likelihoods(*given, scale, distribution))[0])

    if scale == "lin":
        whole, _ = integrate.quad(density, -20, 20, points=[2], limit=500)
    else:  # over the logarithm, as far as laplace reaches
        whole, _ = integrate.quad(
            lambda log: density(math.exp(log)) * math.exp(log),
            *(-20, 20),
            points=[math.log(2)],
            limit=500,
        )
    assert whole == pytest.approx(1, rel=1e-6)


@pytest.mark.parametrize("scale", ["lin", "log", "log10"])
@pytest.mark.parametrize("distribution", ["normal", "laplace"])
def test_likelihoods_are_those_of_the_library(scale: str, distribution: str) -> None:
    calculate = pytest.importorskip("petab.v1.calculate")
    measured, simulated, sigma = 1.7, 2.3, 0.4
    wanted = calculate.calculate_single_llh(measured, simulated, scale, distribution, sigma)
    given = (np.array([measured]), np.array([simulated]), np.array([sigma]))
    assert densities.likelihoods(*given, scale, distribution)[0] == pytest.approx(wanted)


PRIORS = [
    ("log-normal", (0.5, 0.3)),
    ("normal", (2.0, 1.0)),
    ("log-laplace", (0.5, 0.3)),
    ("laplace", (2.0, 1.0)),
    ("uniform", (1.5, 2.5)),
    ("log-uniform", (1.5, 2.5)),
    ("cauchy", (2.0, 1.0)),
    ("gamma", (2.0, 1.0)),
    ("chisquare", (3.0,)),
    ("exponential", (2.0,)),
    ("rayleigh", (2.0,)),
]


@pytest.mark.parametrize(("kind", "numbers"), PRIORS)
def test_a_prior_that_bounds_cut_off_is_one_density(kind: str, numbers: tuple[float, ...]) -> None:
    parameter = Parameter("p", 2.0, 1.6, 2.4, prior=Prior(kind, numbers))
    whole, _ = integrate.quad(lambda x: math.exp(densities.prior(parameter, x)), 1.6, 2.4)
    assert whole == pytest.approx(1, rel=1e-6)
    assert densities.prior(parameter, 2.5) == -math.inf


@pytest.mark.parametrize(("kind", "numbers"), PRIORS)
def test_priors_are_those_of_the_library(kind: str, numbers: tuple[float, ...]) -> None:
    core = pytest.importorskip("petab.v2.core")
    theirs = core.Parameter(
        id="p", lb=1.6, ub=2.4, nominal_value=2.0, estimate=True,
        prior_distribution=kind, prior_parameters=list(numbers),
    )  # fmt: skip
    parameter = Parameter("p", 2.0, 1.6, 2.4, prior=Prior(kind, numbers))
    wanted = float(theirs.prior_dist.pdf(2.1))
    assert math.exp(densities.prior(parameter, 2.1)) == pytest.approx(wanted, rel=1e-6)


def test_a_normal_prior_on_the_scale_of_a_parameter_is_one_of_its_logarithm() -> None:
    """Version 1 has such; its density is taken on that scale by definition of the parameter."""
    parameter = Parameter("p", 2.0, 0.0, 9.0, prior=Prior("normal", (0.3, 0.2), False, 10.0))
    whole, _ = integrate.quad(lambda x: math.exp(densities.prior(parameter, x)), 1e-6, 50)
    assert whole == pytest.approx(1, rel=1e-4)


def test_a_prior_that_there_is_none_of_is_refused() -> None:
    parameter = Parameter("p", 2.0, 1.0, 3.0, prior=Prior("triangular", (1.0,)))
    with pytest.raises(PetabError, match=r"There is no prior 'triangular' with 1.0"):
        densities.prior(parameter, 2.0)
