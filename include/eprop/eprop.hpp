#pragma once

#include "eprop/comm/launch.hpp"
#include "eprop/connection_rules.hpp"
#include "eprop/errors.hpp"
#include "eprop/family.hpp"
#include "eprop/network.hpp"
#include "eprop/neuron_models.hpp"
#include "eprop/recording.hpp"
#include "eprop/simulation.hpp"
#include "eprop/synapse_models.hpp"
#include "eprop/value.hpp"
#include "eprop/weights.hpp"
#include "eprop/write_lock.hpp"
