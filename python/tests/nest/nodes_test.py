"""Create(), NodeCollection and the parameters of nodes."""

import numpy as np
import pytest

import eprop.nest as nest

Errors = nest.NESTErrors
pytestmark = pytest.mark.usefixtures("kernel")


def test_ids_count_from_one_in_order_of_creation() -> None:
    first, second = nest.Create("parrot_neuron", 2), nest.Create("eprop_iaf", 3)
    assert first.tolist() == [1, 2]
    assert np.array(second).tolist() == [3, 4, 5]
    assert [node.global_id for node in second] == [3, 4, 5]
    assert nest.network_size == 5


def test_collections_are_cut_and_added() -> None:
    nodes = nest.Create("eprop_iaf", 6)
    assert nodes[1:3].tolist() == [2, 3]
    assert nodes[::2].tolist() == [1, 3, 5]
    assert nodes[-1].global_id == 6
    assert nodes[np.array([0, 4])].tolist() == [1, 5]
    assert nodes[np.arange(6) > 3].tolist() == [5, 6]
    assert nodes[4:] + nodes[:1] == nodes[[0, 4, 5]]
    assert nodes[2] in nodes and 7 not in nodes and nodes[1:2].index(2) == 0
    assert len(nodes[:0]) == 0 and not nodes[:0]
    assert np.concatenate([nodes[:1], nodes[3:]]).tolist() == [1, 4, 5, 6]


def test_collections_have_a_node_once() -> None:
    nodes = nest.Create("eprop_iaf", 3)
    with pytest.raises(Errors.BadProperty, match="twice"):
        nodes + nodes[:1]
    with pytest.raises(IndexError, match="3 nodes"):
        nodes[3]
    with pytest.raises(Errors.UnknownNode, match="node 4"):
        nest.NodeCollection([1, 4])


def test_a_dictionary_in_place_of_a_number_makes_one_node() -> None:
    assert len(nest.Create("eprop_iaf", {"V_th": -50.0})) == 1
    assert nest.Create("eprop_iaf", params={"V_th": -50.0}).V_th == -50.0


def test_parameters_are_given_for_all_or_for_each() -> None:
    nodes = nest.Create("eprop_iaf", 3, {"tau_m": [10.0, 20.0, 30.0], "C_m": 1})
    assert nodes.tau_m == (10.0, 20.0, 30.0)
    assert nodes.get(["C_m", "t_ref"]) == {"C_m": (1.0,) * 3, "t_ref": (2.0,) * 3}
    nodes.set([{"C_m": 2.0}, {}, {"tau_m": 5.0}])
    assert (nodes.C_m, nodes.tau_m) == ((2.0, 1.0, 1.0), (10.0, 20.0, 5.0))
    nodes[1:].set(surrogate_gradient_function="exponential")
    assert nodes.surrogate_gradient_function == ("piecewise_linear", *("exponential",) * 2)
    nodes[0].V_th = -40.0
    assert nodes.V_th == (-40.0, -55.0, -55.0)


def test_parameters_of_nodes_of_several_calls() -> None:
    nodes = nest.Create("eprop_iaf", 2) + nest.Create("eprop_iaf_adapt", 2)
    nodes.set({"c_reg": [1.0, 2.0, 3.0, 4.0]})
    assert nodes[1:3].c_reg == (2.0, 3.0)
    assert "adapt_beta" not in nodes.get() and "c_reg" in nodes.get()


def test_the_initial_potential_is_that_of_rest_if_not_given() -> None:
    nodes = nest.Create("eprop_iaf", 2, {"E_L": [-60.0, -65.0]})
    assert nodes.V_m == (-60.0, -65.0)
    nodes[0].V_m = -62.0
    assert nodes.V_m == (-62.0, -65.0)
    assert nest.GetDefaults("eprop_iaf", "V_m") == -70.0


def test_distributions_are_drawn_per_node_and_the_same_again() -> None:
    def draw() -> np.ndarray:
        nest.ResetKernel()
        tau_m = 30.0 + 2.0 * nest.random.normal(mean=0.0, std=1.0)
        return np.array(nest.Create("eprop_iaf", 1000, {"tau_m": tau_m}).tau_m)

    values = draw()
    assert values.mean() == pytest.approx(30.0, abs=0.3)
    assert values.std() == pytest.approx(2.0, abs=0.2)
    np.testing.assert_array_equal(values, draw())


@pytest.mark.parametrize("params, error", [
    ({"V_thresh": 1.0}, Errors.UnaccessedDictionaryEntry),
    ({"tau_m": 0.0}, Errors.BadProperty),
    ({"tau_m": [10.0, -1.0]}, Errors.BadProperty),
    ({"tau_m": [10.0, 20.0, 30.0]}, Errors.BadProperty),
    ({"tau_m": "long"}, Errors.TypeMismatch),
    ({"tau_m": float("nan")}, Errors.TypeMismatch),
    ({"V_min": -50.0}, Errors.BadProperty),
    ({"t_ref": 0.5}, Errors.BadProperty),
    ({"surrogate_gradient_function": "steep"}, Errors.BadProperty),
])
def test_wrong_parameters_are_refused(params: dict, error: type) -> None:
    with pytest.raises(error):
        nest.Create("eprop_iaf", 2, params)
    nodes = nest.Create("eprop_iaf", 2)
    before = nodes.get()
    with pytest.raises(error):
        nodes.set(dict({"C_m": 1.0}, **params))
    assert nodes.get() == before
    assert nest.network_size == 2


def test_a_wrong_dictionary_among_many_changes_nothing() -> None:
    nodes = nest.Create("eprop_iaf", 2)
    with pytest.raises(Errors.BadProperty):
        nodes.set([{"C_m": 1.0}, {"C_m": -1.0}])
    assert nodes.C_m == (250.0, 250.0)


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(Errors.UnknownModelName, match="iaf_cond_exp"):
        nest.Create("iaf_cond_exp")
    node = nest.Create("eprop_iaf")
    with pytest.raises(KeyError, match="V_thresh"):
        node.get("V_thresh")
    with pytest.raises(AttributeError, match="V_thresh"):
        node.V_thresh
    with pytest.raises(Errors.NotImplemented, match="record_to = 'ascii'"):
        nest.Create("spike_recorder", {"record_to": "ascii"})
    with pytest.raises(Errors.BadParameter, match="n = 0"):
        nest.Create("eprop_iaf", 0)


@pytest.mark.parametrize("times, rule", [
    ([1.5], "multiple of the resolution"), ([0.0], "above the time"), ([2.0, 1.0], "non-desc"),
])
def test_spike_times_have_an_order_and_a_grid(times: list, rule: str) -> None:
    with pytest.raises(Errors.BadProperty, match=rule):
        nest.Create("spike_generator", 2, {"spike_times": times})
    generators = nest.Create("spike_generator", 2)
    generators.set([{"spike_times": [3.0]}, {"spike_times": [1.0, 1.0]}])
    with pytest.raises(Errors.BadProperty, match=rule):
        generators.set([{"spike_times": [4.0]}, {"spike_times": times}])
    np.testing.assert_array_equal(generators[0].spike_times, [3.0])


def test_amplitudes_belong_to_times() -> None:
    generator = nest.Create("step_rate_generator")
    with pytest.raises(Errors.BadProperty, match="2 amplitude_times, 1 amplitude_values"):
        generator.set({"amplitude_times": [1.0, 2.0], "amplitude_values": [1.0]})
    with pytest.raises(Errors.BadProperty, match="strictly increasing"):
        generator.set({"amplitude_times": [1.0, 1.0], "amplitude_values": [1.0, 2.0]})


def test_nodes_keep_the_defaults_that_they_were_created_with() -> None:
    before = nest.Create("eprop_iaf")
    nest.SetDefaults("eprop_iaf", {"tau_m": 20.0})
    after = nest.Create("eprop_iaf", 2)
    assert (before.tau_m, after.tau_m) == (10.0, (20.0, 20.0))
    nest.CopyModel("eprop_iaf", "slow", {"tau_m": 50.0})
    assert nest.Create("slow").get(["tau_m", "model"]) == {"tau_m": 50.0, "model": "slow"}
    assert "slow" in nest.node_models
    with pytest.raises(Errors.NewModelNameExists):
        nest.CopyModel("eprop_iaf", "slow")
    with pytest.raises(Errors.BadProperty):
        nest.SetDefaults("eprop_iaf", {"surrogate_gradient_function": "steep"})
    assert nest.GetDefaults("eprop_iaf")["tau_m"] == 20.0


def test_every_model_can_be_created_as_it_is() -> None:
    for name in nest.node_models:
        assert nest.Create(name).model == name
