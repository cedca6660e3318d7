#include "simulation.hpp"

#include <pybind11/stl.h>

#include <stdexcept>

#include "arrays.hpp"
#include "bindings.hpp"
#include "spike_times.hpp"

namespace eprop::python {

Simulation& SimulationHandle::operator*() const {
  if (find_) return *find_();
  if (!own_) throw std::logic_error("the simulation has ended");
  return *own_;
}

namespace {

using Handle = SimulationHandle;
using Released = py::call_guard<py::gil_scoped_release>;

std::unique_ptr<Handle> make_simulation(const Network& network, const SharedCommunicator& comm,
                                        int threads, int replicas) {
  const py::gil_scoped_release release;
  return std::make_unique<Handle>(network, comm, SimulationOptions{threads, replicas});
}

/// What `call` returns, while other threads of Python may run.
template <class Call>
auto released(Call&& call) {
  const py::gil_scoped_release release;
  return call();
}

py::tuple synapses(SynapseTable&& table) {
  return py::make_tuple(as_array(std::move(table.source)), as_array(std::move(table.target)),
                        as_array(std::move(table.weight)));
}

py::tuple weights(Handle& s, std::uint32_t projection) {
  return synapses(released([&] { return s->weights(Projection{projection}); }));
}

void set_weights(Handle& s, std::uint32_t projection, const Numbers<double>& weights) {
  released([&] { s->set_weights(Projection{projection}, as_span(weights)); });
}

void set_weight_matrix(Handle& s, std::uint32_t projection, const Numbers<double>& weights) {
  const WeightMatrix matrix{static_cast<std::uint32_t>(weights.shape(0)),
                            static_cast<std::uint32_t>(weights.shape(1)), as_vector(weights)};
  released([&] { s->set_weights(Projection{projection}, matrix); });
}

void load_weights(Handle& s, const std::string& path,
                  const std::vector<std::uint32_t>& projections) {
  std::vector<Projection> handles;
  for (const auto index : projections) handles.push_back({index});
  released([&] { s->load_weights(path, handles); });
}

void set_learning_rate(Handle& s, std::uint32_t projection, double eta, bool running_interval) {
  released([&] {
    s->set_learning_rate(
        Projection{projection}, eta,
        running_interval ? RateChange::running_interval : RateChange::next_interval);
  });
}

void append_spikes(Handle& s, std::uint32_t population, const py::handle& times,
                   const std::string& name) {
  const auto all = spike_times(times, name);
  released([&] { s->append_spikes(Population{population}, all); });
}

void append_spike_array(Handle& s, std::uint32_t population, const Numbers<bool>& spikes,
                        Step first_step, double dt) {
  const auto all = spike_times(spikes, first_step, dt);
  released([&] { s->append_spikes(Population{population}, all); });
}

void append_rates(Handle& s, std::uint32_t generator, const Numbers<double>& times,
                  const Numbers<double>& amplitudes, bool round_times) {
  const auto rates = step_rates(times, amplitudes, round_times);
  released([&] { s->append_rates(RateGenerator{generator}, rates); });
}

void track_loss(Handle& s, std::uint32_t readouts, double offset, double interval,
                std::optional<double> window) {
  released([&] { s->track_loss(Population{readouts}, {offset, interval, window}); });
}

/// [interval][readout] of one quantity.
py::array losses_of(const std::vector<IntervalLoss>& losses, std::size_t readouts,
                    std::vector<double> IntervalLoss::*quantity) {
  std::vector<double> all;
  all.reserve(losses.size() * readouts);
  for (const auto& loss : losses) {
    all.insert(all.end(), (loss.*quantity).begin(), (loss.*quantity).end());
  }
  return as_array(std::move(all), {losses.size(), readouts});
}

py::tuple take_losses(Handle& s, std::uint32_t population, std::size_t readouts) {
  const auto losses = released([&] { return s->take_losses(Population{population}); });
  return py::make_tuple(losses_of(losses, readouts, &IntervalLoss::squared_error),
                        losses_of(losses, readouts, &IntervalLoss::cross_entropy),
                        losses_of(losses, readouts, &IntervalLoss::readout),
                        losses_of(losses, readouts, &IntervalLoss::target));
}

void record_spikes(Handle& s, std::uint32_t population, double start, double stop) {
  s->record_spikes(Population{population}, {start, stop, {}});
}

void record(Handle& s, std::uint32_t population, const std::vector<std::string>& variables,
            const std::vector<std::uint32_t>& neurons, double start, double stop,
            std::optional<double> interval, const std::string& name) {
  s->record(Population{population}, {variables, neurons, {start, stop, interval}, name});
}

void record_weights(Handle& s, std::uint32_t projection, std::optional<std::size_t> synapses,
                    double start, double stop, std::optional<double> interval) {
  s->record_weights(Projection{projection}, {synapses, {start, stop, interval}});
}

void record_transmissions(Handle& s, std::uint32_t projection,
                          const std::vector<std::uint32_t>& sources,
                          const std::vector<std::uint32_t>& targets, double start, double stop) {
  s->record_transmissions(Projection{projection}, {sources, targets, {start, stop, {}}});
}

py::tuple take_transmissions(Handle& s, std::uint32_t projection) {
  auto all = released([&] { return s->take_transmissions(Projection{projection}); });
  return py::make_tuple(as_array(std::move(all.times)), as_array(std::move(all.source)),
                        as_array(std::move(all.target)), as_array(std::move(all.weight)));
}

py::tuple take_spikes(Handle& s, std::uint32_t population) {
  auto spikes = released([&] { return s->take_spikes(Population{population}); });
  return py::make_tuple(as_array(std::move(spikes.times)), as_array(std::move(spikes.neurons)));
}

/// Values as [sample][neuron][variable].
py::tuple take_traces(Handle& s, const std::string& report, std::size_t neurons,
                      std::size_t variables) {
  auto traces = released([&] { return s->take_traces(report); });
  const std::vector<std::size_t> shape{traces.times.size(), neurons, variables};
  return py::make_tuple(as_array(std::move(traces.times)),
                        as_array(std::move(traces.values), shape));
}

py::tuple transmitted_weights(Handle& s, std::uint32_t projection) {
  return synapses(released([&] { return s->transmitted_weights(Projection{projection}); }));
}

py::array state(Handle& s, std::uint32_t population, const std::string& variable) {
  return as_array(released([&] { return s->state(Population{population}, variable); }));
}

void write_reals(Handle& s, const std::string& dataset, const Numbers<double>& values,
                 std::size_t columns, const std::string& units) {
  released([&] { s->write_output(dataset, as_span(values), columns, units); });
}

void write_integers(Handle& s, const std::string& dataset, const Numbers<std::int64_t>& values,
                    std::size_t columns) {
  released([&] { s->write_output(dataset, as_span(values), columns); });
}

void append_reals(Handle& s, const std::string& dataset, const Numbers<double>& values,
                  const std::string& units) {
  released([&] { s->append_output(dataset, as_span(values), units); });
}

void append_integers(Handle& s, const std::string& dataset, const Numbers<std::int64_t>& values) {
  released([&] { s->append_output(dataset, as_span(values)); });
}

template <class T>
void write_attribute(Handle& s, const std::string& object, const std::string& name,
                     const T& value) {
  s->write_output_attribute(object, name, value);
}

void bind_running(py::class_<Handle>& c) {
  c.def(py::init(&make_simulation))
      .def("end", &Handle::end, Released())
      .def(
          "run", [](Handle& s, Step steps) { s->run(steps); }, Released())
      .def(
          "run_for", [](Handle& s, double ms) { s->run_for(ms); }, Released())
      .def_property_readonly("step", [](const Handle& s) { return s->step(); })
      .def_property_readonly("exchange_interval",
                             [](const Handle& s) { return s->exchange_interval(); })
      .def_property_readonly("comm", &Handle::comm)
      .def("phase_seconds", [](const Handle& s) {
        py::dict all;
        for (const auto& [phase, seconds] : s->phase_seconds()) all[py::str(phase)] = seconds;
        return all;
      });
}

void bind_synapses(py::class_<Handle>& c) {
  c.def("weights", &weights)
      .def("set_weights", &set_weights)
      .def("set_weight_matrix", &set_weight_matrix)
      .def("load_weights", &load_weights)
      .def("set_learning_rate", &set_learning_rate)
      .def(
          "synapse_count",
          [](Handle& s, std::uint32_t projection) {
            return s->synapse_count(Projection{projection});
          },
          Released());
}

void bind_recording(py::class_<Handle>& c) {
  c.def("append_spikes", &append_spikes)
      .def("append_spike_array", &append_spike_array)
      .def("append_rates", &append_rates)
      .def("track_loss", &track_loss)
      .def("take_losses", &take_losses)
      .def("record_spikes", &record_spikes, Released())
      .def("record", &record, Released())
      .def("record_weights", &record_weights, Released())
      .def("record_transmissions", &record_transmissions, Released())
      .def("take_spikes", &take_spikes)
      .def(
          "keep_transmitted_weights",
          [](Handle& s, std::uint32_t projection) {
            s->keep_transmitted_weights(Projection{projection});
          },
          Released())
      .def("transmitted_weights", &transmitted_weights)
      .def("take_transmissions", &take_transmissions)
      .def("take_traces", &take_traces)
      .def("state", &state);
}

void bind_output(py::class_<Handle>& c) {
  c.def(
       "open_output",
       [](Handle& s, const std::string& path, bool overwrite) {
         s->open_output(path, {overwrite});
       },
       Released())
      .def(
          "continue_output",
          [](Handle& s, const std::string& path, bool overwrite) {
            s->continue_output(path, {overwrite});
          },
          Released())
      .def("write_reals", &write_reals)
      .def("write_integers", &write_integers)
      .def("append_reals", &append_reals)
      .def("append_integers", &append_integers)
      .def("write_number", &write_attribute<double>, Released())
      .def("write_text", &write_attribute<std::string>, Released())
      .def("write_texts", &write_attribute<std::vector<std::string>>, Released())
      .def(
          "flush_is_due", [](Handle& s) { return s->flush_is_due(); }, Released())
      .def(
          "flush", [](Handle& s) { s->flush_output(); }, Released())
      .def(
          "close", [](Handle& s) { s->close_output(); }, Released())
      .def(
          "save_checkpoint",
          [](Handle& s, const std::string& path, const std::string& user_data) {
            s->save_checkpoint(path, user_data);
          },
          Released())
      .def(
          "load_checkpoint",
          [](Handle& s, const std::string& path) { return s->load_checkpoint(path); }, Released());
}

}  // namespace

void bind_simulation(py::module_& m) {
  py::class_<Handle> c(m, "Simulation");
  bind_running(c);
  bind_synapses(c);
  bind_recording(c);
  bind_output(c);
  m.def("read_weights",
        [](const std::string& path, const std::string& projection, const SharedCommunicator& comm) {
          return synapses(released([&] { return read_weights(path, projection, *comm); }));
        });
  m.def("read_user_data", &read_user_data, Released());
  m.def("most_replicas", [](const Network& network, int ranks, int threads) {
    const auto choice = most_replicas(network, ranks, threads);
    return py::make_tuple(choice.replicas, choice.reason);
  });
}

}  // namespace eprop::python
