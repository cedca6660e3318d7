#include "support/curve_task.hpp"
#include "support/example.hpp"

/// A lemniscate (figure eight), drawn by two readouts.
int main(int argc, char** argv) {
  using namespace eprop::examples;
  Example example{
      .name = "lemniscate_bsshslm_2020",
      .description =
          "Trains a recurrent network of adaptive neurons to draw a "
          "lemniscate with e-prop by update intervals (Bellec et al. 2020).",
      .options = {.iterations = 5000, .eta = 5e-3, .output = "lemniscate_bsshslm_2020.h5"}};
  double tau_m_std = 2.0;
  example.add_options = [&](CLI::App& app) {
    add_option(app, "--tau-m-std", tau_m_std,
               "standard deviation of the membrane time constants around 30 ms", "ms")
        ->transform(number([](double std) { return std >= 0.0 && std <= 5.0; }, "from 0 to 5"));
  };
  example.make_task = [&](const Options& options) {
    return std::make_unique<CurveTask>("lemniscate_bsshslm_2020", options, lemniscate_target(1258),
                                       tau_m_std);
  };
  return run_example(example, argc, argv);
}
