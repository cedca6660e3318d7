"""A Slurm cluster of two virtual nodes on this machine, with all it needs in a temporary folder."""
import dataclasses
import os
import pathlib
import pwd
import random
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import processes

NODES = ("node1", "node2")
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "scontrol", "sinfo")
SEARCH_PATH = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
# The nodes bind to CPUs 0 and 1, if they may.
BINDS = os.cpu_count() > 1 and os.sched_getaffinity(0) == set(range(os.cpu_count()))
UNFINISHED = {"PENDING", "CONFIGURING", "RUNNING", "COMPLETING", "REQUEUED"}

# So long a job that has been requeued waits.
CREDENTIAL_SECONDS = 15

# Slurm takes each node for a machine of two CPUs, whatever this one has. With IPv6 it also starts
# where the only network is loopback: else it looks addresses up in a way that excludes 127.0.0.1.
CONFIGURATION = """\
ClusterName=virtual
CommunicationParameters=EnableIPv6
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket,cred_expire={credential_seconds}
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/{task_plugin}
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SwitchType=switch/none
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MailProg=/bin/true
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmdSpoolDir={folder}/%n/spool
TmpFS={folder}/%n/tmp
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
ReturnToService=2
KillWait=2
NodeName=node1 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]} CPUs=2
NodeName=node2 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} CPUs=2
PartitionName=all Nodes=ALL Default=YES State=UP
"""


@dataclasses.dataclass
class FinishedJob:
    state: str
    exit_code: str  # "code:signal"
    output: str


def missing_programs():
    return [name for name in PROGRAMS if shutil.which(name, path=SEARCH_PATH) is None]


def free_ports(count):
    """Below those that the kernel gives to connections."""
    ports = []
    for port in random.sample(range(20000, 30000), 1000):
        with socket.socket() as probe:
            try:
                probe.bind(("", port))
            except OSError:
                continue
        ports.append(port)
        if len(ports) == count:
            return ports
    raise RuntimeError("no free ports from 20000 to 29999")


def wait_until(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not after {seconds} s")
        time.sleep(0.1)
    return result


class SlurmCluster:
    """Context manager: the cluster runs within the block, and nothing of it is left after it."""

    def __enter__(self):
        processes.adopt_orphans()
        # Not in $TMPDIR: sockets have short names. Slurm's and munge's folders must be open to
        # look into, and closed to write.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="eprop-slurm-", dir="/tmp"))
        self.log = self.folder / "log"
        foreign = re.compile(r"(SLURM|SBATCH|SRUN|SCONTROL|PMIX?|OMP|EPROP)_")
        self.environment = {
            **{name: value for name, value in os.environ.items() if not foreign.match(name)},
            "PATH": SEARCH_PATH,
            "SLURM_CONF": str(self.folder / "slurm.conf"),
            # To Open MPI the nodes are different machines, between which it would use no loopback.
            "OMPI_MCA_btl_tcp_if_include": "127.0.0.0/8"}
        self.daemons = {}
        try:
            self._start()
        except BaseException:
            print(self._logs(), file=sys.stderr)
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for interruption in signal.SIGINT, signal.SIGTERM:
            signal.signal(interruption, signal.SIG_IGN)
        try:
            processes.end_descendants(patience=5.0)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def command(self, *words, check=True, **options):
        result = subprocess.run([str(word) for word in words], env=self.environment, text=True,
                                capture_output=True, timeout=20, **options)
        if check and result.returncode != 0:
            raise RuntimeError(f"{words}: {result.stderr}")
        return result.stdout

    def submit(self, *words, folder, variables=None, output="job-%j.out"):
        """sbatch with `words`, in a folder, with further environment variables; returns the id."""
        settings = [f"{name}={value}" for name, value in (variables or {}).items()]
        return self.command("env", *settings, "sbatch", "--parsable",
                            f"--output={self.folder}/{output}", *words, cwd=folder).strip()

    def state(self, job):
        return self._field(job, "JobState")

    def _field(self, job, name):
        text = self.command("scontrol", "--oneliner", "show", "job", job)
        return re.search(rf"\b{name}=(\S+)", text)[1]

    def output(self, job):
        path = self.folder / f"job-{job}.out"
        return path.read_text() if path.exists() else ""

    def wait_for_output(self, job, pattern, times=1, seconds=90):
        """Until what a job has printed matches so often; each start of the job counts once."""
        def matches():
            starts = re.split(r"^\S+: \d+ ranks x \d+ threads, nodes: ", self.output(job), flags=re.MULTILINE)[1:]
            return sum(re.search(pattern, start) is not None for start in starts) >= times

        wait_until(matches, seconds, f"{pattern} from job {job}")

    def finish(self, job, seconds=90):
        """Waits for the job of this id."""
        def finished():
            state = self.state(job)
            return None if state in UNFINISHED else (state, self._field(job, "ExitCode"))

        state, exit_code = wait_until(finished, seconds, f"end of job {job}")
        return FinishedJob(state, exit_code, self.output(job))

    def _logs(self):
        return "\n".join(f"{log.name}:\n{log.read_text(errors='replace')[-2000:]}"
                         for log in sorted(self.log.glob("*")))

    def _start(self):
        for name in ("", "log", "munge", "state", *(f"{node}/{what}" for node in NODES
                                                   for what in ("", "spool", "tmp"))):
            path = self.folder / name
            path.mkdir(exist_ok=True)
            path.chmod(0o755)
        (self.folder / "slurm.conf").write_text(CONFIGURATION.format(
            folder=self.folder, user=pwd.getpwuid(os.geteuid()).pw_name,
            host=socket.gethostname().split(".")[0], ports=free_ports(3),
            credential_seconds=CREDENTIAL_SECONDS,
            task_plugin="affinity" if BINDS else "none"))
        key = self.folder / "munge" / "key"
        key.touch(mode=0o600)
        key.write_bytes(secrets.token_bytes(128))

        munge = self.folder / "munge"
        self._daemon("munged", "munged", "--foreground", f"--key-file={key}",
                     f"--socket={munge}/socket", f"--pid-file={munge}/pid",
                     f"--log-file={munge}/log", f"--seed-file={munge}/seed")
        self._wait("munged", (munge / "socket").exists)
        self._daemon("slurmctld", "slurmctld", "-D", "-i")
        for node in NODES:
            self._daemon(node, "slurmd", "-D", "-N", node)
        self._wait("nodes", lambda: self._node_states() == ["idle"] * len(NODES))

    def _daemon(self, name, *command):
        self.daemons[name] = processes.start_daemon(command, self.log / name, self.environment)

    def _wait(self, what, condition):
        def ready():
            for name, daemon in self.daemons.items():
                if daemon.poll() is not None:
                    raise RuntimeError(f"{name} ended with status {daemon.returncode}")
            return condition()

        wait_until(ready, 30, f"start of {what}")

    def _node_states(self):
        return self.command("sinfo", "--noheader", "--Node", "--format=%T", check=False).split()
