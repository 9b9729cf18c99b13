// SPDX-License-Identifier: MIT
#include "problem.hpp"

namespace fusegrad_benchmark {
namespace {
/// The energy and its slope by each of 27 coordinates, in reverse; the mean of all squared errors.
constexpr auto with_slopes = fg::input<27> | fg::dense<25> | fg::tanh | fg::dense<25> | fg::tanh | fg::dense<1> |
                             fg::input_gradient | fg::concat;
} // namespace

std::vector<derivatives_case> forces_cases() {
  return {make_case<double, 300, 28>("forces", with_slopes, fg::mean_squared_error)};
}

} // namespace fusegrad_benchmark
