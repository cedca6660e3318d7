#include "support/curve_task.hpp"
#include "support/data_file.hpp"
#include "support/example.hpp"
#include "support/handwriting_target.hpp"

/// Handwriting, drawn by two readouts.
int main(int argc, char** argv) {
  using namespace eprop::examples;
  constexpr std::size_t steps_per_point = 8;
  Example example{
      .name = "handwriting_bsshslm_2020",
      .description =
          "Trains a recurrent network of adaptive neurons to write a word "
          "with e-prop by update intervals (Bellec et al. 2020).",
      .options = {.iterations = 5000, .eta = 5e-3, .output = "handwriting_bsshslm_2020.h5"}};
  double tau_m_std = 2.0;
  std::string strokes = data_file("strokes.txt");
  example.add_options = [&](CLI::App& app) {
    add_option(app, "--tau-m-std", tau_m_std,
               "standard deviation of the membrane time constants around 30 ms", "ms")
        ->transform(number([](double std) { return std >= 0.0 && std <= 5.0; }, "from 0 to 5"));
    add_option(app, "--strokes", strokes,
               "text file with one pen displacement 'dx dy' per line, 8 ms each", "FILE");
  };
  example.make_task = [&](const Options& options) {
    return std::make_unique<CurveTask>("handwriting_bsshslm_2020", options,
                                       handwriting_target(read_strokes(strokes), steps_per_point),
                                       tau_m_std);
  };
  return run_example(example, argc, argv);
}
