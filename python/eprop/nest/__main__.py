"""python3 -m eprop.nest SCRIPT [ARGUMENTS]: runs a PyNEST script on eprop.

The script is not changed: what it imports as `nest` is eprop.nest. Under mpirun every process
runs it.
"""

import os
import runpy
import sys

import eprop.nest


def main() -> None:
    """Runs the script as __main__."""
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        print(__doc__.strip())
        sys.exit(0 if len(sys.argv) > 1 else 2)
    script = sys.argv[1]
    sys.argv = sys.argv[1:]
    sys.path[0] = os.path.dirname(os.path.abspath(script))
    sys.modules["nest"] = eprop.nest
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    main()
