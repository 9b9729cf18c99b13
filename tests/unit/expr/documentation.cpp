// SPDX-License-Identifier: MIT
#include <fusegrad/expr/calculus.hpp>

#include "static/expr/normal_form_rows.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

// The tables in docs/expressions.md are what the library prints about itself.
namespace {

namespace fg = fusegrad;
using namespace fg::expr;
using lines = std::vector<std::string>;

lines table_in_the_guide(const std::string& name) {
  std::ifstream file(FUSEGRAD_SOURCE_DIR "/docs/expressions.md");
  BOOST_TEST_REQUIRE(file.good());
  lines found;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line == "<!-- end of " + name + " -->") return found;
    if (inside) found.push_back(line);
    if (line == "<!-- " + name + " -->") inside = true;
  }
  BOOST_FAIL("docs/expressions.md: no table between <!-- " << name << " --> and <!-- end of " << name << " -->");
  return {};
}

std::string joined(const lines& all) {
  std::ostringstream out;
  for (const std::string& line : all) out << line << '\n';
  return out.str();
}

std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

constexpr std::string_view name_of(needs what) {
  switch (what) {
  case needs::none: return "nothing";
  case needs::input: return "input";
  case needs::output: return "output";
  case needs::input_and_output: return "input and output";
  case needs::mask: return "mask";
  }
  return "";
}

template <class F> std::string row(F, needs what) {
  return "| " + code(fg::function(F{}).to_string()) + " | " + code(fg::gradient(F{}).to_string()) + " | " +
         std::string(name_of(what)) + " |";
}

template <std::size_t I> void add_row(lines& rows) {
  constexpr auto op = static_cast<operation>(I);
  if constexpr (op == operation::integer_power) {
    rows.push_back(row([](auto x) { return pow<3>(x); }, needs::input));
  } else if constexpr (op == operation::select) {
    rows.push_back(row([](auto c, auto a, auto b) { return select(c, a, b); }, needs::mask));
  } else if constexpr (operand_count(op) == 1) {
    rows.push_back(row([](auto x) { return fg::expr::detail::apply(op, x); }, rules::rule<op>.derivative_needs));
  } else if constexpr (operand_count(op) == 2) {
    rows.push_back(
        row([](auto a, auto b) { return fg::expr::detail::apply(op, a, b); }, rules::rule<op>.derivative_needs));
  }
}

template <std::size_t... I> lines operation_rows(std::index_sequence<I...>) {
  lines rows{"| operation | derivative | what it needs |", "|-|-|-|"};
  (add_row<I>(rows), ...);
  return rows;
}

lines normal_form_rows() {
  lines rows{"| written | becomes |", "|-|-|"};
#define ROW(written, becomes) rows.push_back("| " + code(#written) + " | " + code(becomes) + " |");
  FUSEGRAD_NORMAL_FORM_ROWS(ROW)
#undef ROW
  return rows;
}

void check_table(const std::string& name, const lines& expected) {
  const lines found = table_in_the_guide(name);
  BOOST_TEST((found == expected), "docs/expressions.md: the table '" << name << "' has to be\n" << joined(expected));
}

BOOST_AUTO_TEST_SUITE(expr_documentation)

BOOST_AUTO_TEST_CASE(table_of_operations) {
  check_table("operations", operation_rows(std::make_index_sequence<operation_count>{}));
}
BOOST_AUTO_TEST_CASE(table_of_the_normal_form) { check_table("normal form", normal_form_rows()); }

BOOST_AUTO_TEST_SUITE_END()

} // namespace
