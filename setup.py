"""What pip builds: the Python package alone, with the C++ library within its module."""

import re
import sys
from pathlib import Path

from setuptools import find_packages
from skbuild import setup

version = re.search(r"VERSION ([\d.]+)\n", Path("CMakeLists.txt").read_text(encoding="utf-8"))
assert version is not None

setup(
    name="eprop",
    version=version[1],
    description="Parallel simulator that trains spiking neural networks with e-prop",
    license="BSD-3-Clause",
    python_requires=">=3.9",
    install_requires=["numpy"],
    extras_require={"all": ["h5py", "matplotlib", "mpi4py", "scipy", "tqdm"]},
    packages=find_packages("python", include=["eprop", "eprop.*"]),
    package_dir={"": "python"},
    package_data={"eprop": ["py.typed", "*.pyi"]},
    cmake_install_dir="python",
    cmake_args=[
        f"-DPython_EXECUTABLE={sys.executable}",
        "-DEPROP_PYTHON_INSTALL_DIR=.",
        "-DEPROP_BUILD_TESTS=OFF",
        "-DEPROP_BUILD_EXAMPLES=OFF",
        "-DEPROP_INSTALL_LIBRARY=OFF",
    ],
)
