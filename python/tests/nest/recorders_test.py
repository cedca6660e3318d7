"""What recorders record, and when."""

import numpy as np
import pytest

import eprop.nest as nest

Errors = nest.NESTErrors
pytestmark = pytest.mark.usefixtures("kernel")


def driven(count: int = 3, **params) -> object:
    """Neurons that spike in every fourth step."""
    return nest.Create("eprop_iaf", count, dict(
        ignore_and_spike=True, ignore_and_spike_offset=2.0, ignore_and_spike_interval=4.0,
        **params))


def test_spikes_are_stamped_with_the_end_of_their_step() -> None:
    neurons, recorder = driven(), nest.Create("spike_recorder", {"start": 2.0, "stop": 10.0})
    nest.Connect(neurons[1:], recorder)
    nest.Simulate(20.0)
    events = recorder.get("events")
    assert sorted(zip(events["times"], events["senders"])) == [
        (6.0, 2), (6.0, 3), (10.0, 2), (10.0, 3)]
    assert events["senders"].dtype == np.int64
    assert recorder.n_events == 4


def test_recorders_of_a_population_have_windows_of_their_own() -> None:
    neurons = driven()
    early, late = (nest.Create("spike_recorder", window)
                   for window in ({"stop": 6.0}, {"start": 12.0, "stop": 14.0}))
    nest.Connect(neurons[:1], early)
    nest.Connect(neurons, late)
    for _ in range(5):
        nest.Simulate(4.0)
    assert early.events["times"].tolist() == [2.0, 6.0]
    assert late.events["times"].tolist() == [14.0] * 3


def test_samples_are_taken_at_multiples_of_the_interval() -> None:
    neurons = nest.Create("eprop_iaf", 2, {"V_m": [-69.0, -68.0]})
    meter = nest.Create("multimeter", {
        "record_from": ["V_m"], "interval": 3.0, "start": 4.0, "stop": 12.0})
    nest.Connect(meter, neurons)
    nest.Simulate(20.0)
    events = meter.get("events")
    assert events["times"].tolist() == [6.0, 6.0, 9.0, 9.0, 12.0, 12.0]
    assert events["senders"].tolist() == [1, 2] * 3
    decay = np.exp(-np.repeat([6.0, 9.0, 12.0], 2) / 10.0)
    np.testing.assert_allclose(events["V_m"], -70.0 + np.tile([1.0, 2.0], 3) * decay, rtol=1e-12)


def test_the_sample_of_the_time_reached_comes_with_the_next_simulation() -> None:
    meter = nest.Create("multimeter", {"record_from": ["V_m"], "interval": 1.0})
    nest.Connect(meter, nest.Create("eprop_iaf"))
    nest.Simulate(3.0)
    assert meter.events["times"].tolist() == [1.0, 2.0]
    nest.Simulate(2.0)
    assert meter.events["times"].tolist() == [1.0, 2.0, 3.0, 4.0]


def test_nodes_of_several_models_are_recorded_together() -> None:
    neurons = nest.Create("eprop_iaf", 2) + nest.Create("eprop_iaf_adapt", 2)
    meter = nest.Create("multimeter", {"record_from": ["V_m", "learning_signal"]})
    nest.Connect(meter, neurons)
    nest.Simulate(4.0)
    for time in (1.0, 2.0, 3.0):
        at_time = meter.events["times"] == time
        assert sorted(meter.events["senders"][at_time]) == [1, 2, 3, 4]


def test_events_are_there_before_and_copies() -> None:
    neurons, recorder = driven(), nest.Create("spike_recorder")
    nest.Connect(neurons, recorder)
    assert recorder.events["times"].tolist() == [] and recorder.n_events == 0
    nest.Simulate(4.0)
    recorder.events["times"][:] = 0.0
    assert recorder.get("events", "times").tolist() == [2.0] * 3
    assert set(recorder.get("events", ["senders"])) == {"senders"}


def test_events_are_dropped_by_n_events() -> None:
    neurons, recorder = driven(), nest.Create("spike_recorder")
    nest.Connect(neurons, recorder)
    nest.Simulate(4.0)
    recorder.n_events = 0
    nest.Simulate(4.0)
    assert recorder.events["times"].tolist() == [6.0] * 3
    with pytest.raises(Errors.BadProperty, match="n_events"):
        recorder.n_events = 1


def test_weights_are_recorded_of_chosen_senders_and_targets() -> None:
    sources, targets = driven(4), nest.Create("eprop_iaf", 3, {"V_th": 1000.0})
    recorder = nest.Create("weight_recorder", {
        "senders": sources[1:3], "targets": targets[:2], "start": 2.0, "stop": 10.0})
    nest.SetDefaults("eprop_synapse", {"weight_recorder": recorder})
    weight = np.arange(12.0).reshape(3, 4)
    nest.Connect(sources, targets, "all_to_all", {
        "synapse_model": "eprop_synapse", "weight": weight})
    nest.Simulate(20.0)
    events = recorder.events
    assert sorted(zip(*(events[n] for n in ("times", "senders", "targets", "weights")))) == [
        (time, s, t, weight[t - 5, s - 1])
        for time in (6.0, 10.0) for s in (2, 3) for t in (5, 6)]


def test_a_weight_recorder_has_a_name_of_its_own_synapses() -> None:
    sources, targets = driven(2), nest.Create("eprop_iaf", 2)
    recorder = nest.Create("weight_recorder")
    nest.CopyModel("eprop_synapse", "recorded", {"weight_recorder": recorder})
    nest.Connect(sources, targets[:1], "all_to_all", {"synapse_model": "recorded"})
    nest.Connect(sources, targets[1:], "all_to_all", {"synapse_model": "eprop_synapse"})
    nest.Simulate(4.0)
    assert recorder.events["targets"].tolist() == [3, 3]
    with pytest.raises(Errors.BadProperty, match="weight_recorder"):
        nest.SetDefaults("eprop_synapse", {"weight_recorder": sources})


def test_an_empty_window_records_nothing() -> None:
    neurons, recorder = driven(), nest.Create("spike_recorder", {"start": 5.0, "stop": 5.0})
    nest.Connect(neurons, recorder)
    nest.Simulate(10.0)
    assert recorder.n_events == 0
