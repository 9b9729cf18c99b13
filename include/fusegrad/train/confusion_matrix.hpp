// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/text.hpp>
#include <limits>
#include <string>
#include <vector>

namespace fusegrad {

/// How often samples of each class were taken for each class. Shares of nothing are NaN; indices are unchecked.
class confusion_matrix {
public:
  /// Of no classes: empty.
  confusion_matrix() = default;
  explicit confusion_matrix(std::size_t classes) : classes_{classes}, counts_(classes * classes) {}

  void add(std::size_t actual, std::size_t predicted) noexcept { ++counts_[actual * classes_ + predicted]; }

  [[nodiscard]] std::size_t classes() const noexcept { return classes_; }
  [[nodiscard]] bool empty() const noexcept { return classes_ == 0; }

  /// How many samples of class `actual` were taken for class `predicted`.
  [[nodiscard]] std::size_t count(std::size_t actual, std::size_t predicted) const noexcept {
    return counts_[actual * classes_ + predicted];
  }

  [[nodiscard]] std::size_t samples() const noexcept {
    std::size_t sum = 0;
    for (const std::size_t n : counts_) sum += n;
    return sum;
  }

  /// How many samples were taken for what they are.
  [[nodiscard]] std::size_t found() const noexcept {
    std::size_t right = 0;
    for (std::size_t c = 0; c < classes_; ++c) right += count(c, c);
    return right;
  }
  /// The share of samples whose class was found.
  [[nodiscard]] double accuracy() const noexcept { return share(found(), samples()); }

  /// Of the samples taken for class `c`, the share that is of it.
  [[nodiscard]] double precision(std::size_t c) const noexcept {
    std::size_t predicted = 0;
    for (std::size_t a = 0; a < classes_; ++a) predicted += count(a, c);
    return share(count(c, c), predicted);
  }

  /// Of the samples of class `c`, the share that was taken for it.
  [[nodiscard]] double recall(std::size_t c) const noexcept {
    std::size_t actual = 0;
    for (std::size_t p = 0; p < classes_; ++p) actual += count(c, p);
    return share(count(c, c), actual);
  }

  /// The harmonic mean of precision and recall: 2 right / (taken for `c` + of class `c`).
  [[nodiscard]] double f1(std::size_t c) const noexcept {
    std::size_t both = 0;
    for (std::size_t k = 0; k < classes_; ++k) both += count(c, k) + count(k, c);
    return share(2 * count(c, c), both);
  }
  /// The mean of `f1` over all classes that there are samples of, or that samples were taken for.
  [[nodiscard]] double macro_f1() const noexcept {
    return mean([this](std::size_t c) { return f1(c); });
  }
  /// The mean of `recall` over all classes that there are samples of.
  [[nodiscard]] double balanced_accuracy() const noexcept {
    return mean([this](std::size_t c) { return recall(c); });
  }

  /// A table: a row for each actual class with its recall, a column for each predicted class with its precision at the
  /// foot.
  [[nodiscard]] std::string to_string() const {
    if (empty()) return {};
    constexpr std::size_t label_width = 9, share_width = 8; // "precision", "  0.1234"
    std::size_t width = share_width;
    for (const std::size_t n : counts_)
      if (const std::size_t digits = base::grouped(n).size() + 2; digits > width) width = digits;
    const auto cell = [width](const std::string& text) { return base::right_aligned(text, width); };

    std::string table = base::left_aligned("actual", label_width);
    for (std::size_t p = 0; p < classes_; ++p) table += cell("as " + std::to_string(p));
    table += base::right_aligned("recall", share_width) + '\n';
    for (std::size_t a = 0; a < classes_; ++a) {
      table += base::left_aligned(std::to_string(a), label_width);
      for (std::size_t p = 0; p < classes_; ++p)
        table += cell(count(a, p) == 0 && a != p ? "." : base::grouped(count(a, p)));
      table += base::right_aligned(base::fixed(recall(a), 4), share_width) + '\n';
    }
    table += base::left_aligned("precision", label_width);
    for (std::size_t p = 0; p < classes_; ++p) table += cell(base::fixed(precision(p), 4));
    return table + base::right_aligned(base::fixed(accuracy(), 4), share_width) + '\n';
  }

  friend bool operator==(const confusion_matrix&, const confusion_matrix&) = default;

private:
  /// Over the classes of which it is a number.
  template <class OfClass> [[nodiscard]] double mean(OfClass of_class) const noexcept {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t c = 0; c < classes_; ++c)
      if (const double x = of_class(c); x == x) sum += x, ++count;
    return count == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(count);
  }
  static double share(std::size_t part, std::size_t whole) noexcept {
    return whole == 0 ? std::numeric_limits<double>::quiet_NaN()
                      : static_cast<double>(part) / static_cast<double>(whole);
  }

  std::size_t classes_ = 0;
  std::vector<std::size_t> counts_;
};

} // namespace fusegrad
