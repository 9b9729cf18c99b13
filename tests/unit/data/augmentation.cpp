// SPDX-License-Identifier: MIT
#include <fusegrad/data/augmentation.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fusegrad/io/checkpoint.hpp>
#include <fusegrad/training.hpp>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include "../../../src/data/move_image.hpp"

namespace {

namespace fg = fusegrad;
using namespace fusegrad::data;

using pixels = std::vector<float>;

/// Images of numbers that are all different, and none of them 0; as many classes as there are images.
dataset<float> different_images(const image_shape& shape, std::size_t count) {
  pixels inputs(count * shape.size());
  std::iota(inputs.begin(), inputs.end(), 1.0f);
  std::vector<std::int32_t> labels(count);
  std::iota(labels.begin(), labels.end(), 0);
  return dataset<float>::from_labels(std::move(inputs), shape.size(), std::move(labels), count);
}

/// A window of an image, as plainly as it can be written; 0 outside of it.
pixels window(std::span<const float> image, const image_shape& shape, std::ptrdiff_t row, std::ptrdiff_t column,
              std::size_t rows, std::size_t columns) {
  pixels seen;
  for (std::size_t y = 0; y < rows; ++y)
    for (std::size_t x = 0; x < columns; ++x)
      for (std::size_t c = 0; c < shape.channels; ++c) {
        const std::ptrdiff_t at_row = static_cast<std::ptrdiff_t>(y) + row,
                             at_column = static_cast<std::ptrdiff_t>(x) + column;
        const bool is_inside = at_row >= 0 && at_row < static_cast<std::ptrdiff_t>(shape.height) && at_column >= 0 &&
                               at_column < static_cast<std::ptrdiff_t>(shape.width);
        const std::size_t place = static_cast<std::size_t>(at_row) * shape.width + static_cast<std::size_t>(at_column);
        seen.push_back(is_inside ? image[place * shape.channels + c] : 0.0f);
      }
  return seen;
}

pixels mirrored(std::span<const float> image, const image_shape& shape) {
  pixels seen;
  for (std::size_t y = 0; y < shape.height; ++y)
    for (std::size_t x = 0; x < shape.width; ++x)
      for (std::size_t c = 0; c < shape.channels; ++c)
        seen.push_back(image[(y * shape.width + shape.width - 1 - x) * shape.channels + c]);
  return seen;
}

/// A turned image in double, pixel by pixel.
pixels turned(std::span<const float> image, const image_shape& shape, const detail::placement& where, std::size_t rows,
              std::size_t columns) {
  const pixels source = where.is_flipped ? mirrored(image, shape) : pixels(image.begin(), image.end());
  const double middle_row = static_cast<double>(shape.height - 1) / 2,
               middle_column = static_cast<double>(shape.width - 1) / 2;
  const auto at = [&](double y, double x, std::size_t c) -> double {
    if (y < 0 || x < 0 || y >= static_cast<double>(shape.height) || x >= static_cast<double>(shape.width)) return 0;
    return static_cast<double>(
        source[(static_cast<std::size_t>(y) * shape.width + static_cast<std::size_t>(x)) * shape.channels + c]);
  };
  pixels seen;
  for (std::size_t i = 0; i < rows * columns * shape.channels; ++i) {
    const std::size_t c = i % shape.channels;
    const double y = static_cast<double>(i / shape.channels / columns) + static_cast<double>(where.row) - middle_row,
                 x = static_cast<double>(i / shape.channels % columns) + static_cast<double>(where.column) -
                     middle_column,
                 from_row = middle_row + where.sine * x + where.cosine * y,
                 from_column = middle_column + where.cosine * x - where.sine * y, top = std::floor(from_row),
                 left = std::floor(from_column), down = from_row - top, right = from_column - left;
    seen.push_back(
        static_cast<float>((1 - down) * (1 - right) * at(top, left, c) + (1 - down) * right * at(top, left + 1, c) +
                           down * (1 - right) * at(top + 1, left, c) + down * right * at(top + 1, left + 1, c)));
  }
  return seen;
}

pixels moved(std::span<const float> image, const image_shape& shape, const detail::placement& where, std::size_t rows,
             std::size_t columns) {
  pixels seen(rows * columns * shape.channels, -1.0f);
  detail::move_image(image.data(), shape, where, rows, columns, 0.0f, seen.data(), detail::put{});
  return seen;
}

/// The number of samples in which `what` holds, of all of some epochs.
template <class What> std::size_t count_in(const augmented<float>& view, std::size_t epochs, What what) {
  std::size_t count = 0;
  for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
    const auto of_epoch = view.at_epoch(epoch);
    for (std::size_t i = 0; i < view.size(); ++i) count += what(of_epoch.input(i), i) ? 1 : 0;
  }
  return count;
}

constexpr image_shape small{5, 4, 1}, coloured{4, 5, 3};

BOOST_AUTO_TEST_SUITE(data_augmentation)

BOOST_AUTO_TEST_CASE(what_is_not_asked_for_stays_as_it_is) {
  const auto samples = different_images(coloured, 3);
  const augmented view{samples, {.image = coloured}};
  BOOST_TEST(view.size() == 3u);
  BOOST_TEST(view.features() == 60u);
  BOOST_TEST(view.has_labels());
  BOOST_TEST(view.label(2) == 2);
  for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(view.input(i) == samples.input(i), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_shift_moves_exactly_and_every_shift_comes) {
  for (const image_shape& shape : {small, coloured}) {
    const auto samples = different_images(shape, 4);
    const augmented view{samples, {.image = shape, .shift = 2, .seed = 3}};
    std::map<std::pair<std::ptrdiff_t, std::ptrdiff_t>, int> found;
    const std::size_t epochs = 250;
    const std::size_t explained = count_in(view, epochs, [&](const pixels& seen, std::size_t i) {
      for (std::ptrdiff_t row = -2; row <= 2; ++row)
        for (std::ptrdiff_t column = -2; column <= 2; ++column)
          if (seen == window(samples.input(i), shape, row, column, shape.height, shape.width))
            return ++found[{row, column}] > 0;
      return false;
    });
    BOOST_TEST(explained == 4 * epochs);
    BOOST_TEST(found.size() == 25u);
    // 40 are expected of each, give or take 6.
    for (const auto& [where, count] : found) BOOST_TEST((count > 10 && count < 80), count << " times");
  }
}

BOOST_AUTO_TEST_CASE(a_flip_swaps_left_and_right_and_twice_is_none) {
  for (const image_shape& shape : {small, coloured}) {
    const auto samples = different_images(shape, 40);
    const augmented always{samples, {.image = shape, .flip = 1}};
    pixels all;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const pixels seen = always.input(i);
      BOOST_TEST(seen == mirrored(samples.input(i), shape), boost::test_tools::per_element());
      all.insert(all.end(), seen.begin(), seen.end());
    }
    const auto once = samples.with_inputs(std::move(all), shape.size());
    const augmented again{once, {.image = shape, .flip = 1}};
    for (std::size_t i = 0; i < samples.size(); ++i)
      BOOST_TEST(again.input(i) == samples.input(i), boost::test_tools::per_element());
    const augmented sometimes{samples, {.image = shape, .flip = 0.25}};
    const std::size_t flips = count_in(
        sometimes, 50, [&](const pixels& seen, std::size_t i) { return seen == mirrored(samples.input(i), shape); });
    const std::size_t kept = count_in(
        sometimes, 50, [&](const pixels& seen, std::size_t i) { return std::ranges::equal(seen, samples.input(i)); });
    BOOST_TEST(flips + kept == 2000u);
    BOOST_TEST((flips > 400 && flips < 600), flips << " of 2000"); // 500, give or take 19
  }
}

BOOST_AUTO_TEST_CASE(windows_come_from_everywhere) {
  const auto samples = different_images(coloured, 5);
  const augmented view{samples, {.image = coloured, .crop_height = 3, .crop_width = 2}};
  BOOST_TEST((view.shape() == image_shape{3, 2, 3}));
  BOOST_TEST(view.features() == 18u);
  std::set<std::pair<std::ptrdiff_t, std::ptrdiff_t>> found;
  const std::size_t explained = count_in(view, 40, [&](const pixels& seen, std::size_t i) {
    for (std::ptrdiff_t row = 0; row <= 1; ++row)
      for (std::ptrdiff_t column = 0; column <= 3; ++column)
        if (seen == window(samples.input(i), coloured, row, column, 3, 2)) return found.insert({row, column}), true;
    return false;
  });
  BOOST_TEST(explained == 200u);
  BOOST_TEST(found.size() == 8u);
  const auto middle = centre_crop(samples, coloured, 2, 3);
  BOOST_TEST(middle.features() == 18u);
  BOOST_TEST(middle.label(4) == 4);
  BOOST_TEST(middle.input(4) == window(samples.input(4), coloured, 1, 1, 2, 3), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_turn_of_nothing_is_none_and_a_quarter_turn_is_exact) {
  const image_shape square{4, 4, 3};
  const auto samples = different_images(square, 1);
  const auto image = samples.input(0);
  BOOST_TEST(moved(image, square, {}, 4, 4) == image, boost::test_tools::per_element());
  // Nearly none goes through the general case.
  BOOST_TEST(moved(image, square, {.cosine = 1, .sine = 1e-12}, 4, 4) == image, boost::test_tools::per_element());
  for (const bool is_flipped : {false, true}) {
    const pixels source = is_flipped ? mirrored(image, square) : pixels(image.begin(), image.end());
    pixels quarter;
    for (std::size_t y = 0; y < 4; ++y)
      for (std::size_t x = 0; x < 4; ++x)
        for (std::size_t c = 0; c < 3; ++c) quarter.push_back(source[(x * 4 + (3 - y)) * 3 + c]);
    const double right_angle = std::acos(-1.0) / 2;
    const detail::placement where{
        .is_flipped = is_flipped, .cosine = std::cos(right_angle), .sine = std::sin(right_angle)};
    BOOST_TEST(moved(image, square, where, 4, 4) == quarter, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(turned_images_are_interpolated) {
  for (const image_shape& shape : {small, coloured, image_shape{1, 6, 1}, image_shape{7, 1, 2}}) {
    const auto samples = different_images(shape, 1);
    for (int step = 0; step < 48; ++step) {
      const double angle = -3 + step * 0.13;
      const detail::placement where{.row = step % 4 - 2,
                                    .column = step % 3 - 1,
                                    .is_flipped = step % 5 == 0,
                                    .cosine = std::cos(angle),
                                    .sine = std::sin(angle)};
      const pixels seen = moved(samples.input(0), shape, where, shape.height + 1, shape.width),
                   expected = turned(samples.input(0), shape, where, shape.height + 1, shape.width);
      for (std::size_t i = 0; i < seen.size(); ++i) BOOST_TEST(std::abs(seen[i] - expected[i]) < 1e-4f);
    }
  }
}

BOOST_AUTO_TEST_CASE(angles_come_from_the_whole_range) {
  constexpr image_shape disc{21, 21, 1};
  // A spot to the right of the middle.
  pixels spot(disc.size());
  for (std::size_t i = 0; i < spot.size(); ++i) {
    const double y = static_cast<double>(i / 21) - 10, x = static_cast<double>(i % 21) - 16;
    spot[i] = static_cast<float>(std::exp(-(x * x + y * y) / 4));
  }
  const auto samples = dataset<float>::from_labels(std::move(spot), disc.size(), {0}, 1);
  const augmented view{samples, {.image = disc, .rotation = 30}};
  double least = 0, most = 0, sum = 0;
  constexpr std::size_t epochs = 600;
  for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
    const pixels seen = view.at_epoch(epoch).input(0);
    double up = 0, right = 0, mass = 0;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      const auto weight = static_cast<double>(seen[i]);
      up -= weight * (static_cast<double>(i / 21) - 10);
      right += weight * (static_cast<double>(i % 21) - 10);
      mass += weight;
    }
    BOOST_TEST(std::abs(std::hypot(up, right) / mass - 6) < 0.05);
    const double degrees = std::atan2(up, right) * 180 / std::acos(-1.0);
    least = std::min(least, degrees);
    most = std::max(most, degrees);
    sum += degrees;
  }
  BOOST_TEST((least > -30.5 && least < -29), least);
  BOOST_TEST((most < 30.5 && most > 29), most);
  BOOST_TEST(std::abs(sum / epochs) < 3); // 0, give or take 0.7
}

BOOST_AUTO_TEST_CASE(noise_is_normal_and_independent) {
  constexpr image_shape shape{25, 40, 1};
  const std::size_t count = 200;
  const auto samples = dataset<float>::from_labels(pixels(count * shape.size(), 3.0f), shape.size(),
                                                   std::vector<std::int32_t>(count), 1);
  const augmented view{samples, {.image = shape, .noise = 0.5, .seed = 1}};
  double first = 0, second = 0, third = 0, fourth = 0, neighbours = 0, images = 0, largest = 0, squares = 0;
  pixels before(shape.size());
  for (std::size_t i = 0; i < count; ++i) {
    const pixels seen = view.input(i);
    double left = 0;
    for (std::size_t k = 0; k < seen.size(); ++k) {
      const double z = (static_cast<double>(seen[k]) - 3) / 0.5;
      first += z;
      second += z * z;
      third += z * z * z;
      fourth += z * z * z * z;
      neighbours += z * left;
      images += z * static_cast<double>(before[k]);
      // Numbers 32 apart come of one pair.
      if (k >= 32) squares += z * z * static_cast<double>(before[k - 32]) * static_cast<double>(before[k - 32]);
      largest = std::max(largest, std::abs(z));
      left = z;
      before[k] = static_cast<float>(z);
    }
  }
  // Five standard deviations each: of 200,000 numbers.
  const auto n = static_cast<double>(count * shape.size()), deviation = 5 / std::sqrt(n);
  BOOST_TEST(std::abs(first / n) < deviation);
  BOOST_TEST(std::abs(second / n - 1) < deviation * std::sqrt(2.0));
  BOOST_TEST(std::abs(third / n) < deviation * std::sqrt(15.0));
  BOOST_TEST(std::abs(fourth / n - 3) < deviation * std::sqrt(96.0));
  BOOST_TEST(std::abs(neighbours / n) < deviation);
  BOOST_TEST(std::abs(images / n) < deviation);
  const double pairs = n * (1 - 32 / static_cast<double>(shape.size()));
  BOOST_TEST(std::abs(squares / pairs - 1) < 5 * std::sqrt(8 / pairs));
  BOOST_TEST((largest > 4 && largest < 5.8), largest);
}

BOOST_AUTO_TEST_CASE(a_cutout_is_a_square_about_any_pixel) {
  const auto samples = different_images(coloured, 6);
  for (const std::size_t side : {1u, 2u, 3u}) {
    const augmented view{samples, {.image = coloured, .cutout = side, .fill = -7}};
    std::set<std::pair<std::size_t, std::size_t>> centres;
    const std::size_t explained = count_in(view, 60, [&](const pixels& seen, std::size_t i) {
      for (std::size_t row = 0; row < coloured.height; ++row)
        for (std::size_t column = 0; column < coloured.width; ++column) {
          pixels expected(samples.input(i).begin(), samples.input(i).end());
          for (std::size_t k = 0; k < expected.size(); ++k) {
            const std::size_t y = k / 15, x = k / 3 % 5;
            if (y + side / 2 >= row && y + side / 2 < row + side && x + side / 2 >= column &&
                x + side / 2 < column + side)
              expected[k] = -7;
          }
          if (seen == expected) return centres.insert({row, column}), true;
        }
      return false;
    });
    BOOST_TEST(explained == 360u);
    BOOST_TEST(centres.size() == 20u);
  }
}

BOOST_AUTO_TEST_CASE(mixed_images_have_mixed_targets) {
  // Each image shows its own number, so that it tells what it was mixed of.
  constexpr std::size_t count = 6;
  constexpr image_shape shape{2, 3, 1};
  pixels inputs(count * shape.size(), 0.0f);
  for (std::size_t i = 0; i < count; ++i) inputs[i * shape.size() + i] = 1;
  std::vector<std::int32_t> labels{0, 1, 2, 3, 4, 5};
  const auto samples = dataset<float>::from_labels(std::move(inputs), shape.size(), std::move(labels), count).one_hot();
  for (const double alpha : {0.2, 1.0, 4.0}) {
    const augmented view{samples, {.image = shape, .mixup = alpha}};
    double sum = 0, squares = 0, n = 0;
    for (std::size_t epoch = 0; epoch < 500; ++epoch) {
      const auto of_epoch = view.at_epoch(epoch);
      for (std::size_t i = 0; i < count; ++i) {
        const pixels seen = of_epoch.input(i), target = of_epoch.target(i);
        BOOST_TEST(seen == target, boost::test_tools::per_element());
        BOOST_TEST(std::abs(std::accumulate(target.begin(), target.end(), 0.0f) - 1) < 1e-6f);
        const auto others = count - static_cast<std::size_t>(std::ranges::count(target, 0.0f));
        BOOST_TEST(others <= 2u);
        if (others < 2 || target[i] == 0) continue; // mixed with itself
        const auto share = static_cast<double>(target[i]);
        sum += share;
        squares += (share - 0.5) * (share - 0.5);
        n += 1;
      }
    }
    const double variance = 0.25 / (2 * alpha + 1);
    BOOST_TEST(std::abs(sum / n - 0.5) < 5 * std::sqrt(variance / n));
    // Shares so near to 0 or 1 that a float cannot tell were left out: they make less than 3 % of the smallest alpha's.
    BOOST_TEST(std::abs(squares / n - variance) < 0.1 * variance);
  }
}

BOOST_AUTO_TEST_CASE(noise_comes_before_the_cutout) {
  const auto samples = different_images(small, 4);
  const augmented view{samples, {.image = small, .noise = 0.25, .cutout = 2, .fill = 0.5}};
  for (std::size_t i = 0; i < 4; ++i) {
    const pixels seen = view.input(i);
    const auto cut = std::ranges::count(seen, 0.5f);
    BOOST_TEST((cut == 1 || cut == 2 || cut == 4), cut);
  }
}

BOOST_AUTO_TEST_CASE(numbers_depend_on_seed_epoch_and_place_alone) {
  const auto samples = different_images(coloured, 33).one_hot();
  const augmentation how{
      .image = coloured, .shift = 1, .flip = 0.5, .rotation = 20, .noise = 0.1, .cutout = 2, .mixup = 0.3, .seed = 5};
  const augmented view{samples, how};
  std::vector<std::uint32_t> order(33);
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::reverse(order);
  for (const int threads : {1, 2, 3, 8}) {
    fg::train::staged_samples<float> staged;
    staged.take(view, order, fg::execution::team{threads});
    for (std::size_t k = 0; k < order.size(); ++k) {
      BOOST_TEST(staged.input(k) == view.input(order[k]), boost::test_tools::per_element());
      BOOST_TEST(staged.target(k) == view.target(order[k]), boost::test_tools::per_element());
    }
  }
  BOOST_TEST((view.at_epoch(0).input(7) == view.input(7)));
  BOOST_TEST((view.at_epoch(1).input(7) != view.input(7)));
  BOOST_TEST((view.input(7) != view.input(8)));
  augmentation other = how;
  other.seed = 6;
  BOOST_TEST((augmented{samples, other}.input(7) != view.input(7)));
  // Another number type: other rounding, the same choices.
  const auto in_double = samples.to<double>();
  const std::vector<double> wide = augmented{in_double, how}.input(7);
  for (std::size_t k = 0; k < wide.size(); ++k)
    BOOST_TEST(std::abs(wide[k] - static_cast<double>(view.input(7)[k])) < 1e-3);
}

constexpr auto model = fg::input<20> | fg::dense<4>;
using small_trainer = decltype(fg::trainer{model, fg::softmax_cross_entropy, fg::sgd{}});

small_trainer trainer_on(int threads) {
  return {model, fg::softmax_cross_entropy, fg::sgd{.learning_rate = 1e-3}, {.seed = 2, .threads = threads}};
}

BOOST_AUTO_TEST_CASE(a_fit_takes_other_images_in_each_epoch) {
  const auto samples = different_images(small, 4).scaled(0.01f);
  const augmented view{samples, {.image = small, .shift = 1, .noise = 0.1}};
  auto by_hand = trainer_on(1);
  for (std::size_t epoch = 0; epoch < 3; ++epoch) {
    const auto of_epoch = view.at_epoch(epoch);
    by_hand.step(of_epoch, std::vector<std::uint32_t>{0, 1, 2});
    by_hand.step(of_epoch, std::vector<std::uint32_t>{3});
  }
  for (const int threads : {1, 2, 3}) {
    auto trainer = trainer_on(threads);
    const auto fit = [&](std::size_t epochs) {
      return trainer.fit(view, {.epochs = epochs,
                                .batch_size = 3,
                                .validation = &samples,
                                .shuffle = false,
                                .progress = fg::progress_style::silent});
    };
    const double validation_loss = fit(2).records[1].validation_loss;
    BOOST_TEST(validation_loss == trainer.evaluate(samples).loss); // of the images as they are
    fit(1);                                                        // goes on with the epochs, too
    BOOST_TEST(trainer.read("0.weight") == by_hand.read("0.weight"), boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_fit_that_goes_on_from_a_file_ends_with_the_same_bits) {
  const auto samples = different_images(small, 4).scaled(0.01f);
  const augmented view{samples, {.image = small, .shift = 1, .noise = 0.1}};
  const auto path = std::filesystem::temp_directory_path() / ("fusegrad_augmented_" + std::to_string(::getpid()));
  const auto fit = [&](small_trainer& trainer, const std::string& file, std::size_t last) {
    trainer.fit(view, {.epochs = 4,
                       .batch_size = 3,
                       .checkpoint = {.path = file},
                       .progress = fg::progress_style::silent,
                       .on_epoch = [&](const fg::epoch_record& record) { return record.epoch < last; }});
    return trainer.read("0.weight");
  };
  auto whole = trainer_on(1), begun = trainer_on(1), resumed = trainer_on(2);
  const auto expected = fit(whole, "", 4);
  BOOST_TEST((fit(begun, path.string(), 2) != expected));
  BOOST_TEST(fit(resumed, path.string(), 4) == expected, boost::test_tools::per_element());
  std::filesystem::remove(path);
}

void refuses(const augmentation& how, const std::string& words, bool with_targets = false) {
  const auto samples = with_targets ? different_images(small, 2).one_hot() : different_images(small, 2);
  BOOST_CHECK_EXCEPTION((augmented{samples, how}), std::invalid_argument, [&](const std::invalid_argument& error) {
    BOOST_TEST(std::string(error.what()) == "augmentation: " + words);
    return error.what() == "augmentation: " + words;
  });
}

BOOST_AUTO_TEST_CASE(refuses_options_out_of_their_range) {
  refuses({}, "expected an image of as many numbers as the samples' 20 features, found 0 x 0 pixels of 1 channels");
  refuses({.image = {5, 4, 3}},
          "expected an image of as many numbers as the samples' 20 features, found 5 x 4 pixels of 3 channels");
  refuses({.image = {std::size_t{1} << 62, 20, 4}}, "expected an image of as many numbers as the samples' 20 features, "
                                                    "found 4611686018427387904 x 20 pixels of 4 channels");
  refuses({.image = small, .shift = 4}, "expected a shift of fewer pixels than the image has, 5 x 4, found 4");
  refuses({.image = small, .shift = 1, .crop_height = 8},
          "expected crop_height and crop_width of at most 7 x 6 pixels, those of the image and the shift on each side, "
          "found 8 x 0");
  refuses({.image = small, .flip = 1.5}, "expected flip as a probability from 0 to 1, found 1.5");
  refuses({.image = small, .flip = std::numeric_limits<double>::quiet_NaN()},
          "expected flip as a probability from 0 to 1, found nan");
  refuses({.image = small, .rotation = -1}, "expected rotation from 0 to 180 degrees, found -1");
  refuses({.image = small, .noise = -0.5}, "expected noise of 0 or more and finite, found -0.5");
  refuses({.image = small, .cutout = 5}, "expected a cutout of at most the shorter side, 4 pixels, found 5");
  refuses({.image = small, .mixup = 0.2},
          "expected targets, which can be mixed, found labels (dataset::one_hot makes targets of them)");
  refuses({.image = small, .mixup = -1}, "expected mixup of 0, for none, or from 0.001 to 1000, found -1", true);
  refuses({.image = small, .fill = std::numeric_limits<double>::infinity()}, "expected a finite fill, found inf");
}

BOOST_AUTO_TEST_CASE(refuses_samples_that_are_none) {
  const dataset<float> none;
  BOOST_CHECK_THROW((augmented{none, {.image = small}}), std::invalid_argument);
  const auto with_nan =
      dataset<float>::from_labels(pixels{1, 2, 3, std::numeric_limits<float>::quiet_NaN()}, 2, {0, 0}, 1);
  BOOST_CHECK_EXCEPTION((augmented{with_nan, {.image = {1, 2, 1}}}), std::invalid_argument, [](const auto& error) {
    return std::string(error.what()) == "fusegrad: the samples to augment: feature 1 of sample 1 is NaN.";
  });
  // Assigned to behind its back.
  auto samples = different_images(small, 2);
  const augmented view{samples, {.image = small}};
  samples = different_images(coloured, 2);
  BOOST_CHECK_THROW(static_cast<void>(view.at_epoch(1)), std::invalid_argument);
  BOOST_CHECK_THROW(centre_crop(samples, coloured, 5, 5), std::invalid_argument);
  BOOST_CHECK_THROW(centre_crop(samples, small, 2, 2), std::invalid_argument);
}

// Nothing to view: it would be gone at once.
static_assert(!std::is_constructible_v<augmented<float>, dataset<float>, augmentation>);
static_assert(fg::sample_source<augmented<float>> && fg::train::changes_with_epoch<augmented<float>>);
static_assert(fg::train::writes_rows<augmented<float>, float> && !fg::train::writes_rows<dataset<float>, float>);
static_assert(std::is_same_v<fg::train::evaluated_with<dataset<float>>::type, dataset<float>>);

BOOST_AUTO_TEST_SUITE_END()

} // namespace
