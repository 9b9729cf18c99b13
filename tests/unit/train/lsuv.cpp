// SPDX-License-Identifier: MIT
#include <fusegrad/train/lsuv.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <fusegrad/training.hpp>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr auto net = fg::input<6> | fg::dense<9> | fg::tanh | fg::frozen(fg::dense<9>) | fg::sigmoid | fg::dense<4>;
constexpr std::size_t count = 300;

std::vector<double> wave(std::size_t size, double step) {
  std::vector<double> x;
  for (std::size_t i = 0; i < size; ++i) x.push_back(3 * std::sin(step * static_cast<double>(i * i % 997)));
  return x;
}
const std::vector<double> inputs = wave(6 * count, 0.37), targets = wave(4 * count, 0.11);
auto samples_of(std::size_t size) {
  return fg::with_targets(std::span(inputs).first(6 * size), 6, std::span(targets).first(4 * size), 4);
}

/// W x + b for each row, by plain loops.
std::vector<double> dense(const std::vector<double>& rows, const std::vector<double>& weight,
                          const std::vector<double>& bias) {
  const std::size_t units = bias.size(), width = weight.size() / units;
  std::vector<double> out;
  for (std::size_t first = 0; first < rows.size(); first += width)
    for (std::size_t u = 0; u < units; ++u) {
      double sum = bias[u];
      for (std::size_t k = 0; k < width; ++k) sum += weight[u * width + k] * rows[first + k];
      out.push_back(sum);
    }
  return out;
}
double variance_of(const std::vector<double>& x) {
  const double n = static_cast<double>(x.size()), mean = std::accumulate(x.begin(), x.end(), 0.0) / n;
  double sum = 0;
  for (const double v : x) sum += (v - mean) * (v - mean);
  return sum / n;
}

/// The product of two rows, or of two columns, of a matrix.
double product(const std::vector<double>& matrix, std::size_t columns, std::size_t a, std::size_t b, bool of_columns) {
  double sum = 0;
  for (std::size_t k = 0; k < (of_columns ? matrix.size() / columns : columns); ++k)
    sum += of_columns ? matrix[k * columns + a] * matrix[k * columns + b]
                      : matrix[a * columns + k] * matrix[b * columns + k];
  return sum;
}

auto trainer_of(std::uint64_t seed = 2) {
  return fg::trainer{net, fg::mean_squared_error, fg::sgd{}, fg::training_options<double>{.seed = seed}};
}

BOOST_AUTO_TEST_SUITE(train_lsuv)

BOOST_AUTO_TEST_CASE(outputs_of_each_dense_layer_have_variance_one) {
  auto trainer = trainer_of();
  const std::vector<double> frozen = trainer.read("2.weight");
  const std::vector<fg::lsuv_layer> report =
      fg::lsuv(trainer, samples_of(count), {.samples = count, .tolerance = 1e-3});
  BOOST_REQUIRE(report.size() == 2u);
  BOOST_TEST((report[0].name == "0.weight" && report[1].name == "4.weight"));

  std::vector<double> rows = dense(inputs, trainer.read("0.weight"), trainer.read("0.bias"));
  BOOST_TEST(variance_of(rows) == report[0].variance_after, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(std::abs(variance_of(rows) - 1) <= 1e-3);
  for (double& x : rows) x = std::tanh(x);
  rows = dense(rows, trainer.read("2.weight"), trainer.read("2.bias"));
  for (double& x : rows) x = 1 / (1 + std::exp(-x));
  rows = dense(rows, trainer.read("4.weight"), trainer.read("4.bias"));
  BOOST_TEST(variance_of(rows) == report[1].variance_after, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(std::abs(variance_of(rows) - 1) <= 1e-3);
  BOOST_TEST(std::abs(report[0].variance_before - 1) > 0.1);
  BOOST_TEST(report[0].attempts == 1u);
  BOOST_TEST(trainer.read("2.weight") == frozen, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(rows_are_orthogonal_or_columns_where_there_are_more_rows) {
  auto trainer = trainer_of();
  fg::lsuv(trainer, samples_of(count));
  const std::vector<double> tall = trainer.read("0.weight"), wide = trainer.read("4.weight"); // 9 x 6, 4 x 9
  for (std::size_t a = 0; a < 6; ++a)
    for (std::size_t b = 0; b < a; ++b)
      BOOST_TEST(std::abs(product(tall, 6, a, b, true)) < 1e-12 * product(tall, 6, a, a, true));
  for (std::size_t a = 0; a < 4; ++a)
    for (std::size_t b = 0; b < a; ++b)
      BOOST_TEST(std::abs(product(wide, 9, a, b, false)) < 1e-12 * product(wide, 9, a, a, false));

  auto plain = trainer_of();
  const std::vector<double> before = plain.read("0.weight");
  fg::lsuv(plain, samples_of(count), {.is_orthonormal = false});
  const std::vector<double> after = plain.read("0.weight");
  for (std::size_t i = 0; i < before.size(); ++i)
    BOOST_TEST(after[i] * before[0] == before[i] * after[0], boost::test_tools::tolerance(1e-12));
}

// As a member of a class is written, whose model and loss are constants.
BOOST_AUTO_TEST_CASE(a_trainer_whose_type_is_written_down) {
  fg::trainer<decltype(net), decltype(fg::mean_squared_error), fg::sgd, double> named{
      net, fg::mean_squared_error, fg::sgd{}, {.seed = 2}};
  auto deduced = trainer_of();
  fg::lsuv(named, samples_of(count));
  fg::lsuv(deduced, samples_of(count));
  BOOST_TEST(named.read("4.weight") == deduced.read("4.weight"), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_has_no_variance_is_left_alone_or_refused) {
  auto trainer = trainer_of();
  BOOST_CHECK_EXCEPTION(fg::lsuv(trainer, samples_of(1)), std::invalid_argument, fg::test::says("at least 2 samples"));
  const std::vector<double> same(6 * 8, 0.5), asked(4 * 8);
  const std::vector<double> before = trainer.read("0.weight");
  const auto report = fg::lsuv(trainer, fg::with_targets(same, 6, asked, 4), {.is_orthonormal = false});
  BOOST_TEST(report[0].name == "0.weight");
  BOOST_TEST(std::isfinite(trainer.read("0.weight")[0]));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
