// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/plan/emit_loss.hpp>
#include <fusegrad/tensor/shape.hpp>
#include <fusegrad/train/samples.hpp>
#include <type_traits>
#include <utility>

namespace fusegrad::train {
/// A loss that is the sum of several, each over a set of points of its own.
template <class Loss>
concept of_point_sets = requires { Loss::set_count; };
/// The loss whose program stands for all where only the model's parameters count.
template <class Loss> struct planned_loss {
  using type = Loss;
};
template <of_point_sets Loss> struct planned_loss<Loss> {
  using type = typename Loss::template part_type<0>;
};
} // namespace fusegrad::train

// A loss is looked at as terms, each of which reads an output and a target. A plain loss is one term, which reads all
// that the model puts out.
namespace fusegrad::train::inline FUSEGRAD_ABI {

/// The terms of a loss on a model.
template <class Model, class Loss> struct loss_terms {
  static constexpr std::size_t count = 1;
  static constexpr std::size_t output_count = 1; ///< how many outputs there are targets for
  template <std::size_t> using loss = Loss;

  static constexpr std::size_t output(std::size_t) { return 0; }
  /// What a term reads, and where it begins in a row of all outputs.
  static constexpr tensor::extents output_shape(std::size_t) { return Model::output_shape(); }
  static constexpr std::size_t output_begin(std::size_t) { return 0; }
  /// Where the numbers that an output is asked for begin, in a row of all.
  static constexpr std::size_t target_begin(std::size_t) { return 0; }

  template <std::size_t> static constexpr const Loss& get(const Loss& l) { return l; }
};
template <class Model, plan::has_terms Loss> struct loss_terms<Model, Loss> {
  static constexpr std::size_t count = Loss::term_count;
  static constexpr std::size_t output_count = Loss::output_count;
  template <std::size_t Term> using loss = typename Loss::template loss_of_term<Term>;

  static constexpr std::size_t output(std::size_t term) { return Loss::outputs[term]; }
  static constexpr tensor::extents output_shape(std::size_t term) { return Model::output_shape(output(term)); }
  static constexpr std::size_t output_begin(std::size_t term) { return Model::output_begin(output(term)); }
  static constexpr std::size_t target_begin(std::size_t wanted) {
    std::size_t begin = 0, next = 0;
    // By the first term of each output: all terms of one read the same target.
    each([&](auto term) {
      constexpr std::size_t here = Loss::outputs[term];
      if (here != next || here >= wanted) return;
      begin += loss<term>::target_shape(output_shape(term)).size();
      ++next;
    });
    return begin;
  }

  template <std::size_t Term> static constexpr const loss<Term>& get(const Loss& l) {
    return l.template loss_at<Term>();
  }

private:
  template <class Use> static constexpr void each(Use use) {
    [&]<std::size_t... Term>(std::index_sequence<Term...>) {
      (use(std::integral_constant<std::size_t, Term>{}), ...);
    }(std::make_index_sequence<count>{});
  }
};

/// Samples with what they ask of one output of several: a target of its own, or some columns of the only one.
template <class Samples> class samples_of_output {
public:
  using source = Samples;

  constexpr samples_of_output(const Samples& of, std::size_t output, std::size_t begin, std::size_t width) noexcept
      : of_{of}, output_{output}, begin_{begin}, width_{width} {}

  [[nodiscard]] constexpr std::size_t size() const { return of_.size(); }
  [[nodiscard]] constexpr std::size_t features() const { return of_.features(); }
  [[nodiscard]] constexpr decltype(auto) input(std::size_t i) const { return of_.input(i); }
  [[nodiscard]] constexpr auto inputs() const
    requires requires(const Samples& s) { s.inputs(); }
  {
    return of_.inputs();
  }
  [[nodiscard]] constexpr bool has_labels() const {
    if constexpr (source_of_several<Samples>) return of_.has_labels(output_);
    return of_.has_labels();
  }
  [[nodiscard]] constexpr std::int32_t label(std::size_t i) const {
    if constexpr (source_of_several<Samples>) return of_.label(i, output_);
    return of_.label(i);
  }
  [[nodiscard]] constexpr auto target(std::size_t i) const {
    if constexpr (source_of_several<Samples>) {
      if (of_.output_count() > 1) return columns<decltype(of_.target(i, output_))>{of_.target(i, output_), 0};
      return columns<decltype(of_.target(i, output_))>{of_.target(i, 0), begin_};
    } else {
      return columns<decltype(of_.target(i))>{of_.target(i), begin_};
    }
  }
  [[nodiscard]] constexpr std::size_t target_width() const {
    if constexpr (source_of_several<Samples>)
      if (of_.output_count() > 1) return of_.target_width(output_);
    return width_;
  }

private:
  template <class Row> struct columns {
    Row row;
    std::size_t begin;
    [[nodiscard]] constexpr auto data() const { return row.data() + begin; }
    constexpr decltype(auto) operator[](std::size_t k) const { return row.data()[begin + k]; }
  };

  const Samples& of_;
  std::size_t output_, begin_, width_;
};

/// How many outputs samples have targets for.
template <class Samples> constexpr std::size_t targets_in(const Samples& samples) {
  if constexpr (source_of_several<Samples>) return samples.output_count();
  return 1;
}

/// Calls `use(term, samples)` for each term of a loss, with what the samples ask of its output; `term` is a constant.
template <class Model, class Loss, class Samples, class Use>
FUSEGRAD_INLINE constexpr void for_each_term(const Samples& samples, Use&& use) {
  using terms = loss_terms<Model, Loss>;
  if constexpr (!plan::has_terms<Loss>) {
    use(std::integral_constant<std::size_t, 0>{}, samples);
  } else {
    [&]<std::size_t... Term>(std::index_sequence<Term...>) {
      const auto one = [&](auto term) {
        constexpr std::size_t output = terms::output(term), begin = terms::target_begin(output),
                              width = terms::template loss<term>::target_shape(terms::output_shape(term)).size();
        use(term, samples_of_output<Samples>(samples, output, begin, width));
      };
      (one(std::integral_constant<std::size_t, Term>{}), ...);
    }(std::make_index_sequence<terms::count>{});
  }
}

} // namespace fusegrad::train::inline FUSEGRAD_ABI
