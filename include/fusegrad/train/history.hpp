// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <fusegrad/base/config.hpp>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace fusegrad {

/// What one epoch of a fit came to; NaN where there is no such number.
struct epoch_record {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  std::size_t epoch = 0;             ///< counted from 1
  double loss = none;                ///< mean over the epoch, while the weights changed
  double accuracy = none;            ///< the same, where there are labels
  double validation_loss = none;     ///< after the epoch
  double validation_accuracy = none; ///< after the epoch
  double learning_rate = none;       ///< of the last step
  double seconds = none;             ///< training and validation
  double samples_per_second = none;  ///< in training
};

/// The course of a fit, epoch by epoch.
struct history {
  std::vector<epoch_record> records;
  bool stopped_early = false;
  std::string stop_reason; ///< in words, where it stopped early

  /// The epoch with the lowest validation loss, the first of equals; without validation, with the lowest loss; 0 if there is none.
  [[nodiscard]] std::size_t best_epoch() const {
    std::size_t best = 0;
    double lowest = std::numeric_limits<double>::infinity();
    const bool validated = has_validation();
    for (const epoch_record& r : records) {
      const double loss = validated ? r.validation_loss : r.loss;
      if (!(loss < lowest)) continue; // not a number is never the best
      lowest = loss;
      best = r.epoch;
    }
    return best;
  }

  /// One line an epoch below a line of column names (RFC 4180, but lines end in \n); numbers that are absent are empty fields,
  /// the others the shortest that read back as the same double.
  [[nodiscard]] std::string to_csv() const {
    std::string csv = "epoch,loss,accuracy,validation_loss,validation_accuracy,learning_rate,seconds,samples_per_second\n";
    for (const epoch_record& r : records) {
      csv += std::to_string(r.epoch);
      for (const double number : {r.loss, r.accuracy, r.validation_loss, r.validation_accuracy, r.learning_rate, r.seconds,
                                  r.samples_per_second})
        append_field(csv, number);
      csv += '\n';
    }
    return csv;
  }

  /// Writes to_csv() to a file. Throws std::runtime_error naming the file and the cause if it cannot be written.
  void save_csv(const std::string& path) const {
    const std::string csv = to_csv();
    std::FILE* file = std::fopen(path.c_str(), "wb");
    bool written = file != nullptr && std::fwrite(csv.data(), 1, csv.size(), file) == csv.size();
    int cause = written ? 0 : errno;
    if (file != nullptr && std::fclose(file) != 0 && written) { // what was buffered is written here
      written = false;
      cause = errno;
    }
    if (!written) throw std::runtime_error(path + ": the history could not be written: " + std::strerror(cause));
  }

private:
  bool has_validation() const {
    for (const epoch_record& r : records)
      if (r.validation_loss == r.validation_loss) return true;
    return false;
  }

  // Not printf: a decimal comma of the user's locale would make two fields of one number.
  static void append_field(std::string& csv, double number) {
    csv += ',';
    if (number != number) return;
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, number);
    csv.append(digits, end.ptr);
  }
};

} // namespace fusegrad
