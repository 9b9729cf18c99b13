// SPDX-License-Identifier: MIT
#include <fusegrad/inspect/health_page.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fi = fusegrad::inspect;

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++n;
  return n;
}
bool has(std::string_view text, std::string_view part) { return count(text, part) > 0; }

/// A run of `dense | <name>` so many times, whose gradient changes by a factor from layer to layer.
fi::health_log run_of(std::size_t depth, double factor, std::string name, bool is_dead = false) {
  std::vector<fi::observed_layer> layers;
  std::vector<fi::observed_parameter> parameters;
  for (std::size_t l = 0; l < depth; ++l) {
    layers.push_back({std::to_string(2 * l), "dense", 2, false});
    layers.push_back({std::to_string(2 * l + 1), name, 2, true});
    parameters.push_back({std::to_string(2 * l) + ".weight", 4, 2 * l, true});
  }
  fi::health_log log{layers, parameters};
  const std::vector<double> sum{4, 8}, squares{8, 24}, none{0, 0}, all{4, 4};
  const std::vector<fi::parameter_norms> norms(depth, {1, 1, 1e-3});
  for (std::size_t step = 1; step <= 200; ++step) {
    std::vector<std::vector<double>> gradients(2 * depth, {4, 4});
    std::vector<fi::unit_sums> sums;
    for (std::size_t l = 0; l < 2 * depth; ++l) {
      for (double& g : gradients[l]) g *= std::pow(factor, 2 * static_cast<double>(depth - l / 2 - 1));
      const bool is_activation = l % 2 == 1;
      sums.push_back({sum, squares, is_activation && is_dead ? all : none, gradients[l],
                      is_activation ? std::span<const double>(none) : std::span<const double>{}});
    }
    log.add({step, 4, 1.0 / static_cast<double>(step), sums, norms});
    if (step % 50 == 0) log.end_epoch(step / 50);
  }
  return log;
}

BOOST_AUTO_TEST_SUITE(inspect_health_page)

BOOST_AUTO_TEST_CASE(a_healthy_run) {
  const std::string html = fi::to_page(run_of(3, 1, "tanh")).html();
  BOOST_TEST(has(html, "nothing to complain of"));
  for (const char* title :
       {"Norm of the whole gradient", "Loss", "Gradient that reaches each layer", "Gradient over the depth",
        "Signal over the depth", "Size of updates", "All layers in the step held last"})
    BOOST_TEST(has(html, title), title);
  for (const char* title : {"Outputs that are exactly zero", "Dead units", "Saturated outputs", "what helps"})
    BOOST_TEST(!has(html, title), title); // there are none
  BOOST_TEST(!has(html, "nan"));
  BOOST_TEST(!has(html, "have no place"));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_comes_first_with_what_helps) {
  const std::string html = fi::to_page(run_of(40, 0.5, "sigmoid")).html();
  BOOST_TEST(has(html, "vanishing gradient"));
  BOOST_TEST(html.find("the gradient vanishes") < html.find("Loss"));
  BOOST_TEST(has(html, "fg::dense&lt;2&gt; | fg::batch_norm | fg::sigmoid"));
  BOOST_TEST(has(html, "25 of 40 layers"));
}

BOOST_AUTO_TEST_CASE(other_illnesses_are_called_by_their_names) {
  BOOST_TEST(has(fi::to_page(run_of(40, 2, "tanh")).html(), "badge bad\">exploding gradient"));
  fi::health_log log{{{"0", "dense", 2, false}}, {{"0.weight", 4, 0, true}}};
  const std::vector<double> sum{4, 8}, squares{8, 24}, none{0, 0}, gradient{4, 4};
  log.add({1, 4, std::numeric_limits<double>::infinity(),
           std::vector<fi::unit_sums>{{sum, squares, none, gradient, {}}},
           std::vector<fi::parameter_norms>{{1, 1, 1e-3}}});
  BOOST_TEST(has(fi::to_page(log).html(), "badge bad\">not a number"));
}

BOOST_AUTO_TEST_CASE(dead_units_have_a_chart) {
  const std::string html = fi::to_page(run_of(2, 1, "relu", true)).html();
  BOOST_TEST(has(html, "Dead units"));
  BOOST_TEST(has(html, "Outputs that are exactly zero"));
  BOOST_TEST(!has(html, "have no place")); // the steps of the first epoch, in which nobody knows
}

BOOST_AUTO_TEST_CASE(nothing_was_observed) {
  BOOST_TEST(has(fi::to_page(fi::health_log{{}, {}}).html(), "nothing was observed"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
