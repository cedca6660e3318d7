"""Networks from Python."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.sparse

import eprop

STATIC = eprop.StaticSynapse(weight=2.0)


def two_populations(targets: int = 3, sources: int = 4) -> tuple[eprop.Network, ...]:
    net = eprop.Network()
    source = net.add("source", eprop.SpikeTrains([[]] * sources))
    target = net.add("target", targets, eprop.IafPscDelta())
    return net, source, target  # type: ignore[return-value]


def weights(net: eprop.Network, projection: eprop.Projection) -> np.ndarray:
    return eprop.Simulation(net).weights(projection).matrix()


def test_handles_tell_names_and_sizes() -> None:
    net, source, target = two_populations()
    projection = net.connect(source, target, eprop.AllToAll(), STATIC)
    assert (len(source), target.name, projection.name) == (4, "target", "source_target")
    assert net.populations == {"source": source, "target": target}
    assert net.projections == {"source_target": projection}
    assert net.options["update_interval"] == 1000.0


def test_arrays_of_weights_are_target_by_source() -> None:
    net, source, target = two_populations()
    matrix = np.arange(12.0).reshape(3, 4)
    projection = net.connect(source, target, eprop.AllToAll(), eprop.StaticSynapse(weight=matrix))
    assert (weights(net, projection) == matrix).all()


def test_transposed_arrays_of_weights_are_refused() -> None:
    net, source, target = two_populations()
    synapse = eprop.StaticSynapse(weight=np.ones((4, 3)))
    with pytest.raises(eprop.InvalidParameter, match=r"shape \(4, 3\): must be of shape \(3, 4\)"):
        net.connect(source, target, eprop.AllToAll(), synapse)


def test_a_matrix_is_a_rule() -> None:
    net, source, target = two_populations()
    matrix = np.arange(12.0).reshape(3, 4)
    matrix[1, 2] = np.nan
    projection = net.connect(source, target, matrix, STATIC)
    assert np.array_equal(weights(net, projection), matrix, equal_nan=True)


def test_a_sparse_matrix_is_a_rule() -> None:
    net, source, target = two_populations()
    matrix = scipy.sparse.csr_matrix([[0.0, 1.0, 0.0, 2.0], [0.0] * 4, [3.0, 0.0, 0.0, 0.0]])
    projection = net.connect(source, target, matrix, STATIC)
    found = eprop.Simulation(net).weights(projection)
    assert (found.sparse() != matrix).nnz == 0
    assert found.target.tolist() == [0, 0, 2]
    assert STATIC.weight == 2.0  # of the user's synapse


def test_sparse_matrices_must_fit() -> None:
    net, source, target = two_populations()
    with pytest.raises(eprop.InvalidParameter, match=r"shape \(4, 3\): must be of shape \(3, 4\)"):
        net.connect(source, target, scipy.sparse.csr_matrix((4, 3)), STATIC)


def test_rules_draw_the_same_for_a_seed() -> None:
    drawn = []
    for _ in range(2):
        net, source, target = two_populations(20, 30)
        rule = eprop.FixedIndegree(indegree=5, multapses=False)
        projection = net.connect(
            source, target, rule, eprop.StaticSynapse(weight=eprop.Normal(1.0, 0.1))
        )
        drawn.append(weights(net, projection))
    assert np.array_equal(*drawn, equal_nan=True)
    assert (np.isfinite(drawn[0]).sum(axis=1) == 5).all()


def test_what_is_added_must_be_something() -> None:
    net = eprop.Network()
    with pytest.raises(eprop.InvalidParameter, match="must be one of add"):
        net.add("rec", eprop.EpropIaf())  # type: ignore[call-overload]
    with pytest.raises(eprop.InvalidParameter, match="'rec': size = 2.5: must be a whole number"):
        net.add("rec", 2.5, eprop.EpropIaf())  # type: ignore[call-overload]
    with pytest.raises(eprop.InvalidParameter, match="C_m = -1 pF: must be > 0"):
        net.add("rec", 2, eprop.EpropIaf(C_m=-1.0))
    with pytest.raises(eprop.InvalidParameter, match=r"'in': times\[1\] = 'x'"):
        net.add("in", eprop.SpikeTrains([[], "x"]))


def test_what_connects_must_be_a_synapse() -> None:
    net, source, target = two_populations()
    with pytest.raises(eprop.InvalidParameter, match="'source_target': synapse = 1.0: must be"):
        net.connect(source, target, eprop.AllToAll(), 1.0)  # type: ignore[arg-type]
    with pytest.raises(eprop.InvalidParameter, match="rule = 'all': must be a connection rule"):
        net.connect(source, target, "all", STATIC)


def test_populations_of_other_networks_are_refused() -> None:
    net, source, _ = two_populations()
    other = eprop.Network()
    foreign = other.add("foreign", 3, eprop.IafPscDelta())
    with pytest.raises(eprop.InvalidParameter, match="foreign"):
        net.connect(source, foreign, eprop.AllToAll(), STATIC)


@pytest.mark.parametrize("make_copy", [copy.copy, copy.deepcopy])
def test_copies_are_changed_on_their_own(make_copy: Callable[..., eprop.Network]) -> None:
    net, source, target = two_populations()
    other = make_copy(net)
    other.connect(source, target, eprop.AllToAll(), STATIC)
    assert (list(net.projections), list(other.projections)) == ([], ["source_target"])
    net.add("more", 1, eprop.IafPscDelta())
    assert "more" not in other.populations


def test_receptors_have_names() -> None:
    net = eprop.Network()
    out = net.add("out", 1, eprop.EpropReadout())
    rates = net.add("rates", eprop.StepRates([1.0], [1.0]))
    with pytest.raises(eprop.InvalidParameter, match="receptor = 'target': must be"):
        net.connect_rate(rates, out, "target")  # type: ignore[arg-type]
    net.connect_rate(rates, out, "learning_window")


def test_inputs_are_told_in_short() -> None:
    assert repr(eprop.SpikeTrains([[1.0] * 1000] * 2)) == "<SpikeTrains of 2 neurons>"
    assert repr(eprop.StepRates([1.0, 2.0], [[0.0, 1.0]])) == "<StepRates with 2 times>"
    sample = eprop.Sample([[1]], [1.0, 0.0], label=3)
    assert repr(sample) == "<Sample of class 3, target of shape (2,)>"


def test_repr_tells_what_there_is() -> None:
    net, source, target = two_populations()
    net.connect(source, target, eprop.AllToAll(), STATIC)
    for text in (repr(net), net._repr_html_()):
        assert "iaf_psc_delta" in text
        assert "source_target" in text
        assert "12" in text  # synapses


@pytest.mark.parametrize(
    "options, message",
    [
        ({"dt": "x"}, "network: dt = 'x': must be a number"),
        ({"dt": None}, "network: dt = None: must be a number"),
        ({"seed": 1.5}, "network: seed = 1.5: must be a whole number"),
        ({"seed": -1}, "network: seed = -1: must be from 0 to 2^64 - 1"),
        ({"update_interval": []}, "network: update_interval = []: must be a number"),
    ],
)
def test_options_of_another_kind_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(eprop.InvalidParameter, match=f"^{re.escape(message)}$"):
        eprop.Network(**options)
