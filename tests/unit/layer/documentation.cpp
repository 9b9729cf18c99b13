// SPDX-License-Identifier: MIT
#include <fusegrad/layer/catalogue.hpp>

#include <fusegrad/expr/calculus.hpp>
#include <fusegrad/graph/backward.hpp>
#include <fusegrad/plan/gain.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

// The tables of activations in docs/activations.md are what the library prints about itself.
namespace {

namespace fg = fusegrad;

std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

std::string number(double x) {
  if (std::isinf(x)) return x > 0 ? "∞" : "-∞";
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", std::abs(x) < 1e-9 ? 0.0 : x);
  return text;
}

/// What the backward pass of a layer reads of what its forward pass read and made.
template <class Activation> std::string kept() {
  fg::emitter e;
  const fg::row x = e.matrix_product(e.input(fg::tensor::vector_of(1)), e.parameter("weight", fg::tensor::matrix_of(2, 1), fg::init::ones));
  const fg::row y = Activation::emit(e, x);
  e.add_to_loss(y, fg::graph::uniform::one_over_batch);
  fg::graph::append_backward(e);
  bool input = false, output = false;
  for (std::size_t i = static_cast<std::size_t>(e.result.forward_operations); i < e.result.operations.size(); ++i)
    for (const fg::graph::operand& read : e.result.operations[i].inputs) {
      input = input || (read.from == fg::graph::source::value && read.index == x.value);
      output = output || (read.from == fg::graph::source::value && read.index == y.value);
    }
  return input && output ? "input and output" : input ? "input" : output ? "output" : "nothing";
}

template <class Activation> std::string formula_row(std::string_view written, const Activation& activation) {
  std::string parameters;
  for (const auto& leaf : Activation::source::template record<1>().leaves)
    parameters += (parameters.empty() ? "" : ", ") + code(leaf.name) + " from " + number(leaf.initial);
  const auto derivative = fg::derivative(activation).to_string();
  return "| " + code(written) + " | " + code(activation.to_string()) + " | " + code(derivative) + " | " + parameters + " | " + kept<Activation>() + " |";
}

/// From a dense sweep; what is large far out has no bound.
template <class F> std::string range_of(const F& f) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (double x : {-1e100, 1e100}) low = std::min(low, f(x)), high = std::max(high, f(x));
  if (low > -1e50)
    for (int i = -40'000; i <= 40'000; ++i) low = std::min(low, f(0.0005 * i));
  else low = -std::numeric_limits<double>::infinity();
  if (high < 1e50)
    for (int i = -40'000; i <= 40'000; ++i) high = std::max(high, f(0.0005 * i));
  else high = std::numeric_limits<double>::infinity();
  return number(low) + " to " + number(high);
}

struct smoothness {
  std::string kinks;
  int derivatives = 3; ///< how many of value, first and second derivative are continuous
};

template <class Activation> smoothness smoothness_of(const Activation& f) {
  constexpr auto first = fg::derivative(Activation{});
  constexpr auto second = fg::derivative(first);
  smoothness out;
  for (double x : fg::plan::normal_mean::kinks(fg::expr::recording_of<typename Activation::source, 1>().body)) {
    const double left = x - 1e-7, right = x + 1e-7;
    const auto jumps = [&](const auto& g) { return std::abs(g(left) - g(right)) > 1e-3; };
    const int continuous = jumps(f) ? 0 : jumps(first) ? 1 : jumps(second) ? 2 : 3;
    out.derivatives = std::min(out.derivatives, continuous);
    if (continuous > 1) continue;
    if (!out.kinks.empty()) out.kinks += "; ";
    out.kinks += "at " + number(x) + ": " + number(first(left)) + ", " + number(first(x)) + ", " + number(first(right));
  }
  return out;
}

template <class Activation> std::string property_row(std::string_view written, const Activation& activation) {
  static constexpr const char* words[] = {"jumps", "continuous", "once", "smooth"};
  const smoothness found = smoothness_of(activation);
  return "| " + code(written) + " | " + range_of(activation) + " | " + words[found.derivatives] + " | " + found.kinks + " | " +
         number(fg::gain(activation)) + " | " + number(fg::gain(activation, fg::keep::gradient)) + " |";
}

template <class Row> std::vector<std::string> rows(std::vector<std::string> head, Row row) {
  fg::for_each_activation([&](std::string_view written, const auto& activation) { head.push_back(row(written, activation)); });
  return head;
}

std::vector<std::string> table_in_the_reference(const std::string& name) {
  std::ifstream file(FUSEGRAD_SOURCE_DIR "/docs/activations.md");
  BOOST_TEST_REQUIRE(file.good());
  std::vector<std::string> found;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line == "<!-- end of " + name + " -->") return found;
    if (inside) found.push_back(line);
    if (line == "<!-- " + name + " -->") inside = true;
  }
  BOOST_FAIL("docs/activations.md: no table between <!-- " + name + " --> and <!-- end of " + name + " -->");
  return {};
}

void compare(const std::string& name, const std::vector<std::string>& expected) {
  std::ostringstream text;
  for (const std::string& line : expected) text << line << '\n';
  BOOST_TEST((table_in_the_reference(name) == expected), "docs/activations.md: the table '" << name << "' has to be\n" << text.str());
}

BOOST_AUTO_TEST_SUITE(layer_documentation)

BOOST_AUTO_TEST_CASE(table_of_formulas) {
  compare("formulas", rows({"| activation | formula | derivative | parameters | backward keeps |", "|-|-|-|-|-|"},
                           [](std::string_view written, const auto& activation) { return formula_row(written, activation); }));
}

BOOST_AUTO_TEST_CASE(table_of_properties) {
  compare("properties", rows({"| activation | range | derivatives | kinks: slope before, at, after | gain of the signal | of the gradient |", "|-|-|-|-|-|-|"},
                             [](std::string_view written, const auto& activation) { return property_row(written, activation); }));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
