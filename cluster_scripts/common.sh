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

# check_job USAGE
check_job() {
  [[ -n ${SLURM_JOB_ID:-} ]] || fail "not a Slurm job; submit it: sbatch ${script:?} $1"
}

# find_build FOLDER
# Sets `build` to the build folder, which must have this folder.
find_build() {
  build=${EPROP_BUILD:-$(dirname "$script")/../build}
  [[ -d $build/$1 ]] ||
    fail "$build: no build folder with $1; run 'make build', or set EPROP_BUILD"
  build=$(realpath "$build")
}

# prepare_step COMMAND [ARGUMENT...]
# Sets `step` to the command of the job step that runs COMMAND on as many ranks and threads as the
# job has.
prepare_step() {
  local threads=${SLURM_CPUS_PER_TASK:-1} mpi=${EPROP_SRUN_MPI:-pmix}
  check_mpi "$mpi"

  # Each thread stays on a core of its own, next to those of its rank.
  export OMP_NUM_THREADS=$threads OMP_PLACES=cores OMP_PROC_BIND=close

  # --cpus-per-task: since Slurm 22.05 srun does not take it from the job.
  # --cpu-bind: a rank gets whole cores, as many as it has threads.
  # --export: the variables above reach the ranks even of a job submitted with --export=NONE.
  # --kill-on-bad-exit: no rank waits for one that failed.
  step=(srun --mpi="$mpi" --cpus-per-task="$threads" --cpu-bind=cores --export=ALL
    --kill-on-bad-exit=1 "$@")
}

# print_layout NAME
print_layout() {
  printf '%s: %s ranks x %s threads, nodes: %s\n' \
    "$1" "${SLURM_NTASKS:-1}" "${SLURM_CPUS_PER_TASK:-1}" "$SLURM_JOB_NODELIST"
}

# prepare_example EXAMPLE [OPTION...]
# Sets `step` to the command of the job step that runs the example.
prepare_example() {
  check_job 'EXAMPLE [OPTION...]'
  local build built
  find_build examples
  built=$(find "$build/examples" -maxdepth 1 -type f -executable -printf '%f\n' | sort | xargs)
  (($# > 0)) || fail "no example named; built are: ${built:-none}"
  [[ " $built " == *" $1 "* ]] || fail "$1: no such example; built are: ${built:-none}"
  check_threads "${SLURM_CPUS_PER_TASK:-1}" "${@:2}"
  prepare_step "$build/examples/$1" "${@:2}"
  print_layout "$1"
}

# start_example EXAMPLE [OPTION...]
# Becomes that job step.
start_example() {
  prepare_example "$@"
  exec "${step[@]}"
}

# start_and_requeue EXAMPLE [OPTION...]
# Runs that job step, with --resume auto. SIGUSR2 to the batch script goes on to its ranks, which then stop with a
# checkpoint and exit with 75: the job is put into the queue again.
start_and_requeue() {
  local stopped=75 step_pid status signalled
  prepare_example "$@"
  "${step[@]}" --resume auto &
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

# start_python SCRIPT [ARGUMENT...]
# Becomes the job step that runs a Python script on all ranks.
start_python() {
  check_job 'SCRIPT [ARGUMENT...]'
  local build
  find_build python
  (($# > 0)) || fail 'no Python script named'
  [[ -f $1 ]] || fail "$1: no such file"
  export PYTHONPATH=$build/python${PYTHONPATH:+:$PYTHONPATH}
  prepare_step "${EPROP_PYTHON:-python3}" "$@"
  print_layout "$(basename "$1")"
  exec "${step[@]}"
}

# start_of_sweep FILE EXAMPLE [OPTION...]
# Becomes the job step that runs the example with the further options of the line of FILE that
# belongs to this task of the array.
start_of_sweep() {
  check_job 'FILE EXAMPLE [OPTION...]'
  (($# > 1)) || fail 'a file of options and an example are to be named'
  local file=$1 line results
  local -a options
  [[ -f $file ]] || fail "$file: no such file"
  [[ -n ${SLURM_ARRAY_TASK_ID:-} ]] ||
    fail "not an array; submit it: sbatch --array=1-$(wc -l <"$file") $script ..."
  line=$(sed -n "${SLURM_ARRAY_TASK_ID}p" "$file")
  [[ -n $line ]] || fail "$file: no line $SLURM_ARRAY_TASK_ID"
  read -ra options <<<"$line"
  results=${file%.*}.results
  mkdir -p "$results"
  start_example "${@:2}" "${options[@]}" --output "$results/$SLURM_ARRAY_TASK_ID.h5" \
    --checkpoint-dir "$results/$SLURM_ARRAY_TASK_ID.checkpoints" --resume auto
}

# run_scaling KIND NEURONS [OPTION...]
# Runs sparse_network on 1, 2, 4, ... ranks, up to as many as the job has, and appends what it prints
# to scaling.KIND.JOB.json, an object a line.
run_scaling() {
  check_job 'strong|weak NEURONS [OPTION...]'
  local build ranks=1 most=${SLURM_NTASKS:-1} results=scaling.${1-}.$SLURM_JOB_ID.json neurons
  find_build examples
  [[ ${1-} == strong || ${1-} == weak ]] || fail "${1-}: must be strong or weak"
  [[ ${2-} =~ ^[0-9]+$ ]] || fail "NEURONS: must be a whole number, not '${2-}'"
  check_threads "${SLURM_CPUS_PER_TASK:-1}" "${@:3}"
  while true; do
    neurons=$2
    if [[ $1 == weak ]]; then neurons=$(($2 * ranks)); fi
    prepare_step "$build/examples/sparse_network" --json --neurons "$neurons" "${@:3}"
    step=("${step[0]}" --ntasks="$ranks" "${step[@]:1}")
    printf '%s ranks, %s neurons\n' "$ranks" "$neurons"
    "${step[@]}" >>"$results"
    ((ranks < most)) || break
    ranks=$((2 * ranks < most ? 2 * ranks : most))
  done
  printf 'draw it: cluster_scripts/plot_scaling.py %s\n' "$results"
}
