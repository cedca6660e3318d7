"""Create(), SetDefaults(), GetDefaults() and CopyModel()."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Optional

import numpy as np

from .errors import NESTErrors
from .kernel import kernel
from .node_access import check_block
from .node_collection import NodeCollection
from .node_table import Block, Changes, Piece, changed_columns, initial_potential
from .parameter_values import Column
from .synapse_defaults import set_synapse_defaults


def Create(model: str, n: Any = 1, params: Any = None, positions: Any = None) -> NodeCollection:
    """Creates `n` nodes of a model.

    `params`: a dictionary, in which a list of numbers has one for each node, or a list of
    dictionaries, one for each node. `Create(model, {...})` creates one node.
    """
    if positions is not None:
        raise NESTErrors.NotImplemented("Create: positions: nodes have none; leave them away")
    if params is None and not isinstance(n, (int, np.integer)):
        n, params = 1, n
    call = f"Create({model!r})"
    node_model = kernel.node_model(model, call)
    if not isinstance(n, (int, np.integer)) or n < 1:
        raise NESTErrors.BadParameter(f"{call}: n = {n!r}: must be a whole number, at least 1")
    kernel.require_unbuilt(call, "create all nodes before")
    size = int(n)
    block = Block(node_model, kernel.nodes.size + 1, size, kernel.columns_of(node_model))
    everything = np.arange(size)
    changes = Changes(params or {}, size, call)
    changed = changed_columns(Piece(block, everything, everything), changes, kernel.generator)
    check_block(block, changed, call)
    kernel.nodes.append(node_model, size, {**block.columns, **changed})
    return NodeCollection._of(np.arange(block.first, block.first + size))


def _set_node_defaults(model: str, given: Any, call: str) -> None:
    node_model = kernel.node_model(model, call)
    block = Block(node_model, 1, 1, kernel.columns_of(node_model))
    index = np.zeros(1, dtype=int)
    changed = changed_columns(Piece(block, index, index), Changes(given, 1, call),
                              kernel.generator)
    check_block(block, changed, call)
    defaults = kernel.node_defaults.setdefault(model, {})
    defaults.update({name: _single(column) for name, column in changed.items()})


def _single(column: Column) -> Column:
    return column if column.shared else Column(True, column.values[0])


def _node_defaults(model: str) -> dict[str, Any]:
    columns = kernel.columns_of(kernel.node_models[model])
    if "V_m" in columns:
        columns["V_m"] = initial_potential(columns, 1)
    return {name: column.values for name, column in columns.items()}


def SetDefaults(model: str, params: Mapping[str, Any]) -> None:
    """Changes the defaults of a node or synapse model.

    Nodes have those that were in force when they were created. Of synapses, `weight`, `delay`,
    `receptor_type` and `tau_m_readout` are those of Connect(); what else there is, the optimizer
    first of all, is common to all connections of the model. An optimizer's dictionary changes what
    it names. After Simulate(), the learning rate `eta` can change, and is in force from then on.
    """
    call = f"SetDefaults({model!r})"
    if not isinstance(params, Mapping):
        raise TypeError(f"{call}: parameters must be a dictionary")
    if model in kernel.synapse_models:
        set_synapse_defaults(model, params, call)
    else:
        _set_node_defaults(model, params, call)


def GetDefaults(model: str, keys: Any = None) -> Any:
    """The defaults of a model: a dictionary, the value of a name, or those of a list of names."""
    if model in kernel.synapse_models:
        values = kernel.synapse_models[model].defaults()
    else:
        kernel.node_model(model, f"GetDefaults({model!r})")
        values = _node_defaults(model)
    if keys is None:
        return values
    return values[keys] if isinstance(keys, str) else tuple(values[key] for key in keys)


def CopyModel(existing: str, new: str, params: Optional[Mapping[str, Any]] = None) -> None:
    """A model like another one, under another name and with other defaults."""
    call = f"CopyModel({existing!r}, {new!r})"
    if new in kernel.synapse_models or new in kernel.node_models:
        raise NESTErrors.NewModelNameExists(f"{call}: there is a model {new!r} already")
    if existing in kernel.synapse_models:
        kernel.synapse_models[new] = kernel.synapse_models[existing].copy_as(new)
    else:
        kernel.node_models[new] = replace(kernel.node_model(existing, call), name=new)
        kernel.node_defaults[new] = dict(kernel.node_defaults.get(existing, {}))
    if params:
        SetDefaults(new, params)
