// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/train/errors.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/hana.hpp>
#include <fusegrad/train/evaluation.hpp>
#include <fusegrad/train/evaluator.hpp>
#include <fusegrad/train/gradients.hpp>
#include <fusegrad/train/measure.hpp>
#include <fusegrad/train/point_sets.hpp>
#include <fusegrad/train/several_losses.hpp>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace fusegrad {

/// Several losses of one model, each over points of its own: their sum is minimised.
template <class... Parts> struct physics_loss : loss_base {
  static constexpr std::size_t set_count = sizeof...(Parts);
  hana::tuple<Parts...> parts;
  template <std::size_t Which>
  using part_type = std::remove_cvref_t<decltype(hana::at_c<Which>(std::declval<const hana::tuple<Parts...>&>()))>;

  constexpr explicit physics_loss(const Parts&... each) : parts{each...} {}

  static constexpr auto coefficients() { return train::coefficients_of<Parts...>(); }

  /// The loss of several sets together, and of each by itself.
  template <class Model, class T, class Loss, class Samples>
  static evaluation evaluate(const weights<Model, T>& w, const Loss& loss, const Samples& points);
};

/// Equations, or other losses with targets, each over a set of points of its own, with weights: `physics(interior, 10 *
/// walls, start)`, trained on `points(inside, sides, at_start)`. Each is worked out with the derivatives that it reads
/// and no others.
template <any_loss... Losses> constexpr auto physics(const Losses&... losses) {
  static_assert(sizeof...(Losses) > 0, "fusegrad: physics takes at least one equation.");
  (train::require_term<Losses>(), ...);
  using found = decltype(train::coefficients_of<Losses...>()); // starts are compared here, where the losses stand
  if constexpr (diagnostics::is_fault<found>) static_cast<void>(sizeof(typename found::error));
  return physics_loss<Losses...>(losses...);
}

namespace train {

namespace refusal {
[[noreturn, gnu::cold, gnu::noinline]] inline void of_sets(const samples_name& which, std::size_t found,
                                                           std::size_t needed) {
  refuse_samples(which.text() + " are " + std::to_string(found) + (found == 1 ? " set" : " sets") +
                 " of points, the loss takes " + std::to_string(needed) + ".");
}
[[noreturn, gnu::cold, gnu::noinline]] inline void of_no_sets(const samples_name& which) {
  refuse_samples(which.text() + " are no sets of points: make them with points(first, second, ...).");
}
} // namespace refusal

template <class Points, std::size_t Count> inline constexpr bool are_point_sets = false;
template <class... Sets, std::size_t Count>
inline constexpr bool are_point_sets<point_sets<Sets...>, Count> = sizeof...(Sets) == Count;

/// Calls `use(number, samples, loss)` for each set of points with its loss; `number` is a constant. Nothing for what is
/// no such sets: `sample_checks` has refused it before.
template <class Model, of_point_sets Loss, class Points, class Use>
constexpr void for_each_set(const Loss& loss, const Points& points, Use&& use) {
  if constexpr (are_point_sets<Points, Loss::set_count>)
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (use(std::integral_constant<std::size_t, I>{}, points.template set<I>(Model::input_size()),
           hana::at_c<I>(loss.parts)),
       ...);
    }(std::make_index_sequence<Loss::set_count>{});
}

/// Checks sets of points, each as the samples of its loss.
template <class Model, of_point_sets Loss> class sample_checks<Model, Loss> {
public:
  template <class Samples>
  static constexpr void batch(const Samples& samples, std::span<const std::uint32_t>, bool couples_batch) {
    each(samples, "the points", [&]<class Part>(const auto& set, const samples_name& which, std::type_identity<Part>) {
      if (set.size() == 0 || (couples_batch && set.size() == 1)) refusal::of_batch(set.size());
      sample_checks<Model, Part>::labels(set, which);
    });
  }
  template <class Samples> static constexpr void labels(const Samples& samples, const samples_name& which) {
    each(samples, which, []<class Part>(const auto& set, const samples_name& name, std::type_identity<Part>) {
      sample_checks<Model, Part>::labels(set, name);
    });
  }
  template <class Samples> static void all(const Samples& samples, const samples_name&, bool are_finite = true) {
    each(samples, "the points", [&]<class Part>(const auto& set, const samples_name& name, std::type_identity<Part>) {
      sample_checks<Model, Part>::all(set, name, are_finite);
    });
  }

private:
  template <class... Sets, class Check>
  static constexpr void each(const point_sets<Sets...>& points, const samples_name& which, Check check) {
    if (sizeof...(Sets) != Loss::set_count) refusal::of_sets(which, sizeof...(Sets), Loss::set_count);
    if constexpr (sizeof...(Sets) == Loss::set_count)
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        (check(points.template set<I>(Model::input_size()), samples_name("the points", I),
               std::type_identity<typename Loss::template part_type<I>>{}),
         ...);
      }(std::make_index_sequence<Loss::set_count>{});
  }
  template <class Samples, class Check> static constexpr void each(const Samples&, const samples_name& which, Check) {
    refusal::of_no_sets(which);
  }
};

} // namespace train

inline namespace FUSEGRAD_ABI {

/// The loss of several sets of points and its gradient: the sum of those of each set, in their order.
template <any_model Model, any_loss Loss, class T, plan::purpose For>
  requires(train::of_point_sets<Loss> && !std::is_const_v<Model>)
class gradients<Model, Loss, T, For> {
  template <std::size_t Which> using part = gradients<Model, typename Loss::template part_type<Which>, T, For>;
  template <std::size_t... I> static hana::tuple<part<I>...> all_parts(std::index_sequence<I...>);
  using parts = decltype(all_parts(std::make_index_sequence<Loss::set_count>{}));

public:
  using number_type = T;
  static constexpr bool couples_batch = []<std::size_t... I>(std::index_sequence<I...>) {
    return (part<I>::couples_batch || ...);
  }(std::make_index_sequence<Loss::set_count>{});

  /// Memory is taken for each set when it is seen first.
  constexpr gradients(Model, Loss loss, std::size_t, int threads = 1)
      : loss_{loss}, thread_count_{threads}, team_{threads}, parts_{[&]<std::size_t... I>(std::index_sequence<I...>) {
          return parts(part<I>(Model{}, hana::at_c<I>(loss.parts), 0, threads)...);
        }(std::make_index_sequence<Loss::set_count>{})} {}

  [[nodiscard]] static constexpr std::size_t largest_batch() noexcept {
    return std::numeric_limits<std::size_t>::max();
  }
  constexpr void use_random_numbers(std::uint64_t seed, std::uint64_t step = 0) noexcept {
    hana::for_each(parts_, [&](auto& p) { p.use_random_numbers(seed, step); });
  }
  [[nodiscard]] constexpr std::uint64_t random_step() const noexcept { return hana::at_c<0>(parts_).random_step(); }
  [[nodiscard]] constexpr execution::team threads(std::size_t batch) const noexcept {
    return hana::at_c<0>(parts_).threads(batch);
  }
  [[nodiscard]] constexpr const Loss& loss() const noexcept { return loss_; }

  template <class Samples> constexpr void check(const Samples& samples, std::span<const std::uint32_t> indices) const {
    train::sample_checks<Model, Loss>::batch(samples, indices, couples_batch);
  }
  template <class Samples> constexpr batch_result compute(const weights<Model, T>& w, const Samples& samples) {
    check(samples, {});
    return with_rows(samples, {}, [&](const auto& points, std::span<const std::uint32_t> none) {
      return compute_only(w, points, none);
    });
  }

  /// Takes memory where a set has become larger.
  template <class Samples, class Use>
  constexpr batch_result with_rows(const Samples& points, std::span<const std::uint32_t> indices, Use&& use) {
    std::size_t most = 0;
    train::for_each_set<Model>(loss_, points, [&](auto number, const auto& set, const auto& loss) {
      auto& p = hana::at_c<number>(parts_);
      if (set.size() > most) most = set.size();
      if (set.size() <= p.largest_batch()) return;
      const std::uint64_t seed = p.random_seed(), step = p.random_step();
      p = part<number>(Model{}, loss, set.size(), thread_count_);
      p.use_random_numbers(seed, step);
    });
    while (order_.size() < most) order_.push_back(static_cast<std::uint32_t>(order_.size()));
    return use(points, indices);
  }

  template <class Samples>
  constexpr batch_result compute_only(const weights<Model, T>& w, const Samples& points,
                                      std::span<const std::uint32_t>) {
    batch_result total;
    sum(w, points, total);
    return total;
  }
  template <class Samples, class Update>
  constexpr batch_result compute_checked(const weights<Model, T>& w, const Samples& points,
                                         std::span<const std::uint32_t>, Update&& update) {
    batch_result total;
    sum(w, points, total);
    if (update.accepts(total.loss))
      team_.run([&](const execution::member& who) {
        update.finish(who, false, [&](std::size_t begin, std::size_t, auto*) { return packed().data() + begin; });
      });
    total.refused = !update.accepts(total.loss) || update.refused();
    return total;
  }
  /// A step on all points, whatever the order.
  template <class Samples, class Course>
  constexpr void run_steps(const weights<Model, T>& w, const Samples& points, std::span<const std::uint32_t> none,
                           std::size_t, Course& course) {
    course.begin();
    course.end(compute_checked(w, points, none, course.update()), none.size());
  }

  [[nodiscard]] constexpr std::span<T> packed() noexcept { return hana::at_c<0>(parts_).packed(); }
  [[nodiscard]] std::vector<T> read(std::string_view name) const { return hana::at_c<0>(parts_).read(name); }

private:
  template <class Samples> constexpr void sum(const weights<Model, T>& w, const Samples& points, batch_result& total) {
    const std::span<T> all = packed();
    train::for_each_set<Model>(loss_, points, [&](auto number, const auto& set, const auto&) {
      auto& p = hana::at_c<number>(parts_);
      const auto names = std::span<const std::uint32_t>(order_).first(set.size());
      total.loss += p.with_rows(set, names, [&](const auto& rows, std::span<const std::uint32_t> own) {
                       return p.compute_only(w, rows, own);
                     }).loss;
      if constexpr (number > 0) {
        const std::span<const T> own = p.packed();
        for (std::size_t i = 0; i < all.size(); ++i) all[i] += own[i];
      }
    });
  }

  Loss loss_;
  int thread_count_;
  execution::team team_;
  parts parts_;
  std::vector<std::uint32_t> order_;
};

} // namespace FUSEGRAD_ABI

template <class... Parts>
template <class Model, class T, class Loss, class Samples>
evaluation physics_loss<Parts...>::evaluate(const weights<Model, T>& w, const Loss& loss, const Samples& points) {
  const execution::team team{0};
  evaluation all;
  all.loss = 0;
  train::for_each_set<Model>(loss, points, [&](auto, const auto& set, const auto& own) {
    const auto result = train::evaluate_all(w, own, set, team);
    evaluation one =
        train::measure_outputs<Model, std::remove_cvref_t<decltype(own)>>(set, std::span<const T>(result.outputs));
    one.loss = result.loss;
    all.samples += set.size();
    all.loss += one.loss;
    all.outputs.push_back(std::move(one));
  });
  return all;
}

} // namespace fusegrad
