# shellcheck shell=bash
# Usage: source scripts/mpi_environment.sh RANKS
# Settings with which Open MPI's mpirun starts RANKS ranks on this machine, whoever and wherever the
# user is. For a workstation: under Slurm the allocation says all of this.

# Open MPI refuses to start as root, which inside a container one usually is.
if ((EUID == 0)); then
  export OMPI_ALLOW_RUN_AS_ROOT=1
  export OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi

# Prints how many cores this process may use. Open MPI counts these, not their hardware threads.
usable_cores() {
  lscpu --parse=CPU,CORE,SOCKET | awk -F, \
    -v allowed="$(awk '$1 == "Cpus_allowed_list:" { print $2 }' /proc/self/status)" '
    BEGIN {
      n_ranges = split(allowed, ranges, ",")
      for (i = 1; i <= n_ranges; ++i) {
        n_ends = split(ranges[i], ends, "-")
        for (cpu = ends[1]; cpu <= ends[n_ends]; ++cpu) usable[cpu]
      }
    }
    !/^#/ && $1 in usable { cores[$2 "," $3] }
    END { n = 0; for (core in cores) ++n; print n }'
}

# Open MPI refuses more ranks than cores, and a rank that waits keeps its core busy: where ranks
# share cores, let them start, and let the waiting ones step aside.
if (($(usable_cores) < ${1:?number of ranks})); then
  export OMPI_MCA_rmaps_base_oversubscribe=1
  export OMPI_MCA_mpi_yield_when_idle=1
fi

# By default each rank is bound to one core: its threads would share that core, and two jobs at the
# same time (tests in parallel) would both bind to the first cores.
export OMPI_MCA_hwloc_base_binding_policy=none

# Containers commonly forbid a process to read another's memory, with which Open MPI passes large
# messages within a node; it then prints an error for each. Copying through shared memory works.
if [[ -e /.dockerenv || -e /run/.containerenv ]]; then
  export OMPI_MCA_btl_vader_single_copy_mechanism=none
fi
