// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <fusegrad/data/dataset.hpp>
#include <fusegrad/inspect/page.hpp>
#include <string>

namespace study {

using fusegrad::inspect::page;
using fusegrad::inspect::series;

enum class verdict { supported, not_supported, depends };

/// What a claim is examined with.
struct settings {
  bool quick = false;
  int seeds = 5;
  int threads = 0;       ///< 0: all
  std::string data = {}; ///< folder with MNIST in IDX form, or empty

  // The digits in the library, standardised and split; MNIST where it was given, else null.
  const fusegrad::data::dataset<float>* digits_train = nullptr;
  const fusegrad::data::dataset<float>* digits_test = nullptr;
  const fusegrad::data::dataset<float>* mnist_train = nullptr;
  const fusegrad::data::dataset<float>* mnist_test = nullptr;

  std::function<void(double share_done)> progress = {}; ///< to be told from one thread at a time; may be empty
};

/// What became of a claim. The verdict follows from the numbers by the criterion.
struct claim_result {
  int number = 0;
  std::string claim = {}; ///< the sentence that is judged
  verdict decision = verdict::depends;
  std::string because = {};   ///< one to three sentences with the numbers: median over seeds, spread
  page details = {};          ///< charts, tables, paragraphs
  std::string criterion = {}; ///< when it is supported and when not; empty where the details say it
};

} // namespace study
