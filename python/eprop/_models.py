"""The classes that the module makes from the tables of the C++ library, under their names."""

from eprop import _core
from eprop._document import document

_KINDS = {
    "NeuronModel": "A model of neurons with its parameters; the classes are its kinds.",
    "SynapseModel": "A kind of synapses with its parameters; the classes are its kinds.",
    "Optimizer": "How weights follow their gradients; the classes are its kinds.",
    "ConnectionRule": "Who is connected to whom; the classes are its kinds.",
    "LearningRate": "How fast each training iteration learns; the classes are its kinds.",
}

__all__ = ["Normal", "Uniform", "neuron_model", *_KINDS]
for _kind, _summary in _KINDS.items():
    _base = getattr(_core, _kind)
    _base.__doc__ = _summary
    for _class in _base.__subclasses__():
        document(_class)
        __all__.append(_class.__name__)
for _name in __all__:
    _thing = getattr(_core, _name)
    _thing.__module__ = "eprop"  # as users know it
    globals()[_name] = _thing
