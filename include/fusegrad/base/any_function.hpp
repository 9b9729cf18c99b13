// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>
#include <type_traits>
#include <utility>

namespace fusegrad::base {

template <class Signature> class any_function;

// What std::is_invocable_r and std::is_copy_constructible ask, in the compiler's own words: those take 200 KB of it for
// each lambda.
template <class F, class Result, class... Arguments>
concept callable_as = requires(F& f, Arguments... arguments) { f(static_cast<Arguments&&>(arguments)...); } &&
                      (std::is_void_v<Result> || requires(F& f, void (*take)(Result), Arguments... arguments) {
                        take(f(static_cast<Arguments&&>(arguments)...));
                      });
template <class F>
concept can_be_copied = requires(const F& f) { new F(f); };

/// Whether it is a pointer, or holds a function, that is none.
template <class F> bool calls_nothing(const F& f) {
  if constexpr (!std::is_function_v<F> && requires { f == nullptr; })
    return f == nullptr;
  else
    return false;
}

/// Anything that can be called so, or nothing: a copy of a lambda, a function, a `std::function`. What stands in
/// `<functional>` for it brings hash tables along, which every file that includes it reads. To call nothing is an error
/// of who calls.
template <class Result, class... Arguments> class any_function<Result(Arguments...)> {
public:
  any_function() noexcept = default;
  any_function(std::nullptr_t) noexcept {}
  template <class F>
    requires(!std::is_base_of_v<any_function, std::remove_cvref_t<F>> &&
             callable_as<std::decay_t<F>, Result, Arguments...> && can_be_copied<std::decay_t<F>>)
  any_function(F&& f) {
    using kept = std::decay_t<F>;
    if (calls_nothing(f)) return;
    kept_ = new kept(std::forward<F>(f));
    call_ = [](void* at, Arguments... arguments) -> Result {
      return (*static_cast<kept*>(at))(std::forward<Arguments>(arguments)...);
    };
    copy_or_end_ = [](void* at, bool is_copy) -> void* {
      if (is_copy) return new kept(*static_cast<const kept*>(at));
      delete static_cast<kept*>(at);
      return nullptr;
    };
  }
  any_function(const any_function& other)
      : kept_{other.kept_ == nullptr ? nullptr : other.copy_or_end_(other.kept_, true)}, call_{other.call_},
        copy_or_end_{other.copy_or_end_} {}
  any_function(any_function&& other) noexcept
      : kept_{std::exchange(other.kept_, nullptr)}, call_{other.call_}, copy_or_end_{other.copy_or_end_} {}
  any_function& operator=(any_function other) noexcept {
    std::swap(kept_, other.kept_);
    std::swap(call_, other.call_);
    std::swap(copy_or_end_, other.copy_or_end_);
    return *this;
  }
  ~any_function() {
    if (kept_ != nullptr) copy_or_end_(kept_, false);
  }

  /// Whether there is something to call.
  explicit operator bool() const noexcept { return kept_ != nullptr; }
  Result operator()(Arguments... arguments) const { return call_(kept_, std::forward<Arguments>(arguments)...); }

private:
  void* kept_ = nullptr;
  Result (*call_)(void*, Arguments...) = nullptr;
  void* (*copy_or_end_)(void*, bool) = nullptr;
};

} // namespace fusegrad::base
