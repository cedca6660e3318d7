"""The ranks of a job."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Union

from eprop import _core
from eprop._errors import InvalidParameter
from eprop._job import of_job

if TYPE_CHECKING:
    from mpi4py.MPI import Comm

    AnyCommunicator = Union[_core.Communicator, Comm, None]


@lru_cache(maxsize=None)
def world() -> _core.Communicator:
    """The communicator used by default: of all ranks of the job.

    Collective when it is called first. Under mpirun, srun or the like it initialises MPI, if nobody
    has, until the interpreter ends. A program started otherwise is a job of one rank, without MPI.
    """
    return of_job(_core.join_world()) if _core.is_mpi_job() else _core.make_serial()


def as_communicator(given: AnyCommunicator) -> _core.Communicator:
    """A communicator of eprop: the one given, one of the same ranks as mpi4py's, or world()."""
    if given is None:
        return world()
    if isinstance(given, _core.Communicator):
        return given
    mpi = sys.modules.get("mpi4py.MPI")
    if mpi is None or not isinstance(given, mpi.Comm):
        raise InvalidParameter(
            f"simulation: comm = {given!r}: must be eprop.world(), a communicator of mpi4py or None"
        )
    return of_job(_adopted(mpi, given))


def _adopted(mpi: Any, communicator: Any) -> _core.Communicator:
    """Of one rank, none of MPI's is needed."""
    if communicator != mpi.COMM_NULL and communicator.Get_size() == 1:
        return _core.make_serial()
    return _core.adopt_mpi(mpi._addressof(communicator))
