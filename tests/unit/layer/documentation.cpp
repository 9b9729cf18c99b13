// SPDX-License-Identifier: MIT
#include <fusegrad/layer/catalogue.hpp>

#include <fusegrad/expr/calculus.hpp>
#include <fusegrad/graph/backward.hpp>
#include <fusegrad/start/gain.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
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
  const fg::row x = e.matrix_product(e.input(fg::tensor::vector_of(1)),
                                     e.parameter("weight", fg::tensor::matrix_of(2, 1), fg::init::ones));
  const fg::row y = Activation::emit(e, x);
  e.add_to_loss(y, fg::graph::uniform::one_over_batch);
  fg::graph::append_backward(e);
  bool input = false, output = false;
  for (std::size_t i = e.result.forward_operations; i < e.result.operations.size(); ++i)
    for (const fg::graph::operand& read : e.result.operations[i].inputs) {
      input = input || read == fg::graph::operand(x.value);
      output = output || read == fg::graph::operand(y.value);
    }
  return input && output ? "input and output" : input ? "input" : output ? "output" : "nothing";
}

/// All that the tables tell of an activation. What is done with it is no template: thirty copies of that cost Clang
/// half a minute.
struct described {
  std::string written, formula, derivative, parameters, kept;
  double (*value)(double);
  double (*first)(double);
  double (*second)(double);
  fg::expr::expression expression;
  double signal_gain = 0, gradient_gain = 0;
};

template <class Function> [[gnu::noinline]] double call(double x) { return Function{}(x); }

template <class Activation>
[[gnu::noinline]] described describe(std::string_view written, const Activation& activation) {
  constexpr auto first = fg::derivative(Activation{});
  constexpr auto second = fg::derivative(first);
  described out{std::string(written),
                std::string(std::string_view(activation.to_string())),
                std::string(std::string_view(first.to_string())),
                {},
                kept<Activation>(),
                &call<Activation>,
                &call<std::remove_const_t<decltype(first)>>,
                &call<std::remove_const_t<decltype(second)>>,
                fg::expr::recording_of<typename Activation::recipe, 1>().body};
  for (const auto& leaf : fg::expr::leaves_of<typename Activation::recipe, 1>())
    out.parameters += (out.parameters.empty() ? "" : ", ") + code(leaf.name) + " from " + number(leaf.initial);
  out.signal_gain = fg::gain(activation);
  out.gradient_gain = fg::gain(activation, fg::keep::gradient);
  return out;
}

const std::vector<described>& catalogue() {
  static const std::vector<described> all = [] {
    std::vector<described> list;
    fg::for_each_activation(
        [&](std::string_view written, const auto& activation) { list.push_back(describe(written, activation)); });
    return list;
  }();
  return all;
}

std::string formula_row(const described& a) {
  return "| " + code(a.written) + " | " + code(a.formula) + " | " + code(a.derivative) + " | " + a.parameters + " | " +
         a.kept + " |";
}

/// From a dense sweep; what is large far out has no bound.
std::string range_of(const described& a) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (double x : {-1e100, 1e100}) low = std::min(low, a.value(x)), high = std::max(high, a.value(x));
  if (low < -1e50) low = -std::numeric_limits<double>::infinity();
  if (high > 1e50) high = std::numeric_limits<double>::infinity();
  for (int i = -40'000; i <= 40'000; ++i)
    low = std::min(low, a.value(0.0005 * i)), high = std::max(high, a.value(0.0005 * i));
  return number(low) + " to " + number(high);
}

std::string property_row(const described& a) {
  static constexpr const char* words[] = {"jumps", "continuous", "once", "smooth"};
  int derivatives = 3; // how many of value, first and second derivative are continuous
  std::string kinks;
  for (double x : fg::initial::normal_mean::kinks(a.expression)) {
    const double left = x - 1e-7, right = x + 1e-7;
    const auto jumps = [&](double (*g)(double)) { return std::abs(g(left) - g(right)) > 1e-3; };
    const int continuous = jumps(a.value) ? 0 : jumps(a.first) ? 1 : jumps(a.second) ? 2 : 3;
    derivatives = std::min(derivatives, continuous);
    if (continuous > 1) continue;
    kinks += (kinks.empty() ? "at " : "; at ") + number(x) + ": " + number(a.first(left)) + ", " + number(a.first(x)) +
             ", " + number(a.first(right));
  }
  return "| " + code(a.written) + " | " + range_of(a) + " | " + words[derivatives] + " | " + kinks + " | " +
         number(a.signal_gain) + " | " + number(a.gradient_gain) + " |";
}

std::vector<std::string> rows(std::vector<std::string> head, std::string (*row)(const described&)) {
  for (const described& a : catalogue()) head.push_back(row(a));
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
  BOOST_TEST((table_in_the_reference(name) == expected), "docs/activations.md: the table '" << name << "' has to be\n"
                                                                                            << text.str());
}

BOOST_AUTO_TEST_SUITE(layer_documentation)

BOOST_AUTO_TEST_CASE(table_of_formulas) {
  compare("formulas",
          rows({"| activation | formula | derivative | parameters | backward keeps |", "|-|-|-|-|-|"}, &formula_row));
}

BOOST_AUTO_TEST_CASE(table_of_properties) {
  compare("properties", rows({"| activation | range | derivatives | kinks: slope before, at, after | gain of the "
                              "signal | of the gradient |",
                              "|-|-|-|-|-|-|"},
                             &property_row));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
