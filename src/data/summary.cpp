// SPDX-License-Identifier: MIT
#include <fusegrad/data/summary.hpp>

#include <fusegrad/base/text.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fusegrad::data {

namespace {

using base::grouped;

constexpr std::size_t most_rows = 40;

/// Rows of text in columns: the first at the left, numbers at the right.
template <std::size_t Count> std::string table_of(const std::vector<std::array<std::string, Count>>& rows) {
  std::array<std::size_t, Count> widths{};
  for (const auto& row : rows)
    for (std::size_t c = 0; c < Count; ++c) widths[c] = std::max(widths[c], row[c].size());
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < Count; ++c)
      text += c == 0 ? base::left_aligned(row[c], widths[c]) : "  " + base::right_aligned(row[c], widths[c]);
    text += '\n';
  }
  return text;
}

std::string name_of(const std::vector<std::string>& names, std::size_t i) {
  return names.empty() ? std::to_string(i) : names[i];
}

struct column_facts {
  double smallest, mean, deviation, largest;
};

template <class T> column_facts facts_of(std::span<const T> numbers, std::size_t width, std::size_t column) {
  column_facts facts{static_cast<double>(numbers[column]), 0, 0, static_cast<double>(numbers[column])};
  double squares = 0, count = 0;
  for (std::size_t i = column; i < numbers.size(); i += width) {
    const auto number = static_cast<double>(numbers[i]);
    facts.smallest = std::min(facts.smallest, number);
    facts.largest = std::max(facts.largest, number);
    const double distance = number - facts.mean;
    facts.mean += distance / ++count;
    squares += distance * (number - facts.mean);
  }
  facts.deviation = std::sqrt(squares / count);
  return facts;
}

template <class T>
std::string columns_in_words(const char* what, std::span<const T> numbers, std::size_t width,
                             const std::vector<std::string>& names) {
  std::vector<std::array<std::string, 5>> rows{{what, "smallest", "mean", "deviation", "largest"}};
  std::size_t constant = 0;
  std::string constant_names;
  for (std::size_t column = 0; column < width; ++column) {
    const column_facts facts = facts_of(numbers, width, column);
    if (facts.smallest == facts.largest && constant++ < most_rows)
      constant_names += (constant_names.empty() ? "" : ", ") + name_of(names, column);
    if (column >= most_rows) continue;
    rows.push_back({name_of(names, column), base::readable(facts.smallest), base::readable(facts.mean),
                    base::readable(facts.deviation), base::readable(facts.largest)});
  }
  std::string text = table_of(rows);
  if (width > most_rows) text += "and " + grouped(width - most_rows) + " more\n";
  if (constant > 0)
    text += "note:  always the same number: " + constant_names + (constant > most_rows ? ", ..." : "") + '\n';
  return text;
}

std::string classes_in_words(std::span<const std::int32_t> labels, std::size_t classes,
                             const std::vector<std::string>& names) {
  std::vector<std::size_t> counts(classes);
  for (const std::int32_t label : labels) ++counts[static_cast<std::size_t>(label)];
  const auto share = [&](std::size_t count) {
    return base::fixed(100 * static_cast<double>(count) / static_cast<double>(labels.size()), 1) + " %";
  };
  std::vector<std::array<std::string, 3>> rows{{"class", "samples", "share"}};
  std::size_t empty = 0;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    empty += counts[k] == 0 ? 1 : 0;
    if (k < most_rows) rows.push_back({name_of(names, k), grouped(counts[k]), share(counts[k])});
  }
  std::string text = table_of(rows);
  if (counts.size() > most_rows) text += "and " + grouped(counts.size() - most_rows) + " more\n";
  const std::size_t most = *std::max_element(counts.begin(), counts.end());
  text += "who always says the most frequent class is right in " + share(most) + '\n';
  if (empty > 0)
    return text + "note:  " + grouped(empty) + (empty == 1 ? " class has" : " classes have") + " no sample\n";
  const std::size_t least = *std::min_element(counts.begin(), counts.end());
  constexpr std::size_t uneven = 3;
  if (most >= uneven * least)
    text += "note:  the most frequent class has " +
            base::fixed(static_cast<double>(most) / static_cast<double>(least), 1) +
            " times as many samples as the rarest\n";
  return text;
}

/// "3 classes", "1 target".
std::string answers_in_words(std::size_t count, bool are_classes) {
  return grouped(count) + (are_classes ? " class" : " target") + (count == 1 ? "" : are_classes ? "es" : "s") + '\n';
}

/// What is asked of one more output; it has no names.
template <class T> std::string further_output_in_words(const dataset<T>& samples, std::size_t output) {
  const bool has_labels = samples.has_labels(output);
  const std::size_t answers = has_labels ? samples.class_count(output) : samples.target_width(output);
  const std::string text = "of output " + std::to_string(output) + ": " + answers_in_words(answers, has_labels);
  std::vector<std::int32_t> labels;
  std::vector<T> targets;
  for (std::size_t i = 0; i < samples.size(); ++i)
    if (has_labels)
      labels.push_back(samples.label(i, output));
    else
      for (const T x : samples.target(i, output)) targets.push_back(x);
  return text + (has_labels ? classes_in_words(labels, answers, {})
                            : columns_in_words("target", std::span<const T>(targets), answers, {}));
}

} // namespace

template <class T> std::string summary(const dataset<T>& samples) {
  if (samples.empty()) return "no samples\n";
  std::string text = grouped(samples.size()) + (samples.size() == 1 ? " sample, " : " samples, ") +
                     grouped(samples.features()) + (samples.features() == 1 ? " feature, " : " features, ");
  const bool has_labels = samples.has_labels();
  text += answers_in_words(has_labels ? samples.class_count() : samples.target_width(), has_labels);
  text += columns_in_words("feature", samples.inputs(), samples.features(), samples.feature_names());
  text += has_labels ? classes_in_words(samples.labels(), samples.class_count(), samples.class_names())
                     : columns_in_words("target", samples.targets(), samples.target_width(), samples.target_names());
  for (std::size_t output = 1; output < samples.output_count(); ++output)
    text += further_output_in_words(samples, output);
  return text;
}

template std::string summary(const dataset<float>&);
template std::string summary(const dataset<double>&);

} // namespace fusegrad::data
