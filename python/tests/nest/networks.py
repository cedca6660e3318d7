"""Three tasks of the literature, written with PyNEST's calls, as those who use them write them.

Draws are those of docs/tasks/README.md, which NumPy's legacy generator makes. Of what is recorded
in data/*.npz, NEST 3.10 has recorded a part with these networks.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

import eprop.nest as nest

ALL = {"rule": "all_to_all", "allow_autapses": False}
ONE = {"rule": "one_to_one"}


@dataclass
class Run:
    """What a task has created; `weights` has the populations of each projection."""

    recorders: dict[str, Any]
    weights: dict[str, tuple[Any, Any]]
    loss: list[float] = field(default_factory=list)


def single(values: np.ndarray) -> np.ndarray:
    """In single precision, as the tasks have it."""
    return np.asarray(values, dtype=np.float32)


def weight_matrix(sources: Any, targets: Any) -> np.ndarray:
    """[target][source]; 0 where there is no synapse."""
    table = nest.GetConnections(sources, targets).get(["source", "target", "weight"])
    matrix = np.zeros((len(targets), len(sources)))
    rows = np.array(table["target"]) - targets.tolist()[0]
    columns = np.array(table["source"]) - sources.tolist()[0]
    matrix[rows, columns] = table["weight"]
    return matrix


def superimposed_sines(steps: int) -> np.ndarray:
    """The target of the sine wave task."""
    amplitudes = np.random.uniform(0.5, 2.0, 4)
    phases = np.random.uniform(0.0, 2.0 * np.pi, 4)
    waves = [
        a * np.sin(np.linspace(p, p + 2.0 * np.pi * (steps // period), steps))
        for a, p, period in zip(amplitudes, phases, (1000, 500, 333, 200))
    ]
    signal = np.sum(waves, axis=0) - np.sum(waves, axis=0)[0]
    return signal / max(np.abs(signal).max(), 1e-6)


def signals(events: dict[str, np.ndarray], offset: int, end: int) -> tuple[np.ndarray, np.ndarray]:
    """Readout and target as [step][readout] of the steps from `offset` to before `end`."""
    order = np.lexsort([events["senders"], events["times"]])
    count = len(np.unique(events["senders"]))
    kept = order[(events["times"][order] > offset) & (events["times"][order] <= end)]
    return tuple(events[f"{n}_signal"][kept].reshape(-1, count) for n in ("readout", "target"))


def recorder(model: str, start: float, stop: float = np.inf, **params: Any) -> Any:
    """A recorder with its window."""
    return nest.Create(model, 1, dict(params, start=start, stop=stop, label=model))


class SineWaves:
    """Sine waves of one of the families; all of it is simulated in one call."""

    sequence, n = 1000, 100

    def __init__(self, plus: bool, iterations: int, **settings: Any) -> None:
        np.random.seed(1)
        self.plus, self.iterations = plus, iterations
        self.offset = 2 if plus else 4
        self.task = float(self.sequence * iterations)
        self.suffix = "" if plus else "_bsshslm_2020"
        nest.ResetKernel()
        nest.set(resolution=1.0, **settings)
        if not plus:
            nest.set(eprop_update_interval=self.sequence, eprop_learning_window=self.sequence)
        self.create()
        self.connect()

    def create(self) -> None:
        rec = dict(C_m=1.0, E_L=0.0, f_target=10.0, t_ref=0.0, tau_m=30.0, V_m=0.0, V_th=0.03,
                   flush_event_send_interval=1000.0)
        out = dict(C_m=1.0, E_L=0.0, tau_m=30.0, V_m=0.0)
        if self.plus:
            rec.update(c_reg=0.3, kappa=0.97, kappa_reg=0.97, eprop_isi_trace_cutoff=100,
                       surrogate_gradient_height=10.0, surrogate_gradient_width=1.0 / 33.3)
            out.update(eprop_isi_trace_cutoff=100)
        else:
            rec.update(c_reg=300.0, regular_spike_arrival=False,
                       surrogate_gradient_height=0.3 / 0.03, surrogate_gradient_width=0.03)
            out.update(loss="mean_squared_error", regular_spike_arrival=False)
        self.generators = nest.Create("spike_generator", self.n)
        self.inputs = nest.Create("parrot_neuron", self.n)
        self.recurrent = nest.Create(f"eprop_iaf{self.suffix}", self.n, rec)
        self.readouts = nest.Create(f"eprop_readout{self.suffix}", 1, out)
        self.target = nest.Create("step_rate_generator", 1)
        window = (self.offset, self.offset + self.task)
        readout = ["V_m", "readout_signal", "target_signal", "error_signal"]
        self.recorders = {
            "mm_rec": recorder("multimeter", 2.0, 2.0 + self.task, interval=1.0, record_from=[
                "V_m", "surrogate_gradient", "learning_signal"]),
            "mm_out": recorder("multimeter", *window, interval=1.0, record_from=readout + (
                [] if self.plus else ["readout_signal_unnorm"])),
            "sr_in": recorder("spike_recorder", 1.0, window[1]),
            "sr_rec": recorder("spike_recorder", 1.0, window[1]),
            "wr": recorder("weight_recorder", *window,
                           senders=self.inputs[:5] + self.recurrent[:5],
                           targets=self.recurrent[:5] + self.readouts),
        }

    def connect(self) -> None:
        n, scale = self.n, np.float32(1.0 - 0.97) if self.plus else np.float32(1.0)
        weights = [single(np.random.randn(n, n).T / np.sqrt(n)) for _ in range(2)]
        np.fill_diagonal(weights[1], 0.0)
        weights.append(single(np.random.randn(n, 1).T / np.sqrt(n)))
        feedback = single(np.random.randn(n, 1) / np.sqrt(n)) * scale
        optimizer = dict(type="gradient_descent", batch_size=1, eta=1e-4, Wmin=-100.0, Wmax=100.0)
        if self.plus:
            optimizer.update(eta=1e-4 * (1.0 - 0.97) ** 2, optimize_each_step=False)
        synapse = f"eprop_synapse{self.suffix}"
        nest.SetDefaults(synapse, {"optimizer": optimizer, "weight_recorder": self.recorders["wr"]})
        self.populations = {
            "in_rec": (self.inputs, self.recurrent), "rec_rec": (self.recurrent, self.recurrent),
            "rec_out": (self.recurrent, self.readouts),
        }
        own = {"synapse_model": synapse, "delay": 1.0}
        if not self.plus:
            own["tau_m_readout"] = 30.0
        nest.Connect(self.generators, self.inputs, ONE, {"delay": 1.0})
        for ends, weight in zip(self.populations.values(), weights):
            nest.Connect(*ends, ALL, dict(own, weight=weight * scale))
        nest.Connect(self.readouts, self.recurrent, ALL, {
            "synapse_model": f"eprop_learning_signal_connection{self.suffix}", "weight": feedback,
            "delay": 1.0})
        rate = {"synapse_model": "rate_connection_delayed", "delay": 1.0}
        nest.Connect(self.target, self.readouts, ONE, dict(rate, receptor_type=2))
        if self.plus:
            window = nest.Create("step_rate_generator", params={
                "amplitude_times": [self.offset], "amplitude_values": [1.0]})
            nest.Connect(window, self.readouts, ALL, dict(rate, receptor_type=1))
        nest.Connect(self.inputs, self.recorders["sr_in"], ALL)
        nest.Connect(self.recurrent, self.recorders["sr_rec"], ALL)
        nest.Connect(self.recorders["mm_rec"], self.recurrent[:1], ALL)
        nest.Connect(self.recorders["mm_out"], self.readouts, ALL)

    def feed(self, final_spike: bool = True) -> None:
        """Frozen noise and the target, for all iterations; in the end a spike of every neuron."""
        spikes = np.random.rand(self.sequence, self.n) < 0.05
        if not self.plus:
            spikes[0] = False
        starts = 1.0 + self.sequence * np.arange(self.iterations)
        self.generators.set([
            {"spike_times": single(np.add.outer(starts, np.flatnonzero(s)).ravel())}
            for s in spikes.T
        ])
        self.target.set({
            "amplitude_times": np.arange(self.task) + self.offset,
            "amplitude_values": np.tile(superimposed_sines(self.sequence), self.iterations),
        })
        if not final_spike:
            return
        last = nest.Create("spike_generator", 1, {"spike_times": [self.task + self.offset - 1.0]})
        nest.Connect(last, self.inputs + self.recurrent, "all_to_all", {"weight": 1000.0})

    def run(self) -> Run:
        self.feed()
        nest.Simulate(self.task + self.offset + (3.0 if self.plus else 1.0))
        readout, target = signals(
            self.recorders["mm_out"].events, self.offset, self.offset + int(self.task)
        )
        squares = ((readout - target) ** 2).reshape(self.iterations, self.sequence, -1)
        loss = 0.5 * squares.sum(axis=1).mean(axis=1)
        return Run(self.recorders, self.populations, loss.tolist())


class EvidenceAccumulation:
    """Evidence accumulation, simulated batch by batch; eta is 0 in the last one, the test."""

    sequence, window, n_in = 2250, 150, 40

    def __init__(self, batch_size: int, batches: int) -> None:
        np.random.seed(1)
        self.batch_size, self.batches = batch_size, batches
        nest.ResetKernel()
        nest.set(resolution=1.0, eprop_update_interval=2250.0, eprop_learning_window=150.0)
        self.create()
        self.connect()
        self.loss: list[float] = []

    def create(self) -> None:
        regular = dict(C_m=1.0, c_reg=300.0, E_L=0.0, f_target=10.0, regular_spike_arrival=True,
                       surrogate_gradient_height=0.3 / 0.6, surrogate_gradient_width=0.6,
                       t_ref=5.0, tau_m=20.0, V_m=0.0, V_th=0.6)
        adapt_beta = 1.7 * (1.0 - np.exp(-1.0 / 2000.0)) / (1.0 - np.exp(-1.0 / 20.0))
        adaptive = dict(regular, adapt_tau=2000.0, adaptation=0.0, adapt_beta=adapt_beta)
        self.generators = nest.Create("spike_generator", self.n_in)
        self.inputs = nest.Create("parrot_neuron", self.n_in)
        self.regular = nest.Create("eprop_iaf_bsshslm_2020", 50, regular)
        self.adaptive = nest.Create("eprop_iaf_adapt_bsshslm_2020", 50, adaptive)
        self.readouts = nest.Create("eprop_readout_bsshslm_2020", 2, dict(
            C_m=1.0, E_L=0.0, loss="cross_entropy", regular_spike_arrival=False, tau_m=20.0,
            V_m=0.0))
        self.target = nest.Create("step_rate_generator", 2)
        self.recurrent = self.regular + self.adaptive
        recurrent = ["V_m", "surrogate_gradient", "learning_signal"]
        self.recorders = {
            "mm_reg": recorder("multimeter", 2.0, interval=1.0, record_from=recurrent),
            "mm_ad": recorder("multimeter", 2.0, interval=1.0,
                              record_from=recurrent + ["V_th_adapt", "adaptation"]),
            "mm_out": recorder("multimeter", 4.0, interval=1.0, record_from=[
                "V_m", "readout_signal", "readout_signal_unnorm", "target_signal",
                "error_signal"]),
            "sr_in": recorder("spike_recorder", 1.0),
            "sr_reg": recorder("spike_recorder", 1.0),
            "sr_ad": recorder("spike_recorder", 1.0),
            "wr": recorder("weight_recorder", 4.0, senders=self.inputs[:5] + self.recurrent[:5],
                           targets=self.recurrent[:5] + self.readouts),
        }

    def connect(self) -> None:
        n_in, n, n_out = self.n_in, 100, 2
        limit = np.sqrt(3.0 / max(1.0, (n + n_out) / 2.0))
        weights = [single(np.random.randn(k, n).T / np.sqrt(k)) for k in (n_in, n)]
        np.fill_diagonal(weights[1], 0.0)
        weights.append(single(np.random.uniform(-limit, limit, (n, n_out)).T))
        feedback = single(np.random.randn(n, n_out))
        synapse = "eprop_synapse_bsshslm_2020"
        nest.SetDefaults(synapse, {
            "optimizer": dict(type="adam", batch_size=self.batch_size, beta_1=0.9, beta_2=0.999,
                              epsilon=1e-8, Wmin=-100.0, Wmax=100.0),
            "average_gradient": True, "weight_recorder": self.recorders["wr"]})
        self.populations = {
            "in_rec": (self.inputs, self.recurrent), "rec_rec": (self.recurrent, self.recurrent),
            "rec_out": (self.recurrent, self.readouts),
        }
        nest.Connect(self.generators, self.inputs, ONE, {"delay": 1.0})
        for ends, weight in zip(self.populations.values(), weights):
            nest.Connect(*ends, ALL, {"synapse_model": synapse, "delay": 1.0,
                                      "tau_m_readout": 20.0, "weight": weight})
        nest.Connect(self.readouts, self.recurrent, ALL, {
            "synapse_model": "eprop_learning_signal_connection_bsshslm_2020",
            "weight": feedback, "delay": 1.0})
        rate = {"synapse_model": "rate_connection_delayed", "delay": 1.0}
        nest.Connect(self.target, self.readouts, ONE, dict(rate, receptor_type=2))
        nest.Connect(self.readouts, self.readouts, ALL, dict(rate, receptor_type=1, weight=1.0))
        for name, nodes in (("in", self.inputs), ("reg", self.regular), ("ad", self.adaptive)):
            nest.Connect(nodes, self.recorders[f"sr_{name}"], ALL)
        for name, nodes in (("reg", self.regular), ("ad", self.adaptive)):
            nest.Connect(self.recorders[f"mm_{name}"], nodes[:1], ALL)
        nest.Connect(self.recorders["mm_out"], self.readouts, ALL)
        nest.GetConnections(self.recurrent[0], self.recurrent[1:3]).set(
            [{"optimizer": {"m": 0.0, "v": 0.0}}] * 2)
        self.last = nest.Create("spike_generator", 1)
        nest.Connect(self.last, self.inputs + self.recurrent, "all_to_all", {"weight": 1000.0})

    def samples(self) -> tuple[np.ndarray, np.ndarray]:
        """The spikes of a batch as [step][input], and the labels."""
        choices = single([0.3, 0.7])
        side = np.random.choice([0, 1], self.batch_size)
        chances = np.stack([choices[side], choices[1 - side]], axis=1)
        cues = np.array([np.random.choice([0, 1], 7, p=p) for p in chances])
        chance = np.zeros((self.batch_size, self.sequence, self.n_in))
        for sample, of_sample in zip(chance, cues):
            for i, cue in enumerate(of_sample):
                sample[i * 150 + 50 : i * 150 + 150, cue * 10 : cue * 10 + 10] = 0.04
        chance[:, -150:, 20:30] = 0.04
        chance[:, :, 30:] = 0.01
        spikes = chance > np.random.rand(chance.size).reshape(chance.shape)
        spikes[:, 0] = False
        return spikes.reshape(-1, self.n_in), (cues.sum(axis=1) > 3).astype(int)

    def run_batch(self, number: int, eta: float) -> None:
        nest.SetDefaults("eprop_synapse_bsshslm_2020", {"optimizer": {"eta": eta}})
        begin = float(number * self.batch_size * self.sequence)
        spikes, labels = self.samples()
        self.generators.set([
            {"spike_times": single(begin + 1.0 + np.flatnonzero(s))} for s in spikes.T
        ])
        self.target.set([
            {"amplitude_times": begin + 4.0 + self.sequence * np.arange(self.batch_size),
             "amplitude_values": (labels == k).astype(float)} for k in range(2)
        ])
        nest.Simulate(5.0)
        self.evaluate(number)
        nest.Simulate(self.batch_size * self.sequence - 5.0)

    def evaluate(self, batches: int) -> None:
        """The loss of the last of so many batches."""
        if batches == 0:
            return
        steps = self.batch_size * self.sequence
        readout, target = signals(
            self.recorders["mm_out"].events, 4 + (batches - 1) * steps, 4 + batches * steps
        )
        in_window = np.arange(steps) % self.sequence >= self.sequence - self.window
        log = target[in_window] * np.log(readout[in_window])
        self.loss.append(-log.sum(axis=1).mean())

    def run(self) -> Run:
        for number in range(self.batches):
            self.run_batch(number, 5e-3 if number < self.batches - 1 else 0.0)
        nest.Simulate(5.0)
        self.evaluate(self.batches)
        end = float(self.batches * self.batch_size * self.sequence)
        self.last.set({"spike_times": [end + 6.0]})
        nest.Simulate(3.0)
        return Run(self.recorders, self.populations, self.loss)
