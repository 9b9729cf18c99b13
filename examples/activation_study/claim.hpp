// SPDX-License-Identifier: MIT
#pragma once

#include "samples.hpp"

#include <functional>
#include <fusegrad/inspect/page.hpp>
#include <string>
#include <vector>

namespace study {

using fusegrad::inspect::page;
using fusegrad::inspect::series;

enum class verdict { supported, not_supported, depends };

inline std::string in_words(verdict v) {
  return v == verdict::supported ? "supported" : v == verdict::not_supported ? "not supported" : "depends";
}

/// What a claim is examined with.
struct settings {
  bool quick = false;
  int seeds = 5;
  int threads = 0;       ///< 0: all
  std::string data = {}; ///< folder with MNIST in IDX form, or empty

  const image_set* images =
      nullptr; ///< what the claim is examined on: the digits in the library, unless on_each_data_set says otherwise
  const image_set* mnist = nullptr; ///< as many images of MNIST, reduced to 8 x 8 pixels; null where it was not given
  const image_set* more_mnist = nullptr; ///< all of them that the study takes; null where it was not given

  std::function<void(double share_done)> progress = {}; ///< to be told from one thread at a time; may be empty
};

/// A number that can be held against the same on other images.
struct finding {
  std::string what, value;
};

/// What became of a claim. The verdict follows from the numbers by the criterion.
struct claim_result {
  int number = 0;
  std::string claim = {}; ///< the sentence that is judged
  verdict decision = verdict::depends;
  std::string because =
      {};            ///< one to three sentences with the numbers: median over seeds, spread; a line for each paragraph
  page details = {}; ///< charts, tables, paragraphs
  std::string criterion = {};         ///< when it is supported and when not; empty where the details say it
  std::vector<finding> findings = {}; ///< the most telling first; only for claims that are examined on images
};

} // namespace study
