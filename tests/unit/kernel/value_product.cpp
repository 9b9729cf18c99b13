// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/value_product.hpp>

#include "unit/kernel/support.hpp"

#include <array>
#include <vector>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using kernel::access;
using tensor::transposed_factor;

constexpr bool multiplies_in_constant_expressions() {
  constexpr std::size_t step = kernel::padded<double>(3);
  std::array<double, 2 * step> left{}, right{}, product{};
  for (std::size_t k = 0; k < 3; ++k)
    left[k] = 1, left[step + k] = static_cast<double>(k), right[k] = 10, right[step + k] = static_cast<double>(k);
  kernel::call<double> c;
  c.rows = 2, c.columns = 2, c.depth = 3;
  c.left_image = {left.data(), step, 0, 0}, c.right_image = {right.data(), step, 0, 0};
  c.results[0] = {product.data(), step, 0, 0};
  kernel::value_product<double, transposed_factor::right_one, kernel::tiles_for<double>(2), expression_table<kept, 1>,
                        accesses(access::product)>::run(c);
  return product[0] == 30 && product[1] == 3 && product[step] == 30 && product[step + 1] == 5;
}
static_assert(multiplies_in_constant_expressions());

/// Some matrices for each sample, stacked or side by side, maybe with columns of others before them.
template <class T> class heads {
public:
  heads(std::size_t samples, std::size_t count, std::size_t rows, std::size_t columns, bool stacked, std::size_t before)
      : samples_{samples}, count_{count}, rows_{rows}, columns_{columns}, stacked_{stacked}, before_{before},
        width_{before + (stacked ? columns : count * columns)}, stride_{kernel::row_stride<T>(width_)},
        memory_{2 * around + samples * (stacked ? count : 1) * rows * stride_} {
    for (T& x : memory_) x = nan;
  }
  heads& fill() {
    each_number([](T& x) { x = static_cast<T>(normal(engine())); });
    return *this;
  }
  kernel::place<T> place() {
    return {memory_.data() + around + before_, stride_, stacked_ ? rows_ * stride_ : columns_, sample_step()};
  }
  T* row(std::size_t sample, std::size_t head, std::size_t r) {
    const kernel::place<T> p = kernel::at_image_row(place(), sample, head);
    return p.data + r * p.stride;
  }
  template <class Use> void each_number(Use use) {
    for (std::size_t s = 0; s < samples_; ++s)
      for (std::size_t h = 0; h < count_; ++h)
        for (std::size_t r = 0; r < rows_; ++r)
          for (std::size_t k = 0; k < columns_; ++k) use(row(s, h, r)[k]);
  }
  /// The same bits, zeros behind each row, and nothing else touched.
  void check(heads& expected) {
    std::vector<char> is_made(memory_.size());
    for (std::size_t s = 0; s < samples_; ++s)
      for (std::size_t h = 0; h < count_; ++h)
        for (std::size_t r = 0; r < rows_; ++r) {
          const bool is_last = stacked_ || h + 1 == count_;
          const std::size_t end = is_last ? columns_ + kernel::padded<T>(width_) - width_ : columns_;
          for (std::size_t k = 0; k < end; ++k) {
            is_made[static_cast<std::size_t>(row(s, h, r) + k - memory_.data())] = 1;
            const T should = k < columns_ ? expected.row(s, h, r)[k] : T{};
            BOOST_REQUIRE_MESSAGE(row(s, h, r)[k] == should, "sample " << s << ", head " << h << ", row " << r
                                                                       << ", column " << k << ": " << row(s, h, r)[k]
                                                                       << ", expected " << should);
          }
        }
    for (std::size_t i = 0; i < memory_.size(); ++i)
      if (is_made[i] == 0) BOOST_REQUIRE_MESSAGE(std::isnan(memory_[i]), "written outside, at " << i);
  }

private:
  static constexpr T nan = std::numeric_limits<T>::quiet_NaN();
  static constexpr std::size_t around = 64;
  std::size_t sample_step() const { return (stacked_ ? count_ : 1) * rows_ * stride_; }

  std::size_t samples_, count_, rows_, columns_;
  bool stacked_;
  std::size_t before_, width_, stride_;
  tensor::buffer<T> memory_;
};

/// Two cuts stand for all: tiles are tried for themselves in the tests of other products.
template <class T, kernel::column_tiles Cut, transposed_factor Transposed, class Function, std::size_t Arity,
          auto Accesses>
void check_against_plain_loops(std::size_t most_depth) {
  constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  const std::size_t samples = between(1, 3), count = between(1, 4), rows = between(1, 20),
                    depth = between(1, most_depth),
                    columns = Cut.rest == 0 ? between(1, lanes) : between(4 * lanes + 1, 5 * lanes);
  const auto coin = [] { return between(0, 1) == 1; };
  const auto before = [&] { return coin() ? between(1, 20) : 0; };
  const bool turns_left = Transposed == transposed_factor::left_one,
             turns_right = Transposed == transposed_factor::right_one;
  heads<T> left(samples, count, turns_left ? depth : rows, turns_left ? rows : depth, coin(), before());
  heads<T> right(samples, count, turns_right ? columns : depth, turns_right ? depth : columns, coin(), before());
  const bool stacked = coin();
  heads<T> other(samples, count, rows, columns, stacked, 0), found(samples, count, rows, columns, stacked, 0);
  heads<T> expected(samples, count, rows, columns, stacked, 0);
  heads<T> bias(1, count, 1, columns, false, 0);
  left.fill(), right.fill(), other.fill(), bias.fill();
  kernel::call<T> c;
  c.samples = samples, c.image_rows = count, c.rows = rows, c.columns = columns, c.depth = depth;
  c.left_image = left.place(), c.right_image = right.place();
  c.arguments[0] = {};
  c.arguments[1] = other.place();
  c.arguments[2] = {bias.row(0, 0, 0), 0, stacked ? 0 : columns, 0};
  using tested = kernel::value_product<T, Transposed, Cut, expression_table<Function, Arity>, Accesses>;
  static_assert(kernel::tiles_of(Cut.rest == 0 ? 1 : 5) == Cut);
  c.results[0] = found.place();
  tested::run(c);
  c.results[0] = expected.place();
  tested::run_plainly(c);
  found.check(expected);
}

/// With numbers of the same place and of the same column, as epilogues have them.
using joined = decltype([](auto x, auto other, auto bias) { return x * other + bias; });

template <transposed_factor Transposed> void check_all() {
  for (int i = 0; i < 100; ++i) {
    check_against_plain_loops<float, kernel::tiles_of(1), Transposed, kept, 1, accesses(access::product)>(
        i % 4 == 0 ? 300 : 40);
    check_against_plain_loops<float, kernel::tiles_of(5), Transposed, kept, 1, accesses(access::product)>(
        i % 4 == 0 ? 300 : 40);
    check_against_plain_loops<double, kernel::tiles_of(5), Transposed, joined, 3,
                              accesses(access::product, access::element, access::column)>(40);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_value_product)

BOOST_AUTO_TEST_CASE(the_bits_are_those_of_plain_loops) { check_all<transposed_factor::none>(); }
BOOST_AUTO_TEST_CASE(with_the_right_side_transposed) { check_all<transposed_factor::right_one>(); }
BOOST_AUTO_TEST_CASE(with_the_left_side_transposed) { check_all<transposed_factor::left_one>(); }

BOOST_AUTO_TEST_SUITE_END()
