"""Plots while it trains: the figure is a file that is written anew, and a window if you like.

The network of docs/python.md: a clock as input, and a readout that learns what to say when.
"""
import argparse

import matplotlib.pyplot as plt
import numpy as np

import eprop

SEQUENCE = 500  # ms, and steps

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--iterations", type=int, default=100)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--threads", type=int, default=1, help="on each rank")
parser.add_argument("--window", action="store_true", help="show the figure, too")
parser.add_argument("--output", default="live_plot.png", help="figure")
args = parser.parse_args()

net = eprop.Network(update_interval=SEQUENCE, seed=args.seed)
neuron = eprop.EpropIafBsshslm2020(
    C_m=1.0, E_L=0.0, V_th=0.6, tau_m=eprop.Normal(20.0, 2.0), c_reg=300.0,
    surrogate_gradient_height=0.5, surrogate_gradient_width=0.6)
clock = net.add("clock", eprop.SpikeTrains([[]] * 50))
rec = net.add("rec", 100, neuron)
out = net.add("out", 1, eprop.EpropReadoutBsshslm2020(
    C_m=1.0, tau_m=20.0, regular_spike_arrival=False))
target = net.add("target", eprop.StepRates([], [[]]))
net.connect_rate(target, out, "target_signal")
synapse = eprop.EpropSynapseBsshslm2020(tau_m_readout=20.0, optimizer=eprop.Adam(eta=1e-2))
each, some = eprop.AllToAll(), eprop.PairwiseBernoulli(p=0.2, autapses=False)
for source, to, rule, std in (clock, rec, each, 0.3), (rec, rec, some, 0.1), (rec, out, each, 0.1):
    synapse.weight = eprop.Normal(0.0, std)
    net.connect(source, to, rule, synapse)
net.connect_learning_signal(out, rec, eprop.AllToAll(), eprop.Normal(0.0, 1.0))
offset = net.sample_offset(out)

ticks = np.repeat(np.eye(50, dtype=bool), 10, axis=0)  # [step][input]
t = np.arange(SEQUENCE)
wanted = np.sin(2.0 * np.pi * t / SEQUENCE) + 0.5 * np.sin(6.0 * np.pi * t / SEQUENCE)


class LivePlot:
    def __init__(self):
        self.figure, (above, below) = plt.subplots(2, layout="constrained")
        [self.loss] = above.plot([], [])
        above.set(xlabel="iteration", ylabel="loss", xlim=(0, args.iterations))
        below.plot(t, wanted, "k--", label="target")
        [self.readout] = below.plot([], [], label="readout")
        below.set(xlabel="time (ms)", ylabel="readout (mV)", ylim=(-1.5, 1.5))
        below.legend()

    def update(self, losses, readout):
        self.loss.set_data(1 + np.arange(len(losses)), losses)
        self.loss.axes.set_ylim(0.0, 1.05 * max(losses))
        self.readout.set_data(t, readout)
        self.figure.savefig(args.output)
        if args.window:
            plt.pause(0.01)


sim = eprop.Simulation(net, threads=args.threads)
sim.record(out, ["readout_signal"], start=offset)
sim.track_loss(out, offset=offset, interval=SEQUENCE)
plot = LivePlot() if eprop.world().rank == 0 else None
losses = []
for iteration in range(args.iterations + 1):
    begin = iteration * SEQUENCE
    sim.append_spikes(clock, ticks, start=begin + 1)
    sim.append_rates(target, eprop.StepRates(begin + offset + t, wanted))
    sim.run(offset if iteration == 0 else SEQUENCE)  # until the readout has done the last one
    losses.extend(0.5 * sim.take_losses(out).squared_error[:, 0])
    readout = sim.take_traces(out)["readout_signal"]  # since the last time
    if plot and losses and (iteration % 5 == 0 or iteration == args.iterations):
        plot.update(losses, readout)
        print(f"{iteration}: loss {losses[-1]:.2f}", flush=True)
