#!/bin/sh
# as_foreign_mpirun.sh PROGRAM [ARGUMENT...]
#
# Under mpirun, starts PROGRAM as the mpirun of another MPI library does: it is told how many there
# are, but MPI has no way to the others.
exec env -i PATH="$PATH" OMPI_COMM_WORLD_SIZE="$OMPI_COMM_WORLD_SIZE" \
  OMPI_COMM_WORLD_RANK="$OMPI_COMM_WORLD_RANK" "$@"
