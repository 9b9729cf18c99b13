// SPDX-License-Identifier: MIT
#include <fusegrad/layer/activations.hpp>

#include <fusegrad/expr/calculus.hpp>

#include <boost/test/unit_test.hpp>

#include <cctype>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

// The table of activations in docs/layers.md is what the library prints about itself.
namespace {

namespace fg = fusegrad;

std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

bool mentions(std::string_view formula, std::string_view name) {
  std::string word;
  for (char c : std::string(formula) + " ") {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
      word += c;
      continue;
    }
    if (word == name) return true;
    word.clear();
  }
  return false;
}

// Only what the derivative mentions is still there when backward runs.
std::string kept(std::string_view derivative) {
  const bool input = mentions(derivative, "x"), output = mentions(derivative, "y");
  if (input && output) return "input and output";
  return input ? "input" : output ? "output" : "nothing";
}

template <class Source, fg::graph::sharing Sharing>
std::string row(const char* written, const fg::layers::activation_layer<Source, Sharing>& activation) {
  std::string parameters;
  for (const auto& leaf : Source::template record<1>().leaves) {
    std::ostringstream initial;
    initial << leaf.initial;
    parameters += (parameters.empty() ? "" : ", ") + code(leaf.name) + " from " + initial.str();
  }
  const auto formula = activation.to_string();
  const auto derivative = fg::derivative(activation).to_string();
  return "| " + code(written) + " | " + code(formula) + " | " + code(derivative) + " | " + parameters + " | " + kept(derivative) + " |";
}

std::vector<std::string> activation_rows() {
  return {"| activation | formula | derivative | parameters | backward keeps |",
          "|-|-|-|-|-|",
          row("identity", fg::identity),
          row("relu", fg::relu),
          row("leaky_relu<0.01>", fg::leaky_relu<0.01>),
          row("prelu", fg::prelu),
          row("elu<1.0>", fg::elu<1.0>),
          row("gelu", fg::gelu),
          row("silu", fg::silu),
          row("tanh", fg::tanh),
          row("sigmoid", fg::sigmoid),
          row("softplus", fg::softplus),
          row("abs", fg::abs),
          row("square", fg::square),
          row("sine", fg::sine)};
}

std::vector<std::string> table_in_the_reference() {
  std::ifstream file(FUSEGRAD_SOURCE_DIR "/docs/layers.md");
  BOOST_TEST_REQUIRE(file.good());
  std::vector<std::string> found;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line == "<!-- end of activations -->") return found;
    if (inside) found.push_back(line);
    if (line == "<!-- activations -->") inside = true;
  }
  BOOST_FAIL("docs/layers.md: no table between <!-- activations --> and <!-- end of activations -->");
  return {};
}

BOOST_AUTO_TEST_SUITE(layer_documentation)

BOOST_AUTO_TEST_CASE(table_of_activations) {
  std::ostringstream expected;
  for (const std::string& line : activation_rows()) expected << line << '\n';
  BOOST_TEST((table_in_the_reference() == activation_rows()), "docs/layers.md: the table 'activations' has to be\n" << expected.str());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
