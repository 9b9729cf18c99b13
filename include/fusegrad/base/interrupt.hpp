// SPDX-License-Identifier: MIT
#pragma once

#include <csignal>
#include <fusegrad/base/config.hpp>

namespace fusegrad::base {

namespace detail {
inline volatile std::sig_atomic_t interrupt_was_asked_for = 0;

// The second one ends the program: whoever presses Ctrl-C twice means it.
extern "C" inline void fusegrad_note_interrupt(int) {
  interrupt_was_asked_for = 1;
  std::signal(SIGINT, SIG_DFL);
}
} // namespace detail

/// While it lives and is `active`, the first Ctrl-C only asks for an orderly end. A program that handles SIGINT itself
/// keeps its handler.
class interrupt_watch {
public:
  explicit interrupt_watch(bool active) noexcept {
    if (!active) return;
    detail::interrupt_was_asked_for = 0;
    const auto before = std::signal(SIGINT, detail::fusegrad_note_interrupt);
    is_watching_ = before == SIG_DFL;
    if (!is_watching_ && before != SIG_ERR) std::signal(SIGINT, before);
  }
  ~interrupt_watch() {
    if (is_watching_) std::signal(SIGINT, SIG_DFL);
  }
  interrupt_watch(const interrupt_watch&) = delete;
  interrupt_watch& operator=(const interrupt_watch&) = delete;

  [[nodiscard]] bool was_interrupted() const noexcept { return is_watching_ && detail::interrupt_was_asked_for != 0; }

private:
  bool is_watching_ = false;
};

} // namespace fusegrad::base
