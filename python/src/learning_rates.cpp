#include <pybind11/stl.h>

#include "bindings.hpp"
#include "described.hpp"
#include "fields.hpp"
#include "shared_object.hpp"
#include "training.hpp"
#include "values.hpp"

namespace eprop::python {
namespace {

template <class T>
struct OneLearningRate : AnyLearningRate {
  OneLearningRate() : AnyLearningRate{{T{}, 0}} {}
  T& get() { return std::get<T>(schedule.rate); }
  [[nodiscard]] const T& get() const { return std::get<T>(schedule.rate); }
};

template <class T>
void bind_learning_rate(py::module_& m, const char* name, Fields<OneLearningRate<T>> own) {
  using C = OneLearningRate<T>;
  Fields<C> fields{plain<C>("eta", "", "learning rate, >= 0", &T::eta)};
  fields.insert(fields.end(), own.begin(), own.end());
  fields.push_back({"warm_up", "", "iterations before all others, in which the rate rises, >= 0",
                    [](const C& c) { return py::cast(c.schedule.warm_up); },
                    [name = std::string(name)](C& c, py::handle value) {
                      assign(c.schedule.warm_up, value, name, "warm_up");
                    }});
  py::class_<C, AnyLearningRate> c(m, name);
  bind_fields(c, name, fields);
}

double rate_of(const SharedObject& function, std::int64_t n) {
  return calling_python([&] {
    const py::object rate = (*function)(n);
    double value = 0.0;
    assign(value, rate, "learning rate", "function(" + std::to_string(n) + ")");
    return value;
  });
}

}  // namespace

LearningRateSchedule to_schedule(const py::object& given) {
  if (py::isinstance<AnyLearningRate>(given)) return given.cast<const AnyLearningRate&>().schedule;
  if (PyCallable_Check(given.ptr()) != 0) {
    return {[function = SharedObject(given)](std::int64_t n) { return rate_of(function, n); }, 0};
  }
  double eta = 0.0;
  assign(eta, given, "learning rate", "schedule");
  return {ConstantLearningRate{eta}, 0};
}

void bind_learning_rates(py::module_& m) {
  const py::class_<AnyLearningRate> any(m, "LearningRate");
  bind_learning_rate<ConstantLearningRate>(m, "ConstantLearningRate", {});
  using Step = OneLearningRate<StepLearningRate>;
  bind_learning_rate<StepLearningRate>(
      m, "StepLearningRate",
      {plain<Step>("factor", "", "of each step, in (0, 1]", &StepLearningRate::factor),
       plain<Step>("every", "", "iterations from one step to the next, >= 1",
                   &StepLearningRate::every),
       plain<Step>("floor", "", "<= eta", &StepLearningRate::floor)});
  using Exponential = OneLearningRate<ExponentialLearningRate>;
  bind_learning_rate<ExponentialLearningRate>(
      m, "ExponentialLearningRate",
      {plain<Exponential>("decay", "", "per iteration, in (0, 1]", &ExponentialLearningRate::decay),
       plain<Exponential>("floor", "", "<= eta", &ExponentialLearningRate::floor)});
  using Cosine = OneLearningRate<CosineLearningRate>;
  bind_learning_rate<CosineLearningRate>(
      m, "CosineLearningRate",
      {plain<Cosine>("iterations", "", "until the floor, >= 1", &CosineLearningRate::iterations),
       plain<Cosine>("floor", "", "<= eta", &CosineLearningRate::floor)});
  m.def("learning_rate", [](const py::object& schedule, std::int64_t n) {
    return learning_rate(to_schedule(schedule), n);
  });
}

}  // namespace eprop::python
