"""The state behind the functions: settings, nodes, connections and, once built, the simulation.

PyNEST has one of each per process, and so has this module: `kernel`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping, Optional

import numpy as np

import eprop

from .errors import NESTErrors
from .models import NODE_MODELS, NodeModel
from .node_table import Columns, NodeTable
from .parameter_values import Column
from .settings import HARMLESS, NAMES, Settings, VerbosityLevel, as_setting
from .synapse_models import SynapseModel, built_in

if TYPE_CHECKING:
    from .connection_table import Connections
    from .engine import Engine


class Kernel:
    """See the module."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """As at the start: no nodes, defaults everywhere."""
        self.settings = Settings()
        self.verbosity = VerbosityLevel.INFO
        self.node_models: dict[str, NodeModel] = dict(NODE_MODELS)
        self.node_defaults: dict[str, Columns] = {}
        self.synapse_models: dict[str, SynapseModel] = built_in()
        self.nodes = NodeTable()
        self.connections: list[Connections] = []
        self.engine: Optional[Engine] = None
        self.prepared = False
        self._draws = 0

    @property
    def step(self) -> int:
        """Steps simulated so far."""
        return self.engine.step if self.engine else 0

    @property
    def time(self) -> float:
        """ms simulated so far."""
        return self.step * self.settings.resolution

    def generator(self) -> np.random.Generator:
        """Random numbers of its own for each call, the same on every process."""
        self._draws += 1
        return np.random.Generator(np.random.Philox(key=[self.settings.rng_seed, self._draws]))

    def node_model(self, name: str, call: str) -> NodeModel:
        """The node model of that name; UnknownModelName if there is none."""
        if name not in self.node_models:
            raise NESTErrors.UnknownModelName(
                f"{call}: {name!r} is no node model; there are {', '.join(self.node_models)}"
            )
        return self.node_models[name]

    def synapse_model(self, name: str, call: str) -> SynapseModel:
        """The synapse model of that name; UnknownModelName if there is none."""
        if name not in self.synapse_models:
            raise NESTErrors.UnknownModelName(
                f"{call}: {name!r} is no synapse model; there are {', '.join(self.synapse_models)}"
            )
        return self.synapse_models[name]

    def columns_of(self, model: NodeModel) -> Columns:
        """What nodes have that are created without parameters."""
        changed = self.node_defaults.get(model.name, {})
        return {
            name: changed.get(name, Column(True, parameter.default))
            for name, parameter in model.parameters.items()
        }

    def set(self, given: Mapping[str, Any]) -> None:
        """Takes over settings, all or none; ValueError for names that there are not."""
        for name in given:
            if name not in NAMES:
                raise ValueError(f"nest.set: there is no {name!r}; there are {', '.join(NAMES)}")
        new = {name: as_setting(name, value) for name, value in given.items()}
        for name, value in new.items():
            self._require_changeable(name, value)
        for name, value in new.items():
            setattr(self.settings, name, value)
        self._agree_threads(new)

    def _require_changeable(self, name: str, value: Any) -> None:
        if name in HARMLESS or value == getattr(self.settings, name):
            return
        if self.engine is not None or (name == "resolution" and self.nodes.size):
            when = "Simulate()" if self.engine else "Create()"
            raise NESTErrors.BadProperty(
                f"nest.set: {name} = {value}: cannot be changed any more, as there was a call of "
                f"{when}; set it before, or call ResetKernel()"
            )

    def _agree_threads(self, new: Mapping[str, Any]) -> None:
        processes = eprop.world().size
        if "total_num_virtual_procs" in new:
            total = self.settings.total_num_virtual_procs
            self.settings.local_num_threads = max(1, total // processes)
        self.settings.total_num_virtual_procs = self.settings.local_num_threads * processes

    def get(self, name: str) -> Any:
        """A setting."""
        if name == "eprop_learning_window" and self.settings.eprop_learning_window is None:
            return self.settings.eprop_update_interval
        return getattr(self.settings, name)

    def require_unbuilt(self, call: str, remedy: str) -> None:
        """NotImplemented if the network has been built by Simulate()."""
        if self.engine is not None:
            raise NESTErrors.NotImplemented(
                f"{call}: is not possible after Simulate(), which builds the network; {remedy}"
            )


kernel = Kernel()
