# shellcheck shell=bash
# What the batch scripts share. They source it with `script` set to their own path.

fail() {
  printf 'eprop: error: %s\n' "$1" >&2
  exit 1
}

# check_threads THREADS OPTION...
# The example's own --threads would leave cores idle or put several threads on one.
check_threads() {
  local threads=$1 given=$1
  shift
  while (($# > 0)); do
    case $1 in
      --threads) given=${2-} ;;
      --threads=*) given=${1#*=} ;;
    esac
    shift
  done
  [[ $given == "$threads" ]] ||
    fail "--threads $given: must be the $threads of --cpus-per-task; leave it out and set that one"
}

# check_mpi TYPE
check_mpi() {
  local types
  types=$(srun --mpi=list 2>&1) || fail "srun --mpi=list: $types"
  types=$(tr -s '[:space:],' ' ' <<<"${types#*...}") # without the headline
  [[ " $types " == *" $1 "* ]] ||
    fail "EPROP_SRUN_MPI=$1: not a type that srun --mpi=list names: ${types# }"
}

# prepare_example EXAMPLE [OPTION...]
# Sets `step` to the command of the job step that runs the example, on as many ranks and threads as
# the job has.
prepare_example() {
  [[ -n ${SLURM_JOB_ID:-} ]] ||
    fail "not a Slurm job; submit it: sbatch ${script:?} EXAMPLE [OPTION...]"

  local build=${EPROP_BUILD:-$(dirname "$script")/../build}
  [[ -d $build/examples ]] ||
    fail "$build: no build folder with examples; run 'make build', or set EPROP_BUILD"
  build=$(realpath "$build")
  local built
  built=$(find "$build/examples" -maxdepth 1 -type f -executable -printf '%f\n' | sort | xargs)
  (($# > 0)) || fail "no example named; built are: ${built:-none}"
  [[ " $built " == *" $1 "* ]] || fail "$1: no such example; built are: ${built:-none}"
  local example=$build/examples/$1
  shift

  local threads=${SLURM_CPUS_PER_TASK:-1}
  check_threads "$threads" "$@"
  local mpi=${EPROP_SRUN_MPI:-pmix}
  check_mpi "$mpi"

  # Each thread stays on a core of its own, next to those of its rank.
  export OMP_NUM_THREADS=$threads OMP_PLACES=cores OMP_PROC_BIND=close

  printf '%s: %s ranks x %s threads, nodes: %s\n' \
    "${example##*/}" "${SLURM_NTASKS:-1}" "$threads" "$SLURM_JOB_NODELIST"
  # --cpus-per-task: since Slurm 22.05 srun does not take it from the job.
  # --cpu-bind: a rank gets whole cores, as many as it has threads.
  # --export: the variables above reach the ranks even of a job submitted with --export=NONE.
  # --kill-on-bad-exit: no rank waits for one that failed.
  step=(srun --mpi="$mpi" --cpus-per-task="$threads" --cpu-bind=cores --export=ALL
    --kill-on-bad-exit=1 "$example" "$@")
}

# start_example EXAMPLE [OPTION...]
# Becomes that job step.
start_example() {
  prepare_example "$@"
  exec "${step[@]}"
}

# start_and_requeue EXAMPLE [OPTION...]
# Runs that job step. SIGUSR2 to the batch script goes on to its ranks, which then stop with a
# checkpoint and exit with 75: the job is put into the queue again.
start_and_requeue() {
  local stopped=75 step_pid status signalled
  prepare_example "$@"
  "${step[@]}" &
  step_pid=$!
  trap 'signalled=1; kill -USR2 "$step_pid" || true' USR2
  # A signal ends the wait, not the step.
  while true; do
    signalled=0 status=0
    wait "$step_pid" || status=$?
    ((signalled)) || break
  done
  if ((status != stopped)); then exit "$status"; fi
  printf '%s: stopped with a checkpoint; the job is requeued\n' "$1"
  scontrol requeue "$SLURM_JOB_ID"
}
