// SPDX-License-Identifier: MIT
#include <fusegrad/data/image.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace fusegrad::data;
using namespace std::string_literals;

/// A file that the fuzz target begins with, too. PNG images there were made by hand of zlib streams.
std::string corpus(const std::string& name) {
  std::ifstream file(FUSEGRAD_SOURCE_DIR "/tests/fuzz/corpus/image/" + name, std::ios::binary);
  BOOST_TEST_REQUIRE(file.good(), name);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::function<bool(const std::exception&)> says(const std::string& words) {
  return [words](const std::exception& error) {
    BOOST_TEST(std::string(error.what()) == words);
    return error.what() == words;
  };
}

void refuses(const std::string& bytes, const std::string& words) {
  BOOST_CHECK_EXCEPTION(parse_image(bytes, "t.png"), file_error, says("t.png: " + words));
}

void holds(const image& read, const image_shape& shape, const std::vector<float>& pixels) {
  BOOST_TEST((read.shape == shape));
  BOOST_TEST(read.pixels == pixels, boost::test_tools::per_element());
}

boost::test_tools::assertion_result png_is_read(boost::unit_test::test_unit_id) {
  bool is_read = true;
  try {
    parse_image(corpus("png_grey_8"), "");
  } catch (const file_error& error) {
    is_read = std::string(error.what()).find("libpng") == std::string::npos;
  }
  boost::test_tools::assertion_result read(is_read);
  read.message() << "the library was built without libpng";
  return read;
}

struct png_file {
  std::string name;
  image_shape shape;
  unsigned bits;
};

/// The number that the corpus has at a place.
unsigned number_at(std::size_t y, std::size_t x, std::size_t c, unsigned bits) {
  const auto mixed = bits < 16 ? 71 * y + 37 * x + 101 * c + 5 : 7177 * y + 3137 * x + 10111 * c + 555;
  return static_cast<unsigned>(mixed % (std::size_t{1} << bits));
}
/// A channel of a colour in the corpus' palettes.
float colour(std::size_t index, std::size_t c) { return static_cast<float>((40 * index + 11 * c + 3) % 256) / 255.0f; }

template <class Value> void holds_at_each_place(const image& read, const image_shape& shape, Value value) {
  BOOST_TEST_REQUIRE((read.shape == shape));
  BOOST_TEST_REQUIRE(read.pixels.size() == shape.size());
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const std::size_t c = i % shape.channels, x = i / shape.channels % shape.width,
                      y = i / shape.channels / shape.width;
    BOOST_TEST(read.pixels[i] == value(y, x, c), "row " << y << ", column " << x << ", channel " << c);
  }
}

BOOST_AUTO_TEST_SUITE(data_image)

BOOST_AUTO_TEST_CASE(reads_grey_and_colours_as_bytes) {
  holds(parse_image(corpus("pgm_8"), "t"), {2, 3, 1}, {0, 0.2f, 0.4f, 0.6f, 0.8f, 1});
  holds(parse_image(corpus("pgm_16"), "t"), {1, 3, 1}, {0, 0.5f, 1});
  holds(parse_image(corpus("ppm_8"), "t"), {2, 1, 3}, {1, 0, 0.2f, 0, 0.4f, 0});
  holds(parse_image(corpus("ppm_16"), "t"), {1, 1, 3}, {1, 0, 0.2f});
}

BOOST_AUTO_TEST_CASE(passes_over_comments) {
  holds(parse_image(corpus("pgm_comments"), "t"), {1, 2, 1}, {0.2f, 1});
  // Behind the header there are pixels only: this one looks like a comment.
  holds(parse_image("P5 1 1 255\n#", "t"), {1, 1, 1}, {35.0f / 255});
}

BOOST_AUTO_TEST_CASE(makes_grey_of_colours_and_colours_of_grey) {
  const float red = 0.299f, green = 0.587f, blue = 0.114f;
  holds(parse_image(corpus("ppm_8"), "t", {.channels = 1}), {2, 1, 1}, {red + blue * 0.2f, green * 0.4f});
  holds(parse_image(corpus("pgm_16"), "t", {.channels = 3}), {1, 3, 3}, {0, 0, 0, 0.5f, 0.5f, 0.5f, 1, 1, 1});
  holds(parse_image(corpus("pgm_16"), "t", {.channels = 1}), {1, 3, 1}, {0, 0.5f, 1});
  for (const std::size_t channels : {2u, 4u})
    BOOST_CHECK_EXCEPTION(
        parse_image(corpus("pgm_8"), "t", {.channels = channels}), std::invalid_argument,
        says("image options: expected 1 or 3 channels, or 0 for those in the file, found " + std::to_string(channels)));
}

BOOST_AUTO_TEST_CASE(refuses_headers_that_are_none) {
  refuses("P5", "expected a PNG, PGM or PPM image, found something else, which begins with \"P5\"");
  refuses("P5 ", "expected a width as a number in the header, found the end of the file");
  refuses("P5 #2 3 255", "expected a width as a number in the header, found the end of the file");
  refuses("P5 2 x", "expected a height as a number in the header, found something else");
  refuses("P5 2 -3 255\n", "expected a height as a number in the header, found something else");
  refuses("P5 2 0 255\n", "expected a height from 1 to 2147483647, found 0");
  refuses("P5 99999999999999999999999 1 255\n", "expected a width from 1 to 2147483647, found 99999999999999999999999");
  refuses("P5 1 1 65536\n12", "expected a largest number from 1 to 65535, found 65536");
  refuses("P5 1 1 255", "expected a blank between header and pixels, found the end of the file");
  refuses("P5 1 1 255#c\n1", "expected a blank between header and pixels, found something else");
  refuses(corpus("pgm_as_text"), "expected a PGM or PPM image as bytes (P5 or P6), found an image as text (P2)");
  refuses("P4 1 1\n1", "expected a PGM or PPM image as bytes (P5 or P6), found a bitmap (P4)");
  refuses("P7\nWIDTH 1", "expected a PGM or PPM image as bytes (P5 or P6), found an image of another kind (P7)");
}

BOOST_AUTO_TEST_CASE(refuses_sizes_that_do_not_agree_with_the_file) {
  refuses("P5 3 2 255\n12345", "expected 2 rows of 3 bytes behind the header, found 5 bytes");
  refuses("P5 3 2 255\n1234567", "expected 2 rows of 3 bytes behind the header, found 7 bytes");
  refuses("P6 1 1 256\n12345", "expected 1 rows of 6 bytes behind the header, found 5 bytes");
  refuses(corpus("pgm_claims_much"), "expected 1000000000 rows of 1000000000 bytes behind the header, found 3 bytes");
  refuses("P5 2 1 7\n\7\x8"s, "expected numbers up to 7, as the header says, found 8 in pixel 1");
  refuses("P6 1 1 300\n\0\1\1\x2D\1\x2C"s, "expected numbers up to 300, as the header says, found 301 in pixel 0");
}

BOOST_AUTO_TEST_CASE(says_what_else_a_file_is) {
  refuses("", "expected a PNG, PGM or PPM image, found an empty file");
  refuses("\xFF\xD8\xFF\xE0", "expected a PNG, PGM or PPM image, found a JPEG image");
  refuses("version https://git-lfs.github.com/spec/v1",
          "expected a PNG, PGM or PPM image, found a pointer of Git LFS in place of the file (git lfs pull brings it)");
}

BOOST_AUTO_TEST_CASE(reads_files) {
  const auto path = std::filesystem::temp_directory_path() / "fusegrad_image.pgm";
  std::ofstream(path, std::ios::binary) << corpus("pgm_16");
  holds(read_image(path), {1, 3, 1}, {0, 0.5f, 1});
  std::filesystem::remove(path);
  BOOST_CHECK_EXCEPTION(read_image(path), file_error,
                        says(path.string() + ": cannot be opened: No such file or directory"));
}

BOOST_AUTO_TEST_CASE(reads_png_of_every_kind, *boost::unit_test::precondition(png_is_read)) {
  const std::vector<png_file> kinds{{"grey_1", {3, 5, 1}, 1},
                                    {"grey_2", {3, 5, 1}, 2},
                                    {"grey_4", {3, 5, 1}, 4},
                                    {"grey_8", {3, 5, 1}, 8},
                                    {"grey_16", {3, 5, 1}, 16},
                                    {"grey_alpha_8", {2, 3, 2}, 8},
                                    {"grey_alpha_16", {2, 3, 2}, 16},
                                    {"colour_8", {2, 3, 3}, 8},
                                    {"colour_16", {2, 3, 3}, 16},
                                    {"colour_alpha_8", {2, 3, 4}, 8},
                                    {"colour_alpha_16", {2, 3, 4}, 16},
                                    {"interlaced_grey_1", {9, 7, 1}, 1},
                                    {"interlaced_grey_8", {9, 7, 1}, 8},
                                    {"interlaced_colour_alpha_16", {3, 9, 4}, 16},
                                    {"zeros_behind", {2, 2, 1}, 8}};
  for (const png_file& file : kinds) {
    const auto whole = static_cast<float>((1u << file.bits) - 1);
    // Fewer than 8 bits are widened to 8.
    const auto value = [&](std::size_t y, std::size_t x, std::size_t c) {
      const unsigned number = number_at(y, x, c, file.bits);
      return file.bits < 8 ? static_cast<float>(number * (255u / ((1u << file.bits) - 1))) / 255.0f
                           : static_cast<float>(number) / whole;
    };
    BOOST_TEST_INFO_SCOPE(file.name);
    holds_at_each_place(parse_image(corpus("png_" + file.name), "t"), file.shape, value);
  }
}

BOOST_AUTO_TEST_CASE(palettes_become_colours, *boost::unit_test::precondition(png_is_read)) {
  for (const unsigned bits : {1u, 2u, 4u, 8u}) {
    BOOST_TEST_INFO_SCOPE(bits << " bits");
    const auto value = [&](std::size_t y, std::size_t x, std::size_t c) { return colour(number_at(y, x, 0, bits), c); };
    holds_at_each_place(parse_image(corpus("png_palette_" + std::to_string(bits)), "t"), {3, 5, 3}, value);
  }
  holds_at_each_place(parse_image(corpus("png_interlaced_palette_4"), "t"), {5, 5, 3},
                      [](std::size_t y, std::size_t x, std::size_t c) { return colour(number_at(y, x, 0, 4), c); });
}

BOOST_AUTO_TEST_CASE(a_transparent_colour_becomes_alpha, *boost::unit_test::precondition(png_is_read)) {
  const float alphas[] = {0, 128.0f / 255, 1, 1};
  const auto with_alpha = [&](std::size_t y, std::size_t x, std::size_t c) {
    const unsigned index = number_at(y, x, 0, 2);
    return c < 3 ? colour(index, c) : alphas[index];
  };
  holds_at_each_place(parse_image(corpus("png_palette_transparent"), "t"), {3, 5, 4}, with_alpha);
  holds_at_each_place(parse_image(corpus("png_palette_transparent"), "t", {.channels = 3}), {3, 5, 3}, with_alpha);
  holds_at_each_place(parse_image(corpus("png_grey_transparent"), "t"), {3, 5, 2},
                      [](std::size_t y, std::size_t x, std::size_t c) {
                        const unsigned number = number_at(y, x, 0, 4);
                        return c == 0 ? static_cast<float>(17 * number) / 255.0f : number == 5 ? 0.0f : 1.0f;
                      });
}

BOOST_AUTO_TEST_CASE(alpha_is_dropped_where_channels_are_asked_for, *boost::unit_test::precondition(png_is_read)) {
  const auto number = [](std::size_t y, std::size_t x, std::size_t c) {
    return static_cast<float>(number_at(y, x, c, 8)) / 255.0f;
  };
  holds_at_each_place(parse_image(corpus("png_grey_alpha_8"), "t", {.channels = 1}), {2, 3, 1}, number);
  holds_at_each_place(parse_image(corpus("png_grey_alpha_8"), "t", {.channels = 3}), {2, 3, 3},
                      [&](std::size_t y, std::size_t x, std::size_t) { return number(y, x, 0); });
  holds_at_each_place(parse_image(corpus("png_colour_alpha_8"), "t", {.channels = 3}), {2, 3, 3}, number);
  // Rounded in another order where there is fused multiply-add.
  const image grey = parse_image(corpus("png_colour_alpha_8"), "t", {.channels = 1});
  BOOST_TEST((grey.shape == image_shape{2, 3, 1}));
  for (std::size_t i = 0; i < 6; ++i) {
    const std::size_t y = i / 3, x = i % 3;
    const float expected = 0.299f * number(y, x, 0) + 0.587f * number(y, x, 1) + 0.114f * number(y, x, 2);
    BOOST_TEST(grey.pixels.at(i) == expected, boost::test_tools::tolerance(1e-6f));
  }
}

BOOST_AUTO_TEST_CASE(refuses_damaged_png, *boost::unit_test::precondition(png_is_read)) {
  const std::string whole = corpus("png_colour_8");
  for (std::size_t length = 8; length < whole.size(); ++length)
    refuses(whole.substr(0, length), "expected a whole PNG image, found the end of the file");
  refuses(whole + "x", "expected the end of the file behind the PNG image, found more bytes");
  std::string damaged = whole;
  damaged[whole.find("IDAT") + 8] ^= 1;
  BOOST_CHECK_EXCEPTION(parse_image(damaged, "t.png"), file_error, [](const file_error& error) {
    return std::string(error.what()).starts_with("t.png: expected a whole PNG image, found ");
  });
  refuses(corpus("png_too_few_pixels"), "expected a whole PNG image, found Not enough image data");
  refuses(corpus("png_too_many_pixels"), "expected a whole PNG image, found IDAT: Too much image data");
  refuses(corpus("png_behind_stream"), "expected a whole PNG image, found IDAT: Extra compressed data");
  refuses(corpus("png_claims_much"), "expected an image that can be in a file of 69 bytes, found a header of "
                                     "1000000000 x 1000000000 pixels of 24 bits");
  holds(parse_image(corpus("png_second_stream"), "t"), {2, 2, 1}, {1 / 255.0f, 2 / 255.0f, 3 / 255.0f, 4 / 255.0f});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
