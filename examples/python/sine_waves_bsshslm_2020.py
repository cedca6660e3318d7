"""A recurrent network with frozen noise as input learns to produce a sum of four sines.

With e-prop by update intervals (Bellec et al. 2020), in a loop over a Simulation. The losses are
those of examples/sine_waves_bsshslm_2020.cpp.
"""
import argparse
import math

import numpy as np

import eprop
import eprop.plot

SEQUENCE = 1000  # ms, and steps
N_IN, N_REC, N_OUT = 100, 100, 1

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--iterations", type=int, default=2000)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--threads", type=int, default=1, help="on each rank")
parser.add_argument("--output", default="sine_waves_bsshslm_2020.h5", help="figures go beside it")
args = parser.parse_args()

# Weights [target][source], noise [step][input] and target [step], drawn as in the publication.
random = np.random.RandomState(args.seed)
in_rec = np.float32(random.randn(N_IN, N_REC).T / np.sqrt(N_IN))
rec_rec = np.float32(random.randn(N_REC, N_REC).T / np.sqrt(N_REC))
rec_out = np.float32(random.randn(N_REC, N_OUT).T / np.sqrt(N_REC))
out_rec = np.float32(random.randn(N_REC, N_OUT) / np.sqrt(N_REC))
np.fill_diagonal(rec_rec, np.nan)  # no synapses of a neuron onto itself
noise = random.rand(SEQUENCE, N_IN) < 0.05
noise[0] = False
amplitudes, phases = random.uniform(0.5, 2.0, 4), random.uniform(0.0, 2.0 * np.pi, 4)
angles = np.linspace(phases, phases + 2.0 * np.pi * np.array([1, 2, 3, 5]), SEQUENCE)
sine = np.vectorize(math.sin)  # numpy's may differ from the C library's in the last bit
target = (amplitudes * sine(angles)).sum(axis=1)
target = (target - target[0]) / np.abs(target - target[0]).max()

net = eprop.Network(update_interval=SEQUENCE)
neuron = eprop.EpropIafBsshslm2020(
    C_m=1.0, E_L=0.0, V_th=0.03, tau_m=30.0, t_ref=0.0, regular_spike_arrival=False,
    c_reg=300.0, f_target=10.0, surrogate_gradient_height=10.0, surrogate_gradient_width=0.03)
readout = eprop.EpropReadoutBsshslm2020(C_m=1.0, tau_m=30.0, regular_spike_arrival=False)
inputs = net.add("in", eprop.SpikeTrains([[]] * N_IN))
rec = net.add("rec", N_REC, neuron)
out = net.add("out", N_OUT, readout)
wanted = net.add("target", eprop.StepRates([], [[]]))
net.connect_rate(wanted, out, "target_signal")
synapse = eprop.EpropSynapseBsshslm2020(
    tau_m_readout=30.0, optimizer=eprop.GradientDescent(eta=1e-4))
net.connect(inputs, rec, in_rec, synapse)
net.connect(rec, rec, rec_rec, synapse)
net.connect(rec, out, rec_out, synapse)
net.connect_learning_signal(out, rec, eprop.AllToAll(), out_rec)
offset = net.sample_offset(out)  # ms until the readout answers the inputs

with eprop.Simulation(net, threads=args.threads) as sim:
    sim.open_output(args.output, overwrite=True)
    sim.record_spikes(rec)
    sim.record(out, ["readout_signal", "target_signal"])
    sim.track_loss(out, offset=offset, interval=SEQUENCE)
    for iteration in range(args.iterations + 1):
        begin = iteration * SEQUENCE
        sim.append_spikes(inputs, noise, start=begin + 1)
        sim.append_rates(wanted, eprop.StepRates(begin + offset + np.arange(SEQUENCE), target))
        sim.run(offset if iteration == 0 else SEQUENCE)  # until the readout has done the last one
        for loss in 0.5 * sim.take_losses(out).squared_error.sum(axis=1):
            sim.append_output("training/loss", loss)
            if eprop.world().rank == 0 and iteration % 100 == 0:
                print(f"{iteration}: loss {loss:.2f}")

if eprop.world().rank == 0:
    print(*eprop.plot.save(args.output), sep="\n")
