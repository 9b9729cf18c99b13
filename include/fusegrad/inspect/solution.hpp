// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/inspect/chart.hpp>
#include <fusegrad/inspect/page.hpp>
#include <fusegrad/train/evaluation.hpp>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace fusegrad::inspect {

/// How far a search for the solution of an equation was at one moment.
struct solution_record {
  std::size_t evaluations = 0; ///< of loss and gradient: steps of a fit, evaluations of a minimisation
  double seconds = 0;
  double loss = 0;
  std::vector<double> losses = {};                         ///< of each set of points, weighted
  double error = std::numeric_limits<double>::quiet_NaN(); ///< against a solution that is known; NaN: none is
};

/// What is known about the search for a solution, for people who look at it later.
struct solution_report {
  std::string summary = {};           ///< of the model, as `fusegrad::summary` writes it
  std::vector<std::string> sets = {}; ///< what the sets of points are called, in their order
  std::vector<solution_record> records = {};
  std::string error = "relative L2 error";                      ///< what `solution_record::error` is
  std::vector<std::pair<std::size_t, std::string>> stages = {}; ///< what began after so many evaluations
  std::vector<field_map> fields = {};                           ///< the solution, its error, a residual
  std::vector<line_chart> charts = {};                          ///< slices of the solution
  std::vector<std::pair<std::string, std::string>> facts = {};  ///< name and value: seconds, threads, version

  /// Notes a moment: what `trainer::evaluate` tells of the sets of points, and the error.
  void note(std::size_t evaluations, double seconds, const evaluation& of_sets,
            double error_now = std::numeric_limits<double>::quiet_NaN()) {
    solution_record now{.evaluations = evaluations, .seconds = seconds, .loss = of_sets.loss, .error = error_now};
    for (const evaluation& set : of_sets.outputs) now.losses.push_back(set.loss);
    records.push_back(std::move(now));
  }
};

/// The report as the contents of a page: numbers at the end, error and losses over the evaluations, fields, charts, the
/// model. Needs fusegrad::io. Throws std::invalid_argument for a record with other sets than are named.
page to_page(const solution_report& report);

} // namespace fusegrad::inspect
