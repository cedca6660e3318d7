#include "neuron_models.hpp"

#include <cctype>

#include "bindings.hpp"
#include "described.hpp"
#include "eprop/simulation.hpp"
#include "values.hpp"

namespace eprop::python {
namespace {

/// Neurons of model M. Parameters are set by eprop::set_parameter(), and listed from the tables of
/// the model's groups.
template <class M>
struct Neurons : AnyNeurons {
  Neurons() : AnyNeurons{M{}} {}
  [[nodiscard]] const M& parameters() const { return std::get<M>(model); }
  static void refuse_unknown(const std::string& parameter) {
    Neurons neurons;
    set_parameter(neurons.model, parameter, 0.0);
  }
};

/// "eprop_iaf_psc_delta" -> "EpropIafPscDelta"
std::string class_name(std::string_view model) {
  std::string name;
  bool first = true;
  for (const char c : model) {
    if (c != '_') name += first ? static_cast<char>(std::toupper(c)) : c;
    first = c == '_';
  }
  return name;
}

const char* words(Rule rule) {
  switch (rule) {
    case Rule::finite:
      return "finite";
    case Rule::positive:
      return "> 0";
    case Rule::non_negative:
      return ">= 0";
    case Rule::unit_interval:
      return "in [0, 1]";
    case Rule::boolean:
      return "true or false";
    case Rule::time:
      return ">= 0, a multiple of dt";
    case Rule::positive_time:
      return ">= dt, a multiple of dt";
    case Rule::cutoff:
      return ">= 0, a multiple of dt, or infinite";
    case Rule::lower_bound:
      return "finite or -inf";
  }
  return "";
}

template <class M>
void set(Neurons<M>& neurons, const std::string& name, py::handle value) {
  if (value.is_none() && name == "V_m") {
    std::get<M>(neurons.model).V_m.reset();
  } else if (py::isinstance<py::str>(value)) {
    set_parameter(neurons.model, name, value.cast<std::string>());
  } else {
    set_parameter(neurons.model, name, to_value(value, M::name, name));
  }
}

template <class M>
Field<Neurons<M>> make_field(std::string_view name, std::string_view unit, std::string rule,
                             std::function<py::object(const M&)> get) {
  return {std::string(name), std::string(unit), std::move(rule),
          [get = std::move(get)](const Neurons<M>& n) { return get(n.parameters()); },
          [name = std::string(name)](Neurons<M>& n, py::handle value) { set(n, name, value); }};
}

/// The fields of one group of model M.
template <class M, class Group>
void add_group(Fields<Neurons<M>>& fields) {
  if constexpr (requires { Group::parameters; }) {
    for (const auto& p : Group::parameters) {
      fields.push_back(make_field<M>(p.name, p.unit, words(p.rule),
                                     [p](const M& m) { return from_value(m.*p.member); }));
    }
  }
  if constexpr (requires { Group::flags; }) {
    for (const auto& f : Group::flags) {
      fields.push_back(make_field<M>(f.name, "", "true or false, for all neurons",
                                     [f](const M& m) { return py::bool_(m.*f.member); }));
    }
  }
  if constexpr (requires { Group::words; }) {
    for (const auto& w : Group::words) {
      fields.push_back(make_field<M>(
          w.name, "", fmt::format("one of {}", fmt::join(w.words, ", ")), [w](const M& m) {
            return py::str(std::string(w.words[static_cast<std::size_t>(m.*w.member)]));
          }));
    }
  }
  if constexpr (std::is_same_v<Group, InitialPotential>) {
    fields.push_back(make_field<M>("V_m", "mV", "finite; None: E_L", [](const M& m) -> py::object {
      if (!m.V_m) return py::none();
      return from_value(*m.V_m);
    }));
  }
}

template <class M>
Fields<Neurons<M>> fields_of() {
  Fields<Neurons<M>> fields;
  M::for_each_group([&]<class Group, std::uint32_t>() { add_group<M, Group>(fields); });
  return fields;
}

const char* words(Family family) {
  switch (family) {
    case Family::none:
      return "none";
    case Family::bsshslm_2020:
      return "bsshslm_2020";
    case Family::plus:
      return "plus";
  }
  return "";
}

/// {name: unit}
py::dict recordables(const NeuronModel& model) {
  py::dict all;
  for (const auto& [name, unit] : recordable_variables(model)) all[py::str(name)] = unit;
  return all;
}

template <class M>
void bind_model(py::module_& m) {
  py::class_<Neurons<M>, AnyNeurons> c(m, class_name(M::name).c_str());
  c.attr("model") = std::string(M::name);
  c.attr("family") = words(M::family);
  c.attr("role") = M::role == Role::readout ? "readout" : "recurrent";
  bind_fields(c, std::string(M::name), fields_of<M>());
}

template <class... M>
void bind_all(py::module_& m, const std::variant<M...>*) {
  (bind_model<M>(m), ...);
}

py::object named_model(const std::string& name, const py::kwargs& parameters) {
  return std::visit(
      [&]<class M>(const M&) -> py::object { return py::type::of<Neurons<M>>()(**parameters); },
      neuron_model(name));
}

}  // namespace

void bind_neuron_models(py::module_& m) {
  py::class_<AnyNeurons>(m, "NeuronModel").def("recordables", [](const AnyNeurons& n) {
    return recordables(n.model);
  });
  bind_all(m, static_cast<const NeuronModel*>(nullptr));
  m.def("neuron_model", &named_model, py::arg("name"));
}

}  // namespace eprop::python
