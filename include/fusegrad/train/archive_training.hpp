// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/plan/weights.hpp>
#include <fusegrad/train/run_archive.hpp>
#include <fusegrad/train/saved_training.hpp>
#include <span>
#include <string>
#include <vector>

// What a trainer changes, by name and row-major, however it lies in memory.
namespace fusegrad::train {

/// Packed numbers, laid out like the parameters of a model.
template <class Model, class T, class Program>
void add_packed(run_archive& archive, const std::string& prefix, const Program& program, const T* packed) {
  using store = weights<Model, T>;
  for (std::size_t p = 0; p < store::parameter_count; ++p) {
    const std::string name(program.parameter_name(p));
    std::vector<T> numbers(store::parameter_size(name));
    plan::unpack(program.parameters[p], packed, numbers.data());
    archive.add<T>(prefix + name, store::parameter_shape(name), std::move(numbers));
  }
}
template <class Model, class T, class Program>
void read_packed(const run_archive& archive, const std::string& prefix, const Program& program, T* packed) {
  using store = weights<Model, T>;
  for (std::size_t p = 0; p < store::parameter_count; ++p) {
    const std::string name(program.parameter_name(p));
    plan::pack(program.parameters[p], archive.numbers<T>(prefix + name, store::parameter_shape(name)).data(), packed);
  }
}

/// Weights, states and counters; `Updater` names the states.
template <class Model, class Updater, class T, class Program>
void add_training(run_archive& archive, const saved_training<T>& training, const Program& program) {
  archive.add("steps", std::uint64_t{training.steps});
  archive.add("epochs", std::uint64_t{training.epochs});
  archive.add("random_step", training.random_step);
  archive.add("settings_of_rule", Updater::setting_names());
  add_packed<Model>(archive, "", program, training.weights.data());
  for (std::size_t s = 0; s < Updater::state_count(); ++s)
    add_packed<Model>(archive, "state." + std::string(Updater::state_name(s)) + "/", program, training.states.data() + s * program.parameter_size);
}

/// Throws file_error naming what does not fit; `like` tells how large everything is, and what stands in the padding.
template <class Model, class Updater, class T, class Program>
saved_training<T> read_training(const run_archive& archive, const saved_training<T>& like, const Program& program) {
  if (const std::string rule = Updater::setting_names(); archive.word("settings_of_rule") != rule)
    archive.refuse("it is of an update rule with the settings " + archive.word("settings_of_rule") + "; this one has " + rule);
  saved_training<T> training = like;
  training.steps = archive.count("steps");
  training.epochs = archive.count("epochs");
  training.random_step = archive.count("random_step");
  read_packed<Model>(archive, "", program, training.weights.data());
  for (std::size_t s = 0; s < Updater::state_count(); ++s)
    read_packed<Model>(archive, "state." + std::string(Updater::state_name(s)) + "/", program, training.states.data() + s * program.parameter_size);
  return training;
}

} // namespace fusegrad::train
