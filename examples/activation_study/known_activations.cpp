// SPDX-License-Identifier: MIT
#include "known_activations.hpp"

#include <fusegrad/layer/catalogue.hpp>
#include <fusegrad/start/gain.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace study {

namespace {

namespace fg = fusegrad;

template <class F, class T> void over_array(const T* x, T* y, std::size_t count, T parameter) {
  constexpr auto f = F::template table<1>;
  for (std::size_t i = 0; i < count; ++i) {
    const T arguments[]{x[i], parameter};
    y[i] = fg::expr::evaluate<f>(arguments);
  }
}

template <class F> double learned_number() {
  constexpr auto& record = fg::expr::recorded<typename F::recipe, 1>;
  static_assert(record.leaf_count <= 1, "the study knows activations with one learned number at most");
  return record.leaf_count == 0 ? 0 : record.leaves[0].initial;
}

template <class F> known_activation entry(std::string_view name, const F& f) {
  using slope = decltype(fg::derivative(F{}));
  static constexpr auto formula = slope::to_string();
  return {name,
          {over_array<F, float>, over_array<slope, float>},
          {over_array<F, double>, over_array<slope, double>},
          fg::gain(f),
          fg::gain(f, fg::keep::gradient),
          learned_number<F>(),
          std::string_view(formula)};
}

std::vector<known_activation> all_entries() {
  std::vector<known_activation> all;
  fg::for_each_activation([&](std::string_view name, const auto& f) { all.push_back(entry(name, f)); });
  return all;
}

} // namespace

std::span<const known_activation> known_activations() {
  static const std::vector<known_activation> all = all_entries();
  return all;
}

const known_activation& activation_named(std::string_view name) {
  for (const known_activation& f : known_activations())
    if (f.name == name) return f;
  throw std::out_of_range("there is no activation " + std::string(name));
}

} // namespace study
