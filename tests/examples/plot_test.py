"""plot.py draws what a run's file holds, and says in one line why it cannot."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(SOURCE / "python" / "eprop"))
from plot.run_file import RunFile  # noqa: E402

SEQUENCE, BATCH, ITERATIONS = 20, 2, 3
OFFSET, OFFSET_RECURRENT = 4, 2  # ms
STEPS = SEQUENCE * BATCH * ITERATIONS + 8


def write_spikes(h5, name, times, nodes, sorting):
    group = h5.create_group(f"spikes/{name}")
    group.attrs["sorting"] = sorting
    group["timestamps"], group["node_ids"] = times, nodes


def write_report(h5, name, nodes, variables, complete=True):
    """Two-digit values: variable v of the k-th node is, at t ms, t + 0.1 v + 0.01 k."""
    for v, variable in enumerate(variables):
        group = h5.create_group(f"report/{name}.{variable}")
        group.attrs.update(population=name, variable=variable)
        time, node = np.ix_(np.arange(STEPS) + 1.0, np.arange(len(nodes)))
        group["data"] = (time + 0.1 * v + 0.01 * node).astype(np.float32)
        group["data"].attrs["units"] = "mV"
        group["mapping/node_ids"] = np.array(nodes, dtype=np.uint64)
        group["mapping/index_pointers"] = np.arange(len(nodes) + 1, dtype=np.uint64)
        group["mapping/element_ids"] = np.ones(len(nodes), dtype=np.uint32)
        group["mapping/time"] = [1.0, STEPS + 1.0 if complete else 1.0, 1.0]


def write_simulation(path, fill):
    """The file of a program of one's own, without a task."""
    with h5py.File(path, "w") as h5:
        h5.attrs["magic"] = np.uint32(0x0A7A)
        fill(h5)


def write_weights(group, synapses):
    group["time"], group["data"] = [0.0, 40.0, 80.0], np.ones((3, synapses))
    group["source"], group["target"] = np.arange(synapses), np.arange(synapses)[::-1]


def write_run(path, task="lemniscate"):
    with h5py.File(path, "w") as h5:
        h5.attrs["magic"] = np.uint32(0x0A7A)
        h5["training/loss"] = [3.0, 2.0, 1.0]
        h5["training/error"] = [0.5, 0.25, 0.0]
        h5["training/phase"] = np.array([0, 1, 2], dtype=np.uint8)
        h5["training/phase"].attrs["labels"] = ["training", "validation", "test"]
        h5.create_group("task").attrs.update(
            name=task, input="input", dt=1.0, sequence=float(SEQUENCE), batch_size=BATCH,
            offset=float(OFFSET), offset_recurrent=float(OFFSET_RECURRENT))
        h5["task/confusion"] = [[3, 1], [0, 4]]
        times = np.arange(1.0, STEPS + 1)
        write_spikes(h5, "input", times, np.arange(STEPS) % 5, 2)
        write_spikes(h5, "recurrent", times[::-1], np.arange(STEPS)[::-1] % 7, 0)
        write_report(h5, "recurrent", [3, 5],
                     ["V_m", "surrogate_gradient", "learning_signal", "V_th_adapt", "adaptation"])
        write_report(h5, "readout", [0, 1], ["readout_signal", "target_signal", "error_signal"])
        weights = h5.create_group("weights/recurrent_recurrent")
        weights["before"] = [[np.nan, 1.0], [-1.0, np.nan]]
        weights["after"] = [[np.nan, 0.5], [-2.0, np.nan]]
        write_weights(weights, 2)


class PlotTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.path = self.folder / "run.h5"

    def plot(self, *words):
        command = [sys.executable, "-B", str(SOURCE / "examples" / "plot.py"), str(self.path), *words]
        return subprocess.run(command, capture_output=True, text=True)

    def assert_refused(self, reason):
        result = self.plot()
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stdout, "")
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        self.assertIn(f"plot.py: error: {self.path}: {reason}", result.stderr)

    def test_draws_every_figure_and_prints_its_path(self):
        write_run(self.path)
        result = self.plot("--output", str(self.folder / "new" / "figures"))
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        paths = [pathlib.Path(line) for line in result.stdout.splitlines()]
        self.assertEqual(
            {path.stem for path in paths},
            {f"run_{name}" for name in (
                "loss", "confusion", "activity_first", "activity_last", "curve", "sample_input",
                "weights", "weight_matrix_recurrent_recurrent")})
        for path in paths:
            self.assertEqual(path.read_bytes()[:4], b"\x89PNG")

    def test_draws_losses_alone_beside_the_file_as_pdf(self):
        with h5py.File(self.path, "w") as h5:
            h5.attrs["magic"] = 0x0A7A
            h5["training/loss"] = [1.0]
        result = self.plot("--format", "pdf")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(result.stdout, f"{self.folder / 'run_loss.pdf'}\n")
        self.assertEqual((self.folder / "run_loss.pdf").read_bytes()[:4], b"%PDF")

    def assert_draws(self, *names):
        """These figures, without a complaint."""
        result = self.plot()
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(result.stdout.splitlines(),
                         [str(self.folder / f"run_{name}.png") for name in names])

    def test_draws_spikes_alone(self):
        write_simulation(self.path, lambda h5: write_spikes(
            h5, "rec", np.arange(0.0, 5000.0, 7.0), np.arange(715) % 200, 2))
        self.assert_draws("spikes")

    def test_draws_what_a_program_of_one_s_own_records(self):
        def fill(h5):
            write_spikes(h5, "rec", [30.0], [3], 2)
            write_spikes(h5, "silent", [], [], 2)
            write_report(h5, "some $ of _rec", [3, 5, 6], ["V_m", "learning_signal"])
            write_report(h5, "out.last", [0], ["readout_signal", "target_signal"])
            write_report(h5, "nobody", [], ["V_m"])
            write_weights(h5.create_group("weights/rec_$out"), 2)
            write_weights(h5.create_group("weights/nothing"), 0)
        write_simulation(self.path, fill)
        self.assert_draws("spikes", "traces_out.last", "traces_some $ of _rec", "weights")

    def test_draws_many_populations_on_several_pages(self):
        def fill(h5):
            for k in range(14):
                write_spikes(h5, f"p{k}", [1.0 + k], [0], 2)
        write_simulation(self.path, fill)
        self.assert_draws("spikes", "spikes_2")

    def test_draws_further_recordings_of_a_training_run(self):
        write_run(self.path)
        with h5py.File(self.path, "r+") as h5:
            write_report(h5, "mine", [0], ["V_m"])
        self.assertIn(f"{self.folder / 'run_traces_mine.png'}\n", self.plot().stdout)

    def test_draws_a_run_killed_before_its_first_loss(self):
        write_run(self.path)
        with h5py.File(self.path, "r+") as h5:
            del h5["training"], h5["task/confusion"], h5["weights/recurrent_recurrent/after"]
            for report in h5["report"].values():
                report["mapping/time"][1] = report["mapping/time"][0]
            del h5["spikes/recurrent/node_ids"]
            h5["spikes/recurrent/node_ids"] = np.arange(STEPS - 10) % 7  # fewer than times
        self.assert_draws("spikes", "traces_readout", "traces_recurrent", "weights",
                          "weight_matrix_recurrent_recurrent")

    def test_draws_a_run_killed_later(self):
        write_run(self.path)
        with h5py.File(self.path, "r+") as h5:
            del h5["training/loss"], h5["training/error"], h5["weights/recurrent_recurrent/time"]
            h5["training/loss"], h5["training/error"] = [3.0, 2.0], [0.5]
            h5["weights/recurrent_recurrent/time"] = [0.0, 40.0]
        result = self.plot()
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("run_loss.png", result.stdout)
        self.assertIn("run_activity_last.png", result.stdout)

    def test_draws_what_is_left_of_a_damaged_file(self):
        write_run(self.path)
        with h5py.File(self.path, "r+") as h5:
            del h5["report/recurrent.V_m/mapping"]
        result = self.plot()
        self.assertEqual(result.returncode, 1)
        self.assertIn("run_loss.png", result.stdout)
        self.assertIn("run_weights.png", result.stdout)
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        self.assertIn(f"plot.py: error: {self.path}: incomplete: ", result.stderr)

    def test_says_that_nothing_spiked(self):
        write_simulation(self.path, lambda h5: write_spikes(h5, "rec", [], [], 2))
        self.assert_refused("holds nothing to draw")

    def test_refuses_file_that_is_being_written(self):
        write_run(self.path)
        with h5py.File(self.path, "r+"):
            self.assert_refused("is locked by a run that writes it")

    def test_refuses_missing_file(self):
        self.assert_refused("no such file")

    def test_refuses_what_is_not_hdf5(self):
        self.path.write_text("loss 3.0\n")
        self.assert_refused("cannot be read as HDF5")

    def test_refuses_foreign_hdf5(self):
        for magic in (None, 7, "eprop"):
            with h5py.File(self.path, "w") as h5:
                if magic is not None:
                    h5.attrs["magic"] = magic
            self.assert_refused("not the output file of a simulation: root attribute 'magic' is "
                                f"{'missing' if magic is None else magic}, not 2682")

    def test_refuses_file_without_results(self):
        with h5py.File(self.path, "w") as h5:
            h5.attrs["magic"] = 0x0A7A
        self.assert_refused("holds nothing to draw")

    def test_names_what_an_incomplete_file_lacks(self):
        with h5py.File(self.path, "w") as h5:
            h5.attrs["magic"] = 0x0A7A
            h5["training/phase"] = np.zeros(1, dtype=np.uint8)
            h5["training/loss"] = [1.0]
        self.assert_refused("incomplete")


class RunFileTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        path = pathlib.Path(temporary.name) / "run.h5"
        write_run(path)
        self.run_file = RunFile(path)
        self.addCleanup(self.run_file.h5.close)

    def test_windows_hold_the_first_sample_of_the_iteration(self):
        self.assertEqual(self.run_file.shown_iterations(), [("first", 0), ("last", 2)])
        self.assertEqual(self.run_file.task.window(0, OFFSET), (4.0, 24.0))
        self.assertEqual(self.run_file.task.window(2, OFFSET), (84.0, 104.0))

    def test_signals_of_a_window_leave_out_its_begin(self):
        times, values = self.run_file.readout_reports()[0].window("target_signal", 84.0, 104.0, 2)
        np.testing.assert_allclose(times, np.arange(1.0, 21.0))
        np.testing.assert_allclose(values[0], [85.1, 85.11], rtol=1e-6)
        np.testing.assert_allclose(values[-1], [104.1, 104.11], rtol=1e-6)

    def test_signals_beyond_the_recording_are_left_out(self):
        report = self.run_file.reports()["recurrent"]
        self.assertEqual(report.window("V_m", STEPS - 3.0, STEPS + 10.0)[1].shape, (3, 1))
        self.assertEqual(report.window("V_m", STEPS + 10.0, STEPS + 20.0)[1].shape, (0, 1))

    def test_recordings_of_the_last_iteration_continue_those_of_the_first(self):
        path = pathlib.Path(self.run_file.h5.filename).with_name("two.h5")
        with h5py.File(path, "w") as h5:
            h5.attrs["magic"] = 0x0A7A
            for name in ("out", "out.last", "own.last"):
                write_report(h5, name, [0], ["V_m", "readout_signal"])
            for report in ("V_m", "readout_signal"):
                h5[f"report/out.last.{report}/mapping/time"][:2] = [1001.0, 1001.0]
        two = RunFile(path)
        self.addCleanup(two.h5.close)
        reports = two.reports()
        self.assertEqual(sorted(reports), ["out", "own.last"])
        self.assertEqual(sorted(reports["out"].variables), ["V_m", "readout_signal"])
        self.assertEqual(reports["out"].span(), (1.0, 1000.0 + STEPS, 1.0))
        times, values = reports["out"].window("V_m", 1000.0, 1003.0)
        np.testing.assert_array_equal(times, [1.0, 2.0, 3.0])
        np.testing.assert_array_equal(values, [[1.0], [2.0], [3.0]])

    def test_spikes_of_a_window_are_found_in_any_order(self):
        for population in ("input", "recurrent"):
            times, neurons = self.run_file.spikes(population, 40.0, 60.0)
            self.assertEqual(sorted(times), list(range(1, 21)))
            n_neurons = {"input": 5, "recurrent": 7}[population]
            np.testing.assert_array_equal(neurons, (times + 39) % n_neurons)

    def test_the_task_says_which_population_is_the_input(self):
        path = pathlib.Path(self.run_file.h5.filename).with_name("named.h5")
        write_run(path)
        with h5py.File(path, "r+") as h5:
            write_spikes(h5, "inhibitory", [1.0], [0], 2)
        with RunFile(path) as named:
            self.assertEqual(named.input_populations(), ["input"])
            self.assertEqual(named.recurrent_populations(), ["inhibitory", "recurrent"])

    def test_phases_hold_their_iterations(self):
        phases = {label: list(where) for label, where in self.run_file.phases().items()}
        self.assertEqual(phases, {"training": [0], "validation": [1], "test": [2]})


if __name__ == "__main__":
    unittest.main()
