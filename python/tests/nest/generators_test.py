"""Generators and parrots: when spikes and rates arrive, and what set() replaces."""

import numpy as np
import pytest

import eprop.nest as nest

Errors = nest.NESTErrors
pytestmark = pytest.mark.usefixtures("kernel")


def recorded(nodes) -> object:
    recorder = nest.Create("spike_recorder")
    nest.Connect(nodes, recorder)
    return recorder


def spikes(recorder) -> list[tuple[int, float]]:
    events = recorder.events
    return sorted(zip(events["senders"].tolist(), events["times"].tolist()))


def test_a_parrot_spikes_in_the_step_of_the_time() -> None:
    generators, parrots = nest.Create("spike_generator", 2), nest.Create("parrot_neuron", 2)
    nest.Connect(generators, parrots, "one_to_one")
    recorder = recorded(parrots)
    generators.set([{"spike_times": [1.0, 4.0]}, {"spike_times": np.array([2.0], np.float32)}])
    nest.Simulate(10.0)
    assert spikes(recorder) == [(3, 2.0), (3, 5.0), (4, 3.0)]


def test_delays_shift_what_parrots_do() -> None:
    generator, parrot = nest.Create("spike_generator"), nest.Create("parrot_neuron")
    nest.Connect(generator, parrot, "one_to_one", {"delay": 4.0})
    recorder = recorded(parrot)
    generator.spike_times = [2.0]
    nest.Simulate(3.0)  # the spike is on its way: what is set now comes after it
    generator.spike_times = [5.0]
    nest.Simulate(10.0)
    assert spikes(recorder) == [(2, 6.0), (2, 9.0)]


def test_several_generators_feed_a_parrot() -> None:
    generators, parrot = nest.Create("spike_generator", 2), nest.Create("parrot_neuron")
    nest.Connect(generators, parrot)
    recorder = recorded(parrot)
    generators.set([{"spike_times": [3.0]}, {"spike_times": [1.0, 5.0]}])
    nest.Simulate(10.0)
    assert [time for _, time in spikes(recorder)] == [2.0, 4.0, 6.0]


def test_a_second_spike_in_a_step_is_told() -> None:
    generators, parrot = nest.Create("spike_generator", 2), nest.Create("parrot_neuron")
    nest.Connect(generators, parrot)
    recorder = recorded(parrot)
    generators.set([{"spike_times": [3.0, 3.0]}, {"spike_times": [3.0]}])
    with pytest.warns(UserWarning, match="2 spikes come in a step"):
        nest.Simulate(10.0)
    assert spikes(recorder) == [(3, 4.0)]


def test_a_generator_acts_on_neurons_one_delay_after_its_time() -> None:
    generator = nest.Create("spike_generator", {"spike_times": [1.0, 3.0]})
    neuron = nest.Create("iaf_psc_delta", {"E_L": 0.0, "V_th": 100.0, "V_reset": -1.0})
    nest.Connect(generator, neuron, "one_to_one", {"weight": 2.0, "delay": 2.0})
    recorder, meter = recorded(generator), nest.Create("multimeter", {"record_from": ["V_m"]})
    nest.Connect(meter, neuron)
    nest.Simulate(8.0)
    assert spikes(recorder) == [(1, 1.0), (1, 3.0)]
    decay = np.exp(-0.1)
    expected = [0.0, 0.0, 2.0, 2.0 * decay, 2.0 * decay**2 + 2.0]
    np.testing.assert_allclose(meter.events["V_m"][:5], expected, rtol=1e-14)


def test_what_was_not_played_is_replaced() -> None:
    generator, parrot = nest.Create("spike_generator"), nest.Create("parrot_neuron")
    nest.Connect(generator, parrot, "one_to_one")
    recorder = recorded(parrot)
    generator.spike_times = [2.0, 5.0, 6.0]
    nest.Simulate(5.0)
    generator.spike_times = [7.0]
    nest.Simulate(5.0)
    assert [time for _, time in spikes(recorder)] == [3.0, 6.0, 8.0]
    with pytest.raises(Errors.BadProperty, match="above the time simulated so far, 10.0 ms"):
        generator.spike_times = [10.0, 12.0]


def test_generators_are_set_one_by_one() -> None:
    generators, parrots = nest.Create("spike_generator", 2), nest.Create("parrot_neuron", 2)
    nest.Connect(generators, parrots, "one_to_one")
    recorder = recorded(parrots)
    generators.set([{"spike_times": [1.0, 6.0]}, {"spike_times": [2.0]}])
    nest.Simulate(4.0)
    generators[1].spike_times = [5.0]  # what the other one has played does not matter
    nest.Simulate(4.0)
    assert spikes(recorder) == [(3, 2.0), (3, 7.0), (4, 3.0), (4, 6.0)]


def test_generators_are_active_between_start_and_stop() -> None:
    generator = nest.Create("spike_generator", {
        "spike_times": np.arange(1.0, 9.0), "start": 2.0, "stop": 5.0})
    parrot = nest.Create("parrot_neuron")
    nest.Connect(generator, parrot)
    recorder = recorded(parrot)
    nest.Simulate(10.0)
    assert [time for _, time in spikes(recorder)] == [4.0, 5.0, 6.0]


def test_poisson_generators_drive_parrots_and_neurons() -> None:
    generators = nest.Create("poisson_generator", 2, {"rate": [100.0, 50.0], "stop": 4000.0})
    parrots = nest.Create("parrot_neuron", 50)
    neurons = nest.Create("iaf_psc_delta", 50, {"t_ref": 0.0})
    nest.Connect(generators, parrots)
    nest.Connect(generators[1], neurons, "all_to_all", {"weight": 1000.0})
    recorders = [recorded(nodes) for nodes in (parrots, neurons)]
    nest.Simulate(5000.0)
    for recorder, rate in zip(recorders, (150.0, 50.0)):
        events = recorder.events
        probability = 1.0 - np.exp(-rate / 1000.0)
        assert len(events["times"]) == pytest.approx(50 * 4000 * probability, rel=0.03)
        assert len(np.unique(np.bincount(events["senders"])[-50:])) > 5
        assert events["times"].max() <= 4002.0


def test_a_parrot_has_one_kind_of_generator() -> None:
    parrot = nest.Create("parrot_neuron")
    nest.Connect(nest.Create("spike_generator"), parrot)
    nest.Connect(nest.Create("poisson_generator", {"rate": 10.0}), parrot)
    with pytest.raises(Errors.NotImplemented, match="parrot_neuron 1 is fed by"):
        nest.Simulate(1.0)


def test_a_parrot_has_one_window_of_poisson_generators() -> None:
    generators = nest.Create("poisson_generator", 3, {
        "rate": 1e4, "start": [0.0, 3.0, 3.0], "stop": [2.0, 6.0, 6.0]})
    parrots = nest.Create("parrot_neuron", 2)
    nest.Connect(generators[:2], parrots, "one_to_one", {"delay": 2.0})
    nest.Connect(generators[2], parrots[1], "one_to_one", {"delay": 2.0})
    recorder = recorded(parrots)
    nest.Simulate(12.0)
    assert spikes(recorder) == [(4, 3.0), (4, 4.0), (5, 6.0), (5, 7.0), (5, 8.0)]
    nest.ResetKernel()
    generators = nest.Create("poisson_generator", 2, {"rate": 10.0, "start": [0.0, 3.0]})
    nest.Connect(generators, nest.Create("parrot_neuron", 2))
    with pytest.raises(Errors.NotImplemented, match="parrot_neuron 3 .* different start or stop"):
        nest.Simulate(1.0)


def readouts_with_targets(count: int, generators: int, delay: float = 1.0) -> tuple:
    readouts = nest.Create("eprop_readout_bsshslm_2020", count)
    rates = nest.Create("step_rate_generator", generators)
    rule = "one_to_one" if count == generators else "all_to_all"
    nest.Connect(rates, readouts, rule, {
        "synapse_model": "rate_connection_delayed", "receptor_type": 2, "delay": delay})
    meter = nest.Create("multimeter", {"record_from": ["target_signal"], "interval": delay})
    nest.Connect(meter, readouts)
    return rates, meter


def target_signals(meter, count: int) -> np.ndarray:
    events = meter.events
    return events["target_signal"][np.lexsort([events["times"], events["senders"]])].reshape(
        count, -1)


def test_readouts_see_an_amplitude_from_the_step_of_its_time_on() -> None:
    rates, meter = readouts_with_targets(2, 2)
    rates.set([
        {"amplitude_times": [5.0, 8.0], "amplitude_values": [1.0, 2.0]},
        {"amplitude_times": [6.0], "amplitude_values": [3.0]},
    ])
    nest.Simulate(11.0)
    seen = target_signals(meter, 2)  # the time is the end of the step
    np.testing.assert_array_equal(seen[0], [0, 0, 0, 0, 0, 1, 1, 1, 2, 2])
    np.testing.assert_array_equal(seen[1], [0, 0, 0, 0, 0, 0, 3, 3, 3, 3])


def test_amplitudes_that_were_not_played_are_replaced() -> None:
    rates, meter = readouts_with_targets(2, 1)
    rates.set({"amplitude_times": [5.0, 7.0, 8.0], "amplitude_values": [1.0, 2.0, 3.0]})
    nest.Simulate(7.0)
    rates.set({"amplitude_times": [9.0], "amplitude_values": [4.0]})
    nest.Simulate(4.0)
    seen = target_signals(meter, 2)
    np.testing.assert_array_equal(seen[0], [0, 0, 0, 0, 0, 1, 1, 2, 2, 4])
    np.testing.assert_array_equal(seen[1], seen[0])


def test_a_receptor_has_one_generator() -> None:
    rates, _ = readouts_with_targets(3, 1)
    nest.Connect(rates, nest.NodeCollection([1]), "all_to_all", {
        "synapse_model": "rate_connection_delayed", "receptor_type": 2})
    with pytest.raises(Errors.NotImplemented, match="two generators"):
        nest.Simulate(1.0)


def test_times_are_on_the_grid_of_a_tenth_of_a_millisecond() -> None:
    nest.ResetKernel()  # to the resolution of 0.1 ms
    times = np.arange(1, 200) * 0.1
    generator, parrot = nest.Create("spike_generator"), nest.Create("parrot_neuron")
    generator.spike_times = times.astype(np.float32)
    nest.Connect(generator, parrot, "one_to_one", {"delay": 0.3})
    recorder = nest.Create("spike_recorder", {"start": 0.7, "stop": 12.3})
    nest.Connect(parrot, recorder)
    rates, meter = readouts_with_targets(1, 1, delay=0.1)
    rates.set({"amplitude_times": times, "amplitude_values": np.arange(1.0, 200.0)})
    for _ in range(3):
        nest.Simulate(5.7)
    steps = np.rint(recorder.events["times"] / 0.1).astype(int)
    np.testing.assert_array_equal(steps, np.arange(8, 124))
    # the readouts of this family compare with their target from the fifth step on
    np.testing.assert_array_equal(target_signals(meter, 1)[0][4:], np.arange(4.0, 170.0))
