// SPDX-License-Identifier: MIT
#include <fusegrad/data/image.hpp>

#include "../base/file.hpp"
#include "../base/file_kind.hpp"
#include "png.hpp"
#include "pnm.hpp"

#include <stdexcept>
#include <string>

namespace fusegrad::data {

namespace {

using detail::raster;

void check(const image_options& options) {
  if (options.channels == 0 || options.channels == 1 || options.channels == 3) return;
  throw std::invalid_argument("image options: expected 1 or 3 channels, or 0 for those in the file, found " +
                              std::to_string(options.channels));
}

raster read_pixels(std::string_view bytes, std::string_view name) {
  if (detail::is_png(bytes)) return detail::read_png(bytes, name);
  if (detail::is_pnm(bytes)) return detail::read_pnm(bytes, name);
  std::string found = bytes.empty() ? "an empty file" : std::string(base::kind_of_file(bytes));
  if (found.empty()) found = "something else, which begins with " + base::in_quotes(bytes.substr(0, 8));
  throw file_error(std::string(name) + ": expected a PNG, PGM or PPM image, found " + found);
}

template <std::size_t Bytes> float number_at(const unsigned char* from, float largest) noexcept {
  if constexpr (Bytes == 1) return static_cast<float>(*from) / largest;
  return static_cast<float>(from[0] << 8 | from[1]) / largest;
}

/// `to` channels a pixel made of `from`: as they are where these are as many, else grey or colours.
template <std::size_t Bytes> void convert(const raster& pixels, std::size_t to, std::vector<float>& out) {
  const std::size_t count = pixels.shape.height * pixels.shape.width, from = pixels.shape.channels;
  const bool has_colours = from >= 3;
  const auto largest = static_cast<float>(pixels.largest);
  const auto* at = reinterpret_cast<const unsigned char*>(pixels.bytes.data());
  float* into = out.data();
  for (std::size_t i = 0; i < count; ++i, at += from * Bytes, into += to) {
    const auto channel = [&](std::size_t c) { return number_at<Bytes>(at + c * Bytes, largest); };
    if (to == from || (to == 3 && has_colours)) {
      for (std::size_t c = 0; c < to; ++c) into[c] = channel(c);
    } else if (to == 1) {
      into[0] = has_colours ? 0.299f * channel(0) + 0.587f * channel(1) + 0.114f * channel(2) : channel(0);
    } else {
      for (std::size_t c = 0; c < to; ++c) into[c] = channel(0);
    }
  }
}

} // namespace

image parse_image(std::string_view bytes, std::string_view name, const image_options& options) {
  check(options);
  const raster pixels = read_pixels(bytes, name);
  image result{pixels.shape, {}};
  if (options.channels != 0) result.shape.channels = options.channels;
  result.pixels.resize(result.shape.size());
  if (pixels.bytes_of_number() == 1)
    convert<1>(pixels, result.shape.channels, result.pixels);
  else
    convert<2>(pixels, result.shape.channels, result.pixels);
  return result;
}

image read_image(const base::file_path& path, const image_options& options) {
  check(options);
  return parse_image(base::read_file(path), path.string(), options);
}

} // namespace fusegrad::data
