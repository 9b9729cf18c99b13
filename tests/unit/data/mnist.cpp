// SPDX-License-Identifier: MIT
#include <fusegrad/data/mnist.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace {

namespace files = std::filesystem;

/// A folder that is gone when the test ends.
class scratch_folder {
public:
  scratch_folder() : path_{files::temp_directory_path() / ("fusegrad_mnist_" + std::to_string(::getpid()))} {
    files::create_directories(path_);
  }
  ~scratch_folder() { files::remove_all(path_); }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  [[nodiscard]] const files::path& path() const { return path_; }

  /// `count` images of one row of two pixels, the first of which tells the number of the image, and as many labels.
  void write(const std::string& part, unsigned char count) const {
    std::string images{0, 0, 8, 3, 0, 0, 0, static_cast<char>(count), 0, 0, 0, 1, 0, 0, 0, 2},
        labels{0, 0, 8, 1, 0, 0, 0, static_cast<char>(count)};
    for (unsigned char i = 0; i < count; ++i) {
      images += {static_cast<char>(i), '\xff'};
      labels += static_cast<char>(i % 10);
    }
    std::ofstream(path_ / (part + "-images-idx3-ubyte"), std::ios::binary) << images;
    std::ofstream(path_ / (part + "-labels-idx1-ubyte"), std::ios::binary) << labels;
  }

private:
  files::path path_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(unit_data_mnist)

BOOST_AUTO_TEST_CASE(both_halves_or_one_of_them) {
  const scratch_folder folder;
  BOOST_CHECK_EXCEPTION(fusegrad::data::load_mnist(folder.path()), std::runtime_error,
                        [&](const std::runtime_error& e) {
                          return std::string(e.what()).find(folder.path().string()) != std::string::npos;
                        });
  folder.write("t10k", 10);
  const auto half = fusegrad::data::load_mnist(folder.path());
  BOOST_TEST(half.name == "MNIST, test images only");
  BOOST_TEST(half.train.size() == 8U);
  BOOST_TEST(half.test.size() == 2U);
  BOOST_TEST(half.test.label(0) == 8);
  BOOST_TEST(half.test.input(1)[0] == 9.0F / 255);
  BOOST_TEST(half.test.input(1)[1] == 1.0F);
  folder.write("train", 5);
  const auto whole = fusegrad::data::load_mnist(folder.path());
  BOOST_TEST(whole.name == "MNIST");
  BOOST_TEST(whole.train.size() == 5U);
  BOOST_TEST(whole.test.size() == 10U);
}

BOOST_AUTO_TEST_SUITE_END()
