"""A network and a data set of one's own: which of two groups of channels spoke first?"""
import argparse

import numpy as np

import eprop
import eprop.plot

CHANNELS, CLASSES, SEQUENCE, WINDOW, BATCH = 20, 2, 100, 20, 32  # steps of 1 ms


class TwoGroups(eprop.Dataset):
    """Recordings of 100 ms: of two groups of ten channels, one speaks early, the other late."""

    channels, classes = CHANNELS, CLASSES

    def __init__(self, size, seed):
        self.size, self.seed = size, seed

    def __len__(self):
        return self.size

    def label(self, index):
        return index % CLASSES

    def spikes(self, index):
        """Times in ms and the channel of each, three for every channel."""
        channels = np.repeat(np.arange(CHANNELS), 3)
        begin = np.where(channels // 10 == self.label(index), 5.0, 35.0)
        return begin + np.random.default_rng([self.seed, index]).uniform(0.0, 20.0, 60), channels


class WhichWasFirst(eprop.Task):
    name, sequence, window, batch_size, classifies = "first", SEQUENCE, WINDOW, BATCH, True

    def __init__(self, iterations, seed):
        self.plan = eprop.TrainingPlan(
            iterations, learning_rate=5e-3, validate_every=10, test_iterations=2)
        self.network = net = eprop.Network(
            seed=seed, update_interval=SEQUENCE, learning_window=WINDOW)
        neuron = eprop.EpropIafAdaptBsshslm2020(  # whose thresholds are the memory
            C_m=1.0, E_L=0.0, V_th=0.6, tau_m=eprop.Normal(20.0, 1.0), adapt_tau=100.0,
            adapt_beta=0.1, surrogate_gradient_width=0.6)
        self.inputs = net.add("in", eprop.SpikeTrains([[]] * CHANNELS))
        self.recurrent = [rec] = [net.add("rec", 50, neuron)]
        self.out = net.add("out", CLASSES, eprop.EpropReadoutBsshslm2020(
            C_m=1.0, tau_m=20.0, regular_spike_arrival=False, loss="cross_entropy"))
        self.target = net.add("target", eprop.StepRates([], [[]] * CLASSES))
        net.connect_rate(self.target, self.out, "target_signal")
        synapse = eprop.EpropSynapseBsshslm2020(
            tau_m_readout=20.0, optimizer=eprop.Adam(batch_size=BATCH))
        for source, target, std in (self.inputs, rec, 0.3), (rec, rec, 0.15), (rec, self.out, 0.15):
            synapse.weight = eprop.Normal(0.0, std)
            net.connect(source, target, eprop.AllToAll(), synapse)
        self.plastic = list(net.projections.values())
        net.connect_learning_signal(self.out, rec, eprop.AllToAll(), eprop.Normal(0.0, 1.0))
        encoding = eprop.InputEncoding(eprop.ChannelMap.all(CHANNELS), 100.0, SEQUENCE)
        samples = (iterations + 1) * BATCH
        self.training = eprop.SampleReader(TwoGroups(640, seed), encoding, samples, BATCH)
        self.test = eprop.SampleReader(TwoGroups(320, seed + 1), encoding, samples, BATCH)

    def next(self, phase):
        read = (self.training if phase == eprop.Phase.training else self.test).next()
        return [eprop.Sample(of.spikes, np.eye(CLASSES)[of.label], of.label) for of in read]


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--iterations", type=int, default=40, help="of training")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--threads", type=int, default=1, help="on each rank")
parser.add_argument("--output", default="own_network", help="NAME.h5, with a figure NAME.png")
args = parser.parse_args()
file = args.output + ".h5"
task = WhichWasFirst(args.iterations, args.seed)
trainer = eprop.Trainer(task, threads=args.threads, output=file, overwrite=True, record=True)
trainer.run()
if eprop.world().rank == 0:
    print(f"errors in the test: {trainer.errors[-2:]}")
    eprop.plot.activity(file).savefig(args.output + ".png")
