"""Child processes of which none is left behind, whatever becomes of the one that starts them."""
import contextlib
import ctypes
import os
import pathlib
import signal
import subprocess
import time

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h

_libc = ctypes.CDLL(None, use_errno=True)


def adopt_orphans():
    """Makes this process the parent of its descendants whose own parent ends."""
    if _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def start_daemon(command, log, environment):
    """Starts a program that ends with this one, and which the terminal's Ctrl-C does not reach."""
    with open(log, "ab") as output:
        return subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True,
            preexec_fn=lambda: _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0))


def descendants():
    """Ids of all processes that descend from this one and run."""
    children = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text(errors="replace")
        except OSError:  # ended meanwhile
            continue
        state, parent = text[text.rindex(")") + 2:].split()[:2]
        if state != "Z":
            children.setdefault(int(parent), []).append(int(stat.parent.name))
    found, unvisited = [], [os.getpid()]
    while unvisited:
        own = children.get(unvisited.pop(), [])
        found += own
        unvisited += own
    return found


def end_descendants(patience):
    """Asks all to end, and after `patience` seconds makes them."""
    for request, seconds in (signal.SIGTERM, patience), (signal.SIGKILL, 10.0):
        deadline = time.monotonic() + seconds
        asked = set()
        while running := descendants():
            if time.monotonic() > deadline:
                break
            for pid in set(running) - asked:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, request)
            asked.update(running)
            time.sleep(0.05)
    if running:
        raise RuntimeError(f"processes do not end: {running}")
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
