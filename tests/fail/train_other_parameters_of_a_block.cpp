// SPDX-License-Identifier: MIT
// expect: write them before asking e.is_training\(\)
// expect: layer_has_other_parameters_in_training<.*"1.gain"
#include <fusegrad/training.hpp>
#include <string_view>
namespace fg = fusegrad;

struct scaled : fg::layer {
  static constexpr std::string_view name = "scaled";
  template <class, class In> static constexpr auto check() { return In{}; }
  static constexpr fg::wire emit(fg::emitter& e, const fg::wire& in) {
#ifdef FUSEGRAD_FAIL
    if (!e.is_training()) return in;
    const auto gain = e.parameter("gain", fg::tensor::vector_of(in[0].width()), fg::init::ones);
#else
    const auto gain = e.parameter("gain", fg::tensor::vector_of(in[0].width()), fg::init::ones);
    if (!e.is_training()) return in;
#endif
    fg::wire out;
    out.push_back(e.map([](auto number, auto factor) { return number * factor; }, in[0], gain));
    return out;
  }
};
constexpr auto model = fg::input<8> | fg::dense<4> | scaled{};
void train() { fg::trainer trainer{model, fg::mean_squared_error, fg::sgd{}}; }
