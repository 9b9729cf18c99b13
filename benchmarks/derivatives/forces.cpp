// SPDX-License-Identifier: MIT
#include "problem.hpp"

namespace fusegrad_benchmark {
namespace {
/// The energy and its slope by each of 27 coordinates; the mean of all squared errors.
template <std::size_t... Column> constexpr auto with_slopes(std::index_sequence<Column...>) {
  return fg::input<27> | fg::dense<25> | fg::tanh | fg::dense<25> | fg::tanh | fg::dense<1> |
         fg::derivatives(fg::by<Column>...) | fg::concat;
}
} // namespace

std::vector<derivatives_case> forces_cases() {
  return {make_case<double, 300, 28>("forces", with_slopes(std::make_index_sequence<27>{}), fg::mean_squared_error)};
}

} // namespace fusegrad_benchmark
