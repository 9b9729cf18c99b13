// SPDX-License-Identifier: MIT
#include <fusegrad/model/weights.hpp>

#include "laws/models.hpp"

#include <boost/test/unit_test.hpp>

#include <fusegrad/model/network_plan.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr auto model = fg::input<5> | fg::dense<6> | fg::prelu | fg::residual(fg::dense<19> | fg::tanh | fg::dense<6>) |
                       fg::named<"encoder">(fg::dense<17> | fg::relu) |
                       fg::branch(fg::dense<4>, fg::dense<3>.without_bias()) | fg::concat |
                       fg::groups(fg::on<5>(fg::tanh), fg::on<2>(fg::prelu.per_unit())) |
                       fg::shared<"cell">(fg::dense<7>) | fg::residual(fg::shared<"cell">(fg::dense<7>)) | fg::dense<2>;
using weights = fg::weights<std::remove_cv_t<decltype(model)>, float>;

std::vector<float> counted(std::size_t count, float first) {
  std::vector<float> numbers(count);
  for (std::size_t i = 0; i < count; ++i) numbers[i] = first + static_cast<float>(i);
  return numbers;
}

template <class Exception, class Call> std::string message_of(Call&& call) {
  try {
    call();
  } catch (const Exception& e) {
    return e.what();
  }
  BOOST_FAIL("nothing was thrown");
  return {};
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(model_weights)

BOOST_AUTO_TEST_CASE(names_are_those_of_a_sequential_or_the_users_own) {
  const std::vector<std::string> expected{
      "0.weight",      "0.bias",           "1.weight",       "2.body.0.weight", "2.body.0.bias", "2.body.2.weight",
      "2.body.2.bias", "encoder.0.weight", "encoder.0.bias", "4.0.weight",      "4.0.bias",      "4.1.weight",
      "6.1.weight",    "cell.weight",      "cell.bias",      "9.weight",        "9.bias"};
  const auto found = weights::parameter_names();
  BOOST_TEST(found == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(shapes_are_out_by_in) {
  BOOST_TEST(weights::parameter_shape("2.body.0.weight") == (std::vector<std::size_t>{19, 6}),
             boost::test_tools::per_element());
  BOOST_TEST(weights::parameter_shape("0.bias") == (std::vector<std::size_t>{6}), boost::test_tools::per_element());
  BOOST_TEST(weights::parameter_size("6.1.weight") == 2u);
  std::size_t total = 0;
  for (const auto& name : weights::parameter_names()) total += weights::parameter_size(name);
  BOOST_TEST(total == model.parameter_count());
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_and_nothing_else_changes) {
  weights w;
  float first = 1;
  for (const auto& name : weights::parameter_names()) {
    w.write(name, counted(weights::parameter_size(name), first));
    first += 1000;
  }
  first = 1;
  for (const auto& name : weights::parameter_names()) {
    BOOST_TEST(w.read(name) == counted(weights::parameter_size(name), first), boost::test_tools::per_element());
    first += 1000;
  }
  // Padding stays zero: as many numbers of the packed memory are set as the model has parameters.
  std::size_t set = 0;
  for (float x : w.packed()) set += x != 0 ? 1 : 0;
  BOOST_TEST(set == model.parameter_count());
}

BOOST_AUTO_TEST_CASE(a_matrix_is_row_major_to_the_outside) {
  weights w;
  auto numbers = w.read("0.weight");
  numbers[2 * 5 + 3] = 8; // unit 2, input 3
  w.write("0.weight", numbers);
  std::vector<float> expected(30, 0);
  expected[13] = 8;
  BOOST_TEST(w.read("0.weight") == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_name_or_size_that_does_not_fit_is_refused_and_changes_nothing) {
  weights w(model, 3);
  const std::vector<float> before(w.packed().begin(), w.packed().end());
  const auto unknown = message_of<std::out_of_range>([&] { w.write("0.wieght", counted(30, 1)); });
  BOOST_TEST(contains(unknown, "\"0.wieght\""));
  BOOST_TEST(contains(unknown, "2.body.0.weight"));
  const auto size = message_of<std::invalid_argument>([&] { w.write("0.weight", counted(29, 1)); });
  BOOST_TEST(contains(size, "\"0.weight\" has 30 numbers, 29 were given"));
  BOOST_CHECK_THROW(w.write("0.weight", counted(31, 1)), std::invalid_argument);
  BOOST_CHECK_THROW(static_cast<void>(w.read("")), std::out_of_range);
  std::vector<float> small(3);
  BOOST_CHECK_THROW(w.read("0.weight", std::span<float>(small)), std::invalid_argument);
  BOOST_TEST(std::equal(before.begin(), before.end(), w.packed().begin()));
}

BOOST_AUTO_TEST_CASE(the_seed_decides_and_copies_are_apart) {
  const weights a(model, 1), b(model, 1), c(model, 2);
  BOOST_TEST(a.read("0.weight") == b.read("0.weight"), boost::test_tools::per_element());
  BOOST_TEST((a.read("0.weight") != c.read("0.weight")));
  weights copy = a;
  copy.write("0.weight", counted(30, 1));
  BOOST_TEST(a.read("0.weight") == b.read("0.weight"), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(weights_move_a_share_of_the_way) {
  static constexpr auto net = fg::input<3> | fg::dense<2>;
  const fg::weights target{net, 1};
  fg::weights w{net, 2};
  const std::vector<float> from = w.read("0.weight"), to = target.read("0.weight");
  w.move_towards(target, 0.25);
  for (std::size_t i = 0; i < from.size(); ++i)
    BOOST_TEST(w.read("0.weight")[i] == from[i] + 0.25F * (to[i] - from[i]), boost::test_tools::tolerance(1e-6F));
  fg::weights copy{net, 3};
  copy.move_towards(target, 1);
  for (std::size_t i = 0; i < to.size(); ++i)
    BOOST_TEST(copy.read("0.weight")[i] == to[i], boost::test_tools::tolerance(1e-6F));
  const std::vector<float> before = w.read("0.weight");
  w.move_towards(target, 0);
  BOOST_TEST(w.read("0.weight") == before, boost::test_tools::per_element());
  BOOST_CHECK_THROW(w.move_towards(target, 1.5), std::invalid_argument);
  BOOST_CHECK_THROW(w.move_towards(target, -0.1), std::invalid_argument);
  BOOST_TEST(w.read("0.weight") == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
