// SPDX-License-Identifier: MIT
#include <fusegrad/data/image_folder.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

namespace files = std::filesystem;
using namespace fusegrad::data;

/// A folder that is gone when the test ends.
class scratch_folder {
public:
  scratch_folder() : path_{files::temp_directory_path() / ("fusegrad_images_" + std::to_string(::getpid()))} {
    files::remove_all(path_);
    files::create_directories(path_);
  }
  ~scratch_folder() { files::remove_all(path_); }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  [[nodiscard]] std::string at(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] const files::path& path() const { return path_; }
  void add_folder(const std::string& name) const { files::create_directories(path_ / name); }
  void add(const std::string& name, const std::string& contents) const {
    files::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << contents;
  }

private:
  files::path path_;
};

void refuses(const scratch_folder& folder, const std::string& words, const image_options& options = {}) {
  BOOST_CHECK_EXCEPTION(load_image_folder(folder.path(), options), file_error, [&](const file_error& error) {
    BOOST_TEST(std::string(error.what()) == words);
    return error.what() == words;
  });
}

/// One row of two grey pixels.
const std::string grey = "P5 2 1 255\n";
const std::string colours = "P6 2 1 255\n";

BOOST_AUTO_TEST_SUITE(data_image_folder)

BOOST_AUTO_TEST_CASE(folders_are_classes) {
  const scratch_folder folder;
  folder.add("dog/1.pgm", grey + "\x33\xFF");
  folder.add("cat/b.pgm", grey + "\x66\xFF");
  folder.add("cat/a", grey + "\xCC\xFF");
  folder.add("cat/.DS_Store", "of a file manager");
  folder.add(".git/config", "");
  const labelled_images read = load_image_folder(folder.path());
  const std::vector<std::string> names{"cat", "dog"};
  BOOST_TEST(read.class_names == names, boost::test_tools::per_element());
  BOOST_TEST((read.shape == image_shape{1, 2, 1}));
  const std::vector<float> inputs{0.8f, 1, 0.4f, 1, 0.2f, 1};
  BOOST_TEST(read.samples.inputs() == inputs, boost::test_tools::per_element());
  const std::vector<std::int32_t> labels{0, 0, 1};
  BOOST_TEST(read.samples.labels() == labels, boost::test_tools::per_element());
  BOOST_TEST(read.samples.class_count() == 2u);
}

BOOST_AUTO_TEST_CASE(images_are_made_alike_where_channels_are_asked_for) {
  const scratch_folder folder;
  folder.add("a/1", grey + "\x33\xFF");
  folder.add("b/1", colours + "\x33\x33\x33\xFF\xFF\xFF");
  refuses(folder, folder.at("b/1") + ": expected 1 x 2 pixels of 1 channel, as " + folder.at("a/1") +
                      " has, found 1 x 2 pixels of 3 channels (image_options::channels makes them alike)");
  const labelled_images in_colour = load_image_folder(folder.path(), {.channels = 3});
  BOOST_TEST((in_colour.shape == image_shape{1, 2, 3}));
  BOOST_TEST(in_colour.samples.input(0) == in_colour.samples.input(1), boost::test_tools::per_element());
  BOOST_TEST((load_image_folder(folder.path(), {.channels = 1}).shape == image_shape{1, 2, 1}));
}

BOOST_AUTO_TEST_CASE(refuses_images_of_other_sizes) {
  const scratch_folder folder;
  folder.add("a/1", grey + "12");
  folder.add("a/2", "P5 1 2 255\n12");
  refuses(folder, folder.at("a/2") + ": expected 1 x 2 pixels of 1 channel, as " + folder.at("a/1") +
                      " has, found 2 x 1 pixels of 1 channel");
}

BOOST_AUTO_TEST_CASE(refuses_what_has_no_meaning_where_it_is) {
  const scratch_folder folder;
  refuses(folder, folder.path().string() + ": expected a folder of images for each class, found none");
  folder.add("a/1", grey + "12");
  folder.add_folder("b");
  refuses(folder, folder.at("b") + ": expected at least one image of this class, found none");
  folder.add("b/c/1", grey + "12");
  refuses(folder, folder.at("b/c") + ": expected images in the folder of a class, found a folder");
  files::remove_all(folder.path() / "b");
  folder.add("readme", "");
  refuses(folder, folder.at("readme") + ": expected a folder of images for each class in " + folder.path().string() +
                      ", found a file");
}

BOOST_AUTO_TEST_CASE(refuses_what_cannot_be_read) {
  const scratch_folder folder;
  folder.add("a/1", grey + "1");
  refuses(folder, folder.at("a/1") + ": expected 1 rows of 2 bytes behind the header, found 1 bytes");
  folder.add("a/1", grey + "12");
  files::create_symlink("nowhere", folder.path() / "a/2");
  refuses(folder, folder.at("a/2") + ": cannot be opened: No such file or directory");
  BOOST_CHECK_EXCEPTION(load_image_folder(folder.path() / "a/1"), file_error, [&](const file_error& error) {
    return error.what() == folder.at("a/1") + ": expected a folder, found a file";
  });
  BOOST_CHECK_EXCEPTION(load_image_folder(folder.path() / "b"), file_error, [&](const file_error& error) {
    return error.what() == folder.at("b") + ": cannot be read: No such file or directory";
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
