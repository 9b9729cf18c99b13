// SPDX-License-Identifier: MIT
#include "run_tensors.hpp"

#include <fusegrad/io/save.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace fusegrad::io {

namespace {

using train::fit_place;
using train::fit_view;
using train::parameter_list;
using train::training_view;

constexpr const char* kind_key = "fusegrad.kind";
constexpr const char* kind = "checkpoint 1";
/// With the number of the way in which train/rule_fingerprint.hpp counts: numbers of different ways are not compared.
constexpr const char* rule_key = "rule_function.1";
constexpr const char* best = "best/";
constexpr std::size_t record_columns = 8;

/// In alphabetical order: a function that has settings among the arguments of a call names them in the order of its
/// compiler.
std::string names_of_settings(const parameter_list& list) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < list.setting_count; ++i) names.emplace_back(list.setting_name(i));
  std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

number_type type_of(const parameter_list& list) { return list.number_size == 4 ? number_type::f32 : number_type::f64; }

std::vector<std::size_t> shape_of(const parameter_list& list, std::size_t parameter) {
  const tensor::extents& shape = list.shape(parameter);
  return {shape.extent, shape.extent + shape.rank};
}

std::string in_words(number_type type, const std::vector<std::size_t>& shape) {
  std::string text(to_string(type));
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? " " : " x ") + std::to_string(shape[i]);
  return text;
}

std::string in_words(const best_by& better) {
  return std::string(better.is_highest ? "the highest " : "the lowest ") + better.name;
}
std::string in_numbers(const std::vector<std::uint64_t>& numbers) {
  std::string text;
  for (const std::uint64_t n : numbers) text += (text.empty() ? "" : " ") + std::to_string(n);
  return text;
}
std::string in_lines(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : "\n") + name;
  return text;
}

/// Where the numbers of state `s` lie.
void* state_at(const training_view& training, std::size_t s) {
  return static_cast<std::byte*>(training.states) +
         s * training.parameters->packed_size * training.parameters->number_size;
}
std::string prefix_of_state(const parameter_list& list, std::size_t s) {
  return "state." + std::string(list.state_name(s)) + "/";
}

/// Collects tensors and words.
class writer {
public:
  explicit writer(const parameter_list& list) : list_{list} { words.emplace(kind_key, kind); }

  void add(const char* name, std::uint64_t count) { words.emplace(name, std::to_string(count)); }
  void add_packed(const std::string& prefix, const void* packed) {
    for (std::size_t p = 0; p < list_.count; ++p) {
      const auto shape = shape_of(list_, p);
      named_tensor tensor{prefix + std::string(list_.name(p)), shape, type_of(list_),
                          std::vector<std::byte>(list_.shape(p).size() * list_.number_size)};
      std::vector<std::byte> plain(tensor.bytes.size());
      list_.unpack(p, packed, plain.data());
      detail::copy_in_order_of_file(tensor.bytes.data(), plain.data(), plain.size(), list_.number_size);
      tensors.push_back(std::move(tensor));
    }
  }

  std::vector<named_tensor> tensors;
  tensor_metadata words;

private:
  const parameter_list& list_;
};

void add_fit(writer& to, const fit_view& fit) {
  const fit_place& place = *fit.place;
  to.add("fit.samples", fit.identity.samples);
  to.add("fit.batch_size", fit.identity.batch_size);
  to.add("fit.epochs", fit.identity.epochs);
  to.add("fit.seed", fit.identity.seed);
  to.add("fit.shuffles", fit.identity.shuffles);
  to.add("fit.has_schedule", fit.identity.has_schedule);
  to.words.emplace("fit.better", in_words(fit.identity.better));
  to.words.emplace("fit.metrics", in_lines(fit.identity.metrics));
  to.add("fit.epoch", place.epoch);
  to.add("fit.batch", place.batch);
  to.add("fit.correct", place.sums.correct);
  to.add("fit.samples_seen", place.sums.samples);
  to.add("fit.best_epoch", place.best_epoch);
  const std::vector<double> sums{place.sums.loss, place.sums.learning_rate, place.best_loss};
  to.tensors.push_back(detail::to_tensor<double>("fit.sums", {3}, sums));
  std::vector<double> history;
  for (const epoch_record& r : place.past.records)
    history.insert(history.end(), {static_cast<double>(r.epoch), r.loss, r.accuracy, r.validation_loss,
                                   r.validation_accuracy, r.learning_rate, r.seconds, r.samples_per_second});
  to.tensors.push_back(detail::to_tensor<double>("fit.history", {place.past.records.size(), record_columns}, history));
  std::vector<double> metrics;
  for (const epoch_record& r : place.past.records)
    for (const std::string& name : fit.identity.metrics) metrics.push_back(r.watched(lowest(name)));
  if (!metrics.empty())
    to.tensors.push_back(
        detail::to_tensor<double>("fit.metrics", {place.past.records.size(), fit.identity.metrics.size()}, metrics));
  if (place.best_epoch != 0) to.add_packed(best, fit.best_weights);
}

/// Finds tensors and words again, and says what does not fit.
class reader {
public:
  reader(const tensor_file& file, const std::string& path, const parameter_list& list)
      : file_{file}, path_{path}, list_{list} {}

  [[noreturn]] void refuse(const std::string& words) const { throw file_error(path_ + ": " + words); }

  bool has(const char* name) const { return file_.metadata.contains(name); }
  const std::string& word(const char* name) const {
    const auto found = file_.metadata.find(name);
    if (found == file_.metadata.end()) refuse("it says nothing of \"" + std::string(name) + "\"");
    return found->second;
  }
  std::uint64_t count(const char* name) const { return number_in(name, word(name)); }
  /// As many numbers as are expected, one space between them.
  std::vector<std::uint64_t> counts(const char* name, std::size_t expected) const {
    const std::string& text = word(name);
    std::vector<std::uint64_t> numbers;
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find(' ', begin), text.size());
      numbers.push_back(number_in(name, std::string_view(text).substr(begin, end - begin)));
      begin = end + 1;
    }
    if (numbers.size() != expected)
      refuse("\"" + std::string(name) + "\" has " + std::to_string(numbers.size()) + " numbers, expected " +
             std::to_string(expected));
    return numbers;
  }

  const named_tensor& tensor(const std::string& name, number_type type, const std::vector<std::size_t>& shape) const {
    for (const named_tensor& t : file_.tensors) {
      if (t.name != name) continue;
      if (t.type != type || t.shape != shape)
        refuse("tensor \"" + name + "\" is " + in_words(t.type, t.shape) + ", expected " + in_words(type, shape));
      return t;
    }
    refuse("there is no tensor \"" + name + "\", expected " + in_words(type, shape));
  }
  std::vector<double> doubles(const std::string& name, const std::vector<std::size_t>& shape) const {
    const named_tensor& t = tensor(name, number_type::f64, shape);
    std::vector<double> numbers(t.bytes.size() / sizeof(double));
    detail::copy_to<double>(numbers, t);
    return numbers;
  }
  void read_packed(const std::string& prefix, void* packed) const {
    for (std::size_t p = 0; p < list_.count; ++p) {
      const named_tensor& t = tensor(prefix + std::string(list_.name(p)), type_of(list_), shape_of(list_, p));
      std::vector<std::byte> plain(t.bytes.size());
      detail::copy_in_order_of_file(plain.data(), t.bytes.data(), plain.size(), list_.number_size);
      list_.pack(p, plain.data(), packed);
    }
  }

private:
  std::uint64_t number_in(const char* name, std::string_view text) const {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
      refuse("\"" + std::string(name) + "\" is no whole number");
    return number;
  }

  const tensor_file& file_;
  const std::string& path_;
  const parameter_list& list_;
};

/// The number of epochs may be another one, unless a schedule is spread over them.
void check_identity(const reader& from, const train::fit_identity& mine) {
  const auto same = [&](const char* name, std::uint64_t expected, const char* words) {
    if (const std::uint64_t found = from.count(name); found != expected)
      from.refuse("it is of a fit with " + std::to_string(found) + " " + words + ", this one has " +
                  std::to_string(expected) + "; another file name starts anew");
  };
  same("fit.samples", mine.samples, "samples");
  same("fit.batch_size", mine.batch_size, "samples a batch");
  same("fit.seed", mine.seed, "as seed of the order");
  same("fit.shuffles", mine.shuffles, "for \"the order is shuffled\"");
  same("fit.has_schedule", mine.has_schedule, "for \"the learning rate has a schedule\"");
  const auto same_words = [&](const char* name, const std::string& usual, const std::string& expected,
                              const char* words) {
    if (const std::string found = from.has(name) ? from.word(name) : usual; found != expected)
      from.refuse("it is of a fit with \"" + found + "\" as " + words + ", this one has \"" + expected +
                  "\"; another file name starts anew");
  };
  same_words("fit.better", in_words(best_by::loss), in_words(mine.better), "what the best epoch is decided by");
  same_words("fit.metrics", "", in_lines(mine.metrics), "metrics");
  if (mine.has_schedule) same("fit.epochs", mine.epochs, "epochs under its schedule");
}

/// Files from before there were any have none.
std::vector<std::uint64_t> read_steps_without(const reader& from, std::size_t parameters) {
  return from.has("steps_without") ? from.counts("steps_without", parameters) : std::vector<std::uint64_t>{};
}

void read_metrics(const reader& from, std::vector<epoch_record>& records, const std::vector<std::string>& names) {
  if (records.empty() || names.empty()) return;
  const std::vector<double> numbers = from.doubles("fit.metrics", {records.size(), names.size()});
  for (std::size_t i = 0; i < numbers.size(); ++i)
    records[i / names.size()].metrics.push_back({names[i % names.size()], numbers[i]});
}

fit_place read_place(const reader& from, const train::fit_identity& identity) {
  fit_place place;
  place.epoch = from.count("fit.epoch");
  place.batch = from.count("fit.batch");
  place.sums.correct = from.count("fit.correct");
  place.sums.samples = from.count("fit.samples_seen");
  place.best_epoch = from.count("fit.best_epoch");
  const std::size_t batches = 1 + (identity.samples - 1) / identity.batch_size;
  if (place.epoch > identity.epochs)
    from.refuse("it is of a fit that has gone through " + std::to_string(place.epoch) + " epochs, this one has " +
                std::to_string(identity.epochs) + "; another file name starts anew");
  if (place.batch >= batches)
    from.refuse("epoch " + std::to_string(place.epoch) + ", step " + std::to_string(place.batch) +
                " is no place in a fit of " + std::to_string(identity.epochs) + " epochs of " +
                std::to_string(batches) + " steps");
  const std::vector<double> sums = from.doubles("fit.sums", {3});
  place.sums.loss = sums[0];
  place.sums.learning_rate = sums[1];
  place.best_loss = sums[2];
  const std::vector<double> history = from.doubles("fit.history", {place.epoch, record_columns});
  for (std::size_t i = 0; i < history.size(); i += record_columns) {
    const double* n = history.data() + i;
    place.past.records.push_back({i / record_columns + 1, n[1], n[2], n[3], n[4], n[5], n[6], n[7], {}});
  }
  place.past.better = identity.better;
  read_metrics(from, place.past.records, identity.metrics);
  return place;
}

} // namespace

std::string format_run(const training_view& training, const fit_view* fit) {
  const parameter_list& list = *training.parameters;
  writer to(list);
  to.add("steps", training.counters->steps);
  to.add("epochs", training.counters->epochs);
  to.add("random_step", training.counters->random_step);
  if (!training.counters->steps_without.empty())
    to.words.emplace("steps_without", in_numbers(training.counters->steps_without));
  to.words.emplace("settings_of_rule", names_of_settings(list));
  to.add(rule_key, list.fingerprint);
  to.add_packed("", training.weights);
  for (std::size_t s = 0; s < list.state_count; ++s) to.add_packed(prefix_of_state(list, s), state_at(training, s));
  if (fit != nullptr) add_fit(to, *fit);
  return format_safetensors(to.tensors, to.words);
}

bool read_run(const tensor_file& file, const std::string& path, const training_view& training, const fit_view* fit) {
  const parameter_list& list = *training.parameters;
  const reader from(file, path, list);
  if (!from.has(kind_key) || from.word(kind_key) != kind)
    from.refuse("it is no checkpoint of this version of fusegrad");
  if (!file.has_checksum) from.refuse("it has no checksum, as a checkpoint must");
  if (const std::string mine = names_of_settings(list), found = from.word("settings_of_rule"); mine != found)
    from.refuse("it is of an update rule with the settings " + found + "; this one has " + mine);
  // Versions that count in another way, or not at all, wrote none of this key.
  if (from.has(rule_key) && from.count(rule_key) != list.fingerprint)
    from.refuse("it is of another update rule, whose settings are called as those of this one; or of a version of "
                "fusegrad in which this rule computes something else");
  training.counters->steps = from.count("steps");
  training.counters->epochs = from.count("epochs");
  training.counters->random_step = from.count("random_step");
  training.counters->steps_without = read_steps_without(from, list.count);
  from.read_packed("", training.weights);
  for (std::size_t s = 0; s < list.state_count; ++s) from.read_packed(prefix_of_state(list, s), state_at(training, s));
  if (fit == nullptr || !from.has("fit.epoch")) return false;
  check_identity(from, fit->identity);
  *fit->place = read_place(from, fit->identity);
  if (fit->place->best_epoch != 0) from.read_packed(best, fit->best_weights);
  return true;
}

} // namespace fusegrad::io
