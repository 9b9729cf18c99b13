// SPDX-License-Identifier: MIT
#include "station.hpp"

#include "html.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace fusegrad::inspect::detail {

namespace {

std::string_view parent_of(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return dot == path.npos ? std::string_view{} : path.substr(0, dot);
}

bool is_normalisation(std::string_view name) {
  return name == "batch_norm" || name == "layer_norm" || name == "rms_norm";
}

/// "dense 128" for a layer that changes the width, else the name.
std::string described(const observed_layer& layer, bool has_weights) {
  return has_weights ? layer.name + ' ' + std::to_string(layer.units) : layer.name;
}

} // namespace

std::vector<station> stations_of(const health_log& log) {
  const auto layers = log.layers();
  std::vector<bool> has_weights(layers.size());
  for (const observed_parameter& p : log.parameters())
    if (p.is_weight && p.layer != unknown) has_weights[p.layer] = true;

  std::vector<station> stations;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const bool follows = !stations.empty() && stations.back().has_weights && !has_weights[i] &&
                         parent_of(layers[stations.back().head].path) == parent_of(layers[i].path) &&
                         layers[i].units == layers[stations.back().head].units && layers[i].name != "residual";
    if (!follows) {
      stations.push_back({i, i, unknown, has_weights[i], false, false, {}});
      stations.back().is_in_residual = layers[i].path.find(".body.") != std::string::npos;
    }
    station& s = stations.back();
    s.end = i + 1;
    s.description += (follows ? " | " : "") + described(layers[i], has_weights[i]);
    s.has_normalisation = s.has_normalisation || is_normalisation(layers[i].name);
    if (layers[i].is_activation && s.activation == unknown) s.activation = i;
  }
  return stations;
}

std::string in_words(const health_log& log, std::span<const station> stations, std::span<const std::size_t> places) {
  if (places.empty()) return {};
  const station &first = stations[places.front()], &last = stations[places.back()];
  const auto path = [&](const station& s) { return log.layers()[s.head].path; };
  if (places.size() == 1) return "layer " + path(first) + " (" + first.description + ')';

  const bool are_alike = std::all_of(places.begin(), places.end(),
                                     [&](std::size_t p) { return stations[p].description == first.description; });
  const std::string what = are_alike ? std::to_string(places.size()) + " times " + first.description
                                     : first.description + " ... " + last.description;
  // Contiguous: no station with the same kind of contents between them was left out.
  std::size_t between = 0;
  for (std::size_t p = places.front(); p <= places.back(); ++p)
    between += stations[p].has_weights == first.has_weights &&
               (first.activation == unknown || stations[p].activation != unknown);
  const std::string where = between <= places.size() ? "layers " + path(first) + " to " + path(last)
                                                     : std::to_string(places.size()) + " layers between " +
                                                           path(first) + " and " + path(last);
  return where + " (" + what + ')';
}

std::string code_of(const observed_layer& layer) {
  if (layer.name == "dense") return "fg::dense<" + std::to_string(layer.units) + '>';
  if (layer.name == "dense without bias") return "fg::dense<" + std::to_string(layer.units) + ">.without_bias()";
  constexpr std::array with_numbers{"leaky_relu", "elu", "celu", "threshold", "dropout", "channel_dropout"};
  for (const char* name : with_numbers)
    if (layer.name == name) return "fg::" + layer.name + "<...>";
  if (layer.name == "activation" || layer.name == "surrogate") return "your activation";
  return "fg::" + layer.name;
}

std::string short_number(double value) {
  const double size = std::abs(value);
  if (size >= 9.95 && size < 9999.5) return decimal(value, 0);
  std::string digits = shortest(value, 2);
  if (const std::size_t e = digits.find('e'); e != digits.npos) {
    const std::size_t sign = e + 1;
    while (digits.size() > sign + 2 && digits[sign + 1] == '0') digits.erase(sign + 1, 1);
    if (digits[sign] == '+') digits.erase(sign, 1);
  }
  return digits;
}

std::string percentage(double share) {
  const double percent = 100 * share;
  return (percent >= 9.95 || percent == 0 ? decimal(percent, 0) : shortest(percent, 2)) + " %";
}

std::string rough(double factor) {
  if (!(factor > 0) || !std::isfinite(factor)) return short_number(factor);
  const double unit = std::pow(10.0, std::floor(std::log10(factor)));
  return short_number(std::round(factor / unit) * unit);
}

} // namespace fusegrad::inspect::detail
