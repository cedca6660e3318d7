"""python3 -m eprop.nest runs scripts as they are."""

import subprocess
import sys

SCRIPT = """
import sys
import nest
from nest import NESTErrors

assert __name__ == "__main__"
nest.ResetKernel()
nest.Create("eprop_iaf", int(sys.argv[1]))
try:
    nest.Create("iaf_cond_exp")
except NESTErrors.UnknownModelName as error:
    print(nest.network_size, sys.argv[1:], error)
"""


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "eprop.nest", *arguments], text=True,
                          capture_output=True, check=False)


def test_a_script_finds_nest(tmp_path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = run(str(script), "3", "more")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("3 ['3', 'more'] Create('iaf_cond_exp'): ")


def test_a_script_finds_what_lies_beside_it(tmp_path) -> None:
    (tmp_path / "beside.py").write_text("import nest; n = nest.Create('eprop_iaf')")
    script = tmp_path / "script.py"
    script.write_text("import beside; print(beside.n.global_id)")
    assert run(str(script)).stdout == "1\n"


def test_without_a_script_it_says_how_it_is_used() -> None:
    done = run()
    assert done.returncode == 2 and "SCRIPT" in done.stdout
