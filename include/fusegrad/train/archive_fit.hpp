// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/train/fit_run.hpp>
#include <fusegrad/train/run_archive.hpp>
#include <string>
#include <utility>
#include <vector>

// How far a fit is, as part of an archive.
namespace fusegrad::train {

/// What has to be the same for a fit to go on where it was.
struct fit_identity {
  std::size_t samples = 0, batch_size = 0, epochs = 0;
  std::uint64_t seed = 0;
  bool shuffles = false, has_schedule = false;

  void add_to(run_archive& archive) const {
    archive.add("fit.samples", std::uint64_t{samples});
    archive.add("fit.batch_size", std::uint64_t{batch_size});
    archive.add("fit.epochs", std::uint64_t{epochs});
    archive.add("fit.seed", seed);
    archive.add("fit.shuffles", std::uint64_t{shuffles});
    archive.add("fit.has_schedule", std::uint64_t{has_schedule});
  }

  /// Throws file_error naming what is not the same. The number of epochs may be another one, unless a schedule is spread over them.
  void check(const run_archive& archive) const {
    const auto same = [&](const char* name, std::uint64_t mine, const char* words) {
      if (const std::uint64_t found = archive.count(name); found != mine)
        archive.refuse("it is of a fit with " + std::to_string(found) + " " + words + ", this one has " + std::to_string(mine) +
                       ". Another file name starts anew");
    };
    same("fit.samples", samples, "samples");
    same("fit.batch_size", batch_size, "samples a batch");
    same("fit.seed", seed, "as seed of the order");
    same("fit.shuffles", shuffles, "for \"the order is shuffled\"");
    same("fit.has_schedule", has_schedule, "for \"the learning rate has a schedule\"");
    if (has_schedule) same("fit.epochs", epochs, "epochs under its schedule");
  }
};

inline constexpr std::size_t record_columns = 8;

inline std::vector<double> numbers_of(const history& past) {
  std::vector<double> out;
  for (const epoch_record& r : past.records)
    for (const double x : {static_cast<double>(r.epoch), r.loss, r.accuracy, r.validation_loss, r.validation_accuracy, r.learning_rate, r.seconds,
                           r.samples_per_second})
      out.push_back(x);
  return out;
}
inline std::vector<epoch_record> records_of(const std::vector<double>& numbers) {
  std::vector<epoch_record> records;
  for (std::size_t i = 0; i + record_columns <= numbers.size(); i += record_columns) {
    const double* n = numbers.data() + i;
    records.push_back({static_cast<std::size_t>(n[0]), n[1], n[2], n[3], n[4], n[5], n[6], n[7]});
  }
  return records;
}

/// All of a fit's progress but the weights of its best epoch.
template <class T> void add_fit(run_archive& archive, const fit_run<T>& run) {
  archive.add("fit.epoch", std::uint64_t{run.epoch});
  archive.add("fit.batch", std::uint64_t{run.batch});
  archive.add("fit.correct", std::uint64_t{run.sums.correct});
  archive.add("fit.samples_seen", std::uint64_t{run.sums.samples});
  archive.add("fit.best_epoch", std::uint64_t{run.best_epoch});
  archive.add<double>("fit.sums", {3}, {run.sums.loss, run.sums.learning_rate, run.best_loss});
  archive.add<double>("fit.history", {run.past.records.size(), record_columns}, numbers_of(run.past));
}

template <class T> fit_run<T> read_fit(const run_archive& archive) {
  fit_run<T> run;
  run.epoch = archive.count("fit.epoch");
  run.batch = archive.count("fit.batch");
  run.sums.correct = archive.count("fit.correct");
  run.sums.samples = archive.count("fit.samples_seen");
  run.best_epoch = archive.count("fit.best_epoch");
  const std::vector<double>& sums = archive.numbers<double>("fit.sums", {3});
  run.sums.loss = sums[0];
  run.sums.learning_rate = sums[1];
  run.best_loss = sums[2];
  run.past.records = records_of(archive.rows<double>("fit.history", record_columns));
  return run;
}

} // namespace fusegrad::train
