// SPDX-License-Identifier: MIT
#include "placement.hpp"

#include "html.hpp"

#include <algorithm>
#include <cstddef>

namespace fusegrad::inspect::detail {

namespace {

/// The smallest of 1, 2 and 5 times a power of ten that cuts `range` into at most `parts` parts.
double nice_step(double range, double parts) {
  const double power = std::pow(10.0, std::floor(std::log10(range / parts)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (range / (factor * power) <= parts) return factor * power;
  return 10 * power;
}

void set_linear(placement& p, const axis& a, double low, double high, ends where, double parts) {
  if (where == ends::at_ticks && a.scale == scale::automatic && low >= 0 && low < high / 3) low = 0;
  if (std::isfinite(a.low)) low = a.low;
  if (std::isfinite(a.high)) high = a.high;
  if (!(high > low)) {
    const double margin = std::max(0.5, std::abs(low) / 20); // half a unit vanishes in a large number
    high = low + margin;
    low -= margin;
  }
  const double step = nice_step(high - low, parts);
  const double first = std::floor(low / step + 1e-9) * step, last = std::ceil(high / step - 1e-9) * step;
  const bool at_values = where == ends::at_values;
  p.low = at_values || std::isfinite(a.low) ? low : first;
  p.high = at_values || std::isfinite(a.high) ? high : last;
  for (double tick = first; tick <= p.high + step / 1000; tick += step)
    if (tick >= p.low - step / 1000) p.ticks.push_back(tick);
}

/// Over many powers of ten these alone, or every so many.
void thin_out(std::vector<double>& ticks, double low, double high, double parts) {
  if (static_cast<double>(ticks.size()) <= parts + 2) return;
  const auto distance = std::max(1L, std::lround(std::ceil(std::log10(high / low) / parts)));
  std::erase_if(ticks, [distance](double t) {
    const double power = std::log10(t);
    return std::abs(std::remainder(power, 1.0)) > 1e-6 || std::lround(power) % distance != 0;
  });
}

void set_logarithmic(placement& p, const axis& a, double low, double high, ends where, double parts) {
  p.logarithmic = true;
  if (a.low > 0) low = a.low;
  if (a.high > 0) high = a.high;
  high = std::max(high, low);
  std::vector<double> candidates;
  const double first_power = std::floor(std::log10(low)) - 1, last_power = std::ceil(std::log10(high)) + 1;
  for (double power = first_power; power <= last_power; ++power)
    for (const double factor : {1.0, 2.0, 5.0}) candidates.push_back(factor * std::pow(10.0, power));
  std::erase_if(candidates, [](double c) { return !(c > 0) || !std::isfinite(c); });
  const auto above = std::upper_bound(candidates.begin(), candidates.end(), low * (1 + 1e-9));
  const auto first = above == candidates.begin() ? above : above - 1;
  auto last = std::lower_bound(first, candidates.end(), high * (1 - 1e-9));
  if (last == candidates.end() || (last == first && last + 1 != candidates.end()))
    last = last == first ? last + 1 : last - 1;
  const bool at_values = where == ends::at_values && high > low;
  p.low = at_values || a.low > 0 ? low : *first;
  p.high = at_values || a.high > 0 ? high : *last;
  for (auto c = first; c <= last; ++c)
    if (*c >= p.low * (1 - 1e-9) && *c <= p.high * (1 + 1e-9)) p.ticks.push_back(*c);
  thin_out(p.ticks, p.low, p.high, parts);
}

bool wants_logarithm(const axis& a, const extent& of) {
  if (a.scale != scale::automatic) return a.scale == scale::logarithmic;
  return of.low > 0 && of.high / of.low > 20;
}

} // namespace

double placement::operator()(double value) const {
  const auto along = [this](double v) { return logarithmic ? std::log10(v) : v; };
  const double share = (along(value) - along(low)) / (along(high) - along(low));
  return begin + (end - begin) * std::clamp(share, 0.0, 1.0);
}

bool are_evenly_spaced(std::vector<double> values) {
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  if (values.size() < 3) return false;
  const double gap = (values.back() - values.front()) / static_cast<double>(values.size() - 1);
  for (std::size_t i = 1; i < values.size(); ++i)
    if (!(std::abs(values[i] - values[i - 1] - gap) < 0.01 * gap)) return false;
  return true;
}

placement place(const axis& a, const extent& of, ends where, double begin, double end, double parts) {
  placement p;
  p.begin = begin;
  p.end = end;
  const bool nothing_positive = !std::isfinite(of.lowest_positive);
  if (wants_logarithm(a, of))
    set_logarithmic(p, a, nothing_positive ? 1 : of.lowest_positive, nothing_positive ? 10 : of.high, where, parts);
  else
    set_linear(p, a, of.empty() ? 0 : of.low, of.empty() ? 1 : of.high, where, parts);
  return p;
}

void tick_at_values(placement& p, std::vector<double> values, double distance) {
  std::erase_if(values, [&p](double v) { return !p.has_place(v) || v < p.low || v > p.high; });
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  if (values.size() < 2 || values.size() > 12) return;
  std::vector<double> kept{values.front()};
  for (const double v : values)
    if (std::abs(p(v) - p(kept.back())) >= distance) kept.push_back(v);
  if (2 * kept.size() >= values.size()) p.ticks = kept;
}

std::string tick_label(double value, int digits) {
  const double size = std::abs(value);
  if (size < 1e-300) return "0";
  // Digits before the point are all there: 1234 rather than 1.2e3.
  std::string text = shortest(
      value, size >= 1 && size < 1e6 ? std::max(digits, 1 + static_cast<int>(std::floor(std::log10(size)))) : digits);
  if (const std::size_t at = text.find("e+"); at != text.npos) text.erase(at + 1, 1);
  if (const std::size_t at = text.find("e0"); at != text.npos) text.erase(at + 1, 1);
  if (const std::size_t at = text.find("e-0"); at != text.npos) text.erase(at + 2, 1);
  return text;
}

std::string in_words(double value, const axis& a) {
  const bool is_readable = std::abs(value) < 1e6 && a.decimals >= 0;
  return (is_readable ? decimal(value, a.decimals) : tick_label(value, 4)) + (a.unit.empty() ? "" : " ") + a.unit;
}

std::string label_of(const axis& a, const placement& p) {
  return a.title + (a.unit.empty() ? "" : ", ") + a.unit + (p.logarithmic ? " (logarithmic)" : "");
}

} // namespace fusegrad::inspect::detail
