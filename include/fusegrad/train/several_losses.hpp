// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/train/errors.hpp>

#include <array>
#include <cstddef>
#include <fusegrad/base/finite.hpp>
#include <fusegrad/base/hana.hpp>
#include <fusegrad/base/text.hpp>
#include <fusegrad/graph/emitter.hpp>
#include <fusegrad/plan/emit_loss.hpp>
#include <fusegrad/train/loss.hpp>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace fusegrad {

/// A loss times a positive number, by which the mean over samples is divided less.
template <any_loss Loss> struct weighted_loss : Loss {
  double weight = 1;

  constexpr weighted_loss(double factor, const Loss& plain) : Loss{plain}, weight{factor} {}
  template <class Samples, class Indices>
  constexpr double normaliser(const Samples& samples, const Indices& indices, std::size_t width) const {
    return Loss::normaliser(samples, indices, width) / weight;
  }

  // They would give back the loss without its weight: set them first.
  void label_smoothing(double) const = delete;
  template <class Weights> void class_weights(const Weights&) const = delete;
};

namespace train {

/// A loss, and the output that it reads.
template <std::size_t Output, class Loss> struct loss_of_output {
  static constexpr std::size_t output = Output;
  using loss_type = Loss;
  Loss loss;
};

template <class Loss>
concept penalised = requires { typename Loss::penalty; };

} // namespace train

/// Several losses that are added, each of one output and its target: `losses(a, b)` one for each output,
/// `a + 0.3 * b` both of the same. Each is a mean by its own rule.
template <class... Terms> struct several_losses : loss_base {
  static constexpr std::size_t term_count = sizeof...(Terms);
  static constexpr std::array<std::size_t, term_count> outputs{Terms::output...};
  static constexpr std::size_t output_count = [] {
    std::size_t most = 0;
    for (std::size_t output : outputs) most = output > most ? output : most;
    return most + 1;
  }();
  template <std::size_t Term>
  using loss_of_term =
      typename std::remove_cvref_t<decltype(hana::at_c<Term>(std::declval<const hana::tuple<Terms...>&>()))>::loss_type;

  hana::tuple<Terms...> terms;
  /// The loss of one term.
  template <std::size_t Term> constexpr const auto& loss_at() const { return hana::at_c<Term>(terms).loss; }

  static constexpr auto coefficients() { return train::coefficients_of<typename Terms::loss_type...>(); }

  constexpr explicit several_losses(const Terms&... each) : terms{each...} {}

  /// Writes an input for the target of each term, and the term.
  static constexpr void emit(graph::emitter& e, const graph::wire& outputs_of_model) {
    std::size_t term = 0;
    const auto write = [&]<class Loss>(std::size_t output, std::type_identity<Loss>) {
      if (output >= outputs_of_model.size()) return; // refused by fault_of_loss
      const graph::row& prediction = outputs_of_model[output];
      e.enter_loss_term(term++);
      Loss::emit(e, prediction, e.input(Loss::target_shape(prediction.shape)));
    };
    (write(Terms::output, std::type_identity<typename Terms::loss_type>{}), ...);
  }
};

namespace train {

template <class Loss> constexpr void require_term() {
  if constexpr (!any_loss<Loss>)
    static_cast<void>(sizeof(trainer_needs_a_loss<Loss>));
  else if constexpr (penalised<Loss>)
    static_cast<void>(sizeof(penalty_inside_of_a_sum<Loss>));
}

template <std::size_t Terms> constexpr void require_room() {
  if constexpr (Terms > graph::most_loss_terms)
    static_cast<void>(sizeof(too_many_losses<diagnostics::got<Terms>, diagnostics::needs<graph::most_loss_terms>>));
}

/// The terms of a loss, as terms of this output.
template <std::size_t Output, class Loss> constexpr auto terms_for(const Loss& loss) {
  if constexpr (plan::has_terms<Loss>) {
    if constexpr (Loss::output_count != 1) static_cast<void>(sizeof(losses_inside_of_a_sum<Loss>));
    return hana::transform(loss.terms, []<std::size_t Old, class L>(const loss_of_output<Old, L>& term) {
      return loss_of_output<Output, L>{term.loss};
    });
  } else {
    return hana::make_tuple(loss_of_output<Output, Loss>{loss});
  }
}

template <class Tuple> constexpr auto sum_of_terms(const Tuple& all) {
  return hana::unpack(all, []<class... Terms>(const Terms&... each) { return several_losses<Terms...>(each...); });
}

template <class A, class B, class... More> constexpr auto sum_of_terms(const A& a, const B& b, const More&... more) {
  return sum_of_terms(hana::concat(a, b), more...);
}

} // namespace train

/// A loss for each output of a model that ends in branches, in their order, with a target for each:
/// `losses(softmax_cross_entropy, 0.3 * mean_squared_error)`. What is minimised is their sum.
template <class... Losses> constexpr auto losses(const Losses&... of_outputs) {
  (train::require_term<Losses>(), ...);
  train::require_room<(plan::terms_of<Losses> + ...)>();
  return [&]<std::size_t... Output>(std::index_sequence<Output...>) {
    return train::sum_of_terms(train::terms_for<Output>(of_outputs)...);
  }(std::index_sequence_for<Losses...>{});
}

/// Two losses of the same output and the same target.
template <any_loss A, any_loss B> constexpr auto operator+(const A& a, const B& b) {
  train::require_term<A>();
  train::require_term<B>();
  train::require_room<plan::terms_of<A> + plan::terms_of<B>>();
  return train::sum_of_terms(train::terms_for<0>(a), train::terms_for<0>(b));
}

/// A loss with a weight: a number above 0. Throws std::invalid_argument for another one.
template <class Number, any_loss Loss>
  requires std::is_arithmetic_v<Number>
constexpr auto operator*(Number number, const Loss& loss) {
  train::require_term<Loss>();
  const auto weight = static_cast<double>(number);
  if (!(weight > 0 && base::is_finite(weight)))
    throw std::invalid_argument("fusegrad: the weight of a loss is above 0 and finite, not " + base::brief(weight) +
                                ".");
  if constexpr (plan::has_terms<Loss>)
    return hana::unpack(
        loss.terms, [&]<std::size_t... Output, class... L>(const train::loss_of_output<Output, L>&... each) {
          return several_losses(train::loss_of_output<Output, decltype(weight * each.loss)>{weight * each.loss}...);
        });
  else if constexpr (requires { loss.weight; })
    return Loss(weight * loss.weight, loss);
  else
    return weighted_loss<Loss>(weight, loss);
}
template <any_loss Loss, class Number>
  requires std::is_arithmetic_v<Number>
constexpr auto operator*(const Loss& loss, Number number) {
  return number * loss;
}

} // namespace fusegrad
