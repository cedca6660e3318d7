#include "training.hpp"

#include <pybind11/stl.h>

#include <optional>

#include "arrays.hpp"
#include "bindings.hpp"
#include "eprop/trainer.hpp"
#include "fields.hpp"
#include "shared_object.hpp"
#include "simulation.hpp"
#include "spike_times.hpp"

namespace eprop::python {
namespace {

using Released = py::call_guard<py::gil_scoped_release>;

/// Steps of each input neuron: given, or where an array [step][input] is true, whose first row is
/// step 1.
std::vector<std::vector<Step>> steps_of_neurons(const py::object& spikes) {
  if (py::isinstance<py::array_t<bool>>(spikes) && spikes.cast<py::array>().ndim() == 2) {
    return times_of_neurons<Step>(spikes.cast<Numbers<bool>>(), [](Step row) { return row + 1; });
  }
  std::vector<std::vector<Step>> all;
  for (const auto& of_neuron : py::reinterpret_borrow<py::sequence>(spikes)) {
    all.push_back(as_vector(Numbers<Step>(py::reinterpret_borrow<py::object>(of_neuron))));
  }
  return all;
}

/// A Sample of eprop/_task.py in its plain form.
Sample to_sample(const py::handle& given) {
  const py::tuple parts = given.attr("_plain")();
  Sample sample{steps_of_neurons(parts[0]),
                as_vector(parts[1].cast<Numbers<Step>>()),
                {},
                parts[3].cast<int>()};
  const auto target = parts[2].cast<Numbers<double>>();
  const auto n = static_cast<std::size_t>(target.shape(1));
  for (py::ssize_t k = 0; k < target.shape(0); ++k) {
    const auto row = as_span(target).subspan(static_cast<std::size_t>(k) * n, n);
    sample.target.emplace_back(row.begin(), row.end());
  }
  return sample;
}

/// A task in Python: what it is was taken from its attributes, samples come from its next().
class PythonTask : public Task {
 public:
  PythonTask(const Network& described, const py::object& task) : Task({}), task_(task) {
    network = described;
    name = task.attr("name").cast<std::string>();
    in.index = index(task.attr("inputs"));
    out.index = index(task.attr("out"));
    target.index = index(task.attr("target"));
    for (const auto& p : task.attr("recurrent")) recurrent.push_back({index(p)});
    for (const auto& p : task.attr("plastic")) plastic.push_back({index(p)});
    const py::object signal = task.attr("window_signal");
    if (!signal.is_none()) window_signal = RateGenerator{index(signal)};
    take(sequence, task, "sequence");
    window = sequence;
    if (!task.attr("window").is_none()) take(window, task, "window");
    take(batch_size, task, "batch_size");
    take(classifies, task, "classifies");
    take(draws_ahead, task, "draws_ahead");
    plan = plan_of(task.attr("plan"));
  }

  std::vector<Sample> next(Phase phase) override {
    return calling_python([&] {
      std::vector<Sample> samples;
      for (const auto& sample : task_->attr("_next")(to_string(phase))) {
        samples.push_back(to_sample(sample));
      }
      return samples;
    });
  }

 private:
  static std::uint32_t index(const py::handle& handle) {
    return handle.attr("index").cast<std::uint32_t>();
  }

  /// An attribute of a task or its plan.
  template <class T>
  static void take(T& into, const py::object& of, const char* name) {
    const auto thing = std::string(py::str(py::type::of(of).attr("__name__")));
    assign(into, of.attr(name), thing, name);
  }

  static TrainingPlan plan_of(const py::object& given) {
    TrainingPlan plan;
    take(plan.iterations, given, "iterations");
    plan.learning_rate = to_schedule(given.attr("learning_rate"));
    take(plan.validate_every, given, "validate_every");
    take(plan.stop_error, given, "stop_error");
    take(plan.stop_batches, given, "stop_batches");
    take(plan.test_iterations, given, "test_iterations");
    return plan;
  }

  SharedObject task_;
};

/// A Trainer with what it uses.
class TrainerHandle {
 public:
  TrainerHandle(const Network& network, const py::object& task, const TrainingOptions& options,
                SharedCommunicator comm)
      : task_(network, task), comm_(std::move(comm)) {
    const py::gil_scoped_release release;
    trainer_.emplace(task_, options, *comm_);
  }
  TrainerHandle(const TrainerHandle&) = delete;
  TrainerHandle& operator=(const TrainerHandle&) = delete;
  // NOLINTNEXTLINE(bugprone-exception-escape): pybind11 does not say so, but nothing throws
  ~TrainerHandle() { end(); }

  Trainer& operator*() {
    if (!trainer_) throw std::logic_error("the training has ended");
    return *trainer_;
  }
  Trainer* operator->() { return &**this; }
  [[nodiscard]] const SharedCommunicator& comm() const { return comm_; }

  /// Destroys the trainer; collective if it has an output file open.
  void end() {
    const py::gil_scoped_release release;
    trainer_.reset();
  }

 private:
  PythonTask task_;
  SharedCommunicator comm_;
  std::optional<Trainer> trainer_;
};

using SharedTrainer = std::shared_ptr<TrainerHandle>;

SharedTrainer make_trainer(const Network& network, const py::object& task,
                           const SharedCommunicator& comm, const py::dict& given) {
  TrainingOptions options;
  const auto take = [&](auto& into, const char* name) {
    assign(into, given[name], "trainer", name);
  };
  take(options.threads, "threads");
  take(options.replicas, "replicas");
  take(options.initial_weights, "initial_weights");
  take(options.output, "output");
  take(options.record, "record");
  take(options.checkpoint_every, "checkpoint_every");
  take(options.checkpoint_minutes, "checkpoint_minutes");
  take(options.checkpoint_folder, "checkpoint_folder");
  take(options.overwrite, "overwrite");
  take(options.resume, "resume");
  take(options.keep_best, "keep_best");
  return std::make_shared<TrainerHandle>(network, task, options, comm);
}

void on_iteration(TrainerHandle& t, const py::object& call) {
  t->on_iteration([call = SharedObject(call)](const IterationReport& r) {
    calling_python([&] {
      (*call)(r.iteration, r.planned, to_string(r.phase), r.loss, r.error, r.learning_rate, r.time);
    });
  });
}

void on_phase(TrainerHandle& t, const py::object& call) {
  t->on_phase([call = SharedObject(call)](const PhaseReport& r) {
    calling_python([&] { (*call)(to_string(r.phase), r.iterations, r.loss, r.error); });
  });
}

/// A cycle through C++ is not seen by Python's garbage collector.
void forget_callbacks(TrainerHandle& t) {
  t->on_iteration([](const IterationReport&) {});
  t->on_phase([](const PhaseReport&) {});
}

std::vector<std::string> phases(TrainerHandle& t) {
  std::vector<std::string> names;
  for (const auto phase : t->phases()) names.push_back(to_string(phase));
  return names;
}

std::optional<py::tuple> best(TrainerHandle& t) {
  const auto best = t->best();
  if (!best) return {};
  return py::make_tuple(best->iteration, best->loss);
}

py::array confusion(TrainerHandle& t) {
  auto counts = t->confusion();
  std::size_t readouts = 0;
  while (readouts * readouts < counts.size()) ++readouts;
  return as_array(std::move(counts), {readouts, readouts});
}

/// A simulation that is there as long as its trainer is.
std::unique_ptr<SimulationHandle> simulation_of(const SharedTrainer& t) {
  return std::make_unique<SimulationHandle>([t] { return &(*t)->simulation(); }, t->comm());
}

}  // namespace

void bind_training(py::module_& m) {
  py::class_<TrainerHandle, SharedTrainer>(m, "Trainer")
      .def(py::init(&make_trainer))
      .def("end", &TrainerHandle::end)
      .def("on_iteration", &on_iteration)
      .def("on_phase", &on_phase)
      .def("forget_callbacks", &forget_callbacks)
      .def(
          "run", [](TrainerHandle& t) { t->run(); }, Released())
      .def("stop", [](TrainerHandle& t) { t->stop(); })
      .def("request_checkpoint", [](TrainerHandle& t) { t->request_checkpoint(); })
      .def("request_stop", [](TrainerHandle& t) { t->request_stop(); })
      .def("finished", [](TrainerHandle& t) { return t->finished(); })
      .def("latest_checkpoint", [](TrainerHandle& t) { return t->latest_checkpoint(); })
      .def("scale_learning_rate", [](TrainerHandle& t, double f) { t->scale_learning_rate(f); })
      .def("replicas",
           [](TrainerHandle& t) {
             return py::make_tuple(t->replicas().replicas, t->replicas().reason);
           })
      .def("simulation", &simulation_of)
      .def("iterations", [](TrainerHandle& t) { return t->iterations(); })
      .def("losses", [](TrainerHandle& t) { return as_array(std::vector(t->losses())); })
      .def("errors", [](TrainerHandle& t) { return as_array(std::vector(t->errors())); })
      .def("phases", &phases)
      .def("confusion", &confusion)
      .def("best", &best)
      .def(
          "write_best_weights",
          [](TrainerHandle& t, const std::string& path, bool overwrite) {
            t->write_best_weights(path, {overwrite});
          },
          Released());
}

}  // namespace eprop::python
