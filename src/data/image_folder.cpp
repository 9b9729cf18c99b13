// SPDX-License-Identifier: MIT
#include <fusegrad/data/image_folder.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

namespace fusegrad::data {

namespace {

namespace files = std::filesystem;

[[noreturn]] void fail(const files::path& path, const std::string& words) {
  throw file_error(path.string() + ": " + words);
}

/// What is in a folder, in the order of the names' bytes; without what hides itself, as .DS_Store does.
std::vector<files::path> entries_of(const files::path& folder) {
  std::error_code error;
  std::vector<files::path> found;
  if (!files::is_directory(folder, error) && !error) fail(folder, "expected a folder, found a file");
  for (files::directory_iterator at(folder, error); !error && at != files::directory_iterator(); at.increment(error))
    if (!at->path().filename().string().starts_with('.')) found.push_back(at->path());
  if (error) fail(folder, "cannot be read: " + error.message());
  std::ranges::sort(found, {}, [](const files::path& path) { return path.filename().string(); });
  return found;
}

bool is_folder(const files::path& path) {
  std::error_code none;
  return files::is_directory(path, none);
}

struct class_folder {
  std::string name;
  std::vector<files::path> images;
};

std::vector<class_folder> classes_of(const files::path& folder) {
  std::vector<class_folder> classes;
  for (const files::path& path : entries_of(folder)) {
    if (!is_folder(path))
      fail(path, "expected a folder of images for each class in " + folder.string() + ", found a file");
    classes.push_back({path.filename().string(), entries_of(path)});
    if (classes.back().images.empty()) fail(path, "expected at least one image of this class, found none");
    for (const files::path& image : classes.back().images)
      if (is_folder(image)) fail(image, "expected images in the folder of a class, found a folder");
  }
  if (classes.empty()) fail(folder, "expected a folder of images for each class, found none");
  return classes;
}

std::string words_for(const image_shape& shape) {
  return std::to_string(shape.height) + " x " + std::to_string(shape.width) + " pixels of " +
         std::to_string(shape.channels) + (shape.channels == 1 ? " channel" : " channels");
}

void check_shape(const image_shape& found, const image_shape& expected, const files::path& path,
                 const files::path& first) {
  if (found == expected) return;
  const bool differ_in_channels = found.height == expected.height && found.width == expected.width;
  fail(path, "expected " + words_for(expected) + ", as " + first.string() + " has, found " + words_for(found) +
                 (differ_in_channels ? " (image_options::channels makes them alike)" : ""));
}

} // namespace

labelled_images load_image_folder(const base::file_path& folder, const image_options& options) {
  const std::vector<class_folder> classes = classes_of(folder);
  std::size_t count = 0;
  for (const class_folder& of : classes) count += of.images.size();
  labelled_images result;
  std::vector<float> inputs;
  std::vector<std::int32_t> labels;
  labels.reserve(count);
  for (const class_folder& of : classes) {
    const auto label = static_cast<std::int32_t>(result.class_names.size());
    for (const files::path& path : of.images) {
      const image read = read_image(path, options);
      if (labels.empty()) result.shape = read.shape;
      check_shape(read.shape, result.shape, path, classes.front().images.front());
      // At once, for growing would take up to twice as much; when a second image bears out what the first one says.
      if (labels.size() == 1) inputs.reserve(count * read.shape.size());
      inputs.insert(inputs.end(), read.pixels.begin(), read.pixels.end());
      labels.push_back(label);
    }
    result.class_names.push_back(of.name);
  }
  result.samples =
      dataset<float>::from_labels(std::move(inputs), result.shape.size(), std::move(labels), classes.size());
  return result;
}

} // namespace fusegrad::data
