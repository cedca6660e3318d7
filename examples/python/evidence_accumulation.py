"""Which side showed more cues? A network is asked a second after it has seen the last of seven.

Evidence accumulation (Morcos & Harvey 2016) with e-prop by update intervals (Bellec et al. 2020): a
Task for a Trainer. The losses are those of examples/evidence_accumulation_bsshslm_2020.cpp.
"""
import argparse
import math

import numpy as np

import eprop
import eprop.plot

CUES, PAUSE, PERIOD, RECALL = 7, 50, 150, 150  # a cue follows a pause; all in steps of 1 ms
SEQUENCE = CUES * PERIOD + 1050 + RECALL
KINDS, N_IN, N_EACH, N_REC, N_OUT, BATCH = 4, 40, 50, 100, 2, 32

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--iterations", type=int, default=500, help="of training, at most")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--threads", type=int, default=1, help="on each rank")
parser.add_argument("--output", default="evidence", help="NAME.h5, with a figure NAME.png")
args = parser.parse_args()
random = np.random.RandomState(args.seed)


class Evidence(eprop.Task):
    name, sequence, window, batch_size, classifies = "evidence", SEQUENCE, RECALL, BATCH, True
    plan = eprop.TrainingPlan(
        args.iterations, learning_rate=5e-3, validate_every=10, stop_error=0.07, test_iterations=2)

    def __init__(self):
        self.network = net = eprop.Network(update_interval=SEQUENCE, learning_window=RECALL)
        neuron = dict(C_m=1.0, E_L=0.0, V_th=0.6, tau_m=20.0, t_ref=5.0, c_reg=300.0, f_target=10.0,
                      surrogate_gradient_height=0.5, surrogate_gradient_width=0.6)
        beta = 1.7 * (1.0 - math.exp(-1.0 / 2000.0)) / (1.0 - math.exp(-1.0 / 20.0))
        adaptive = eprop.EpropIafAdaptBsshslm2020(adapt_tau=2000.0, adapt_beta=beta, **neuron)
        self.inputs = net.add("in", eprop.SpikeTrains([[]] * N_IN))
        self.recurrent = [net.add("regular", N_EACH, eprop.EpropIafBsshslm2020(**neuron)),
                          net.add("adaptive", N_EACH, adaptive)]
        self.out = net.add("out", N_OUT, eprop.EpropReadoutBsshslm2020(
            C_m=1.0, tau_m=20.0, loss="cross_entropy", regular_spike_arrival=False))
        self.target = net.add("target", eprop.StepRates([], [[]] * N_OUT))
        net.connect_rate(self.target, self.out, "target_signal")
        # Weights [target][source], drawn as in the publication; none of a neuron onto itself.
        in_rec = np.float32(random.randn(N_IN, N_REC).T / np.sqrt(N_IN))
        rec_rec = np.float32(random.randn(N_REC, N_REC).T / np.sqrt(N_REC))
        limit = np.sqrt(3.0 / ((N_REC + N_OUT) / 2.0))
        rec_out = np.float32(random.uniform(-limit, limit, (N_REC, N_OUT)).T)
        out_rec = np.float32(random.randn(N_REC, N_OUT))
        np.fill_diagonal(rec_rec, np.nan)
        synapse = eprop.EpropSynapseBsshslm2020(tau_m_readout=20.0, average_gradient=True)
        synapse.optimizer = eprop.Adam(batch_size=BATCH, epsilon=1e-8)
        halves = list(zip(self.recurrent, (slice(0, N_EACH), slice(N_EACH, N_REC))))
        ways = [(self.inputs, rec, in_rec[i]) for rec, i in halves]
        ways += [(a, b, rec_rec[j, i]) for a, i in halves for b, j in halves]
        ways += [(rec, self.out, rec_out[:, i]) for rec, i in halves]
        self.plastic = [net.connect(*way, synapse) for way in ways]
        for rec, i in halves:
            net.connect_learning_signal(self.out, rec, eprop.AllToAll(), out_rec[i])

    def next(self, phase):
        sides = random.choice([0, 1], BATCH)  # that are likelier to be shown
        chances = np.float32([[0.3, 0.7], [0.7, 0.3]])[sides]
        return list(map(self.sample, [random.choice([0, 1], CUES, p=p) for p in chances]))

    def sample(self, cues):
        p = np.zeros((SEQUENCE, KINDS, 1))  # of spikes: left, right, recall, noise
        p[: CUES * PERIOD].reshape(CUES, PERIOD, KINDS)[range(CUES), PAUSE:, cues] = 0.04
        p[-RECALL:, 2], p[:, 3], p[0] = 0.04, 0.01, 0.0
        spikes = random.rand(SEQUENCE, KINDS, N_IN // KINDS) < p
        label = int(cues.sum() > CUES // 2)
        return eprop.Sample(spikes.reshape(SEQUENCE, N_IN), np.eye(N_OUT)[label], label)


file = args.output + ".h5"
eprop.Trainer(Evidence(), threads=args.threads, output=file, overwrite=True, record=True).run()
if eprop.world().rank == 0:
    eprop.plot.training(file).savefig(args.output + ".png")
