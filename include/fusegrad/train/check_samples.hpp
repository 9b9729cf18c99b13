// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fusegrad/base/finite.hpp>
#include <fusegrad/base/refuse.hpp>
#include <fusegrad/math/finite.hpp>
#include <fusegrad/tensor/shape.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

// Samples are checked before anything is changed; what does not fit throws std::invalid_argument in words.
namespace fusegrad::train {

/// What a loss on an output of a model asks of samples.
struct sample_needs {
  std::size_t features, target_width;
  bool takes_labels = true; ///< the output is one vector
  /// What the model calls its inputs, where it takes a struct.
  std::span<const std::string_view> feature_names{};

  template <class Loss> static constexpr sample_needs of(std::size_t features, tensor::extents output) {
    const tensor::extents target = Loss::target_shape(output);
    return {features, target.size(), target.positions() == 1, {}};
  }
  /// With one target there are two classes.
  [[nodiscard]] constexpr std::size_t classes() const noexcept { return target_width == 1 ? 2 : target_width; }
};

[[noreturn, gnu::cold]] inline void refuse_samples(const std::string& words) {
  throw std::invalid_argument("fusegrad: " + words);
}

/// How samples are called in words: "the samples", "the validation samples", and for which output of several.
struct samples_name {
  static constexpr std::size_t no_output = ~std::size_t{};
  const char* name;
  std::size_t output = no_output;

  constexpr samples_name(const char* all) : name{all} {}
  constexpr samples_name(const samples_name& all, std::size_t of_output) : name{all.name}, output{of_output} {}

  [[nodiscard]] std::string text() const { return in_words().text; }
  /// The same without a string, for who puts words together.
  struct words {
    char text[160];
  };
  [[nodiscard]] words in_words() const {
    words out;
    if (output == no_output)
      std::snprintf(out.text, sizeof out.text, "%s", name);
    else
      std::snprintf(out.text, sizeof out.text, "%s for output %zu", name, output);
    return out;
  }
};

// Each in a function of its own: text that is put together where it is needed would be compiled into every step of
// every model.
namespace refusal {
[[noreturn, gnu::cold, gnu::noinline]] inline void of_features(const samples_name& which, std::size_t found,
                                                               std::size_t needed) {
  base::refuse("fusegrad: %s have %zu features, the model takes %zu.", which.in_words().text, found, needed);
}
[[noreturn, gnu::cold, gnu::noinline]] inline void of_targets(const samples_name& which, std::size_t found,
                                                              std::size_t needed) {
  base::refuse("fusegrad: the targets of %s have %zu numbers, the loss takes %zu.", which.in_words().text, found,
               needed);
}
[[noreturn, gnu::cold, gnu::noinline]] inline void of_labels_for_positions(const samples_name& which) {
  base::refuse("fusegrad: %s have class labels, one for each sample, but the outputs of the model have several "
               "positions; end the model in a vector, or give targets.",
               which.in_words().text);
}
[[noreturn, gnu::cold, gnu::noinline]] inline void of_label(const samples_name& which, std::size_t sample,
                                                            std::int32_t label, std::size_t classes) {
  base::refuse("fusegrad: %s: sample %zu has class %d, the model has %zu classes.", which.in_words().text, sample,
               static_cast<int>(label), classes);
}
[[noreturn, gnu::cold, gnu::noinline]] inline void of_name(const samples_name& which, std::size_t place,
                                                           std::string_view found, std::string_view needed) {
  base::refuse("fusegrad: %s: feature %zu is called \"%.*s\", the model takes \"%.*s\" there.", which.in_words().text,
               place, static_cast<int>(found.size()), found.data(), static_cast<int>(needed.size()), needed.data());
}
[[noreturn, gnu::cold, gnu::noinline]] inline void
of_another_name(const char* what, std::size_t place, const std::string& found, const std::string& trained) {
  base::refuse("fusegrad: the validation samples: %s %zu is called \"%s\", in the samples it is \"%s\".", what, place,
               found.c_str(), trained.c_str());
}
[[noreturn, gnu::cold, gnu::noinline]] inline void of_classes(const samples_name& which, std::size_t found,
                                                              std::size_t classes) {
  base::refuse("fusegrad: %s have %zu classes, the model has %zu.", which.in_words().text, found, classes);
}
[[noreturn, gnu::cold, gnu::noinline]] inline void of_number(const samples_name& which, const char* what,
                                                             std::size_t sample, std::size_t place, double number,
                                                             std::string_view name = {}) {
  const char* found = number != number ? "NaN" : number > 0 ? "infinite" : "minus infinite";
  base::refuse("fusegrad: %s: %s %zu%s%.*s%s of sample %zu is %s.", which.in_words().text, what, place,
               name.empty() ? "" : " (", static_cast<int>(name.size()), name.empty() ? "" : name.data(),
               name.empty() ? "" : ")", sample, found);
}
[[noreturn, gnu::cold, gnu::noinline]] inline void of_index(std::size_t sample, std::size_t size) {
  base::refuse("fusegrad: sample %zu was asked for, there are %zu.", sample, size);
}
[[noreturn, gnu::cold, gnu::noinline]] inline void of_batch(std::size_t size) {
  if (size == 0) base::refuse("fusegrad: a step needs at least one sample.");
  base::refuse("fusegrad: statistics of a batch, as batch_norm takes them, need at least 2 samples; 1 was given.");
}
} // namespace refusal

/// The sizes of a sample.
template <class Samples>
constexpr void check_sizes(const Samples& samples, const sample_needs& needs, const samples_name& which) {
  if (samples.features() != needs.features) refusal::of_features(which, samples.features(), needs.features);
  if (!samples.has_labels() && samples.target_width() != needs.target_width)
    refusal::of_targets(which, samples.target_width(), needs.target_width);
  if (samples.has_labels() && !needs.takes_labels) refusal::of_labels_for_positions(which);
}

template <class Samples>
constexpr void check_label(const Samples& samples, std::size_t i, const sample_needs& needs,
                           const samples_name& which) {
  const std::int32_t label = samples.label(i);
  if (label < 0 || static_cast<std::size_t>(label) >= needs.classes())
    refusal::of_label(which, i, label, needs.classes());
}

/// The samples of one batch. One that couples its samples, as batch_norm does, needs two.
template <class Samples>
constexpr void check_batch(const Samples& samples, std::span<const std::uint32_t> indices, const sample_needs& needs,
                           bool couples_batch, const samples_name& which = "the samples") {
  if (indices.empty() || (couples_batch && indices.size() == 1)) refusal::of_batch(indices.size());
  check_sizes(samples, needs, which);
  const std::size_t size = samples.size();
  const bool has_labels = samples.has_labels();
  for (const std::uint32_t i : indices) {
    if (i >= size) refusal::of_index(i, size);
    if (has_labels) check_label(samples, i, needs, which);
  }
}

/// Whether all numbers of a set of samples lie in memory, one after the other.
template <class Samples>
concept in_memory = requires(const Samples& s) {
  { s.inputs().size() } -> std::convertible_to<std::size_t>;
  { s.targets().size() } -> std::convertible_to<std::size_t>;
  requires std::floating_point<std::remove_cvref_t<decltype(s.inputs()[0])>>;
  requires std::floating_point<std::remove_cvref_t<decltype(s.targets()[0])>>;
};

/// What a number of a sample is called: by the samples, else by the model; else nothing.
template <class Samples>
std::string_view feature_name([[maybe_unused]] const Samples& samples, std::span<const std::string_view> by_model,
                              std::size_t place) {
  if constexpr (requires { samples.feature_names()[0]; })
    if (place < samples.feature_names().size()) return samples.feature_names()[place];
  return place < by_model.size() ? by_model[place] : std::string_view{};
}

/// The place of the first number that is not finite; as many as there are where all are.
template <class T> [[gnu::noinline]] std::size_t first_not_finite(std::span<const T> numbers) {
  if (math::all_finite(numbers.data(), numbers.size())) return numbers.size();
  std::size_t i = 0;
  while (base::is_finite(numbers[i])) ++i;
  return i;
}

/// Throws where an input is not finite.
template <class Samples>
void check_finite_inputs(const Samples& samples, const sample_needs& needs, const samples_name& which) {
  const std::span numbers(samples.inputs());
  const std::size_t i = first_not_finite(numbers);
  if (i == numbers.size()) return;
  const std::size_t place = i % needs.features;
  refusal::of_number(which, "feature", i / needs.features, place, static_cast<double>(numbers[i]),
                     feature_name(samples, needs.feature_names, place));
}

/// Throws where a target is not finite.
template <class Samples>
void check_finite_targets(const Samples& samples, std::size_t width, const samples_name& which) {
  if constexpr (in_memory<Samples>) {
    const std::span numbers(samples.targets());
    const std::size_t i = first_not_finite(numbers);
    if (i < numbers.size()) refusal::of_number(which, "target", i / width, i % width, static_cast<double>(numbers[i]));
  } else {
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const auto target = samples.target(i);
      for (std::size_t k = 0; k < width; ++k)
        if (!base::is_finite(target[k])) refusal::of_number(which, "target", i, k, static_cast<double>(target[k]));
    }
  }
}

/// That the inputs are called as those of the model, where both have names: in another order they would be other
/// inputs.
template <class Samples>
constexpr void check_names(const Samples& samples, std::span<const std::string_view> names, const samples_name& which) {
  if constexpr (requires { samples.feature_names()[0]; }) {
    const auto& found = samples.feature_names();
    if (found.size() != names.size()) return;
    for (std::size_t i = 0; i < names.size(); ++i)
      if (found[i] != names[i]) refusal::of_name(which, i, found[i], names[i]);
  }
}

/// That names which both have are the same where they stand at the same place.
template <class Names> void check_same(const char* what, const Names& trained, const Names& found) {
  for (std::size_t i = 0; i < trained.size() && i < found.size(); ++i)
    if (found[i] != trained[i]) refusal::of_another_name(what, i, found[i], trained[i]);
}
/// A validation set by the checks of the trainer, and that its features and classes are called as those of the samples:
/// read from another table they may stand, or be numbered, in another order.
template <class Checks, class Samples, class Validation>
void check_validation_set([[maybe_unused]] const Samples& samples, const Validation& validation) {
  Checks::all(validation, "the validation samples");
  if constexpr (requires {
                  samples.feature_names() == validation.feature_names();
                  samples.class_names() == validation.class_names();
                }) {
    check_same("feature", samples.feature_names(), validation.feature_names());
    check_same("class", samples.class_names(), validation.class_names());
  }
}

/// Sizes and labels of a whole set of samples.
template <class Samples>
constexpr void check_labels(const Samples& samples, const sample_needs& needs, const samples_name& which) {
  check_sizes(samples, needs, which);
  if (!samples.has_labels()) return;
  if constexpr (requires { requires Samples::has_checked_labels; }) {
    if (samples.class_count() > needs.classes()) refusal::of_classes(which, samples.class_count(), needs.classes());
    return;
  }
  for (std::size_t i = 0; i < samples.size(); ++i) check_label(samples, i, needs, which);
}

/// A whole set of samples: that there are some, sizes, labels, and with `numbers_too` that numbers are finite. Samples
/// that are made when they are asked for are not asked for here: their numbers show in the loss of a step.
template <class Samples>
void check_all(const Samples& samples, const sample_needs& needs, const samples_name& which,
               [[maybe_unused]] bool numbers_too = true) {
  if (samples.size() == 0)
    base::refuse("fusegrad: %s: there must be at least one, there is none.", which.in_words().text);
  check_labels(samples, needs, which);
  if constexpr (in_memory<Samples> || requires { requires in_memory<typename Samples::source>; }) {
    if (!numbers_too) return;
    check_finite_inputs(samples, needs, which);
    if (!samples.has_labels()) check_finite_targets(samples, needs.target_width, which);
  }
}

} // namespace fusegrad::train
