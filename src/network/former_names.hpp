#pragma once

#include <array>

#include "core/known_names.hpp"

/// Names of NEST, in its versions up to 3.9 or for what is no neuron model here, and those of other
/// libraries that are likely to be tried. docs/models/conventions.md lists them, too.
namespace eprop::network {

inline constexpr std::array former_models{
    core::FormerName{"eprop_synapse", "", "is a synapse: connect() with EpropSynapse"},
    core::FormerName{"eprop_synapse_bsshslm_2020", "",
                     "is a synapse: connect() with EpropSynapseBsshslm2020"},
    core::FormerName{"static_synapse", "", "is a synapse: connect() with StaticSynapse"},
    core::FormerName{"eprop_learning_signal_connection", "",
                     "is a connection: connect_learning_signal()"},
    core::FormerName{"eprop_learning_signal_connection_bsshslm_2020", "",
                     "is a connection: connect_learning_signal()"},
    core::FormerName{"rate_connection_delayed", "", "is a connection: connect_rate()"},
    core::FormerName{"spike_generator", "", "is an input: add() SpikeTrains"},
    core::FormerName{"parrot_neuron", "", "is an input: add() SpikeTrains or a PoissonSource"},
    core::FormerName{"poisson_generator", "", "is an input: add() a PoissonSource"},
    core::FormerName{"step_rate_generator", "", "is an input: add() StepRates"},
    core::FormerName{"multimeter", "", "is a recorder: Simulation::record()"},
    core::FormerName{"spike_recorder", "", "is a recorder: Simulation::record_spikes()"},
    core::FormerName{"weight_recorder", "", "is a recorder: Simulation::record_weights()"}};

inline constexpr std::array former_parameters{
    core::FormerName{"gamma", "surrogate_gradient_height", "the same value, for arctan gamma / pi"},
    core::FormerName{"beta", "surrogate_gradient_width",
                     "the value 1 / beta, for arctan 1 / (pi beta)"},
    core::FormerName{"surrogate_gradient", "surrogate_gradient_function", ""},
    core::FormerName{"psc_scale_factor", "regular_spike_arrival",
                     "true for unity, false for alpha_complement"},
    core::FormerName{"propagator_idx", "regular_spike_arrival", "true for 1, false for 0"},
    core::FormerName{"activation_interval", "", "is not needed: weights are always up to date"},
    core::FormerName{"flush_event_send_interval", "",
                     "is not needed: weights are always up to date"}};

inline constexpr std::array former_surrogate_gradients{core::FormerName{
    "arctan", "arctan_derivative", "with height gamma / pi and width 1 / (pi beta)"}};

inline constexpr std::array former_losses{core::FormerName{"mse", "mean_squared_error", ""}};

inline constexpr std::array former_recordables{
    core::FormerName{"eprop_history_duration", "", "has no counterpart: archives do not grow"}};

}  // namespace eprop::network
