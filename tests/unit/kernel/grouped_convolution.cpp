// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/grouped_convolution.hpp>

#include "unit/kernel/image_case.hpp"

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using kernel::access;

using every_access = decltype([](auto x, auto other, auto of_position, auto bias, auto factor) {
  return values(tanh(x * factor + bias) * other, x * of_position + factor);
});
constexpr auto table = expression_table<every_access, 5>;
constexpr auto reads = accesses(access::product, access::element, access::row, access::column, access::scalar);

/// The patterns of a group of a convolution of all channels.
template <std::size_t Groups, std::size_t Count>
constexpr std::array<kernel::window_pattern, Count> of_groups(std::array<kernel::window_pattern, Count> all) {
  for (kernel::window_pattern& p : all) p.channels /= Groups;
  return all;
}

/// Runs a kernel on images of random numbers, and says what a textbook would, number by number.
template <class T, auto Patterns, std::size_t Groups> struct grouped_case {
  static constexpr std::size_t channels = Patterns[0].channels;
  images<T> left, other, of_position;
  rows<T> bias;
  tensor::buffer<T> weight;
  image_layout made;
  std::size_t depth, columns;

  grouped_case(const image_layout& left_layout, const image_layout& made_, std::size_t depth_)
      : left{left_layout}, other{made_}, of_position{{made_.samples, made_.rows, made_.columns, 1, 0, 1, 5}},
        bias{1, made_.width}, weight{Groups * depth_ * kernel::padded<T>(made_.width / Groups)}, made{made_},
        depth{depth_}, columns{made_.width / Groups} {
    left.fill(), other.fill(), of_position.fill(), bias.fill(T(-11));
    for (std::size_t o = 0; o < made.width; ++o)
      for (std::size_t i = 0; i < depth; ++i) weight[place(o, i)] = static_cast<T>(between(0, 64)) / 32 - 1;
  }
  std::size_t place(std::size_t o, std::size_t i) const {
    return o / columns * depth * kernel::padded<T>(columns) + kernel::panel_index<T>(depth, columns, i, o % columns);
  }
  T sum(const kernel::window_pattern& p, std::size_t sample, std::size_t y, std::size_t x, std::size_t o) {
    T total{};
    for (std::size_t i = 0; i < p.tap_rows; ++i)
      for (std::size_t j = 0; j < p.tap_columns; ++j)
        for (std::size_t k = 0; k < channels; ++k)
          total += (left.place().data + sample * left.place().sample_step +
                    kernel::window_offset(p, y, x, i, j))[o / columns * channels + k] *
                   weight[place(o, kernel::right_row_of(p, i, j) + k)];
    return total;
  }

  template <std::size_t Columns> void run() {
    using tested = kernel::grouped_convolution<T, table, reads, Patterns, Groups, Columns>;
    kernel::call<T> c;
    c.samples = made.samples, c.columns = made.width, c.depth = depth;
    c.left_image = left.place(), c.right = weight.data();
    c.arguments[1] = other.place(), c.arguments[2] = of_position.place();
    c.arguments[3] = {bias.data(), 1, 1, 1}, c.arguments[4] = {bias.data() + 1, 1, 1, 1};
    std::vector<images<T>> found(2, images<T>(made)), expected(2, images<T>(made));
    for (std::size_t k = 0; k < 2; ++k) c.results[k] = found[k].place();
    tested::run(c);
    for (std::size_t sample = 0; sample < made.samples; ++sample)
      for (const kernel::window_pattern& p : Patterns)
        for (std::size_t y = 0; y < p.rows; ++y)
          for (std::size_t x = 0; x < p.columns; ++x)
            for (std::size_t o = 0; o < made.width; ++o) {
              const std::size_t row = p.made_row + y * p.made_row_step, column = p.made_column + x * p.made_column_step;
              const T product = sum(p, sample, y, x, o), factor = bias.at(0, 1);
              expected[0].position(sample, row, column)[o] =
                  std::tanh(product * factor + bias.at(0, o)) * other.position(sample, row, column)[o];
              expected[1].position(sample, row, column)[o] =
                  product * of_position.position(sample, row, column)[0] + factor;
            }
    const double error = 400 * static_cast<double>(std::numeric_limits<T>::epsilon());
    for (std::size_t k = 0; k < 2; ++k) found[k].check(expected[k], error);
    for (std::size_t k = 0; k < 2; ++k) c.results[k] = found[k].place();
    tested::run_plainly(c);
    for (std::size_t k = 0; k < 2; ++k) found[k].check(expected[k], error);
  }
};

template <class T, geometry G, std::size_t Groups> void check_forward() {
  constexpr auto patterns = of_groups<Groups>(std::array{forward_pattern<T>(G)});
  for (std::size_t samples = 1; samples <= 3; ++samples) {
    const image_layout made = aligned_layout<T>(samples, G.made_rows(), G.made_columns(), G.made, samples % 2);
    grouped_case<T, patterns, Groups> c(input_layout<T>(G, samples), made, G.depth() / Groups);
    c.template run<G.made / Groups>();
  }
}
template <class T, geometry G, std::size_t Groups> void check_way_back() {
  constexpr image_layout dy = aligned_layout<T>(1, G.made_rows(), G.made_columns(), G.made, G.tap_rows - 1);
  constexpr auto patterns = of_groups<Groups>(input_gradient_patterns<T, G>(dy));
  const image_layout made = aligned_layout<T>(1, G.rows, G.columns, G.channels, 1);
  grouped_case<T, patterns, Groups> c(dy, made, G.taps() * G.made / Groups);
  c.template run<G.channels / Groups>();
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_grouped_convolution)

BOOST_AUTO_TEST_CASE_TEMPLATE(each_group_sees_its_own_channels, T, both_types) {
  check_forward<T, geometry{.rows = 5, .columns = 8, .channels = 6, .made = 9, .border = 1}, 3>();
  check_forward<T, geometry{.rows = 4, .columns = 7, .channels = 8, .made = 32, .stride = 2, .border = 1}, 2>();
  check_forward<T, geometry{.rows = 6, .columns = 5, .channels = 4, .made = 40, .tap_rows = 1, .is_tight = true}, 2>();
}
BOOST_AUTO_TEST_CASE_TEMPLATE(and_so_does_the_way_back, T, both_types) {
  check_way_back<T, geometry{.rows = 7, .columns = 6, .channels = 30, .made = 6, .stride = 2}, 3>();
}

BOOST_AUTO_TEST_SUITE_END()
