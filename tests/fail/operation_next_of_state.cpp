// SPDX-License-Identifier: MIT
// expect: set_next takes one row for the whole batch
// expect: state_needs_a_row_of_the_batch<.*"centred".*position<0(UL)?>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

struct centred : fg::layer {
  static constexpr std::string_view name = "centred";
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents in) { return in; }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) {
    const auto running = e.state("running_mean", fg::tensor::vector_of(x.width()), 0);
#ifdef FUSEGRAD_FAIL
    e.set_next(running, x);
#else
    if (e.is_training()) e.set_next(running, e.batch_mean(x));
#endif
    return e.map([](auto number, auto mean) { return number - mean; }, x, running);
  }
};
constexpr auto model = fg::input<8> | centred{};
