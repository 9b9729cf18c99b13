// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/random.hpp>
#include <fusegrad/data/dataset.hpp>
#include <fusegrad/data/image_shape.hpp>
#include <span>
#include <vector>

namespace fusegrad::data {

/// How images are changed at random, each anew in every epoch. What is not named stays as it is.
///
/// First an image is moved: mirrored, turned, and seen through a window that is put somewhere. These are one step, so
/// that no pixel is rounded twice. Then it is mixed with another image that was moved likewise, then there is noise,
/// and at last a square is cut out.
struct augmentation {
  image_shape image{};         ///< of the samples, [height][width][channels]
  std::size_t shift = 0;       ///< at most so many pixels up or down, and to the left or right (torchvision's
                               ///< RandomCrop with this padding)
  std::size_t crop_height = 0; ///< of a window at a random place, which is the sample then; 0: of the image
  std::size_t crop_width = 0;
  double flip = 0;        ///< probability of left and right being swapped
  double rotation = 0;    ///< at most so many degrees either way, about the middle; between pixels bilinear
  double noise = 0;       ///< standard deviation of what is added to each number
  std::size_t cutout = 0; ///< side of a square about a random pixel that becomes `fill`. DeVries and Taylor 2017
  double mixup = 0;       ///< both parameters of the beta distribution of the shares; needs targets, as
                          ///< `dataset::one_hot` makes of labels. Zhang et al. 2018
  double fill = 0;        ///< what is seen where there is no image
  std::uint64_t seed = 0;
};

/// Images that are changed at random: a source of samples to train on, which `trainer::fit` takes as it takes a data
/// set. Views the data set, which must live as long. What a sample becomes depends on seed, epoch and its place in the
/// data set alone.
///
/// `fit` writes a batch on all its threads when it comes to it: nothing but the batch takes memory. Its validation
/// samples are a data set, and stay as they are. Instantiated for float and double.
template <std::floating_point T> class augmented {
public:
  using number_type = T;
  using unchanged_samples = dataset<T>;

  /// Throws std::invalid_argument for an option out of its range, naming it, and for samples that are no images of this
  /// shape, have numbers that are not finite, or cannot be mixed.
  augmented(const dataset<T>& samples, const augmentation& how);
  augmented(const dataset<T>&& samples, const augmentation& how) = delete;

  /// The same images as they are in another epoch, counted from 0. Throws std::invalid_argument where the data set has
  /// become another one meanwhile.
  [[nodiscard]] augmented at_epoch(std::size_t epoch) const;

  /// Of the images that come out.
  [[nodiscard]] image_shape shape() const noexcept { return shape_; }

  [[nodiscard]] std::size_t size() const noexcept { return samples_->size(); }
  [[nodiscard]] std::size_t features() const noexcept { return shape_.size(); }
  [[nodiscard]] std::vector<T> input(std::size_t i) const;
  [[nodiscard]] std::size_t output_count() const noexcept { return samples_->output_count(); }
  [[nodiscard]] bool has_labels(std::size_t output = 0) const noexcept { return samples_->has_labels(output); }
  [[nodiscard]] std::int32_t label(std::size_t i, std::size_t output = 0) const noexcept {
    return samples_->label(i, output);
  }
  [[nodiscard]] std::vector<T> target(std::size_t i, std::size_t output = 0) const;
  [[nodiscard]] std::size_t target_width(std::size_t output = 0) const noexcept {
    return samples_->target_width(output);
  }

  /// What `input` and `target` give, written to features() and target_width() numbers.
  void write_input(std::size_t i, std::span<T> to) const noexcept;
  void write_target(std::size_t i, std::span<T> to, std::size_t output = 0) const noexcept;

private:
  const dataset<T>* samples_;
  augmentation how_;
  image_shape shape_;
  base::random_stream draws_; ///< of this epoch
};

template <class T> augmented(const dataset<T>&, const augmentation&) -> augmented<T>;
template <class T> augmented(const dataset<T>&&, const augmentation&) -> augmented<T>;

/// The middle of each image, for samples to evaluate on where those to train on are cropped. Instantiated for float and
/// double. Throws std::invalid_argument for samples that are no images of this shape and for a window that is larger.
template <std::floating_point T>
dataset<T> centre_crop(const dataset<T>& samples, const image_shape& image, std::size_t height, std::size_t width);

} // namespace fusegrad::data
