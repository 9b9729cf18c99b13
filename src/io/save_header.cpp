// SPDX-License-Identifier: MIT
#include <fusegrad/io/save_header.hpp>

#include "../base/file.hpp"
#include "number_words.hpp"

#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fusegrad::io::detail {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

constexpr std::string_view keywords =
    " alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t char8_t "
    "class co_await co_return co_yield compl concept const const_cast consteval constexpr constinit continue "
    "decltype default delete do double dynamic_cast else enum explicit export extern false float for friend "
    "goto if inline int long mutable namespace new noexcept not not_eq nullptr operator or or_eq private "
    "protected public register reinterpret_cast requires return short signed sizeof static static_assert "
    "static_cast struct switch template this thread_local throw true try typedef typeid typename union unsigned "
    "using virtual void volatile wchar_t while xor xor_eq ";

/// A word of letters and digits that the language has not taken.
bool is_word(std::string_view word) {
  if (word.empty() || !is_letter(word[0])) return false;
  for (const char c : word)
    if (!is_letter(c) && !(c >= '0' && c <= '9')) return false;
  return keywords.find(" " + std::string(word) + " ") == std::string_view::npos;
}

/// Of a namespace: words joined by two colons.
bool is_name(std::string_view name) {
  const std::size_t end = name.find("::");
  if (end == std::string_view::npos) return is_word(name);
  return is_word(name.substr(0, end)) && is_name(name.substr(end + 2));
}

void check(const header_contents& contents, const header_options& options) {
  if (!is_name(options.name))
    throw std::invalid_argument("fusegrad: header_options::name is that of a namespace, not " +
                                base::in_quotes(options.name) + ".");
  if (options.model.empty())
    throw std::invalid_argument("fusegrad: header_options::model says the model in C++, as fg::input<4> | "
                                "fg::dense<2>, or the name of a constant; it is empty.");
  if (contents.parameters.empty()) throw std::invalid_argument("fusegrad: the model of a header has parameters.");
  for (const auto& [name, numbers] : contents.parameters)
    for (const double x : numbers)
      if (!std::isfinite(x))
        throw std::invalid_argument("fusegrad: parameter \"" + name + "\" has the number " + words_of(x) +
                                    ", which is no constant.");
  for (const double y : contents.golden.output)
    if (!std::isfinite(y))
      throw std::invalid_argument("fusegrad: an output of the network is " + words_of(y) + ", which is no constant.");
}

class header_text {
public:
  explicit header_text(bool is_double) : is_double_(is_double) {}

  void line(std::string_view words) { (text_ += words) += '\n'; }
  void begin_numbers(std::string_view name) {
    line("inline constexpr " + std::string(is_double_ ? "double " : "float ") + std::string(name) + "[] = {");
  }
  void numbers(const std::vector<double>& list) {
    std::size_t begin = text_.size();
    for (const double x : list) {
      std::string word = is_double_ ? words_of(x) : words_of(static_cast<float>(x));
      if (word.find_first_of(".e") == std::string::npos) word += ".0";
      if (text_.size() + word.size() > begin + 116) {
        text_ += '\n';
        begin = text_.size();
      }
      text_ += (text_.size() == begin ? "  " : " ") + word + (is_double_ ? "," : "F,");
    }
    text_ += '\n';
  }
  void end_numbers() { line("};"); }
  [[nodiscard]] const std::string& text() const { return text_; }

private:
  bool is_double_;
  std::string text_;
};

} // namespace

void write_header(const header_contents& contents, const base::file_path& path, const header_options& options) {
  check(contents, options);
  header_text out(contents.is_double);
  out.line("// Written by fusegrad's save_header: a model with its weights.");
  out.line("#pragma once\n");
  out.line("#include <fusegrad/layers.hpp>\n#include <fusegrad/model/embedded.hpp>");
  if (!options.include.empty()) out.line("#include \"" + options.include + "\"");
  out.line("\nnamespace " + options.name + " {\nnamespace fg = ::fusegrad;\n");
  out.line("inline constexpr auto model = " + options.model + ";");
  out.line("static_assert(fg::fingerprint<std::remove_cvref_t<decltype(model)>>() == " +
           std::to_string(contents.fingerprint) +
           "U,\n              \"fusegrad: these are the weights of another model.\");\n");
  out.begin_numbers("numbers");
  for (const auto& [name, numbers] : contents.parameters) {
    out.line("  // " + name);
    out.numbers(numbers);
  }
  out.end_numbers();
  out.line("/// An input, and what the network made of it where it was saved.");
  out.begin_numbers("golden_input");
  out.numbers(contents.golden.input);
  out.end_numbers();
  out.begin_numbers("golden_output");
  out.numbers(contents.golden.output);
  out.end_numbers();
  out.line("\nusing embedded = fg::embedded<model, numbers>;");
  out.line("inline const embedded::inference_type& network() { return embedded::network(); }");
  out.line(
      "inline bool reproduces(double tolerance = 1e-5) {\n  return embedded::reproduces(golden_input, golden_output, "
      "tolerance);\n}");
  out.line("\n} // namespace " + options.name);
  base::write_durably(path, {out.text()});
}

} // namespace fusegrad::io::detail
