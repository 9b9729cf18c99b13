// SPDX-License-Identifier: MIT
#include <fusegrad/data/table.hpp>

#include "memory.hpp"

#include "../../src/data/gzip.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

using namespace fusegrad::data;

/// The first byte chooses the options, the rest is the file: it is read into a sound data set, in the same way again
/// with the columns that were found, or refused with an error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t choice = bytes[0];
  const std::string_view text(reinterpret_cast<const char*>(bytes + 1), size - 1);
  // Deflate shrinks by at most 1032.
  const std::size_t text_size = detail::is_gzip(text) ? 1040 * text.size() : text.size();
  try {
    if ((choice & 128) != 0) {
      // Names and categories are small texts, each in an object of its own.
      const fusegrad::fuzz::memory_limit limit(size, 256);
      static_cast<void>(parse_columns(text, "fuzz"));
      return 0;
    }
    table_options options{.inputs = {column("a").or_mean().marked(), one_hot("c", {"x", "y"}).or_category("x")},
                          .targets = {"y"}};
    if ((choice & 1) != 0) options.inputs = {code("c").or_category("none")};
    if ((choice & 2) != 0) options.label.assign(1, 'k'); // not = "k", at which g++ 12 gives a false alarm
    if ((choice & 4) != 0) options.separator = ';';
    if ((choice & 8) != 0) options.decimal_comma = (choice & 4) != 0;
    if ((choice & 16) != 0) options.comment = '#';
    if ((choice & 32) != 0) options.guess = true;
    options.ignore_others = (choice & 32) == 0;
    if ((choice & 64) != 0) options.header = {"a", "c", "y", "k"};
    // A guess becomes up to 32 numbers of four bytes, held twice while they grow; what is found, small objects.
    const fusegrad::fuzz::memory_limit limit(text_size, 512);
    const auto first = parse_table<float>(text, "fuzz", options);
    if (first.samples.empty() || first.samples.feature_names().size() != first.samples.features()) std::abort();
    for (const float number : first.samples.inputs())
      if (!std::isfinite(number)) std::abort();
    const auto second = parse_table<float>(text, "fuzz", first.columns);
    if (!(second.samples == first.samples) || !(second.columns == first.columns)) std::abort();
  } catch (const file_error&) {
  } catch (const std::invalid_argument&) {
  }
  return 0;
}
