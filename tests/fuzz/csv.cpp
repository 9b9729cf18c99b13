// SPDX-License-Identifier: MIT
#include <fusegrad/data/csv.hpp>

#include "memory.hpp"

#include "../../src/data/gzip.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>

using namespace fusegrad::data;

/// The first byte chooses the options, the rest is the file: it is read into a sound data set or refused with
/// an error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t choice = bytes[0];
  const std::size_t features = 1 + choice % 3;
  csv_options options;
  options.separator = (choice & 4) != 0 ? ';' : ',';
  options.header = (choice & 8) != 0 ? csv_header::yes : csv_header::automatic;
  if ((choice & 16) != 0) options.targets = 2;
  if ((choice & 32) != 0) options.label_column = 0;
  if ((choice & 64) != 0) options.label_name = "a";
  const std::string text(bytes + 1, bytes + size);
  // Deflate shrinks by at most 1032; numbers have two characters in the file at least, and four or eight bytes here.
  const std::size_t text_size = detail::is_gzip(text) ? 1040 * text.size() : text.size();
  try {
    const fusegrad::fuzz::memory_limit limit(text_size);
    const auto samples = parse_csv<float>(text, "fuzz", features, options);
    if (samples.empty() || samples.features() != features) std::abort();
    for (const float number : samples.inputs()) {
      if (!std::isfinite(number)) std::abort();
    }
    for (const auto label : samples.labels()) {
      if (label < 0 || static_cast<std::size_t>(label) >= samples.class_count()) std::abort();
    }
    const fusegrad::fuzz::memory_limit limit_of_doubles(text_size, 4);
    if (parse_csv<double>(text, "fuzz", features, options).size() != samples.size()) std::abort();
  } catch (const file_error&) {
  } catch (const std::invalid_argument&) {
  }
  return 0;
}
