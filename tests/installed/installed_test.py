"""What is installed serves a project of its own, wherever it is moved, and brings no flags along.

Usage: installed_test.py BUILD MPIEXEC
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
BUILD, MPIEXEC = sys.argv[1], sys.argv[2]


def call(*words, **options):
    """Runs a command; its output is told if it fails."""
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(words)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def on_two_ranks(program, *words):
    return [MPIEXEC, "--oversubscribe", "-n", "2", program, *words]


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

        cls.project = os.path.join(folder.name, "mine")
        os.mkdir(cls.project)
        shutil.copy(os.path.join(HERE, "CMakeLists.txt"), cls.project)
        shutil.copy(os.path.join(SOURCE, "examples", "own_network.cpp"),
                    os.path.join(cls.project, "mine.cpp"))
        call("cmake", "-S", cls.project, "-B", cls.project, f"-DCMAKE_PREFIX_PATH={cls.prefix}",
             "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON")

    def test_project_is_that_of_the_readme(self):
        with open(os.path.join(HERE, "CMakeLists.txt")) as file:
            project = "".join(line for line in file if not line.startswith("#"))
        with open(os.path.join(SOURCE, "README.md")) as file:
            self.assertIn(f"```cmake\n{project}```\n", file.read())

    def test_project_runs_and_prints_what_the_example_does(self):
        call("cmake", "--build", self.project)
        printed = call(*on_two_ranks(os.path.join(self.project, "mine")), cwd=self.project)
        self.assertTrue(os.path.exists(os.path.join(self.project, "mine.h5")))
        with tempfile.TemporaryDirectory() as folder:
            example = os.path.join(BUILD, "examples", "own_network")
            self.assertEqual(printed, call(*on_two_ranks(example), cwd=folder))

    def test_project_is_given_an_include_folder_and_nothing_else(self):
        with open(os.path.join(self.project, "compile_commands.json")) as file:
            [command] = [entry["command"] for entry in json.load(file)]
        include = os.path.join(self.prefix, "include")
        self.assertRegex(command, rf"^\S+ +-isystem {re.escape(include)} +-std=(c|gnu)\+\+20 "
                                  rf"+-o \S+ -c \S+mine\.cpp$")

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
