// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/model/errors.hpp>

#include <cstddef>
#include <fusegrad/base/raise.hpp>
#include <fusegrad/base/refuse.hpp>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/plan/compiled.hpp>
#include <fusegrad/start/draw.hpp>
#include <fusegrad/tensor/buffer.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fusegrad {

namespace detail {

// In functions that no model is a type in: names and words would else be compiled into each, wherever one is read
// or written.

// A string_view is not made of an address and a size here: g++ asks by a chain of concepts whether the address is an
// iterator, which takes 15 ms for each type of address.
struct all_facts {
  const execution::parameter_facts* items;
  std::size_t count;
  [[nodiscard]] constexpr std::size_t size() const noexcept { return count; }
  constexpr const execution::parameter_facts& operator[](std::size_t p) const noexcept { return items[p]; }
};

[[nodiscard, gnu::noinline]] inline std::vector<std::string> names_of(all_facts facts, const char* characters) {
  std::vector<std::string> names;
  for (std::size_t p = 0; p < facts.size(); ++p)
    names.emplace_back(characters + facts[p].name_begin, facts[p].name_size);
  return names;
}
/// The place of a name; as many as there are where none has it.
[[nodiscard, gnu::noinline]] constexpr std::size_t find_name(std::string_view name, all_facts facts,
                                                             const char* characters) noexcept {
  for (std::size_t p = 0; p < facts.size(); ++p) {
    bool is_same = facts[p].name_size == name.size();
    for (std::size_t i = 0; is_same && i < name.size(); ++i) is_same = characters[facts[p].name_begin + i] == name[i];
    if (is_same) return p;
  }
  return facts.size();
}
[[noreturn, gnu::cold, gnu::noinline]] inline void refuse_name(std::string_view name, all_facts facts,
                                                               const char* characters) {
  std::string words = "fusegrad: the model has no parameter \"";
  words.append(name.data(), name.size());
  words += "\"; it has ";
  for (std::size_t p = 0; p < facts.size(); ++p) {
    if (p > 0) words += ", ";
    words.append(characters + facts[p].name_begin, facts[p].name_size);
  }
  words += '.';
  base::raise(std::out_of_range(words));
}
[[noreturn, gnu::cold, gnu::noinline]] inline void refuse_share(double share) {
  base::refuse("fusegrad: weights move by a share from 0 to 1, not %f.", share);
}
[[noreturn, gnu::cold, gnu::noinline]] inline void refuse_size(std::string_view name, std::size_t expected,
                                                               std::size_t given) {
  base::refuse("fusegrad: parameter \"%.*s\" has %zu numbers, %zu were given.", static_cast<int>(name.size()),
               name.data(), expected, given);
}

/// Of what is neither a model nor weights, refused in words; of those nothing.
template <class Given, bool IsSound> struct model_in_its_place {
  static_assert(sizeof(weights_need_a_model<Given>) != 0);
  using type = model<layers::wire_shapes<>, layers::wire_shapes<>>;
};
template <class Given> struct model_in_its_place<Given, true> {};

} // namespace detail

inline namespace FUSEGRAD_ABI {

/// The parameters of a model as one object, apart from whatever a pass needs: many threads may read one of them.
/// Parameters are read and written by name, row-major, whatever the packing inside.
template <any_model Model, class T = float> class weights {
  static_assert(sizeof(typename plan::fault_of_program<Model, plan::no_loss, plan::purpose::hold, T>::error) > 0);
  using compiled = plan::compiled<Model, plan::no_loss, plan::purpose::hold, T>;

public:
  using number_type = T;
  using model_type = Model;
  static constexpr std::size_t parameter_count = compiled::value.parameter_count;

  /// All zero.
  constexpr weights() : packed_{compiled::value.parameter_size} {}
  /// Drawn from each parameter's initialiser; the same seed gives the same numbers everywhere.
  constexpr explicit weights(Model, std::uint64_t seed = 0) : weights() {
    static_cast<void>(sizeof(typename compiled::fault_of_size::error));
    initialise(seed);
  }

  constexpr void initialise(std::uint64_t seed) {
    for (std::size_t p = 0; p < parameter_count; ++p) initial::draw<compiled>(p, seed, packed_.data());
  }

  /// The names of all parameters, in the order of the layers.
  [[nodiscard]] static std::vector<std::string> parameter_names() { return detail::names_of(facts(), characters()); }
  /// Whether the model has a parameter of this name.
  [[nodiscard]] static constexpr bool has(std::string_view name) noexcept {
    return detail::find_name(name, facts(), characters()) < parameter_count;
  }
  /// The extents of a parameter: [out][in] for a weight. Throws std::out_of_range for a name the model does not have.
  [[nodiscard]] static std::vector<std::size_t> parameter_shape(std::string_view name) {
    const tensor::extents& shape = compiled::value.facts[index_of(name)].shape;
    return {shape.extent, shape.extent + shape.rank};
  }
  [[nodiscard]] static constexpr std::size_t parameter_size(std::string_view name) {
    return compiled::value.facts[index_of(name)].shape.size();
  }

  /// Whether a parameter is trained; states of layers and parameters of frozen ones are not.
  [[nodiscard]] static constexpr bool is_trained(std::string_view name) {
    return compiled::value.parameters[index_of(name)].is_trained;
  }

  /// A parameter's numbers, row-major. Throws std::out_of_range for a name the model does not have.
  [[nodiscard]] std::vector<T> read(std::string_view name) const {
    std::vector<T> out(parameter_size(name));
    read(name, out);
    return out;
  }
  constexpr void read(std::string_view name, std::span<T> out) const {
    const std::size_t p = index_of(name);
    check_size(p, out.size());
    execution::unpack(compiled::value.parameters[p], packed_.data(), out.data());
  }
  /// Sets a parameter. Throws std::out_of_range for an unknown name and std::invalid_argument for another number of
  /// values; the model is then as it was.
  constexpr void write(std::string_view name, std::span<const T> numbers) {
    const std::size_t p = index_of(name);
    check_size(p, numbers.size());
    execution::pack(compiled::value.parameters[p], numbers.data(), packed_.data());
  }

  /// Takes every parameter that another model has under the same name, and returns the names of those that it has not.
  /// Throws std::invalid_argument where one has another size; nothing is changed then.
  template <class Other> std::vector<std::string> write_from(const weights<Other, T>& other) {
    std::vector<std::string> left;
    for (const std::string& name : parameter_names())
      if (!other.has(name))
        left.push_back(name);
      else
        check_size(index_of(name), other.parameter_size(name));
    for (const std::string& name : parameter_names())
      if (other.has(name)) write(name, other.read(name));
    return left;
  }

  /// Moves every number by a share of its way to that of other weights: a target network that follows slowly, a running
  /// mean of the weights of a training. 0 stays, 1 arrives but for rounding. Throws std::invalid_argument for another
  /// share.
  constexpr void move_towards(const weights& other, double share) {
    if (!(share >= 0 && share <= 1)) detail::refuse_share(share);
    T* const mine = packed_.data();
    const T* const theirs = other.packed_.data();
    for (std::size_t i = 0; i < packed_.size(); ++i) mine[i] += static_cast<T>(share) * (theirs[i] - mine[i]);
  }

  /// The parameters as they lie in memory, padded with zeros; for kernels and update rules.
  [[nodiscard]] constexpr std::span<T> packed() noexcept { return {packed_.data(), packed_.size()}; }
  [[nodiscard]] constexpr std::span<const T> packed() const noexcept { return {packed_.data(), packed_.size()}; }

  /// The place of a name among the parameters. Throws std::out_of_range.
  [[nodiscard]] static constexpr std::size_t index_of(std::string_view name) {
    const std::size_t found = detail::find_name(name, facts(), characters());
    if (found < parameter_count) return found;
    detail::refuse_name(name, facts(), characters());
  }

private:
  static constexpr detail::all_facts facts() noexcept { return {compiled::value.facts.data(), parameter_count}; }
  static constexpr const char* characters() noexcept { return compiled::value.characters.data(); }
  static constexpr void check_size(std::size_t p, std::size_t given) {
    const std::size_t expected = compiled::value.facts[p].shape.size();
    if (given != expected) detail::refuse_size(compiled::value.parameter_name(p), expected, given);
  }

  tensor::buffer<T> packed_;
};

/// The weights of `decltype(model)`, where `model` is a constant: those of the model, by another name.
template <any_model Model, class T> class weights<const Model, T> : public weights<Model, T> {
public:
  using weights<Model, T>::weights;
  constexpr weights(const weights<Model, T>& w) : weights<Model, T>(w) {}
  constexpr weights(weights<Model, T>&& w) noexcept : weights<Model, T>(std::move(w)) {}
};

/// Whether a type is that of the weights of a model.
template <class Given> inline constexpr bool are_weights = false;
template <any_model Model, class T> inline constexpr bool are_weights<weights<Model, T>> = true;

template <class Given>
weights(const Given&, std::uint64_t = 0)
    -> weights<typename detail::model_in_its_place<Given, any_model<Given> || are_weights<Given>>::type>;

} // namespace FUSEGRAD_ABI

} // namespace fusegrad
