#include "training.hpp"

#include <pybind11/stl.h>

#include <optional>

#include "arrays.hpp"
#include "bindings.hpp"
#include "eprop/trainer.hpp"
#include "shared_object.hpp"
#include "simulation.hpp"
#include "values.hpp"

namespace eprop::python {
namespace {

using Released = py::call_guard<py::gil_scoped_release>;

std::vector<std::vector<Step>> steps_of_neurons(const py::object& spikes) {
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
    sequence = task.attr("sequence").cast<Step>();
    const py::object judged = task.attr("window");
    window = judged.is_none() ? sequence : judged.cast<Step>();
    batch_size = task.attr("batch_size").cast<std::int64_t>();
    classifies = task.attr("classifies").cast<bool>();
    draws_ahead = task.attr("draws_ahead").cast<bool>();
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

  static TrainingPlan plan_of(const py::object& given) {
    TrainingPlan plan;
    plan.iterations = given.attr("iterations").cast<std::int64_t>();
    plan.learning_rate = to_schedule(given.attr("learning_rate"));
    plan.validate_every = given.attr("validate_every").cast<std::int64_t>();
    plan.stop_error = given.attr("stop_error").cast<double>();
    plan.stop_batches = given.attr("stop_batches").cast<std::int64_t>();
    plan.test_iterations = given.attr("test_iterations").cast<std::int64_t>();
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

using Handle = std::shared_ptr<TrainerHandle>;

Handle make_trainer(const Network& network, const py::object& task, const SharedCommunicator& comm,
                    const py::dict& given) {
  TrainingOptions options;
  options.threads = given["threads"].cast<int>();
  options.replicas = given["replicas"].cast<int>();
  options.initial_weights = given["initial_weights"].cast<std::string>();
  options.output = given["output"].cast<std::string>();
  options.record = given["record"].cast<bool>();
  options.checkpoint_every = given["checkpoint_every"].cast<std::int64_t>();
  options.checkpoint_folder = given["checkpoint_folder"].cast<std::string>();
  options.overwrite = given["overwrite"].cast<bool>();
  options.resume = given["resume"].cast<std::string>();
  options.keep_best = given["keep_best"].cast<bool>();
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
std::unique_ptr<SimulationHandle> simulation_of(const Handle& t) {
  return std::make_unique<SimulationHandle>([t] { return &(*t)->simulation(); }, t->comm());
}

}  // namespace

void bind_training(py::module_& m) {
  py::class_<TrainerHandle, Handle>(m, "Trainer")
      .def(py::init(&make_trainer))
      .def("end", &TrainerHandle::end)
      .def("on_iteration", &on_iteration)
      .def("on_phase", &on_phase)
      .def("forget_callbacks", &forget_callbacks)
      .def(
          "run", [](TrainerHandle& t) { t->run(); }, Released())
      .def("stop", [](TrainerHandle& t) { t->stop(); })
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
