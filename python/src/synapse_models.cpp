#include "synapse_models.hpp"

#include <pybind11/stl.h>

#include "arrays.hpp"
#include "bindings.hpp"
#include "described.hpp"
#include "fields.hpp"
#include "values.hpp"

namespace eprop::python {
namespace {

/// The alternative T of a variant that `Any` holds, as a class of its own.
template <class T>
struct OneOptimizer : AnyOptimizer {
  OneOptimizer() : AnyOptimizer{T{}} {}
  T& get() { return std::get<T>(optimizer); }
  [[nodiscard]] const T& get() const { return std::get<T>(optimizer); }
};
template <class T>
struct OneRule : AnyRule {
  OneRule() : AnyRule{T{}} {}
  T& get() { return std::get<T>(rule); }
  [[nodiscard]] const T& get() const { return std::get<T>(rule); }
};
template <class T>
struct OneSynapse : AnySynapses {
  OneSynapse() : AnySynapses{T{}, {}} {}
  T& get() { return std::get<T>(model); }
  [[nodiscard]] const T& get() const { return std::get<T>(model); }
};

template <class T>
Fields<OneOptimizer<T>> optimizer_fields() {
  using C = OneOptimizer<T>;
  Fields<C> fields{
      plain<C>("eta", "", "learning rate, >= 0", &T::eta),
      plain<C>("batch_size", "", "gradients summed, then divided by this, >= 1", &T::batch_size),
      plain<C>("Wmin", "pA", "<= Wmax", &T::Wmin), plain<C>("Wmax", "pA", "", &T::Wmax)};
  if constexpr (std::is_base_of_v<Adam, T>) {
    fields.push_back(plain<C>("beta_1", "", "in [0, 1)", &T::beta_1));
    fields.push_back(plain<C>("beta_2", "", "in [0, 1)", &T::beta_2));
    fields.push_back(plain<C>("epsilon", "", ">= 0", &T::epsilon));
  }
  if constexpr (std::is_same_v<T, RmsProp>) {
    fields.push_back(plain<C>("rho", "", "decay of the mean square, in [0, 1)", &T::rho));
    fields.push_back(plain<C>("epsilon", "", "> 0", &T::epsilon));
  }
  if constexpr (std::is_same_v<T, Momentum>) {
    fields.push_back(plain<C>("mu", "", "in [0, 1)", &T::mu));
  }
  if constexpr (std::is_same_v<T, AdamW>) {
    fields.push_back(plain<C>("weight_decay", "", ">= 0", &T::weight_decay));
  }
  return fields;
}

template <class T>
void bind_optimizer(py::module_& m, const char* name) {
  py::class_<OneOptimizer<T>, AnyOptimizer> c(m, name);
  bind_fields(c, name, optimizer_fields<T>());
}

void bind_optimizers(py::module_& m) {
  const py::class_<AnyOptimizer> optimizer(m, "Optimizer");
  bind_optimizer<GradientDescent>(m, "GradientDescent");
  bind_optimizer<Adam>(m, "Adam");
  bind_optimizer<RmsProp>(m, "RmsProp");
  bind_optimizer<Momentum>(m, "Momentum");
  bind_optimizer<AdamW>(m, "AdamW");
}

/// An optimizer as an object of its class.
py::object as_object(const Optimizer& optimizer) {
  return std::visit(
      []<class T>(const T& one) {
        OneOptimizer<T> object;
        object.get() = one;
        return py::cast(object);
      },
      optimizer);
}

template <class T>
Field<OneSynapse<T>> weight_field(const char* name, const char* rule) {
  using C = OneSynapse<T>;
  return {"weight", "pA", rule, [](const C& c) { return from_value(c.get().weight); },
          [thing = std::string(name)](C& c, py::handle value) {
            c.get().weight = to_value(value, thing, "weight", &c.weight_shape);
          }};
}

template <class T>
Field<OneSynapse<T>> optimizer_field(const char* name) {
  using C = OneSynapse<T>;
  return {"optimizer", "", "an Optimizer", [](const C& c) { return as_object(c.get().optimizer); },
          [thing = std::string(name)](C& c, py::handle value) {
            if (!py::isinstance<AnyOptimizer>(value)) {
              refuse(thing, "optimizer", value, "must be an Optimizer, such as Adam()");
            }
            c.get().optimizer = value.cast<const AnyOptimizer&>().optimizer;
          }};
}

template <class T>
void bind_synapse(py::module_& m, const char* name, const char* weight, const char* delay,
                  Fields<OneSynapse<T>> more) {
  using C = OneSynapse<T>;
  py::class_<C, AnySynapses> c(m, name);
  Fields<C> fields{weight_field<T>(name, weight), plain<C>("delay", "ms", delay, &T::delay)};
  fields.insert(fields.end(), more.begin(), more.end());
  bind_fields(c, name, fields);
}

void bind_synapses(py::module_& m) {
  const py::class_<AnySynapses> synapses(m, "SynapseModel");
  bind_synapse<StaticSynapse>(m, "StaticSynapse", "finite", ">= dt, a multiple of dt; None: dt",
                              {});
  using Intervals = OneSynapse<EpropSynapseBsshslm2020>;
  bind_synapse<EpropSynapseBsshslm2020>(
      m, "EpropSynapseBsshslm2020", "in [Wmin, Wmax]", "dt; None: dt",
      {plain<Intervals>("tau_m_readout", "ms", "> 0", &EpropSynapseBsshslm2020::tau_m_readout),
       plain<Intervals>("average_gradient", "",
                        "divide the gradient by the learning window's steps",
                        &EpropSynapseBsshslm2020::average_gradient),
       optimizer_field<EpropSynapseBsshslm2020>("EpropSynapseBsshslm2020")});
  using Transmissions = OneSynapse<EpropSynapse>;
  bind_synapse<EpropSynapse>(
      m, "EpropSynapse", "in [Wmin, Wmax]", ">= dt, a multiple of dt; None: dt",
      {plain<Transmissions>("optimize_each_step", "",
                            "one optimization per step since the last spike, or one with their sum",
                            &EpropSynapse::optimize_each_step),
       optimizer_field<EpropSynapse>("EpropSynapse")});
}

template <class T>
void bind_rule(py::module_& m, const char* name, const Fields<OneRule<T>>& fields) {
  py::class_<OneRule<T>, AnyRule> c(m, name);
  bind_fields(c, name, fields);
}

/// A field with a list of neurons.
Field<OneRule<ExplicitList>> neurons_field(const char* name,
                                           std::vector<std::uint32_t> ExplicitList::*member) {
  using C = OneRule<ExplicitList>;
  return {name, "", "one index per synapse",
          [member](const C& c) -> py::object {
            return as_array(std::vector<std::uint32_t>(c.get().*member));
          },
          [name, member](C& c, py::handle value) {
            const auto given = Numbers<std::int64_t>::ensure(value);
            if (!given || given.ndim() != 1) {
              PyErr_Clear();
              refuse("ExplicitList", name, value, "must be a list of indices");
            }
            std::vector<std::uint32_t> neurons;
            neurons.reserve(static_cast<std::size_t>(given.size()));
            for (const auto i : as_span(given)) {
              if (i < 0 || i > std::int64_t{UINT32_MAX}) {
                refuse("ExplicitList", name, py::int_(i), "must be the index of a neuron");
              }
              neurons.push_back(static_cast<std::uint32_t>(i));
            }
            c.get().*member = std::move(neurons);
          }};
}

template <class T>
Field<OneRule<T>> autapses() {
  return plain<OneRule<T>>("autapses", "", "false: no neuron to itself", &T::autapses);
}

template <class T>
Field<OneRule<T>> multapses(const char* rule) {
  return plain<OneRule<T>>("multapses", "", rule, &T::multapses);
}

void bind_rules(py::module_& m) {
  const py::class_<AnyRule> rule(m, "ConnectionRule");
  bind_rule<AllToAll>(m, "AllToAll", {autapses<AllToAll>()});
  bind_rule<OneToOne>(m, "OneToOne", {});
  bind_rule<FixedIndegree>(
      m, "FixedIndegree",
      {plain<OneRule<FixedIndegree>>("indegree", "", "sources that each target draws",
                                     &FixedIndegree::indegree),
       autapses<FixedIndegree>(),
       multapses<FixedIndegree>("false: sources of a target are distinct")});
  bind_rule<FixedOutdegree>(
      m, "FixedOutdegree",
      {plain<OneRule<FixedOutdegree>>("outdegree", "", "targets that each source draws",
                                      &FixedOutdegree::outdegree),
       autapses<FixedOutdegree>(),
       multapses<FixedOutdegree>("false: targets of a source are distinct")});
  bind_rule<PairwiseBernoulli>(
      m, "PairwiseBernoulli",
      {plain<OneRule<PairwiseBernoulli>>("p", "", "in [0, 1]", &PairwiseBernoulli::p),
       autapses<PairwiseBernoulli>()});
  bind_rule<ExplicitList>(m, "ExplicitList",
                          {neurons_field("source", &ExplicitList::source),
                           neurons_field("target", &ExplicitList::target)});
}

}  // namespace

void bind_synapse_models(py::module_& m) {
  bind_optimizers(m);
  bind_synapses(m);
  bind_rules(m);
}

}  // namespace eprop::python
