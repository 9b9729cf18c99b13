// SPDX-License-Identifier: MIT
#include <fusegrad/train/staged_samples.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <fusegrad/data/dataset.hpp>
#include <stdexcept>
#include <vector>

namespace {

namespace fg = fusegrad;
using fg::train::is_read_in_place;
using fusegrad::test::says;

/// A source with one class and rows of whatever kind `Input` makes.
template <class Input> struct source {
  std::size_t size() const noexcept { return 8; }
  std::size_t features() const noexcept { return 4; }
  bool has_labels() const noexcept { return true; }
  std::int32_t label(std::size_t i) const noexcept { return static_cast<std::int32_t>(i % 3); }
  decltype(auto) input(std::size_t i) const noexcept(noexcept(Input::row(i))) { return Input::row(i); }
  std::span<const float> target(std::size_t) const noexcept { return {}; }
  std::size_t target_width() const noexcept { return 0; }
};

struct by_value {
  static std::vector<float> row(std::size_t i) { return std::vector<float>(4, static_cast<float>(i)); }
};
struct bytes {
  static std::span<const unsigned char> row(std::size_t i) noexcept {
    static const std::array<unsigned char, 16> numbers{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return std::span(numbers).subspan(i % 4 * 4, 4);
  }
};
struct by_reference {
  static const std::array<float, 4>& row(std::size_t) noexcept {
    static const std::array<float, 4> numbers{};
    return numbers;
  }
};
struct throwing {
  static std::span<const float> row(std::size_t i) {
    if (i == 5) throw std::runtime_error("the disk is gone");
    return by_reference::row(i);
  }
};
struct too_short {
  static std::vector<float> row(std::size_t) { return std::vector<float>(3); }
};

// Nothing is copied for the sources that most people have.
static_assert(is_read_in_place<fg::data::dataset<float>, float> && is_read_in_place<fg::data::dataset<double>, double>);
static_assert(is_read_in_place<fg::sample_view<float>, float> && is_read_in_place<source<by_reference>, float>);
static_assert(is_read_in_place<fg::train::staged_samples<float>, float>);
static_assert(!is_read_in_place<fg::data::dataset<float>, double> && !is_read_in_place<source<bytes>, float>);
static_assert(!is_read_in_place<source<by_value>, float> && !is_read_in_place<source<throwing>, float>);
static_assert(fg::sample_source<source<by_value>> && fg::sample_source<source<bytes>>);

BOOST_AUTO_TEST_SUITE(train_staged_samples)

BOOST_AUTO_TEST_CASE(rows_are_copied_and_converted) {
  fg::train::staged_samples<float> staged;
  const std::vector<std::uint32_t> asked{6, 2, 2};
  staged.take(source<by_value>{}, asked);
  BOOST_TEST(staged.size() == 3u);
  BOOST_TEST(staged.input(0)[3] == 6);
  BOOST_TEST(staged.input(2)[0] == 2);
  BOOST_TEST(staged.label(1) == 2);
  BOOST_TEST(staged.indices()[2] == 2u);
  staged.take(source<bytes>{}, std::span(asked).first(1));
  BOOST_TEST(staged.size() == 1u);
  BOOST_TEST(staged.input(0)[1] == 9);
}

BOOST_AUTO_TEST_CASE(targets_too) {
  const auto data =
      fg::data::dataset<double>::from_targets(std::vector<double>{1, 2, 3, 4}, 2, std::vector<double>{0.25, 0.5}, 1);
  fg::train::staged_samples<float> staged;
  staged.take(data, std::vector<std::uint32_t>{1});
  BOOST_TEST(!staged.has_labels());
  BOOST_TEST(staged.target(0)[0] == 0.5f);
  BOOST_TEST(staged.input(0)[0] == 3);
}

BOOST_AUTO_TEST_CASE(what_a_source_throws_or_lacks_reaches_the_caller) {
  fg::train::staged_samples<float> staged;
  BOOST_CHECK_THROW(staged.take(source<throwing>{}, std::vector<std::uint32_t>{4, 5}), std::runtime_error);
  BOOST_CHECK_EXCEPTION(staged.take(source<too_short>{}, std::vector<std::uint32_t>{7}), std::invalid_argument,
                        says("the input of sample 7 has 3 numbers, 4 were announced"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
