"""Simulations from Python, on any number of ranks."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
import scipy.sparse
from sine_waves import SEQUENCE, SineWaves, draw, sine_waves, train

import eprop


def relay(spikes: list[list[float]], weight: float = 100.0) -> tuple:
    """Inputs, each of which makes a neuron of its own spike."""
    net = eprop.Network()
    inputs = net.add("in", eprop.SpikeTrains(spikes))
    neurons = net.add("out", len(spikes), eprop.IafPscDelta(V_m=-70.0))
    projection = net.connect(inputs, neurons, eprop.OneToOne(), eprop.StaticSynapse(weight=weight))
    return net, inputs, neurons, projection


def test_time_goes_on() -> None:
    net, *_ = relay([[1.0]])
    sim = eprop.Simulation(net)
    sim.run(10.0)
    sim.run_steps(5)
    sim.run(0.0)
    assert (sim.step, sim.time) == (15, 15.0)
    assert sim.exchange_interval == 1
    assert sim.phase_seconds().keys() >= {"deliver spikes", "advance neurons"}


@pytest.mark.parametrize("duration", [0.5, -1.0, float("nan"), float("inf")])
def test_times_that_are_none_are_refused(duration: float) -> None:
    sim = eprop.Simulation(relay([[1.0]])[0])
    with pytest.raises(eprop.InvalidParameter, match="simulation: time = "):
        sim.run(duration)
    with pytest.raises(eprop.InvalidParameter, match="simulation: steps = -1"):
        sim.run_steps(-1)


def test_spikes_are_recorded() -> None:
    net, _, neurons, _ = relay([[1.0, 20.0], [5.0], []])
    sim = eprop.Simulation(net)
    sim.record_spikes(neurons)
    sim.run(30.0)
    spikes = sim.take_spikes(neurons, everywhere=True)
    assert spikes.neurons.tolist() == [0, 1, 0]
    assert spikes.times.tolist() == [3.0, 7.0, 22.0]
    assert len(sim.take_spikes(neurons, everywhere=True)) == 0


def test_spikes_come_to_rank_0_alone_unless_asked_for() -> None:
    net, _, neurons, _ = relay([[1.0]])
    sim = eprop.Simulation(net)
    sim.record_spikes(neurons)
    sim.run(10.0)
    assert len(sim.take_spikes(neurons)) == (1 if eprop.world().rank == 0 else 0)


def test_spikes_are_appended_as_times_and_as_arrays() -> None:
    net, inputs, neurons, _ = relay([[], []])
    sim = eprop.Simulation(net)
    sim.record_spikes(neurons)
    sim.append_spikes(inputs, [[2.0], []])
    array = np.zeros((20, 2), dtype=bool)
    array[10, 1] = True
    sim.append_spikes(inputs, array)  # from step 0 on
    sim.append_spikes(inputs, array, start=20)
    sim.run(50.0)
    spikes = sim.take_spikes(neurons, everywhere=True)
    assert list(zip(spikes.times, spikes.neurons)) == [(4.0, 0), (12.0, 1), (32.0, 1)]


@pytest.mark.parametrize("neurons", [1, 7, 8, 9, 100])
def test_arrays_of_spikes_are_taken_whole(neurons: int) -> None:
    wanted = np.random.RandomState(neurons).rand(50, neurons) < 0.3
    net = eprop.Network()
    inputs = net.add("in", eprop.SpikeTrains([[]] * neurons))
    sim = eprop.Simulation(net)
    sim.record_spikes(inputs)
    sim.append_spikes(inputs, wanted, start=1)
    sim.run(60.0)
    spikes = sim.take_spikes(inputs, everywhere=True)
    found = np.zeros_like(wanted)
    found[spikes.times.astype(int) - 2, spikes.neurons.astype(int)] = True
    assert (found == wanted).all()


def test_traces_have_samples_neurons_and_variables() -> None:
    net, _, neurons, _ = relay([[1.0], [2.0], [3.0]], weight=1.0)
    sim = eprop.Simulation(net)
    report = sim.record(neurons, ["V_m"], neurons=[0, 2], start=1.0, interval=2.0)
    sim.run(11.0)
    traces = sim.take_traces(report, everywhere=True)
    assert traces.times.tolist() == [3.0, 5.0, 7.0, 9.0, 11.0]
    assert traces.values.shape == (5, 2, 1)
    assert traces["V_m"].shape == (5, 2)
    assert traces.neurons.tolist() == [0, 2]
    assert traces["V_m"][-1].tolist() == sim.state(neurons, "V_m")[[0, 2]].tolist()
    assert traces["V_m"][0, 0] > -70.0


def test_unknown_variables_are_refused() -> None:
    net, _, neurons, _ = relay([[1.0]])
    sim = eprop.Simulation(net)
    with pytest.raises(eprop.InvalidParameter, match="variable = V: must be one of V_m"):
        sim.record(neurons, ["V"])
    assert "V_m" in eprop.IafPscDelta().recordables()


def test_transmissions_have_weights() -> None:
    net, _, _, projection = relay([[1.0], [3.0]], weight=1.5)
    sim = eprop.Simulation(net)
    sim.record_transmissions(projection, sources=[1])
    sim.run(10.0)
    sent = sim.take_transmissions(projection, everywhere=True)
    assert (sent.source.tolist(), sent.target.tolist()) == ([1], [1])
    assert (sent.times.tolist(), sent.weight.tolist()) == ([4.0], [1.5])


def trained(threads: int = 1) -> tuple[eprop.Simulation, SineWaves]:
    draws = draw()
    task = sine_waves(draws)
    sim = eprop.Simulation(task.network, threads=threads)
    train(sim, task, draws, 2)
    return sim, task


def test_weights_are_alike_everywhere(folder: Path) -> None:
    sim, task = trained()
    weights = sim.weights(task.plastic[0])
    rank = sim.communicator.rank
    for other in sim.communicator.all_gather(weights.weight.tobytes()):
        assert other == weights.weight.tobytes()
    assert len(weights) == sim.synapse_count(task.plastic[0]) == 100 * 100
    assert rank in range(sim.communicator.size)


def test_weights_are_set_in_any_form() -> None:
    sim, task = trained()
    recurrent = task.plastic[1]
    before = sim.weights(recurrent)
    doubled = 2.0 * before.weight
    sim.set_weights(recurrent, doubled)
    assert (sim.weights(recurrent).weight == doubled).all()
    sim.set_weights(recurrent, before.matrix())
    assert (sim.weights(recurrent).weight == before.weight).all()
    sparse = scipy.sparse.csr_matrix((doubled, (before.target, before.source)))
    sim.set_weights(recurrent, sparse)
    assert (sim.weights(recurrent).weight == doubled).all()
    with pytest.raises(eprop.InvalidParameter, match="rec_rec"):
        sim.set_weights(recurrent, doubled[1:])


def test_arrays_are_not_copied() -> None:
    sim, task = trained()
    weights = sim.weights(task.plastic[0]).weight
    assert weights.dtype == np.float64
    assert not weights.flags.owndata and weights.base is not None  # the vector's memory
    weights[0] = 7.0  # it is the caller's
    assert sim.weights(task.plastic[0]).weight[0] != 7.0


def test_learning_rates_can_be_changed() -> None:
    draws = draw()
    task = sine_waves(draws)
    sim = eprop.Simulation(task.network)
    for projection in task.plastic:
        sim.set_learning_rate(projection, 0.0, running_interval=True)
    before = sim.weights(task.plastic[0]).weight
    train(sim, task, draws, 2)
    assert (sim.weights(task.plastic[0]).weight == before).all()


def test_output_goes_to_a_file(folder: Path) -> None:
    path = folder / "run.h5"
    draws = draw()
    task = sine_waves(draws)
    with eprop.Simulation(task.network) as sim:
        sim.open_output(path)
        sim.record_spikes(task.rec)
        sim.record(task.out, ["readout_signal"])
        sim.record_weights(task.plastic[2], synapses=3)
        train(sim, task, draws, 1)
        sim.write_output("analysis/matrix", np.eye(2), units="mV")
        sim.write_output("analysis/counts", np.array([1, 2, 3]))
        sim.append_output("analysis/grown", [1.5])
        sim.append_output("analysis/grown", 2.5)
        sim.write_attribute("analysis/matrix", "remark", "identity")
        sim.flush()
    eprop.world().barrier()
    with h5py.File(path) as file:
        assert len(file["spikes/rec/timestamps"]) > 0
        assert file["weights/rec_out/data"].shape[1] == 3
        assert file["analysis/matrix"][:].tolist() == [[1.0, 0.0], [0.0, 1.0]]
        assert file["analysis/matrix"].attrs["units"] == "mV"
        assert file["analysis/counts"][:].tolist() == [1, 2, 3]
        assert file["analysis/grown"][:].tolist() == [1.5, 2.5]
    eprop.world().barrier()
    with pytest.raises(eprop.OutputError, match="run.h5"):
        eprop.Simulation(task.network).open_output(path)


def test_weights_are_read_from_a_file(folder: Path) -> None:
    draws = draw()
    task = sine_waves(draws)
    with eprop.Simulation(task.network) as sim:
        sim.open_output(folder / "run.h5")
        sim.record_weights(task.plastic[2])
        train(sim, task, draws, 1)
    read = eprop.read_weights(folder / "run.h5", task.plastic[2])
    # Recorded at the end of the first interval, whose weights are those that were drawn.
    assert (read.matrix() == draws.rec_out).all()
    with pytest.raises(eprop.OutputError, match="in_rec"):
        eprop.read_weights(folder / "run.h5", task.plastic[0])


def test_weights_come_from_a_file(folder: Path) -> None:
    sim, task = trained()
    sim.save_checkpoint(folder / "trained.checkpoint", user_data="mine")
    assert eprop.read_user_data(folder / "trained.checkpoint") == "mine"
    other = eprop.Simulation(task.network)
    other.load_weights(folder / "trained.checkpoint", task.plastic)
    for projection in task.plastic:
        assert (other.weights(projection).weight == sim.weights(projection).weight).all()
    with pytest.raises(eprop.CheckpointError, match="none.checkpoint"):
        other.load_checkpoint(folder / "none.checkpoint")


def test_a_checkpoint_goes_on_as_if_nothing_had_been(folder: Path) -> None:
    sim, task = trained()
    sim.save_checkpoint(folder / "a.checkpoint", user_data="mine")
    other = eprop.Simulation(task.network, threads=2)
    assert other.load_checkpoint(folder / "a.checkpoint") == "mine"
    assert other.step == sim.step == 2 * SEQUENCE + 4
    for simulation in (sim, other):
        simulation.append_spikes(task.inputs, draw().spikes, start=simulation.step)
        simulation.run(SEQUENCE)
    for projection in task.plastic:
        assert (other.weights(projection).weight == sim.weights(projection).weight).all()


def test_divergence_is_told_with_its_step() -> None:
    net = eprop.Network()
    inputs = net.add("in", eprop.SpikeTrains([[5.0], [5.0]]))
    neurons = net.add("out", 1, eprop.EpropIaf(V_th=1e308, C_m=1.0))
    net.connect(inputs, neurons, eprop.AllToAll(), eprop.StaticSynapse(weight=1.7e308))
    sim = eprop.Simulation(net)
    with pytest.raises(eprop.Diverged, match="population 'out'") as raised:
        sim.run(1000.0)
    assert raised.value.step in range(6, 40)  # potentials are looked at every 32 steps


def test_most_replicas_says_why_not_more() -> None:
    task = sine_waves(draw())
    replicas, reason = eprop.most_replicas(task.network, threads=2)
    assert replicas == 1 and reason


def test_repr_tells_time() -> None:
    assert "0 ms" in repr(eprop.Simulation(relay([[1.0]])[0]))


def test_numbers_of_another_kind_are_refused() -> None:
    network = eprop.Network()
    network.add("rec", 2, eprop.EpropIaf())
    refused = pytest.raises(eprop.InvalidParameter, match="must be a whole number$")
    with refused:
        eprop.Simulation(network, threads="2")
    simulation = eprop.Simulation(network, progress=False)
    with refused:
        simulation.run_steps(2.5)
    with pytest.raises(eprop.InvalidParameter, match="^simulation: time = 'x': must be a number$"):
        simulation.run("x")
    simulation.run_steps(np.int64(3))
    assert simulation.step == 3
