"""What is installed serves a project of its own, wherever it is moved, and brings no flags along.

Usage: installed_test.py BUILD MPIEXEC
"""

import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import numpy as np

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(SOURCE, "tests", "recording"))
from hdf5_datasets import datasets  # noqa: E402

TUTORIAL = os.path.join(SOURCE, "docs", "tutorial")
BUILD, MPIEXEC = sys.argv[1], sys.argv[2]


def call(*words, **options):
    """Runs a command; its output is told if it fails."""
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(words)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def on_two_ranks(program, *words):
    return [MPIEXEC, "--oversubscribe", "-n", "2", program, *words]


def validations(text):
    """Iteration, loss and error of each."""
    return np.array(re.findall(r"(\d+) validation: loss (\S+), error (\S+)", text), float)


def files_below(folder):
    return sorted(os.path.relpath(os.path.join(path, name), folder)
                  for path, _, names in os.walk(folder) for name in names)


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        installed = os.path.join(folder.name, "installed")
        call("cmake", "--install", BUILD, "--prefix", installed)
        cls.prefix = os.path.join(folder.name, "moved")
        os.rename(installed, cls.prefix)

        cls.project = os.path.join(folder.name, "order")
        shutil.copytree(TUTORIAL, cls.project)
        call("cmake", "-S", cls.project, "-B", cls.project, f"-DCMAKE_PREFIX_PATH={cls.prefix}",
             "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON")

    def test_project_is_that_of_the_readme(self):
        with open(os.path.join(TUTORIAL, "CMakeLists.txt")) as file:
            project = file.read()
        with open(os.path.join(SOURCE, "README.md")) as file:
            self.assertIn(f"```cmake\n{project}```\n", file.read())

    def test_tutorial_learns_stops_and_goes_on_on_any_layout_and_is_drawn(self):
        call("cmake", "--build", self.project)
        order = os.path.join(self.project, "order")
        with tempfile.TemporaryDirectory() as whole, tempfile.TemporaryDirectory() as parts:
            printed = call(order, cwd=whole)
            with open(os.path.join(TUTORIAL, "README.md")) as file:
                # Another processor may round otherwise in the last bit.
                np.testing.assert_allclose(validations(printed), validations(file.read()),
                                           atol=0.05)
            self.assertRegex(printed, r"\n46 test: loss 0\.\d{4}, error 0\.0\d\d\n$")

            first = call(*on_two_ranks(order, "20"), cwd=parts)
            rest = call(order, "46", "checkpoints/order_20.ckpt", cwd=parts)
            self.assertEqual(first + rest, printed)
            expected, got = (datasets(os.path.join(folder, "order.h5"))
                             for folder in (whole, parts))
            self.assertEqual(sorted(got), sorted(expected))
            for name, values in expected.items():
                np.testing.assert_array_equal(got[name], values, name)

            plot = os.path.join(self.prefix, "share", "eprop", "plot.py")
            figures = call(sys.executable, "-B", plot, "order.h5", cwd=parts).split()
            for name in ("loss", "confusion", "activity", "weights"):
                self.assertTrue(any(name in figure for figure in figures), figures)
            for figure in figures:
                self.assertGreater(os.path.getsize(os.path.join(parts, figure)), 1000)

    def test_project_is_given_an_include_folder_and_nothing_else(self):
        with open(os.path.join(self.project, "compile_commands.json")) as file:
            [command] = [entry["command"] for entry in json.load(file)]
        include = os.path.join(self.prefix, "include")
        self.assertRegex(command, rf"^\S+ +-isystem {re.escape(include)} +-std=(c|gnu)\+\+20 "
                                  rf"+-o \S+ -c \S+order\.cpp$")

    def test_headers_are_all_below_one_folder_and_need_no_other_library(self):
        headers = files_below(os.path.join(self.prefix, "include"))
        self.assertIn("eprop/eprop.hpp", headers)
        self.assertIn("eprop/comm/communicator.hpp", headers)
        for header in headers:
            self.assertTrue(header.startswith("eprop/"), header)
            with open(os.path.join(self.prefix, "include", header)) as file:
                for name in re.findall(r"#include\s*[<\"](.+)[>\"]", file.read()):
                    self.assertTrue(name in headers or re.fullmatch("[a-z_]+", name),
                                    f"{header} includes {name}")

    @unittest.skipUnless(os.path.isdir(os.path.join(BUILD, "python")), "without the Python package")
    def test_python_package_is_complete(self):
        [site] = glob.glob(os.path.join(self.prefix, "lib", "python3*", "site-packages"))
        built = [name for name in files_below(os.path.join(BUILD, "python"))
                 if "__pycache__" not in name and name.startswith("eprop")]
        self.assertEqual(files_below(site), built)
        program = "import eprop, eprop.plot, eprop.nest; print(eprop.__file__, eprop.EpropIaf())"
        path = os.path.join(site, "eprop", "__init__.py")
        self.assertEqual(call(sys.executable, "-B", "-c", program, env={"PYTHONPATH": site}),
                         f"{path} EpropIaf()\n")

    def test_handwriting_finds_its_strokes_in_the_tree_it_is_in_and_nowhere_else(self):
        strokes = os.path.join(self.prefix, "share", "eprop", "strokes.txt")
        words = on_two_ranks(os.path.join(self.prefix, "bin", "handwriting_bsshslm_2020"),
                             "--iterations", "1", "--no-record", "--overwrite")
        with tempfile.TemporaryDirectory() as folder:
            call(*words, cwd=folder)
            os.rename(strokes, strokes + ".away")
            try:
                done = subprocess.run(words, cwd=folder, capture_output=True, text=True,
                                      timeout=60)
            finally:
                os.rename(strokes + ".away", strokes)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"eprop: error: stroke file {os.path.realpath(strokes)}: cannot be opened",
                      done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
