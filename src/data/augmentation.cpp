// SPDX-License-Identifier: MIT
#include <fusegrad/data/augmentation.hpp>

#include "beta_share.hpp"
#include "move_image.hpp"
#include "normal_noise.hpp"

#include <fusegrad/base/text.hpp>
#include <fusegrad/math/trigonometric.hpp>
#include <fusegrad/train/check_samples.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

namespace fusegrad::data {

namespace {

[[noreturn]] void fail(const std::string& words) { throw std::invalid_argument("augmentation: " + words); }

std::string words_for(std::size_t height, std::size_t width) {
  return std::to_string(height) + " x " + std::to_string(width);
}

void check_image(const image_shape& image, std::size_t features) {
  // By division: a product may overflow.
  const bool fits = image.height > 0 && image.width > 0 && image.channels > 0 && features % image.height == 0 &&
                    features / image.height % image.width == 0 &&
                    features / image.height / image.width == image.channels;
  if (fits) return;
  fail("expected an image of as many numbers as the samples' " + std::to_string(features) + " features, found " +
       words_for(image.height, image.width) + " pixels of " + std::to_string(image.channels) + " channels");
}

void check_range(const char* option, double value, double largest, const char* expected) {
  if (value >= 0 && value <= largest) return;
  fail(std::string("expected ") + option + " " + expected + ", found " + base::brief(value));
}

void check_crop(const augmentation& how) {
  if (how.shift >= how.image.height || how.shift >= how.image.width)
    fail("expected a shift of fewer pixels than the image has, " + words_for(how.image.height, how.image.width) +
         ", found " + std::to_string(how.shift));
  const std::size_t height = how.image.height + 2 * how.shift, width = how.image.width + 2 * how.shift;
  if (how.crop_height > height || how.crop_width > width)
    fail("expected crop_height and crop_width of at most " + words_for(height, width) +
         " pixels, those of the image and the shift on each side, found " + words_for(how.crop_height, how.crop_width));
}

void check_cutout(std::size_t cutout, const image_shape& shape) {
  if (cutout > std::min(shape.height, shape.width))
    fail("expected a cutout of at most the shorter side, " + std::to_string(std::min(shape.height, shape.width)) +
         " pixels, found " + std::to_string(cutout));
}

void check_mixup(double mixup, bool has_labels) {
  if (mixup == 0) return;
  if (!(mixup >= 1e-3 && mixup <= 1e3))
    fail("expected mixup of 0, for none, or from 0.001 to 1000, found " + base::brief(mixup));
  if (has_labels) fail("expected targets, which can be mixed, found labels (dataset::one_hot makes targets of them)");
}

image_shape result_of(const augmentation& how) {
  return {how.crop_height == 0 ? how.image.height : how.crop_height,
          how.crop_width == 0 ? how.image.width : how.crop_width, how.image.channels};
}

template <class T> void check_numbers(const dataset<T>& samples) {
  train::sample_needs needs{};
  needs.features = samples.features();
  train::check_finite_inputs(samples, needs, "the samples to augment");
}

/// A number below `n` of 32 random bits; the bias is below n 2^-32.
std::size_t below(std::uint32_t word, std::size_t n) noexcept {
  return static_cast<std::size_t>(std::uint64_t{word} * n >> 32);
}

std::ptrdiff_t offset(std::uint32_t word, std::size_t image, std::size_t window, std::size_t shift) noexcept {
  return static_cast<std::ptrdiff_t>(below(word, image + 2 * shift - window + 1)) - static_cast<std::ptrdiff_t>(shift);
}

// What a stream of a sample is used for.
constexpr std::uint64_t moves = 0, squares = 1, mixtures = 2;
// And one of an epoch, beside its samples, whose numbers are below 2^32.
constexpr std::uint64_t noise_of_epoch = 0x6E6F697365000000u;

detail::placement place(const augmentation& how, const image_shape& shape, const base::random_stream& stream) noexcept {
  const auto words = stream.block(moves);
  detail::placement where;
  where.is_flipped = words[0] * 0x1p-32 < how.flip;
  where.row = offset(words[1], how.image.height, shape.height, how.shift);
  where.column = offset(words[2], how.image.width, shape.width, how.shift);
  if (how.rotation > 0) {
    constexpr double radians = 3.14159265358979324 / 180;
    const double angle = how.rotation * radians * (words[3] * 0x1p-31 - 1);
    where.cosine = math::cos(angle);
    where.sine = math::sin(angle);
  }
  return where;
}

template <class T>
void cut_out(std::span<T> image, const image_shape& shape, std::size_t side, T fill,
             const base::random_stream& stream) noexcept {
  const auto words = stream.block(squares);
  const std::size_t row = below(words[0], shape.height), column = below(words[1], shape.width), half = side / 2;
  const std::size_t first_row = row - std::min(row, half), last_row = std::min(shape.height, row + side - half),
                    first_column = column - std::min(column, half),
                    last_column = std::min(shape.width, column + side - half);
  for (std::size_t y = first_row; y < last_row; ++y) {
    T* const of_row = image.data() + y * shape.width * shape.channels;
    std::fill(of_row + first_column * shape.channels, of_row + last_column * shape.channels, fill);
  }
}

/// Which sample another one is mixed with, and its own share.
struct mixture {
  std::size_t partner;
  double share;

  mixture(const base::random_stream& stream, std::size_t size, double alpha) noexcept
      : partner{stream.child(mixtures).below(0, static_cast<std::uint32_t>(size))},
        share{detail::beta_share(stream.child(mixtures), alpha)} {}
};

base::random_stream draws_of(std::uint64_t seed, std::size_t epoch) noexcept {
  constexpr std::uint64_t purpose = 0x6175676D656E7421u;
  return base::random_stream(seed).child(purpose).child(epoch);
}

} // namespace

template <std::floating_point T>
augmented<T>::augmented(const dataset<T>& samples, const augmentation& how)
    : samples_{&samples}, how_{how}, shape_{result_of(how)}, draws_{draws_of(how.seed, 0)} {
  if (samples.empty()) fail("expected at least one sample, found none");
  if (samples.size() > std::numeric_limits<std::uint32_t>::max())
    fail("expected fewer than 2^32 samples, found " + std::to_string(samples.size()));
  check_image(how.image, samples.features());
  check_crop(how);
  check_range("flip", how.flip, 1, "as a probability from 0 to 1");
  check_range("rotation", how.rotation, 180, "from 0 to 180 degrees");
  check_range("noise", how.noise, 1e30, "of 0 or more and finite");
  check_cutout(how.cutout, shape_);
  for (std::size_t output = 0; output < samples.output_count(); ++output)
    check_mixup(how.mixup, samples.has_labels(output));
  if (!(std::abs(how.fill) <= 1e30)) fail("expected a finite fill, found " + base::brief(how.fill));
  check_numbers(samples);
}

template <std::floating_point T> augmented<T> augmented<T>::at_epoch(std::size_t epoch) const {
  if (samples_->features() != how_.image.size()) check_image(how_.image, samples_->features());
  augmented other = *this;
  other.draws_ = draws_of(how_.seed, epoch);
  return other;
}

template <std::floating_point T> std::vector<T> augmented<T>::input(std::size_t i) const {
  std::vector<T> to(features());
  write_input(i, to);
  return to;
}

template <std::floating_point T> std::vector<T> augmented<T>::target(std::size_t i, std::size_t output) const {
  std::vector<T> to(target_width(output));
  write_target(i, to, output);
  return to;
}

template <std::floating_point T> void augmented<T>::write_input(std::size_t i, std::span<T> to) const noexcept {
  const base::random_stream own = draws_.child(i);
  const T fill = static_cast<T>(how_.fill);
  const auto move = [&](std::size_t sample, const base::random_stream& stream, const auto& use) {
    detail::move_image(samples_->input(sample).data(), how_.image, place(how_, shape_, stream), shape_.height,
                       shape_.width, fill, to.data(), use);
  };
  move(i, own, detail::put{});
  if (how_.mixup > 0) {
    const mixture with(own, size(), how_.mixup);
    move(with.partner, draws_.child(with.partner), detail::mix<T>{static_cast<T>(with.share)});
  }
  if (how_.noise > 0) {
    const std::uint64_t key = draws_.child(noise_of_epoch).bits64(0);
    detail::add_normal_noise(to, static_cast<T>(how_.noise),
                             {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)},
                             static_cast<std::uint32_t>(i));
  }
  if (how_.cutout > 0) cut_out(to, shape_, how_.cutout, fill, own);
}

template <std::floating_point T>
void augmented<T>::write_target(std::size_t i, std::span<T> to, std::size_t output) const noexcept {
  const std::span<const T> of_own = samples_->target(i, output);
  std::copy(of_own.begin(), of_own.end(), to.begin());
  if (!(how_.mixup > 0)) return;
  const mixture with(draws_.child(i), size(), how_.mixup);
  const detail::mix<T> use{static_cast<T>(with.share)};
  const std::span<const T> of_partner = samples_->target(with.partner, output);
  for (std::size_t k = 0; k < of_partner.size(); ++k) use(to[k], of_partner[k]);
}

template <std::floating_point T>
dataset<T> centre_crop(const dataset<T>& samples, const image_shape& image, std::size_t height, std::size_t width) {
  check_image(image, samples.features());
  if (height == 0 || width == 0 || height > image.height || width > image.width)
    throw std::invalid_argument("centre_crop: expected a window from 1 x 1 to " + words_for(image.height, image.width) +
                                " pixels, found " + words_for(height, width));
  detail::placement where;
  where.row = static_cast<std::ptrdiff_t>((image.height - height) / 2);
  where.column = static_cast<std::ptrdiff_t>((image.width - width) / 2);
  const std::size_t features = height * width * image.channels;
  std::vector<T> inputs(samples.size() * features);
  for (std::size_t i = 0; i < samples.size(); ++i)
    detail::move_image(samples.input(i).data(), image, where, height, width, T{0}, inputs.data() + i * features,
                       detail::put{});
  return samples.with_inputs(std::move(inputs), features);
}

template class augmented<float>;
template class augmented<double>;
template dataset<float> centre_crop(const dataset<float>&, const image_shape&, std::size_t, std::size_t);
template dataset<double> centre_crop(const dataset<double>&, const image_shape&, std::size_t, std::size_t);

} // namespace fusegrad::data
