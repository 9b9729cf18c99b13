// SPDX-License-Identifier: MIT
#include <fusegrad/data/mnist.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <fusegrad/data/file_error.hpp>
#include <initializer_list>
#include <span>
#include <string>
#include <unistd.h>

namespace {

using fusegrad::test::says;

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
    std::string labels(count, '\0');
    for (unsigned char i = 0; i < count; ++i) labels[i] = static_cast<char>(i % 10);
    write(part, labels);
  }
  /// As many images as there are labels.
  void write(const std::string& part, const std::string& classes) const {
    const auto count = static_cast<unsigned char>(classes.size());
    std::string images{0, 0, 8, 3, 0, 0, 0, static_cast<char>(count), 0, 0, 0, 1, 0, 0, 0, 2},
        labels{0, 0, 8, 1, 0, 0, 0, static_cast<char>(count)};
    for (unsigned char i = 0; i < count; ++i) images += {static_cast<char>(i), '\xff'};
    labels += classes;
    std::ofstream(path_ / (part + "-images-idx3-ubyte"), std::ios::binary) << images;
    std::ofstream(path_ / (part + "-labels-idx1-ubyte"), std::ios::binary) << labels;
  }

private:
  files::path path_;
};

/// Where Debian's package dataset-fashion-mnist puts its files, or what the environment says.
files::path fashion_folder() {
  const char* named = std::getenv("FUSEGRAD_FASHION_MNIST");
  return named != nullptr ? files::path(named) : files::path("/usr/share/datasets/fashion-mnist");
}

boost::test_tools::assertion_result fashion_is_there(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result there(files::exists(fashion_folder()));
  there.message() << fashion_folder().string()
                  << " is not there (Debian: dataset-fashion-mnist; elsewhere FUSEGRAD_FASHION_MNIST names the folder)";
  return there;
}

} // namespace

BOOST_AUTO_TEST_SUITE(unit_data_mnist)

BOOST_AUTO_TEST_CASE(both_halves_or_one_of_them) {
  const scratch_folder folder;
  BOOST_CHECK_EXCEPTION(fusegrad::data::load_mnist(folder.path()), fusegrad::data::file_error,
                        says(folder.path().string()));
  // Nothing that a folder is called is told to a terminal.
  BOOST_CHECK_EXCEPTION(fusegrad::data::load_mnist("/no/\x1B[31mred"), fusegrad::data::file_error,
                        says("/no/?[31mred: "));
  folder.write("t10k", 10);
  const auto half = fusegrad::data::load_mnist(folder.path());
  const std::string name = folder.path().filename().string();
  BOOST_TEST(half.name == name + ", test images only");
  BOOST_TEST(half.class_names.empty());
  BOOST_TEST(half.train.size() == 8U);
  BOOST_TEST(half.test.size() == 2U);
  BOOST_TEST(half.test.label(0) == 8);
  BOOST_TEST(half.test.input(1)[0] == 9.0F / 255);
  BOOST_TEST(half.test.input(1)[1] == 1.0F);
  folder.write("train", 5);
  const auto whole = fusegrad::data::load_mnist(folder.path());
  BOOST_TEST(whole.name == name);
  BOOST_TEST(whole.train.size() == 5U);
  BOOST_TEST(whole.test.size() == 10U);
}

BOOST_AUTO_TEST_CASE(sets_of_the_same_form_are_told_apart) {
  const scratch_folder folder;
  folder.write("train", {5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5, 3});
  const auto digits = fusegrad::data::load_mnist(folder.path());
  BOOST_TEST(digits.name == "MNIST, training images only");
  BOOST_TEST(digits.class_names.at(9) == "9");
  folder.write("t10k", {9, 2, 1, 1, 6, 1, 4, 6, 5, 7, 4, 5});
  BOOST_TEST(fusegrad::data::load_mnist(folder.path()).name == folder.path().filename().string());
  folder.write("train", {9, 0, 0, 3, 0, 2, 7, 2, 5, 5, 0, 9, 0});
  const auto clothes = fusegrad::data::load_mnist(folder.path() / "");
  BOOST_TEST(clothes.name == "Fashion-MNIST");
  BOOST_TEST(clothes.class_names.at(9) == "ankle boot");
}

BOOST_AUTO_TEST_CASE(reads_fashion_mnist, *boost::unit_test::precondition(fashion_is_there)) {
  const auto clothes = fusegrad::data::load_mnist(fashion_folder());
  BOOST_TEST(clothes.name == "Fashion-MNIST");
  BOOST_TEST(clothes.train.size() == 60000U);
  BOOST_TEST(clothes.test.size() == 10000U);
  BOOST_TEST(clothes.train.features() == 784U);
  for (std::int32_t label = 0; label < 10; ++label) {
    BOOST_TEST(std::ranges::count(clothes.train.labels(), label) == 6000);
    BOOST_TEST(std::ranges::count(clothes.test.labels(), label) == 1000);
  }
  BOOST_TEST(*std::ranges::min_element(clothes.train.inputs()) == 0.0F);
  BOOST_TEST(*std::ranges::max_element(clothes.train.inputs()) == 1.0F);
}

BOOST_AUTO_TEST_SUITE_END()
