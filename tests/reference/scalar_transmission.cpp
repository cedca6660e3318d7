#include "scalar_transmission.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace eprop::testing {

ScalarSynapse::ScalarSynapse(ScalarTarget target, const ScalarLearning& learning,
                             double initial_weight)
    : weight(initial_weight),
      j_(std::move(target)),
      learning_(learning),
      common_(std::visit([](const GradientDescent& o) { return o; }, learning_.optimizer)) {}

void ScalarSynapse::transmit(Step arrival) {
  if (arrivals_.empty()) {  // the first spike only starts the clock
    arrivals_.push_back(arrival);
    return;
  }
  const Step begin = arrivals_.back() - j_.lag;
  const Step end = arrival - j_.lag;
  const bool one_step = j_.lag == 1 && j_.cutoff == 1.0;
  double total = 0.0;
  for (Step t = std::max<Step>(begin, 0); t < end; ++t) {
    if (static_cast<double>(t - begin) < j_.cutoff) {
      // With D = 1 the step of a spike is the second of its interval. Where only one is handled,
      // the spike enters with the next one that is.
      const bool arrives = one_step ? carried_ : arrived_in(t);
      carried_ = true;
      const double g = handle(t, arrives);
      if (learning_.each_step) {
        sum_ += g;
        optimize((t + 1) / common_.batch_size);
      } else {
        total += g;
      }
    } else {
      filter(!one_step && arrived_in(t) ? 1.0 : 0.0);
      e_bar_ *= j_.kappa;
      e_reg_ *= j_.kappa_reg;
      epsilon_ *= j_.rho;
    }
  }
  if (!learning_.each_step) {
    sum_ += total;
    optimize((arrival - learning_.delay) / common_.batch_size);
  }
  arrivals_.push_back(arrival);
}

void ScalarSynapse::filter(double z) {
  z_bar_ = j_.alpha * z_bar_ + (j_.P_s != 0.0 ? j_.P_s * x_ : z);
  x_ = j_.alpha_syn * x_ + z;
}

double ScalarSynapse::handle(Step t, bool arrives) {
  filter(arrives ? 1.0 : 0.0);
  if (j_.readout) return j_.signal(t) * z_bar_;
  const double e = j_.psi(t) * (z_bar_ - j_.beta * epsilon_);
  epsilon_ = j_.rho * epsilon_ + e;
  e_bar_ = j_.kappa * e_bar_ + e;
  e_reg_ = j_.kappa_reg * e_reg_ + (1.0 - j_.kappa_reg) * e;
  return j_.signal(t) * e_bar_ + j_.reg(t) * e_reg_;
}

bool ScalarSynapse::arrived_in(Step t) const {
  for (auto a = arrivals_.rbegin(); a != arrivals_.rend() && *a >= t; ++a) {
    if (*a == t) return true;
  }
  return false;
}

void ScalarSynapse::optimize(std::int64_t optimizations_due) {
  if (state_.optimizations >= optimizations_due) return;
  double g = sum_ / static_cast<double>(common_.batch_size);
  sum_ = 0.0;
  state_.w = weight;
  for (; state_.optimizations < optimizations_due; g = 0.0) {  // the first sees the sum
    state_.optimize(g, learning_.optimizer, learning_.eta);
  }
  weight = std::clamp(state_.w, common_.Wmin, common_.Wmax);
}

}  // namespace eprop::testing
