"""Models, synapses, optimizers and rules as classes with keywords."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable

import numpy as np
import pytest

import eprop

DESCRIBED = [
    described
    for base in (eprop.NeuronModel, eprop.SynapseModel, eprop.Optimizer, eprop.ConnectionRule)
    for described in base.__subclasses__()
]


def test_there_are_all_models() -> None:
    names = {model.model for model in eprop.NeuronModel.__subclasses__()}
    assert {"eprop_iaf", "eprop_readout_bsshslm_2020", "iaf_psc_delta"} <= names
    assert len(names) >= 10


@pytest.mark.parametrize("described", DESCRIBED, ids=lambda c: c.__name__)
def test_parameters_are_keywords_and_attributes(described: type) -> None:
    parameters = described.parameters()
    assert list(inspect.signature(described).parameters) == list(parameters)
    made = described(**{name: default for name, (_, default, _) in parameters.items()})
    for name, (unit, default, rule) in parameters.items():
        assert isinstance(unit, str) and isinstance(rule, str)
        assert repr(getattr(made, name)) == repr(default)
    assert repr(made) == f"{described.__name__}()"


@pytest.mark.parametrize("described", DESCRIBED, ids=lambda c: c.__name__)
def test_help_tells_parameters_with_units(described: type) -> None:
    text = described.__doc__ or ""
    for name, (unit, _, rule) in described.parameters().items():
        line = next(line for line in text.splitlines() if line.startswith(f"    {name} "))
        assert unit in line and rule in line


def test_help_of_a_model_tells_what_it_records_and_where_its_equations_are() -> None:
    text = eprop.EpropIaf.__doc__ or ""
    assert "docs/models/eprop_iaf.md" in text
    assert "surrogate_gradient (1/mV)" in text


def test_values_are_numbers_arrays_and_distributions() -> None:
    model = eprop.EpropIaf(tau_m=30, C_m=[1.0, 2.0], V_th=eprop.Normal(-50.0, 1.0))
    assert model.tau_m == 30.0
    assert isinstance(model.C_m, np.ndarray) and model.C_m.tolist() == [1.0, 2.0]
    assert (model.V_th.mean, model.V_th.std) == (-50.0, 1.0)
    model.C_m = np.float32(0.5)
    assert model.C_m == 0.5
    assert repr(model) == "EpropIaf(C_m=0.5, tau_m=30.0, V_th=Normal(mean=-50, std=1))"


def test_copies_are_independent() -> None:
    model = eprop.EpropIaf(tau_m=30.0)
    for copied in (copy.copy(model), copy.deepcopy(model)):
        copied.tau_m = 5.0
        assert model.tau_m == 30.0


def test_models_have_their_names() -> None:
    model = eprop.neuron_model("eprop_iaf_adapt", adapt_beta=0.3)
    assert type(model) is eprop.EpropIafAdapt
    assert model.adapt_beta == 0.3
    assert (model.model, model.family, model.role) == ("eprop_iaf_adapt", "plus", "recurrent")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: eprop.EpropIaf(tau=3), "eprop_iaf: parameter = tau: is not known; did you mean"),
        (lambda: eprop.EpropIaf(tau_m="x"), "eprop_iaf: tau_m = x: must be a number"),
        (lambda: eprop.EpropIaf(tau_m=[[1.0]]), r"eprop_iaf: tau_m = \[\[1.0\]\]: must have one"),
        (lambda: eprop.EpropIaf(tau_m={}), r"eprop_iaf: tau_m = {}: must be a number, an array"),
        (lambda: eprop.neuron_model("iaf"), "neurons: model = iaf: is not known; did you mean"),
        (lambda: eprop.Adam(eta="x"), "Adam: eta = 'x': must be a number"),
        (lambda: eprop.Adam(rate=1), "Adam: parameter = rate: is not known; there are eta,"),
        (
            lambda: eprop.EpropSynapse(optimizer="adam"),
            "EpropSynapse: optimizer = 'adam': must be an Optimizer",
        ),
        (lambda: eprop.FixedIndegree(indegree=-1), "FixedIndegree: indegree = -1: must be a whole"),
        (
            lambda: eprop.ExplicitList(source=[-1], target=[0]),
            "ExplicitList: source = -1: must be the index of a neuron",
        ),
    ],
)
def test_what_breaks_a_rule_is_named(make: Callable[[], object], message: str) -> None:
    with pytest.raises(eprop.InvalidParameter, match=message):
        make()
