// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/file_path.hpp>
#include <fusegrad/data/dataset.hpp>
#include <fusegrad/data/image.hpp>
#include <string>
#include <vector>

namespace fusegrad::data {

/// Images of one size with classes.
struct labelled_images {
  dataset<float> samples;               ///< [height][width][channels], from 0 to 1
  std::vector<std::string> class_names; ///< the name of each label
  image_shape shape;
};

/// Reads a folder that holds a folder of images for each class, as `read_image` does. Classes are the folders' names in
/// the order of their bytes, and so are the images within a class. Entries whose name begins with a dot are passed
/// over. Throws file_error, naming the file, for a folder without a class, a class without an image, anything in a
/// place where it has no meaning (a file beside the folders, a folder within one), images of different sizes or numbers
/// of channels, and whatever `read_image` throws.
labelled_images load_image_folder(const base::file_path& folder, const image_options& options = {});

} // namespace fusegrad::data
