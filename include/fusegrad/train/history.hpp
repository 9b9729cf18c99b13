// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <cstddef>
#include <fusegrad/base/csv_field.hpp>
#include <fusegrad/train/best_by.hpp>
#include <fusegrad/train/named_number.hpp>
#include <limits>
#include <string>
#include <vector>

namespace fusegrad {

/// What one epoch of a fit came to; NaN where there is no such number.
struct epoch_record {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  std::size_t epoch = 0;               ///< counted from 1
  double loss = none;                  ///< mean over the epoch, while the weights changed
  double accuracy = none;              ///< the same, where there are labels
  double validation_loss = none;       ///< after the epoch
  double validation_accuracy = none;   ///< after the epoch
  double learning_rate = none;         ///< of the last step
  double seconds = none;               ///< training and validation
  double samples_per_second = none;    ///< in training
  std::vector<named_number> metrics{}; ///< those asked for, on the validation set, after the epoch

  /// The number that `better` names, with a minus where more is better: less is better. NaN where it was not measured.
  [[nodiscard]] double watched(const best_by& better) const {
    const double sign = better.is_highest ? -1 : 1;
    if (better.name == "loss") return sign * validation_loss;
    if (better.name == "accuracy") return sign * validation_accuracy;
    for (const named_number& m : metrics)
      if (m.name == better.name) return sign * m.value;
    return none;
  }
};

/// What ended a fit.
enum class fit_end {
  all_epochs,
  patience,   ///< no better epoch for long enough
  callback,   ///< `on_epoch` gave back false
  observer,   ///< what watched it had seen enough
  not_finite, ///< a step would have left, or started from, numbers that are not finite
  interrupted ///< Ctrl-C
};

/// The course of a fit, epoch by epoch.
struct history {
  std::vector<epoch_record> records;
  fit_end end = fit_end::all_epochs;
  bool stopped_early = false;
  std::string stop_reason;        ///< in words, where it stopped early
  best_by better = best_by::loss; ///< what the fit compared epochs by

  /// The best epoch by `better`, on the validation set, the first of equals; without validation, that with the lowest
  /// loss; 0 if there is none.
  [[nodiscard]] std::size_t best_epoch() const {
    std::size_t best = 0;
    double lowest = std::numeric_limits<double>::infinity();
    const bool validated = has_validation();
    for (const epoch_record& r : records) {
      const double loss = validated ? r.watched(better) : r.loss;
      if (!(loss < lowest)) continue; // not a number is never the best
      lowest = loss;
      best = r.epoch;
    }
    return best;
  }

  /// One line an epoch below a line of column names (RFC 4180, but lines end in \n); numbers that are absent are empty
  /// fields, the others the shortest that read back as the same double. Metrics that were asked for are columns behind.
  [[nodiscard]] std::string to_csv() const {
    std::string csv =
        "epoch,loss,accuracy,validation_loss,validation_accuracy,learning_rate,seconds,samples_per_second";
    const std::vector<std::string> names = metric_names();
    for (const std::string& name : names) csv += "," + base::csv_field("validation_" + name);
    csv += '\n';
    for (const epoch_record& r : records) {
      csv += std::to_string(r.epoch);
      for (const double number : {r.loss, r.accuracy, r.validation_loss, r.validation_accuracy, r.learning_rate,
                                  r.seconds, r.samples_per_second})
        append_field(csv, number);
      for (const std::string& name : names) append_field(csv, r.watched(lowest(name)));
      csv += '\n';
    }
    return csv;
  }

  /// Writes to_csv() to a file, which appears when it is complete. Throws base::file_error naming the file and the
  /// cause if it cannot be written. A part of fusegrad::io, which writes all files.
  void save_csv(const std::string& path) const;

  /// The names of all metrics that were asked for.
  [[nodiscard]] std::vector<std::string> metric_names() const {
    std::vector<std::string> names;
    for (const epoch_record& r : records)
      for (const named_number& m : r.metrics) train::add_once(names, m.name);
    return names;
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
