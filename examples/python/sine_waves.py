"""A recurrent network with frozen noise as input learns to produce a sum of four sines.

With e-prop at every transmission (Korcsak-Gorzo et al. 2025), in a loop over a Simulation that
keeps its recordings in memory. The losses are those of examples/sine_waves.cpp.
"""
import argparse
import math

import matplotlib.pyplot as plt
import numpy as np

import eprop

SEQUENCE = 1000  # ms, and steps
N_IN, N_REC, N_OUT, KAPPA = 100, 100, 1, 0.97

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--iterations", type=int, default=2000)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--threads", type=int, default=1, help="on each rank")
parser.add_argument("--output", default="sine_waves.png", help="figure")
args = parser.parse_args()

# Weights [target][source], noise [step][input] and target [step], drawn as in the publication.
random = np.random.RandomState(args.seed)
leak = np.float32(1.0 - KAPPA)
in_rec = leak * np.float32(random.randn(N_IN, N_REC).T / np.sqrt(N_IN))
rec_rec = leak * np.float32(random.randn(N_REC, N_REC).T / np.sqrt(N_REC))
rec_out = leak * np.float32(random.randn(N_REC, N_OUT).T / np.sqrt(N_REC))
out_rec = leak * np.float32(random.randn(N_REC, N_OUT) / np.sqrt(N_REC))
np.fill_diagonal(rec_rec, np.nan)  # no synapses of a neuron onto itself
noise = random.rand(SEQUENCE, N_IN) < 0.05
amplitudes, phases = random.uniform(0.5, 2.0, 4), random.uniform(0.0, 2.0 * np.pi, 4)
angles = np.linspace(phases, phases + 2.0 * np.pi * np.array([1, 2, 3, 5]), SEQUENCE)
sine = np.vectorize(math.sin)  # numpy's may differ from the C library's in the last bit
target = (amplitudes * sine(angles)).sum(axis=1)
target = (target - target[0]) / np.abs(target - target[0]).max()

net = eprop.Network()
neuron = eprop.EpropIaf(
    C_m=1.0, E_L=0.0, V_th=0.03, tau_m=30.0, t_ref=0.0, kappa=KAPPA, kappa_reg=KAPPA,
    c_reg=300.0 / SEQUENCE, f_target=10.0, eprop_isi_trace_cutoff=100.0,
    surrogate_gradient_height=10.0, surrogate_gradient_width=1.0 / 33.3)
inputs = net.add("in", eprop.SpikeTrains([[]] * N_IN))
rec = net.add("rec", N_REC, neuron)
out = net.add("out", N_OUT, eprop.EpropReadout(C_m=1.0, tau_m=30.0, eprop_isi_trace_cutoff=100.0))
synapse = eprop.EpropSynapse(
    optimize_each_step=False, optimizer=eprop.GradientDescent(eta=1e-4 * (1.0 - KAPPA) ** 2))
net.connect(inputs, rec, in_rec, synapse)
net.connect(rec, rec, rec_rec, synapse)
net.connect(rec, out, rec_out, synapse)
net.connect_learning_signal(out, rec, eprop.AllToAll(), out_rec)
offset = net.sample_offset(out)  # ms until the readout answers the inputs
wanted = net.add("target", eprop.StepRates([], [[]]))
net.connect_rate(wanted, out, "target_signal")
net.connect_rate(net.add("window", eprop.StepRates([offset], [[1.0]])), out, "learning_window")

sim = eprop.Simulation(net, threads=args.threads)
sim.track_loss(out, offset=offset, interval=SEQUENCE)
sim.record(out, ["readout_signal"], start=offset)
for begin in range(0, args.iterations * SEQUENCE, SEQUENCE):
    sim.append_spikes(inputs, noise, start=begin + 1)
    sim.append_rates(wanted, eprop.StepRates(begin + offset + np.arange(SEQUENCE), target))
    sim.run(SEQUENCE)
sim.run(offset)
losses = 0.5 * sim.take_losses(out).squared_error.sum(axis=1)
readout = sim.take_traces(out)["readout_signal"].reshape(-1, SEQUENCE)

if eprop.world().rank == 0:
    print(f"loss: {losses[0]:.2f} in the first iteration, {losses[-1]:.2f} in the last")
    figure, (above, below) = plt.subplots(2, layout="constrained")
    above.plot(losses)
    above.set(xlabel="iteration", ylabel="loss")
    below.plot(target, "k--", label="target")
    below.plot(readout[0], label="first iteration")
    below.plot(readout[-1], label="last iteration")
    below.set(xlabel="time (ms)", ylabel="readout (mV)")
    below.legend()
    figure.savefig(args.output)
