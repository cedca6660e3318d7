"""The sine wave task of the bsshslm_2020 family, as examples/sine_waves_bsshslm_2020.cpp has it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

import eprop

SEQUENCE = 1000
N_IN, N_REC, N_OUT = 100, 100, 1
#: Losses of the first iterations with seed 1, of NEST.
REFERENCE_LOSSES = [
    101.964356999041,
    103.466731126205,
    103.340607074771,
    103.680244037686,
    104.412775748752,
]


@dataclass
class Draws:
    """What is drawn for a seed, in the order of the example: weights, input spikes, target."""

    in_rec: Any
    rec_rec: Any
    rec_out: Any
    out_rec: Any
    spikes: Any  # [step][input]
    target: Any  # [step]


def draw(seed: int = 1) -> Draws:
    random = np.random.RandomState(seed)

    def normals(rows: int, columns: int) -> Any:
        return random.randn(rows, columns)

    in_rec = normals(N_IN, N_REC).T / np.sqrt(N_IN)
    rec_rec = normals(N_REC, N_REC).T / np.sqrt(N_REC)
    rec_out = normals(N_REC, N_OUT).T / np.sqrt(N_REC)
    out_rec = normals(N_REC, N_OUT) / np.sqrt(N_REC)
    single = [matrix.astype(np.float32).astype(float) for matrix in (in_rec, rec_rec, rec_out)]
    np.fill_diagonal(single[1], np.nan)
    spikes = random.rand(SEQUENCE, N_IN) < 0.05
    spikes[0] = False
    return Draws(*single, out_rec.astype(np.float32).astype(float), spikes, sines(random))


def sines(random: np.random.RandomState) -> Any:
    amplitudes = random.uniform(0.5, 2.0, 4)
    phases = random.uniform(0.0, 2.0 * np.pi, 4)
    target = np.zeros(SEQUENCE)
    for amplitude, phase, period in zip(amplitudes, phases, (1000, 500, 333, 200)):
        angles = np.linspace(phase, phase + 2.0 * np.pi * (SEQUENCE // period), SEQUENCE)
        # math's sine is that of the C library, numpy's may differ from it in the last bit.
        target += amplitude * np.array([math.sin(angle) for angle in angles])
    target -= target[0]
    return target / max(np.abs(target).max(), 1e-6)


@dataclass
class SineWaves:
    """The network, with what it consists of."""

    network: eprop.Network
    inputs: eprop.Population
    rec: eprop.Population
    out: eprop.Population
    target: eprop.RateGenerator
    plastic: list[eprop.Projection]


def sine_waves(draws: Draws, batch_size: int = 1) -> SineWaves:
    net = eprop.Network(update_interval=SEQUENCE)
    inputs = net.add("in", eprop.SpikeTrains([[]] * N_IN))
    common = {"C_m": 1.0, "E_L": 0.0, "tau_m": 30.0, "regular_spike_arrival": False}
    neuron = eprop.EpropIafBsshslm2020(
        t_ref=0.0,
        V_th=0.03,
        c_reg=300.0,
        f_target=10.0,
        surrogate_gradient_height=0.3 / 0.03,
        surrogate_gradient_width=0.03,
        **common,
    )
    rec = net.add("rec", N_REC, neuron)
    out = net.add("out", N_OUT, eprop.EpropReadoutBsshslm2020(**common))
    target = net.add("target", eprop.StepRates([], np.empty((N_OUT, 0))))
    net.connect_rate(target, out, "target_signal")
    optimizer = eprop.GradientDescent(batch_size=batch_size)
    synapse = eprop.EpropSynapseBsshslm2020(tau_m_readout=30.0, optimizer=optimizer)
    plastic = [
        net.connect(inputs, rec, draws.in_rec, synapse),
        net.connect(rec, rec, draws.rec_rec, synapse),
        net.connect(rec, out, draws.rec_out, synapse),
    ]
    net.connect_learning_signal(out, rec, eprop.AllToAll(), draws.out_rec)
    return SineWaves(net, inputs, rec, out, target, plastic)


def train(sim: eprop.Simulation, task: SineWaves, draws: Draws, iterations: int) -> list[float]:
    """The losses of so many iterations, each with the frozen input."""
    offset = 4
    sim.track_loss(task.out, offset=float(offset), interval=float(SEQUENCE))
    for m in range(iterations):
        begin = m * SEQUENCE
        sim.append_spikes(task.inputs, draws.spikes, start=begin + 1)
        times = begin + offset + np.arange(SEQUENCE, dtype=float)
        sim.append_rates(task.target, eprop.StepRates(times, draws.target))
        sim.run_steps(SEQUENCE)
    sim.run_steps(offset)
    return list(0.5 * sim.take_losses(task.out).squared_error.mean(axis=1))
