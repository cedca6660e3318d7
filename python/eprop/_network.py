"""The description of a network."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Literal, Union, overload

import numpy as np

from eprop import _core
from eprop._describe import Connected, Description, connected
from eprop._errors import InvalidParameter
from eprop._handles import Population, Projection, RateGenerator
from eprop._inputs import PoissonSource, SpikeTrains, StepRates
from eprop._numbers import number, optional_number, seed_number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from scipy.sparse import spmatrix

    from eprop._inputs import Value

    Rule = Union[_core.ConnectionRule, ArrayLike, spmatrix]


class Network:
    """What to simulate: populations, projections and devices.

    Building one is cheap: every rank describes the whole network, in the same words; a Simulation
    then makes the part that lives on its rank.

    Parameters
    ----------
    dt : resolution in ms
    seed : of all random numbers: connections, distributions, Poisson sources
    update_interval : ms; weights of the bsshslm_2020 family change at the end of each
    learning_window : ms; the last part of each update interval in which readouts produce errors
        (bsshslm_2020); None: all of it
    reset_neurons_on_update : whether neurons start each update interval from rest (bsshslm_2020)

    All functions raise InvalidParameter, which names the thing, the value and the rule.
    """

    def __init__(
        self,
        dt: float = 1.0,
        seed: int = 1,
        update_interval: float | None = None,
        learning_window: float | None = None,
        reset_neurons_on_update: bool = True,
    ) -> None:
        self._core = _core.Network(
            number("network", "dt", dt),
            seed_number("network", seed),
            optional_number("network", "update_interval", update_interval),
            optional_number("network", "learning_window", learning_window),
            bool(reset_neurons_on_update),
        )
        self._populations: list[Population] = []
        self._projections: list[tuple[Projection, Connected]] = []
        self._generators: list[RateGenerator] = []

    def __copy__(self) -> Network:
        """A network that can be changed on its own; its populations have the same handles."""
        other = Network.__new__(Network)
        other._core = copy.copy(self._core)
        other._populations = list(self._populations)
        other._projections = list(self._projections)
        other._generators = list(self._generators)
        return other

    def __deepcopy__(self, memo: dict[int, Any]) -> Network:
        return copy.copy(self)

    @overload
    def add(self, name: str, what: SpikeTrains, /) -> Population: ...

    @overload
    def add(self, name: str, what: StepRates, /) -> RateGenerator: ...

    @overload
    def add(
        self, name: str, size: int, what: _core.NeuronModel | PoissonSource, /
    ) -> Population: ...

    def add(self, name: str, *what: Any) -> Population | RateGenerator:
        """Adds a population, or rate generators; names are unique, not ".", and without '/' and
        control characters.

        ``add(name, size, model)`` adds neurons, ``add(name, size, PoissonSource(...))`` and
        ``add(name, SpikeTrains(...))`` inputs, ``add(name, StepRates(...))`` rate generators.
        Neurons count from 0.
        """
        device = what[-1] if what else None
        if len(what) == 1 and isinstance(device, StepRates):
            return self._add_rates(name, device)
        if len(what) == 1 and isinstance(device, SpikeTrains):
            index = self._core.add_spike_trains(name, device.times, device.round_times)
        elif len(what) == 2 and isinstance(device, PoissonSource):
            rate, start, stop = device.rate, device.start, device.stop
            index = self._core.add_poisson(name, _size(name, what[0]), rate, start, stop)
        elif len(what) == 2 and isinstance(device, _core.NeuronModel):
            index = self._core.add_neurons(name, _size(name, what[0]), device)
        else:
            raise InvalidParameter(
                f"population '{name}': add{(name, *what)!r}: must be one of add(name, size, "
                "neuron model), add(name, size, PoissonSource()), add(name, SpikeTrains()), "
                "add(name, StepRates())"
            )
        population = Population(index, *self._core.population(index))
        self._populations.append(population)
        return population

    def _add_rates(self, name: str, rates: StepRates) -> RateGenerator:
        amplitudes = np.atleast_2d(np.asarray(rates.amplitudes, dtype=float))
        index = self._core.add_rates(name, rates.times, amplitudes, rates.round_times)
        generator = RateGenerator(index, name, len(amplitudes))
        self._generators.append(generator)
        return generator

    def connect(
        self,
        source: Population,
        target: Population,
        rule: Rule,
        synapse: _core.SynapseModel,
        name: str | None = None,
    ) -> Projection:
        """Connects neurons by spikes.

        ``rule`` is a connection rule, whose order of synapses arrays of weights follow, or a matrix
        of weights [target][source], which take the place of those of ``synapse``: an array, with
        NaN where there is no synapse, or one of scipy.sparse, with the synapses that it stores.
        The name defaults to "SOURCE_TARGET".
        """
        self._require(source, target)
        if not isinstance(synapse, _core.SynapseModel):
            raise InvalidParameter(
                f"projection '{name or f'{source.name}_{target.name}'}': synapse = {synapse!r}: "
                "must be a synapse model with its parameters, such as StaticSynapse()"
            )
        ends = (source.index, target.index)
        if isinstance(rule, _core.ConnectionRule):
            index = self._core.connect(*ends, rule, synapse, name or "")
            how = connected(rule, synapse, source, target)
        elif hasattr(rule, "tocoo"):
            listed, synapse = _listed(rule, synapse, source, target)
            index = self._core.connect(*ends, listed, synapse, name or "")
            how = Connected("sparse matrix", synapse, np.size(listed.source))
        else:
            matrix = _matrix(rule)
            if matrix is None:
                raise InvalidParameter(
                    f"projection '{name or f'{source.name}_{target.name}'}': rule = {rule!r}: must "
                    "be a connection rule, such as AllToAll(), or a matrix [target][source]"
                )
            index = self._core.connect_matrix(*ends, matrix, synapse, name or "")
            how = Connected("matrix", synapse, int(np.count_nonzero(~np.isnan(matrix))))
        projection = Projection(index, self._core.projection(index)[0], source, target)
        self._projections.append((projection, how))
        return projection

    def connect_learning_signal(
        self,
        readout: Population,
        target: Population,
        rule: _core.ConnectionRule,
        weight: Value,
        delay: float | None = None,
    ) -> None:
        """Broadcasts the error signals of readouts to recurrent neurons of the same family.

        ``weight`` in the order of the rule, or as [target][readout]; ``delay`` in ms, None: dt.
        """
        self._require(readout, target)
        self._core.connect_learning_signal(readout.index, target.index, rule, weight, delay)

    def connect_rate(
        self,
        generator: RateGenerator,
        readout: Population,
        receptor: Literal["target_signal", "learning_window"],
    ) -> None:
        """Feeds generator i to readout i, or the only generator to all.

        The learning window belongs to eprop_readout.
        """
        self._require(readout)
        self._core.connect_rate(generator.index, readout.index, receptor)

    def sample_offset(self, population: Population) -> float:
        """ms from the begin of a sample at the inputs to that of its effect on a population.

        That is what readouts are to be compared with targets from on. InvalidParameter if there is
        no way from an input to the population.
        """
        return self._core.sample_offset(population.index)

    @property
    def dt(self) -> float:
        """Resolution in ms."""
        return float(self.options["dt"])

    @property
    def options(self) -> dict[str, Any]:
        """What the network was made with; options that were not given have their values."""
        return self._core.options()

    @property
    def populations(self) -> dict[str, Population]:
        """By name."""
        return {population.name: population for population in self._populations}

    @property
    def projections(self) -> dict[str, Projection]:
        """By name."""
        return {projection.name: projection for projection, _ in self._projections}

    @property
    def rate_generators(self) -> dict[str, RateGenerator]:
        """By name."""
        return {generator.name: generator for generator in self._generators}

    def _description(self) -> Description:
        return Description(self._core, self._populations, self._projections)

    def __repr__(self) -> str:
        return self._description().text()

    def _repr_html_(self) -> str:
        return self._description().html()

    def _require(self, *populations: Population) -> None:
        """InvalidParameter unless these are populations of this network."""
        for population in populations:
            index = getattr(population, "index", len(self._populations))
            if index >= len(self._populations) or self._populations[index] != population:
                raise InvalidParameter(
                    f"network: population = {population!r}: must be one that add() has returned"
                )


def _matrix(given: Any) -> NDArray[np.float64] | None:
    """Numbers in two dimensions; None if they are not that."""
    try:
        matrix = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        return None
    return matrix if matrix.ndim == 2 else None


def _size(name: str, size: Any) -> int:
    """The number of neurons of a population; InvalidParameter if it is none."""
    if not isinstance(size, (int, np.integer)) or size < 0:
        raise InvalidParameter(f"population '{name}': size = {size!r}: must be a whole number >= 0")
    return int(size)


def _listed(
    matrix: Any, synapse: _core.SynapseModel, source: Population, target: Population
) -> tuple[_core.ExplicitList, _core.SynapseModel]:
    """The synapses of a sparse matrix, and ``synapse`` with its weights."""
    entries = matrix.tocoo()
    if entries.shape != (target.size, source.size):
        raise InvalidParameter(
            f"projection '{source.name}_{target.name}': weights = matrix of shape {entries.shape}: "
            f"must be of shape ({target.size}, {source.size}), [target][source]"
        )
    weighted: Any = copy.copy(synapse)
    weighted.weight = entries.data
    return _core.ExplicitList(source=entries.col, target=entries.row), weighted
