"""Connect()."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .arrays import Integers, Reals
from .connection_table import Connections, block_pairs, require_legal, require_receptor
from .errors import NESTErrors
from .kernel import kernel
from .models import NodeModel, Role
from .pairs import Pairs, make_pairs
from .random import Parameter
from .synapse_models import SynapseKind, SynapseModel, own_number
from .time_grid import steps

_NO_HISTORY = "; it is the length of an archive that NEST has and eprop has not"


def Connect(pre: Any, post: Any, conn_spec: Any = None, syn_spec: Any = None) -> None:
    """Connects nodes.

    `pre`, `post`: NodeCollections or arrays of ids. `conn_spec`: a rule, or a dictionary of `rule`,
    its parameters, `allow_autapses` and `allow_multapses`. `syn_spec`: a synapse model, or a
    dictionary of `synapse_model`, `weight`, `delay` and what else the model has. Weights: a number,
    a distribution, or an array: [target][source] with all_to_all, of which the entries of autapses
    are passed over, [i] with one_to_one, [target][draw] with fixed_indegree.
    """
    kernel.require_unbuilt("Connect", "connect everything before")
    sources, targets = _ids(pre, "pre"), _ids(post, "post")
    model, own = _synapse(syn_spec)
    for side, nodes in (("pre", sources), ("post", targets)):
        if not len(nodes):
            raise NESTErrors.IllegalConnection(f"Connect: {side}: there are no nodes in it")
    pairs = make_pairs(sources, targets, conn_spec, kernel.generator)
    made = Connections(
        model,
        sources[pairs.source],
        targets[pairs.target],
        _values("weight", own.pop("weight"), pairs),
        _delays(own.pop("delay"), pairs),
        own,
    )
    _check(made)
    model.in_use = True
    kernel.connections.append(made)


def _ids(nodes: Any, side: str) -> Integers:
    ids = np.asarray(nodes)
    if ids.ndim != 1 or (ids.size and not np.issubdtype(ids.dtype, np.integer)):
        raise TypeError(f"Connect: {side}: must be a NodeCollection or an array of node ids")
    ids = ids.astype(np.int64)
    kernel.nodes.block_numbers(ids)
    return ids


def _synapse(spec: Any) -> tuple[SynapseModel, dict[str, Any]]:
    """The model, and what a dictionary says of these connections in place of its defaults."""
    if not (spec is None or isinstance(spec, (str, Mapping))):
        raise NESTErrors.NotImplemented(
            f"Connect: syn_spec = {spec!r}: must be a name or a dictionary; call Connect() once "
            "for each synapse model"
        )
    given = {"synapse_model": spec} if isinstance(spec, str) else dict(spec or {})
    model = kernel.synapse_model(given.pop("synapse_model", "static_synapse"), "Connect")
    for name in given:
        if name in model.common_names:
            raise NESTErrors.NotImplemented(
                f"Connect: {name} is common to all connections of {model.name}: use SetDefaults()"
            )
        if name not in model.own:
            raise NESTErrors.UnaccessedDictionaryEntry(
                f"Connect: {model.name} has no {name!r}; there are {', '.join(model.own)}"
            )
    own = {**model.own, **given}
    for name in own.keys() - {"weight", "delay"}:
        own[name] = own_number(name, own[name], "Connect")
    return model, own


def _values(name: str, value: Any, pairs: Pairs) -> Reals:
    """One number per connection."""
    count = len(pairs.source)
    if isinstance(value, Parameter):
        return value.draw(kernel.generator(), count)
    array = np.asarray(value, dtype=float)
    if not np.all(np.isfinite(array)):
        raise NESTErrors.BadProperty(f"Connect: {name}: must be finite")
    if array.ndim == 0:
        return np.full(count, float(array))
    if array.shape != pairs.shape:
        wanted = f"have the shape {pairs.shape}" if pairs.shape else "be a number"
        raise ValueError(f"Connect: {name} has the shape {array.shape}: must {wanted}")
    return array.ravel()[pairs.place]


def _delays(value: Any, pairs: Pairs) -> Integers:
    delays = _values("delay", value, pairs)
    in_steps = steps(delays, kernel.settings.resolution, "Connect", "delay")
    if np.any(in_steps < 1):
        raise NESTErrors.BadDelay(
            f"Connect: delay = {delays.min()} ms: must be at least the resolution, "
            f"{kernel.settings.resolution} ms"
        )
    return in_steps


def _check(made: Connections) -> None:
    model = made.model
    for source, target in block_pairs(kernel.nodes, made.source, made.target):
        require_legal(model, source.model, target.model)
        if model.kind is SynapseKind.rate:
            require_receptor(made.own["receptor_type"], source.model, target.model)
        elif made.own.get("receptor_type", 0):
            raise NESTErrors.IllegalConnection(
                f"Connect: receptor_type = {made.own['receptor_type']}: {target.model.name} has "
                "the receptor 0 only"
            )
        if source.model.role is Role.multimeter:
            _require_recordables(made.source, target.model)
    _check_values(made)


def _require_recordables(multimeters: Integers, model: NodeModel) -> None:
    for piece in kernel.nodes.pieces(np.unique(multimeters)):
        for index in piece.index:
            for variable in piece.block.columns["record_from"].at(index):
                if variable not in model.recordables:
                    raise NESTErrors.IllegalConnection(
                        f"Connect: record_from {variable!r}: {model.name} has "
                        + ", ".join(model.recordables)
                        + _NO_HISTORY * (variable == "eprop_history_duration")
                    )


def _check_values(made: Connections) -> None:
    model, resolution = made.model, kernel.settings.resolution
    if model.kind is not SynapseKind.static and np.any(made.delay != 1):
        raise NESTErrors.IllegalConnection(
            f"Connect: {model.name}: delay = {made.delay.max() * resolution} ms: must be one step, "
            f"{resolution} ms"
        )
    if model.kind is SynapseKind.rate and np.any(made.weight != 1.0):
        raise NESTErrors.NotImplemented(
            f"Connect: {model.name}: weight = {made.weight[made.weight != 1.0][0]}: must be 1.0; "
            "scale the amplitudes instead"
        )
    if model.kind is SynapseKind.eprop:
        require_within_bounds(model, made.weight, "Connect")
        if not made.own.get("tau_m_readout", 1.0) > 0.0:
            raise NESTErrors.BadProperty(
                f"Connect: tau_m_readout = {made.own['tau_m_readout']} ms: must be positive"
            )


def require_within_bounds(model: SynapseModel, weight: Reals, call: str) -> None:
    """BadProperty if a weight is outside of [Wmin, Wmax]."""
    low, high = (model.optimizer_parameters[name] for name in ("Wmin", "Wmax"))
    outside = (weight < low) | (weight > high)
    if outside.any():
        raise NESTErrors.BadProperty(
            f"{call}: weight = {weight[outside][0]} pA: must be in [Wmin, Wmax] = [{low}, {high}] "
            f"of {model.name}"
        )
