// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>
#include <fusegrad/base/finite.hpp>
#include <fusegrad/train/rule_settings.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace fusegrad::train {

/// Calls `use(place)` for each parameter of this name, or inside a part of this name. Throws std::out_of_range with the
/// names that there are where there is none.
template <class Use> void for_each_under(std::string_view name, const std::vector<std::string>& names, const Use& use) {
  bool found = false;
  for (std::size_t p = 0; p < names.size(); ++p) {
    const std::string_view here = names[p];
    if (!here.starts_with(name) || (here.size() != name.size() && here[name.size()] != '.')) continue;
    use(p);
    found = true;
  }
  if (found) return;
  std::string known;
  for (const std::string& each : names) known += (known.empty() ? "" : ", ") + each;
  throw std::out_of_range("fusegrad: nothing in the model is called \"" + std::string(name) +
                          "\", nor does a name begin with it; there are " + known + ".");
}

/// Learning rates of parts of a model, by name: of a parameter, `"encoder.0.weight"`, or of all that lie in a part of
/// the model, `"encoder"`, `"encoder.0"`. A base of the trainer.
template <class Trainer> class parts_by_name {
public:
  /// Multiplies the learning rate of a part by `rate`, until it is set again; 0 is `freeze`. What the rule multiplies
  /// by its learning rate, as a decay of weights, follows. Throws std::out_of_range for an unknown name, and
  /// std::invalid_argument for a rate below 0 or not finite, or where the update rule has no learning rate; nothing is
  /// changed then.
  void set_rate(std::string_view name, double rate) {
    if (!(rate >= 0 && base::is_finite(rate)))
      refuse_setting("the rate of \"" + std::string(name) + "\"", "0 or more and finite", rate);
    if (rate == 0) return freeze(name);
    using rule = std::remove_cvref_t<decltype(self().rule())>;
    if constexpr (!has_setting<rule>("learning_rate"))
      throw std::invalid_argument("fusegrad: the update rule has no setting \"learning_rate\" that a rate could be a "
                                  "share of.");
    for_each_under(name, Trainer::parameter_names(), [&](std::size_t p) {
      rates().set_rate(p, count(), rate);
      rates().set_frozen(p, count(), false);
    });
  }
  /// Leaves a part as it is in all later steps: no update, no decay, moments of the rule and running statistics stay,
  /// and its gradient does not count where the norm of the whole is clipped. Throws std::out_of_range for an unknown
  /// name.
  void freeze(std::string_view name) { set_frozen(name, true); }
  /// Trains a part again, with the rate that it had; its moments go on where they were.
  void unfreeze(std::string_view name) { set_frozen(name, false); }
  /// The share of the learning rate that a parameter is trained with, 0 where it is frozen. Throws std::out_of_range
  /// for a name that is no parameter's.
  [[nodiscard]] double rate(std::string_view parameter) const {
    const std::size_t p = self().parameters().index_of(parameter);
    return rates().is_frozen(p) ? 0 : rates().rate(p);
  }

private:
  void set_frozen(std::string_view name, bool is_frozen) {
    for_each_under(name, Trainer::parameter_names(), [&](std::size_t p) { rates().set_frozen(p, count(), is_frozen); });
  }
  Trainer& self() noexcept { return static_cast<Trainer&>(*this); }
  const Trainer& self() const noexcept { return static_cast<const Trainer&>(*this); }
  std::size_t count() const noexcept { return self().parameters().parameter_count; }
  auto& rates() noexcept { return self().updater_.rates(); }
  const auto& rates() const noexcept { return self().updater_.rates(); }
};

} // namespace fusegrad::train
