"""Settings, Simulate() and its parts, and what can change between two calls."""

import numpy as np
import pytest
from networks import EvidenceAccumulation, SineWaves, weight_matrix

import eprop.nest as nest

Errors = nest.NESTErrors


def small_network(between: str = "whole") -> dict[str, np.ndarray]:
    """Events and weights of neurons that are connected as a whole, or part by part."""
    nest.ResetKernel()
    nest.set(resolution=1.0, eprop_update_interval=50.0)
    draw = np.random.RandomState(3)
    source = nest.Create("eprop_iaf_bsshslm_2020", 10, {
        "ignore_and_spike": True, "ignore_and_spike_interval": 7.0})
    neuron = {"V_th": -60.0, "surrogate_gradient_width": 10.0, "t_ref": 1.0}
    target = nest.Create("eprop_iaf_bsshslm_2020", 6, neuron)
    target += nest.Create("eprop_iaf_bsshslm_2020", 4, dict(neuron, t_ref=3.0))
    readout = nest.Create("eprop_readout_bsshslm_2020", 2)
    weight = draw.normal(0.0, 8.0, (10, 10))
    synapse = {"synapse_model": "eprop_synapse_bsshslm_2020"}
    for rows, columns in {
        "whole": [(slice(0, 10), slice(0, 10))],
        "parts": [(slice(0, 7), slice(3, 10)), (slice(7, 10), slice(3, 10)),
                  (slice(0, 10), slice(0, 3))],
    }[between]:
        nest.Connect(source[columns], target[rows], "all_to_all",
                     dict(synapse, weight=weight[rows, columns]))
    nest.Connect(target, readout, "all_to_all", dict(synapse, weight=draw.normal(size=(2, 10))))
    nest.Connect(readout, target, "all_to_all", {
        "synapse_model": "eprop_learning_signal_connection_bsshslm_2020",
        "weight": draw.normal(size=(10, 2))})
    meter = nest.Create("multimeter", {"record_from": ["V_m"]})
    recorder = nest.Create("spike_recorder")
    nest.Connect(meter, target + readout)
    nest.Connect(target, recorder)
    nest.Simulate(180.0)
    order = np.lexsort([meter.events["senders"], meter.events["times"]])
    spikes = recorder.events
    return {
        "V_m": meter.events["V_m"][order],
        "spikes": np.array(sorted(zip(spikes["times"], spikes["senders"]))),
        "weights": weight_matrix(source, target), "out": weight_matrix(target, readout),
    }


def test_parts_make_the_same_network_as_the_whole() -> None:
    whole, parts = small_network("whole"), small_network("parts")
    assert len(whole["spikes"]) > 50
    assert np.abs(whole["weights"] - np.random.RandomState(3).normal(0, 8, (10, 10))).max() > 1e-5
    for name, array in whole.items():
        np.testing.assert_allclose(parts[name], array, rtol=1e-11, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("task", ["sine_waves", "sine_waves_bsshslm_2020"])
def test_weights_are_up_to_date_without_a_final_spike(task: str) -> None:
    """What NEST reads after a spike of all neurons is what a transmission uses in that step."""
    data = np.load(f"{__file__.rpartition('/')[0]}/data/{task}.npz")
    plus = task == "sine_waves"
    network = SineWaves(plus=plus, iterations=2)
    network.feed(final_spike=False)
    nest.Simulate(network.task + network.offset)
    names = ["in_rec"] if plus else ["in_rec", "rec_rec", "rec_out"]  # others are yet to learn
    for name in names:
        step = 1 if name == "rec_out" else 7
        weights = weight_matrix(*network.populations[name])[::step, ::step]
        np.testing.assert_allclose(weights, data[f"weights/{name}"], rtol=0.0, atol=1e-9)


def test_threads_do_not_show() -> None:
    losses = []
    for threads in (1, 2):
        nest.ResetKernel()
        task = SineWaves(plus=False, iterations=1, local_num_threads=threads)
        losses.append(task.run().loss)
    assert losses[0] == losses[1]


def test_the_learning_rate_changes_between_simulations() -> None:
    task = EvidenceAccumulation(batch_size=1, batches=1)
    weights = [weight_matrix(*task.populations["in_rec"])]
    for number, eta in enumerate((5e-3, 0.0, 0.0)):
        task.run_batch(number, eta)
        weights.append(weight_matrix(*task.populations["in_rec"]))
    nest.Simulate(5.0)
    weights.append(weight_matrix(*task.populations["in_rec"]))
    changes = [np.abs(b - a).max() for a, b in zip(weights, weights[1:])]
    # the update of an interval comes with the beginning of the next
    assert changes[0] == 0.0 and changes[1] == pytest.approx(5e-3, rel=0.1)
    assert changes[2] == changes[3] == 0.0


def test_only_the_learning_rate_of_an_optimizer_changes_while_it_runs(kernel) -> None:
    neurons = nest.Create("eprop_iaf", 2)
    nest.Connect(neurons, neurons, "all_to_all", {"synapse_model": "eprop_synapse"})
    nest.Simulate(1.0)
    nest.SetDefaults("eprop_synapse", {"optimizer": {"eta": 1.0, "batch_size": 1}})
    with pytest.raises(Errors.NotImplemented, match="batch_size = 2"):
        nest.SetDefaults("eprop_synapse", {"optimizer": {"batch_size": 2}})
    assert nest.GetDefaults("eprop_synapse", "batch_size") == 1


def test_readouts_exchange_their_signals_within_groups(kernel) -> None:
    def signals(groups: list[int]) -> np.ndarray:
        nest.ResetKernel()
        nest.set(resolution=1.0)
        count = sum(groups)
        readouts = nest.Create("eprop_readout_bsshslm_2020", count, {
            "loss": "cross_entropy", "V_m": np.arange(1.0, 1.0 + count), "tau_m": 100.0})
        begin = 0
        for size in groups:
            group = readouts[begin : begin + size]
            begin += size
            nest.Connect(group, group, {"rule": "all_to_all", "allow_autapses": False}, {
                "synapse_model": "rate_connection_delayed", "receptor_type": 1})
        meter = nest.Create("multimeter", {"record_from": ["readout_signal"], "start": 5.0})
        nest.Connect(meter, readouts)
        nest.Simulate(8.0)
        return meter.events["readout_signal"].reshape(-1, count)

    together, apart = signals([4]), signals([2, 2])
    np.testing.assert_allclose(together.sum(axis=1), 1.0)
    np.testing.assert_allclose(apart.sum(axis=1), 2.0)


@pytest.mark.parametrize("groups", [
    [([0, 1], [0, 1, 2])], [([0, 1, 2], [0, 1, 2, 3]), ([3], [0, 1])], [([0, 2], [0, 2])],
])
def test_readouts_that_miss_a_signal_are_refused(kernel, groups: list) -> None:
    readouts = nest.Create("eprop_readout_bsshslm_2020", 4, {"loss": "cross_entropy"})
    for sources, targets in groups:
        nest.Connect(readouts[sources], readouts[targets], {
            "rule": "all_to_all", "allow_autapses": False}, {
            "synapse_model": "rate_connection_delayed", "receptor_type": 1})
    with pytest.raises(Errors.NotImplemented, match="do not exchange their signals all with all"):
        nest.Simulate(1.0)
    assert nest.biological_time == 0.0


def test_settings() -> None:
    nest.ResetKernel()
    assert nest.resolution == 0.1
    nest.set(resolution=1.0, eprop_update_interval=100, print_time=True)
    assert (nest.resolution, nest.eprop_update_interval) == (1.0, 100.0)
    assert nest.eprop_learning_window == 100.0
    nest.rng_seed = 12
    assert nest.get(["rng_seed", "print_time"]) == {"rng_seed": 12, "print_time": True}
    nest.verbosity = nest.VerbosityLevel.WARNING
    assert nest.verbosity == nest.VerbosityLevel.WARNING
    nest.ResetKernel()
    assert (nest.resolution, nest.rng_seed) == (0.1, 143202461)


def test_wrong_settings_are_refused() -> None:
    nest.ResetKernel()
    with pytest.raises(ValueError, match="foo"):
        nest.set(resolution=1.0, foo=1)
    assert nest.resolution == 0.1
    with pytest.raises(AttributeError, match="foo"):
        nest.foo = 1
    with pytest.raises(AttributeError, match="foo"):
        nest.foo
    with pytest.raises(Errors.BadProperty, match="resolution = 0.0"):
        nest.resolution = 0.0
    with pytest.raises(Errors.TypeMismatch, match="rng_seed"):
        nest.rng_seed = 1.5
    nest.Create("eprop_iaf")
    with pytest.raises(Errors.BadProperty, match=r"Create\(\)"):
        nest.resolution = 1.0


def test_an_update_interval_off_the_grid_is_refused_when_the_network_is_built(kernel) -> None:
    nest.set(eprop_update_interval=10.5)
    nest.Create("eprop_iaf_bsshslm_2020")
    with pytest.raises(Errors.BadProperty, match="Simulate: .*update_interval"):
        nest.Simulate(1.0)


def test_dir_is_the_documented_calls() -> None:
    for name in dir(nest):
        assert not name.startswith("_") and getattr(nest, name) is not None


def test_simulate_in_parts(kernel) -> None:
    with pytest.raises(Errors.KernelException, match="Prepare"):
        nest.Run(1.0)
    node = nest.Create("eprop_iaf", {"V_m": 0.0, "E_L": 0.0, "I_e": 250.0, "V_th": 1e3})
    with nest.RunManager():
        nest.Run(3.0)
        nest.Run(4.0)
    assert nest.biological_time == 7.0
    assert node.V_m == pytest.approx(10.0 * (1.0 - np.exp(-0.6)))
    with pytest.raises(Errors.BadProperty, match="multiple"):
        nest.Simulate(0.5)
    nest.Simulate(1.0)
    assert nest.biological_time == 8.0


def test_print_time_shows_how_far_it_is(kernel, capsys) -> None:
    pytest.importorskip("tqdm")
    nest.Create("eprop_iaf")
    nest.Simulate(3.0)
    assert capsys.readouterr().err == ""
    nest.print_time = True
    nest.Simulate(1000.0)
    assert ("1000.0/1000.0" in capsys.readouterr().err) == (nest.Rank() == 0)


def test_neurons_differ_in_words_and_flags(kernel) -> None:
    neurons = nest.Create("eprop_iaf", 6, {
        "surrogate_gradient_function": ["exponential", "exponential", "arctan_derivative",
                                        "exponential", "piecewise_linear", "piecewise_linear"],
        "ignore_and_spike": [True, False, True, True, False, True],
        "ignore_and_spike_offset": [2.0, 2.0, 3.0, 4.0, 2.0, 5.0],
    })
    neurons += nest.Create("eprop_iaf", 2, {"ignore_and_spike": True, "V_m": -56.0})
    recorder, meter = nest.Create("spike_recorder"), nest.Create("multimeter", {
        "record_from": ["surrogate_gradient"]})
    nest.Connect(neurons, recorder)
    nest.Connect(meter, neurons)
    nest.Simulate(10.0)
    assert sorted(zip(recorder.events["senders"], recorder.events["times"])) == [
        (1, 2.0), (3, 3.0), (4, 4.0), (6, 5.0), (7, 1.0), (8, 1.0)]
    first = meter.events["times"] == 1.0
    gradient = dict(zip(meter.events["senders"][first], meter.events["surrogate_gradient"][first]))
    assert gradient[2] == pytest.approx(0.3 * np.exp(-15.0))
    assert gradient[3] == pytest.approx(0.3 / (1.0 + 15.0**2))
    assert gradient[5] == 0.0
    assert neurons.V_m[7] == pytest.approx(-70.0 + 14.0 * np.exp(-1.0) - 15.0 * np.exp(-0.9))
