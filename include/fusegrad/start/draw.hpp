// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/random.hpp>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/math/elementary.hpp>
#include <fusegrad/run/program.hpp>
#include <fusegrad/start/gain.hpp>

namespace fusegrad::initial::inline FUSEGRAD_ABI {

namespace detail {

constexpr double fan_of(const execution::parameter_place& p, std::size_t fan_in, graph::fan by) {
  const auto in = static_cast<double>(fan_in != 0 ? fan_in : p.in), out = static_cast<double>(p.out);
  switch (by) {
  case graph::fan::in: return in;
  case graph::fan::out: return out;
  case graph::fan::average: return (in + out) / 2;
  case graph::fan::none: break;
  }
  return 1;
}

/// Whether an initialiser asks for the gain of an expression. Working out one costs the compiler some hundredths of a
/// second.
template <class Program> constexpr bool needs_gain(const Program& program, std::size_t expression) {
  for (const execution::parameter_facts& facts : program.facts)
    if (facts.start.preserve != graph::keep::nothing && static_cast<std::size_t>(facts.gain_expression) == expression)
      return true;
  return false;
}

template <auto Table> inline constexpr mean_squares known_mean_squares = mean_squares_of(expr::to_expression(Table));

/// The mean squares of an expression, worked out at compile time for each activation that an initialiser asks for.
template <class Compiled> constexpr mean_squares mean_squares_at(graph::expression_id which) {
  constexpr std::size_t count = Compiled::value.expressions.size();
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    mean_squares found;
    [[maybe_unused]] const auto look = [&]<std::size_t E>() {
      if constexpr (needs_gain(Compiled::value, E))
        if (static_cast<graph::expression_id>(E) == which)
          found = known_mean_squares<execution::expression_table<Compiled, E>>;
    };
    (look.template operator()<I>(), ...);
    return found;
  }(std::make_index_sequence<count>{});
}

/// The standard deviation of a weight that keeps what its initialiser says.
constexpr double preserving_spread(const execution::parameter_place& p, std::size_t fan_in, graph::keep what,
                                   mean_squares mean) {
  const double in = fan_of(p, fan_in, graph::fan::in), out = fan_of(p, fan_in, graph::fan::out);
  switch (what) {
  case graph::keep::gradient: return 1 / math::sqrt(out * mean.first);
  case graph::keep::both: return math::sqrt(2 / (in * mean.first + out * mean.second));
  default: return 1 / math::sqrt(in * mean.first);
  }
}

constexpr double draw_one(const graph::initialiser& start, double spread, const base::random_stream& stream,
                          std::size_t i) {
  switch (start.draw) {
  case graph::distribution::constant: return start.scale;
  case graph::distribution::uniform: return start.mean + spread * (2 * stream.uniform<double>(i) - 1);
  case graph::distribution::normal: return start.mean + spread * stream.normal<double>(i);
  case graph::distribution::truncated_normal: break;
  }
  // Drawn again from a stream of the number's own until it falls within two deviations.
  const base::random_stream own = stream.child(i);
  for (std::uint64_t attempt = 0;; ++attempt) {
    const double z = own.normal<double>(attempt);
    if (z >= -2 && z <= 2) return start.mean + spread * z;
  }
}

} // namespace detail

/// Draws parameter number `p` of a compiled program into the packed parameters. The numbers depend on the seed, the
/// parameter and the place in it, not on the packing.
template <class Compiled, class T> constexpr void draw(std::size_t p, std::uint64_t seed, T* packed) {
  const execution::parameter_place& place = Compiled::value.parameters[p];
  const execution::parameter_facts& facts = Compiled::value.facts[p];
  const graph::initialiser& start = facts.start;
  double spread = start.scale;
  if (start.divide_by != graph::fan::none) {
    if (start.preserve == graph::keep::nothing)
      spread /= math::sqrt(detail::fan_of(place, facts.fan_in, start.divide_by));
    else
      spread *= detail::preserving_spread(place, facts.fan_in, start.preserve,
                                          detail::mean_squares_at<Compiled>(facts.gain_expression));
    // A uniform distribution has its bound sqrt(3) deviations away.
    if (start.draw == graph::distribution::uniform) spread *= 1.7320508075688772935;
  }
  const base::random_stream stream = base::random_stream(seed).child(p);
  for (std::size_t o = 0; o < place.out; ++o)
    for (std::size_t i = 0; i < place.in; ++i)
      packed[execution::packed_index<T>(place, o, i)] =
          static_cast<T>(detail::draw_one(start, spread, stream, o * place.in + i));
}

} // namespace fusegrad::initial::inline FUSEGRAD_ABI
