// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/file_path.hpp>
#include <fusegrad/inspect/page.hpp>
#include <fusegrad/train/evaluation.hpp>
#include <fusegrad/train/history.hpp>
#include <string>
#include <utility>
#include <vector>

namespace fusegrad {

/// A grey image that a model read, and as what.
struct image_sample {
  std::vector<float> pixels; ///< row-major, 0 for paper to 1 for ink; numbers beyond are cut off
  std::size_t width = 0;
  std::size_t height = 0;
  std::size_t read_as = 0; ///< the class with the largest output
  double confidence = 0;   ///< the probability that the model gave that class
  std::size_t is = 0;      ///< the label
};

/// Numbers as a grey picture, the middle grey for zero, with a word below it: a kernel of a convolution.
struct grey_picture {
  std::vector<float> numbers; ///< row-major
  std::size_t width = 0;
  std::size_t height = 0;
  std::string caption = {};
};

/// What is known about a training run, for people who look at it later.
struct training_report {
  std::string title = {};
  std::string summary = {}; ///< of the model, as `fusegrad::summary` writes it
  fusegrad::history history = {};
  fusegrad::evaluation evaluation = {};
  std::vector<image_sample> misread = {}; ///< the most telling first; a page shows the first 60
  inspect::page health = {};              ///< the run layer by layer: `inspect::to_page(health.log())`
  std::vector<grey_picture> kernels = {}; ///< what the first layer of a convolutional net looks for
  std::vector<std::pair<std::string, std::string>> facts = {}; ///< name and value: seconds, threads, version
};

/// The report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere. It
/// follows the reader's light or dark setting and fits a telephone. What there is nothing to say about is
/// left out. Needs fusegrad::io.
std::string to_html(const training_report& report);

/// Writes the page to a file, which appears when it is complete. Throws std::runtime_error naming the file if
/// it cannot be written.
void save_html(const training_report& report, const base::file_path& path);

} // namespace fusegrad
