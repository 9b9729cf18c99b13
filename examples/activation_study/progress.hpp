// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdio>
#include <fusegrad/base/terminal.hpp>
#include <fusegrad/base/text.hpp>
#include <string>

namespace study {

/// Tells on a terminal how far the study is, and how long it will still take; elsewhere a line for each claim.
class progress {
public:
  /// `expected` is the time that all claims are expected to take together, in any unit.
  progress(std::size_t claims, double expected) : claims_{claims}, expected_{expected} {}

  void begin(const std::string& name, double expected) {
    ++current_;
    name_ = name;
    expected_here_ = expected;
    if (!shown_) std::printf("[%zu/%zu] %s\n", current_, claims_, name_.c_str()), std::fflush(stdout);
    tell(0);
  }

  void tell(double share_done) {
    const auto now = clock::now();
    if (!shown_ || (now - last_ < std::chrono::milliseconds(100) && share_done > 0)) return;
    last_ = now;
    const double done = (expected_done_ + share_done * expected_here_) / expected_,
                 seconds = std::chrono::duration<double>(now - start_).count();
    std::printf("\r\x1b[K[%zu/%zu] %s %3.0f %%", current_, claims_, name_.c_str(), 100 * share_done);
    if (done > 0.02) std::printf(", %s", fusegrad::base::time_left(seconds * (1 - done) / done).c_str());
    std::fflush(stdout);
  }

  void end(const std::string& outcome) {
    expected_done_ += expected_here_;
    if (shown_)
      std::printf("\r\x1b[K[%zu/%zu] %s: %s\n", current_, claims_, name_.c_str(), outcome.c_str());
    else
      std::printf("       %s\n", outcome.c_str());
    std::fflush(stdout);
  }

private:
  using clock = std::chrono::steady_clock;

  std::size_t claims_, current_ = 0;
  double expected_, expected_here_ = 0, expected_done_ = 0;
  std::string name_ = {};
  bool shown_ = fusegrad::base::is_terminal(stdout);
  clock::time_point start_ = clock::now(), last_ = {};
};

} // namespace study
