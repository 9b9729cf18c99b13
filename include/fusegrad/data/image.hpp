// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/file_path.hpp>
#include <fusegrad/data/file_error.hpp>
#include <fusegrad/data/image_shape.hpp>
#include <string_view>
#include <vector>

namespace fusegrad::data {

/// One image: shape.size() numbers from 0 to 1, [height][width][channels]. One channel is grey, two are grey and alpha,
/// three are red, green and blue, four are these and alpha.
struct image {
  image_shape shape;
  std::vector<float> pixels;
};

/// What is made of the images in files.
struct image_options {
  /// 0: as many as the file has; 1: grey, of colours by the weights 0.299, 0.587 and 0.114 (ITU-R BT.601); 3: colours,
  /// of grey three times the same. With 1 and 3 alpha is dropped, as Pillow's `convert` does.
  std::size_t channels = 0;
};

/// Reads a PGM or PPM image as bytes (P5, P6; 8 and 16 bits) or a PNG image (of every kind; palettes become colours),
/// told apart by the contents. Numbers are those in the file, divided by the largest that it could hold: gamma and
/// colour profiles are left alone.
/// Throws file_error, naming the file, for anything else, for damaged and cut off files, sizes that the file cannot
/// hold, more bytes than it needs (whole chunks of a PNG image behind its pixels are passed over), and for PNG where
/// the library was built without libpng; std::invalid_argument for options::channels that are not 0, 1 or 3. Memory is
/// taken for what can be there, not for what a header claims.
image read_image(const base::file_path& path, const image_options& options = {});

/// The same from the bytes of a file; `name` stands for the file in messages.
image parse_image(std::string_view bytes, std::string_view name, const image_options& options = {});

} // namespace fusegrad::data
