// SPDX-License-Identifier: MIT
#pragma once

#include "cases.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <limits>
#include <memory>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace benchmarks {

/// Thrown where a system cannot do a case; the message says why.
struct cannot : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A case at one batch size, ready to be trained or computed: weights and data lie in memory.
class session {
public:
  virtual ~session() = default;
  /// Does `count` training steps, or computes the outputs as often. The loop is in here: a call costs more than the
  /// smallest step.
  virtual void repeat(std::size_t count) = 0;
  /// Of the initial weights and the data: the loss, then all gradients row-major, W0 b0 W1 b1 ... Of sessions that
  /// train.
  virtual std::vector<float> gradient() = 0;
  /// The outputs of the batch, row-major. Of sessions that infer.
  virtual std::vector<float> output() = 0;
};

/// One of the systems that are compared. A derived class takes the number of threads where it is made.
class contender {
public:
  virtual ~contender() = default;
  virtual std::string name() const = 0;    ///< one word
  virtual std::string version() const = 0; ///< one word
  /// What the system chose for this processor, in words: instruction sets, and the library that multiplies.
  virtual std::string kernels() const = 0;
  /// The case of a name, or nullptr.
  virtual const model_case* find(std::string_view case_name) const { return find_case(case_name); }
  /// Throws `cannot` where the system has no way to do it.
  virtual std::unique_ptr<session> open(const model_case& c, phase p, std::size_t batch) = 0;
};

/// Makes the compiler believe that memory was written, and that all of it will be read.
inline void launder(void* p) noexcept {
#if defined(__GNUC__)
  asm volatile("" : : "g"(p) : "memory");
#else
  static void* volatile seen;
  seen = p;
#endif
}

struct timing {
  double median_us = 0; ///< of one step or call
  std::size_t iterations = 0;
};

/// Warms up, then times a session, or whatever else has `repeat(count)`, for about `seconds`: the median of eleven
/// stretches of equally many iterations.
template <class Session> timing measure(Session& s, double seconds) {
  using clock = std::chrono::steady_clock;
  const auto time_of = [&](std::size_t count) {
    const auto start = clock::now();
    s.repeat(count);
    return std::chrono::duration<double>(clock::now() - start).count();
  };
  constexpr std::size_t stretches = 11;
  // The warm-up also finds out how many iterations a stretch takes. The fastest counts: one that was interrupted says
  // nothing.
  const double warm_up = std::min(0.25 * seconds, 0.5);
  std::size_t count = 1;
  double spent = 0;
  double once = std::numeric_limits<double>::infinity();
  for (int tries = 0; spent < warm_up || tries < 3; ++tries) {
    const double elapsed = time_of(count);
    spent += elapsed;
    once = std::min(once, elapsed / static_cast<double>(count));
    if (once * static_cast<double>(count) < warm_up / 8) count *= 2;
  }
  count = std::max<std::size_t>(
      1, static_cast<std::size_t>(seconds / static_cast<double>(stretches) / std::max(once, 1e-10)));
  std::array<double, stretches> times;
  for (double& t : times) t = time_of(count);
  std::sort(times.begin(), times.end());
  return {times[stretches / 2] / static_cast<double>(count) * 1e6, count * stretches};
}

/// Serves one process of the comparison: a command a line on standard input, an answer a line on standard output.
/// docs/benchmarks.md has the protocol.
class worker {
public:
  explicit worker(contender& system) : system_{system} {}

  int serve() {
    std::cout << "system " << system_.name() << ' ' << system_.version() << std::endl;
    for (std::string line; std::getline(std::cin, line) && line != "quit";) std::cout << answer_to(line) << std::endl;
    return 0;
  }

private:
  std::string answer_to(const std::string& line) noexcept try {
    std::istringstream words(line);
    std::string command;
    words >> command;
    if (command == "gradient") return write(words, phase::train);
    if (command == "output") return write(words, phase::infer);
    if (command == "time") return time(words);
    if (command == "cases") return "ok" + all_cases_in_words();
    if (command == "memory") return "ok " + std::to_string(peak_memory_kib());
    if (command == "kernels") return "ok " + system_.kernels();
    return "error unknown command: " + line;
  } catch (const cannot& reason) {
    return std::string("skip ") + reason.what();
  } catch (const std::exception& e) {
    return std::string("error ") + e.what();
  }

  std::string write(std::istringstream& words, phase p) {
    std::string name, file;
    std::size_t batch = 0;
    words >> name >> batch >> file;
    // Never a session that has already trained.
    const auto fresh = system_.open(case_of(name), p, checked(batch));
    const std::vector<float> numbers = p == phase::train ? fresh->gradient() : fresh->output();
    std::ofstream out(file, std::ios::binary);
    out.write(reinterpret_cast<const char*>(numbers.data()),
              static_cast<std::streamsize>(numbers.size() * sizeof(float)));
    if (!out.flush()) throw std::runtime_error("cannot write " + file);
    return "ok";
  }

  std::string time(std::istringstream& words) {
    std::string name, which;
    std::size_t batch = 0;
    double seconds = 0;
    words >> name >> which >> batch >> seconds;
    if (which != "train" && which != "infer") throw std::runtime_error("a phase is train or infer, not " + which);
    if (!(seconds > 0)) throw std::runtime_error("the seconds are missing");
    const phase p = which == "train" ? phase::train : phase::infer;
    // The driver comes back to a case round by round: the session of the last time is warm.
    const std::string key = name + ' ' + which + ' ' + std::to_string(batch);
    if (key != open_key_) {
      open_key_.clear();
      open_.reset();
      open_ = system_.open(case_of(name), p, checked(batch));
      open_key_ = key;
    }
    const timing t = measure(*open_, seconds);
    char text[64];
    std::snprintf(text, sizeof text, "ok %.5f %zu", t.median_us, t.iterations);
    return text;
  }

  /// name:widths:activation:loss:batches, a word each.
  static std::string all_cases_in_words() {
    std::ostringstream out;
    const auto write = [&out](std::span<const std::size_t> numbers, char between) {
      for (std::size_t i = 0; i < numbers.size(); ++i) (i == 0 ? out : out << between) << numbers[i];
    };
    for (const model_case& c : all_cases) {
      out << ' ' << c.name << ':';
      write(c.widths(), '-');
      out << ':' << activation_names[static_cast<std::size_t>(c.after)] << ':'
          << loss_names[static_cast<std::size_t>(c.trained_on)] << ':';
      write(c.batches(), ',');
    }
    return out.str();
  }

  static std::size_t checked(std::size_t batch) {
    if (batch == 0) throw std::runtime_error("the batch size is missing");
    return batch;
  }

  const model_case& case_of(const std::string& name) const {
    if (const model_case* found = system_.find(name)) return *found;
    throw std::runtime_error("unknown case: " + name);
  }

  static std::size_t peak_memory_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
      if (word == "VmHWM:") {
        std::size_t kib = 0;
        status >> kib;
        return kib;
      }
    throw std::runtime_error("/proc/self/status does not say how much memory was used");
  }

  contender& system_;
  std::unique_ptr<session> open_;
  std::string open_key_;
};

/// The number after `--threads`, 1 where there is none.
inline int threads_of(int argc, char** argv) {
  for (int i = 1; i + 1 < argc; ++i)
    if (std::string_view(argv[i]) == "--threads") return std::max(1, std::atoi(argv[i + 1]));
  return 1;
}

/// The main function of a worker that is nothing else; `System` is made with the number of threads.
template <class System> int serve(int argc, char** argv) try {
  System system{threads_of(argc, argv)};
  return worker{system}.serve();
} catch (const std::exception& e) {
  std::fprintf(stderr, "%s: %s\n", argv[0], e.what());
  return 1;
}

} // namespace benchmarks
