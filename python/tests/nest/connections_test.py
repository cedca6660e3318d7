"""Connect(), GetConnections() and SynapseCollection."""

import numpy as np
import pytest

import eprop.nest as nest

Errors = nest.NESTErrors
EPROP = {"synapse_model": "eprop_synapse", "delay": 1.0}
pytestmark = pytest.mark.usefixtures("kernel")


def table(*ends) -> list[tuple]:
    found = nest.GetConnections(*ends)
    return list(zip(found.source, found.target, found.weight))


def test_weights_are_given_by_target_and_source() -> None:
    a, b = nest.Create("parrot_neuron", 2), nest.Create("eprop_iaf", 3)
    weight = np.arange(6.0, dtype=np.float32).reshape(3, 2)
    nest.Connect(a, b, "all_to_all", dict(EPROP, weight=weight))
    assert table(a, b) == [(s, t, float(weight[t - 3, s - 1])) for s in (1, 2) for t in (3, 4, 5)]


def test_entries_of_autapses_are_passed_over() -> None:
    a = nest.Create("eprop_iaf", 2)
    nest.Connect(a, a, {"rule": "all_to_all", "allow_autapses": False},
                 dict(EPROP, weight=[[1.0, 2.0], [3.0, 4.0]]))
    assert table(a, a) == [(1, 2, 3.0), (2, 1, 2.0)]


def test_ids_are_connected_one_to_one() -> None:
    nest.Create("eprop_iaf", 4)
    nest.Connect(np.array([4, 1, 4]), np.array([2, 2, 3]), {"rule": "one_to_one"},
                 dict(EPROP, weight=np.array([1.0, 2.0, 3.0]), delay=[1.0] * 3))
    assert table() == [(1, 2, 2.0), (4, 2, 1.0), (4, 3, 3.0)]


@pytest.mark.parametrize("rule, weight", [
    ("all_to_all", np.ones((2, 3))), ("all_to_all", np.ones(6)), ("one_to_one", np.ones(2)),
    ("one_to_one", np.ones((3, 3))), ({"rule": "pairwise_bernoulli", "p": 0.5}, np.ones((3, 3))),
])
def test_weights_of_another_shape_are_refused(rule, weight: np.ndarray) -> None:
    n = 3 if rule != "all_to_all" else 2
    a, b = nest.Create("parrot_neuron", n), nest.Create("eprop_iaf", 3)
    with pytest.raises(ValueError, match="shape"):
        nest.Connect(a, b, rule, dict(EPROP, weight=weight))
    assert nest.num_connections == 0


@pytest.mark.parametrize("spec, count", [
    ({"rule": "fixed_indegree", "indegree": 4}, 120),
    ({"rule": "fixed_indegree", "indegree": 29, "allow_autapses": False,
      "allow_multapses": False}, 870),
    ({"rule": "fixed_outdegree", "outdegree": 3}, 90),
    ({"rule": "fixed_total_number", "N": 50}, 50),
    ({"rule": "fixed_total_number", "N": 870, "allow_autapses": False,
      "allow_multapses": False}, 870),
])
def test_random_rules_make_as_many_as_they_say(spec: dict, count: int) -> None:
    a = nest.Create("eprop_iaf", 30)
    nest.Connect(a, a, spec, EPROP)
    found = nest.GetConnections()
    pairs = set(zip(found.source, found.target))
    assert len(found) == count
    if not spec.get("allow_autapses", True):
        assert len(pairs) == count and all(s != t for s, t in pairs)
    if spec["rule"] == "fixed_indegree":
        assert np.all(np.bincount(found.target)[1:] == spec["indegree"])
    if spec["rule"] == "fixed_outdegree":
        assert np.all(np.bincount(found.source)[1:] == spec["outdegree"])


def test_a_rule_may_make_no_connection() -> None:
    a = nest.Create("eprop_iaf", 3)
    nest.Connect(a, a, {"rule": "pairwise_bernoulli", "p": 0.0}, EPROP)
    nest.Connect(a[:1], a[:1], {"rule": "all_to_all", "allow_autapses": False}, EPROP)
    nest.Simulate(2.0)
    assert nest.GetConnections().weight == ()


def test_pairs_are_drawn_with_their_probability() -> None:
    a = nest.Create("eprop_iaf", 100)
    nest.Connect(a, a, {"rule": "pairwise_bernoulli", "p": 0.3}, EPROP)
    assert nest.num_connections == pytest.approx(3000, abs=150)


@pytest.mark.parametrize("source, target, synapse", [
    ("eprop_iaf", "eprop_iaf_bsshslm_2020", "eprop_synapse"),
    ("eprop_iaf", "eprop_readout", "eprop_synapse_bsshslm_2020"),
    ("eprop_iaf", "iaf_psc_delta", "eprop_synapse"),
    ("eprop_iaf", "parrot_neuron", "eprop_synapse"),
    ("spike_generator", "eprop_iaf", "eprop_synapse"),
    ("eprop_readout", "eprop_iaf", "eprop_synapse"),
    ("eprop_readout", "eprop_iaf", "static_synapse"),
    ("eprop_readout", "eprop_iaf_bsshslm_2020", "eprop_learning_signal_connection_bsshslm_2020"),
    ("eprop_iaf", "eprop_iaf", "eprop_learning_signal_connection"),
    ("spike_recorder", "eprop_iaf", "static_synapse"),
    ("eprop_iaf", "multimeter", "static_synapse"),
])
def test_synapses_connect_what_they_can(source: str, target: str, synapse: str) -> None:
    with pytest.raises(Errors.IllegalConnection, match=f"{source} to {target} by {synapse}"):
        nest.Connect(nest.Create(source), nest.Create(target), "all_to_all", synapse)


@pytest.mark.parametrize("syn_spec, error", [
    ({"synapse_model": "stdp_synapse"}, Errors.UnknownModelName),
    ({"synapse_model": "eprop_synapse", "tau_plus": 1.0}, Errors.UnaccessedDictionaryEntry),
    ({"synapse_model": "eprop_synapse", "optimizer": {}}, Errors.NotImplemented),
    ({"synapse_model": "eprop_synapse", "delay": 2.0}, Errors.IllegalConnection),
    ({"synapse_model": "eprop_synapse", "weight": 101.0}, Errors.BadProperty),
    ({"synapse_model": "eprop_synapse", "weight": np.nan}, Errors.BadProperty),
    ({"synapse_model": "static_synapse", "delay": 0.0}, Errors.BadDelay),
    ({"synapse_model": "static_synapse", "delay": 1.5}, Errors.BadProperty),
    ({"synapse_model": "static_synapse", "receptor_type": 1}, Errors.IllegalConnection),
    ({"synapse_model": "eprop_synapse_bsshslm_2020", "tau_m_readout": [10.0]},
     Errors.TypeMismatch),
])
def test_wrong_synapses_are_refused(syn_spec: dict, error: type) -> None:
    nodes = nest.Create("eprop_iaf", 2)
    with pytest.raises(error):
        nest.Connect(nodes, nodes, "all_to_all", syn_spec)
    assert len(nest.GetConnections()) == 0


def test_the_archive_of_nest_is_refused_by_name() -> None:
    multimeter = nest.Create("multimeter", {"record_from": ["eprop_history_duration"]})
    with pytest.raises(Errors.IllegalConnection, match="eprop_history_duration.*archive"):
        nest.Connect(multimeter, nest.Create("eprop_iaf"))


def test_connections_are_found_by_their_ends_and_model() -> None:
    a, b = nest.Create("eprop_iaf", 3), nest.Create("eprop_readout", 2)
    nest.Connect(a, a, {"rule": "all_to_all", "allow_autapses": False}, EPROP)
    nest.Connect(a, b, "all_to_all", EPROP)
    nest.Connect(b, a, "all_to_all", {"synapse_model": "eprop_learning_signal_connection"})
    assert len(nest.GetConnections()) == 18
    assert len(nest.GetConnections(a)) == 12
    assert len(nest.GetConnections(target=a)) == 12
    assert len(nest.GetConnections(synapse_model="eprop_learning_signal_connection")) == 6
    some = nest.GetConnections(a[0], a[1:])
    assert some.get(["source", "target"]) == {"source": [1, 1], "target": [2, 3]}
    assert some[1] == nest.GetConnections(a[0], a[2])
    assert [one.target for one in some] == [2, 3]
    assert some[0].get(["target", "weight", "synapse_model"]) == {
        "target": 2, "weight": 1.0, "synapse_model": "eprop_synapse"}
    assert nest.GetConnections(b[0], b).get(["weight"]) == ()


def test_weights_are_set_before_and_after_a_simulation() -> None:
    a, b = nest.Create("eprop_iaf", 2), nest.Create("eprop_iaf", 2)
    nest.Connect(a, a + b, "all_to_all", EPROP)
    found = nest.GetConnections(a, a + b)
    found[0].weight = 5.0
    found[1:3].set(weight=[6.0, 7.0])
    nest.Simulate(3.0)
    assert found.weight == [5.0, 6.0, 7.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    found[2:5].set([{"weight": 8.0}, {}, {"weight": 9.0}])
    assert found.weight == [5.0, 6.0, 8.0, 1.0, 9.0, 1.0, 1.0, 1.0]
    with pytest.raises(Errors.BadProperty, match="Wmin, Wmax"):
        found.weight = -101.0


def test_the_moments_of_an_optimizer_begin_with_zero() -> None:
    nest.SetDefaults("eprop_synapse", {"optimizer": {"type": "adam"}})
    a = nest.Create("eprop_iaf", 2)
    nest.Connect(a, a, "all_to_all", EPROP)
    found = nest.GetConnections(a[0], a)
    found.set([{"optimizer": {"m": 0.0, "v": 0.0}}] * 2)
    assert found[0].optimizer == {"m": 0.0, "v": 0.0}
    with pytest.raises(Errors.NotImplemented, match="m = 1.0"):
        found.set({"optimizer": {"m": 1.0}})
    with pytest.raises(Errors.UnaccessedDictionaryEntry, match="'w'"):
        found.set({"optimizer": {"w": 0.0}})


def test_a_built_network_takes_no_nodes_and_no_connections() -> None:
    a = nest.Create("eprop_iaf", 2)
    nest.Simulate(1.0)
    with pytest.raises(Errors.NotImplemented, match="Connect.*before"):
        nest.Connect(a, a, "all_to_all", EPROP)
    with pytest.raises(Errors.NotImplemented, match="Create.*before"):
        nest.Create("eprop_iaf")
    with pytest.raises(Errors.NotImplemented, match="V_th"):
        a.V_th = -50.0
    a.set(V_th=-55.0, flush_event_send_interval=1.0)


def test_optimizers_are_refused_where_they_break_a_rule() -> None:
    set_ = nest.SetDefaults
    for optimizer in ({"type": "sgd"}, {"eta": -1.0}, {"Wmin": 200.0}, {"batch_size": 0}):
        with pytest.raises(Errors.BadProperty):
            set_("eprop_synapse", {"optimizer": optimizer})
    with pytest.raises(Errors.UnaccessedDictionaryEntry, match="beta_1"):
        set_("eprop_synapse", {"optimizer": {"beta_1": 0.5}})
    with pytest.raises(Errors.TypeMismatch, match="batch_size"):
        set_("eprop_synapse", {"optimizer": {"batch_size": 1.5}})
    with pytest.raises(Errors.UnaccessedDictionaryEntry, match="average_gradient"):
        set_("eprop_synapse", {"average_gradient": True})
    set_("eprop_synapse", {"optimizer": {"type": "adam", "eta": 1e-3}})
    set_("eprop_synapse", {"optimizer": {"beta_1": 0.5}})
    assert nest.GetDefaults("eprop_synapse", ["optimizer", "eta", "beta_1"]) == (
        "adam", 1e-3, 0.5)
    a = nest.Create("eprop_iaf", 2)
    nest.Connect(a, a, "all_to_all", EPROP)
    with pytest.raises(Errors.BadParameter, match="has connections with 'adam'"):
        set_("eprop_synapse", {"optimizer": {"type": "gradient_descent"}})
