// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/any_function.hpp>
#include <type_traits>
#include <utility>

namespace fusegrad::base {

template <class F, class... Arguments>
concept gives_nothing_back = requires(F& f, Arguments... arguments) {
  requires std::is_void_v<decltype(f(static_cast<Arguments&&>(arguments)...))>;
};

/// What is called while something runs, and gives back whether it is to go on. What gives back nothing only looks, and
/// lets it.
template <class... Arguments> class any_callback : public any_function<bool(Arguments...)> {
  using base = any_function<bool(Arguments...)>;

public:
  using base::base;
  any_callback() noexcept = default;
  template <class F>
    requires(gives_nothing_back<std::decay_t<F>, Arguments...> && can_be_copied<std::decay_t<F>>)
  any_callback(F&& f) {
    if (calls_nothing(f)) return;
    base::operator=([look = std::decay_t<F>(std::forward<F>(f))](Arguments... arguments) mutable {
      look(std::forward<Arguments>(arguments)...);
      return true;
    });
  }
};

} // namespace fusegrad::base
