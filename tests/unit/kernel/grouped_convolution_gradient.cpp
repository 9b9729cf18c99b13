// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/grouped_convolution_gradient.hpp>

#include "unit/kernel/image_case.hpp"

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using kernel::access;

/// The weight after a step against the gradient, and what is left of a moment.
using updated = decltype([](auto gradient, auto weight, auto moment, auto rate) {
  return values(weight - rate * gradient, moment / 2 + gradient);
});

template <class T, geometry G, std::size_t Groups, bool Steps = false> void check_gradient() {
  static constexpr kernel::window_pattern pattern = [] {
    kernel::window_pattern p = forward_pattern<T>(G);
    p.channels /= Groups;
    return p;
  }();
  constexpr std::size_t in = G.channels / Groups, out = G.made / Groups, depth = G.depth() / Groups,
                        block = depth * kernel::padded<T>(out);
  using summed = kernel::grouped_convolution_gradient<T, expression_table<kept, 1>, accesses(access::product), pattern,
                                                      Groups, out>;
  images<T> left(input_layout<T>(G, 2)), dy(aligned_layout<T>(2, G.made_rows(), G.made_columns(), G.made, 1));
  left.fill(), dy.fill(T{});
  tensor::buffer<T> found(Groups * block), expected(Groups * block), weight(Groups * block), moment(Groups * block),
      new_weight(Groups * block), new_moment(Groups * block);
  for (std::size_t s = 0; s < 2; ++s)
    for (std::size_t y = 0; y < G.made_rows(); ++y)
      for (std::size_t x = 0; x < G.made_columns(); ++x)
        for (std::size_t o = 0; o < G.made; ++o)
          for (std::size_t i = 0; i < depth; ++i) {
            const std::size_t tap = i / in, group = o / out;
            const T seen =
                (left.place().data + s * left.place().sample_step +
                 kernel::window_offset(pattern, y, x, tap / G.tap_columns, tap % G.tap_columns))[group * in + i % in];
            expected[group * block + kernel::panel_index<T>(depth, out, i, o % out)] += seen * dy.position(s, y, x)[o];
          }
  kernel::call<T> c;
  c.samples = 2, c.columns = out, c.depth = depth;
  c.left_image = left.place(), c.right_image = dy.place();
  c.gradient = found.data(), c.results[0] = {found.data(), 0, 0, 0};
  const auto check = [&](const tensor::buffer<T>& is, auto should, const char* what) {
    double error = 0;
    for (std::size_t i = 0; i < is.size(); ++i)
      error = std::max(error, std::abs(static_cast<double>(is[i] - should(i))));
    BOOST_TEST(error <= 4000 * static_cast<double>(std::numeric_limits<T>::epsilon()), what << " is off by " << error);
  };
  // In parts, whatever their order; then once more onto that.
  const std::size_t cut = between(0, summed::units);
  c.first_unit = cut, c.last_unit = summed::units;
  summed::run(c);
  c.first_unit = 0, c.last_unit = cut;
  summed::run(c);
  check(found, [&](std::size_t i) { return expected[i]; }, "the gradient");
  c.last_unit = summed::units, c.accumulate = true;
  summed::run(c);
  check(found, [&](std::size_t i) { return 2 * expected[i]; }, "twice the gradient");
  c.accumulate = false;
  summed::run_plainly(c);
  check(found, [&](std::size_t i) { return expected[i]; }, "the gradient of plain loops");

  if constexpr (Steps) {
    using stepped = kernel::grouped_convolution_gradient<
        T, expression_table<updated, 4>, accesses(access::product, access::element, access::element, access::scalar),
        pattern, Groups, out>;
    T rate = T{0.5};
    for (std::size_t i = 0; i < weight.size(); ++i)
      weight[i] = static_cast<T>(i % 9) / 4, moment[i] = static_cast<T>(i % 5) / 4;
    c.arguments[1] = {weight.data(), 0, 0, 0}, c.arguments[2] = {moment.data(), 0, 0, 0},
    c.arguments[3] = {&rate, 0, 0, 0};
    c.results[0] = {new_weight.data(), 0, 0, 0}, c.results[1] = {new_moment.data(), 0, 0, 0};
    stepped::run(c);
    check(new_weight, [&](std::size_t i) { return weight[i] - rate * expected[i]; }, "the weight");
    check(new_moment, [&](std::size_t i) { return moment[i] / 2 + expected[i]; }, "the moment");
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_grouped_convolution_gradient)

BOOST_AUTO_TEST_CASE_TEMPLATE(each_group_has_a_gradient_of_its_own, T, both_types) {
  check_gradient<T, geometry{.rows = 5, .columns = 8, .channels = 6, .made = 9, .border = 1}, 3, true>();
  check_gradient<T, geometry{.rows = 6, .columns = 7, .channels = 8, .made = 64, .stride = 2, .border = 1}, 2>();
  check_gradient<T, geometry{.rows = 4, .columns = 5, .channels = 40, .made = 42, .tap_rows = 1, .is_tight = true},
                 2>();
}

BOOST_AUTO_TEST_SUITE_END()
