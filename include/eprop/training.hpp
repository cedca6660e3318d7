#pragma once

/// All that a training needs beside a network.
#include "eprop/learning_rate_schedule.hpp"
#include "eprop/task.hpp"
#include "eprop/trainer.hpp"
