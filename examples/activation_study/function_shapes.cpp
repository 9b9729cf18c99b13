// SPDX-License-Identifier: MIT
#include "function_shapes.hpp"

#include <fusegrad/layer/catalogue.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace study {

fusegrad::inspect::line_chart function_shapes() {
  namespace inspect = fusegrad::inspect;
  constexpr double low = -1.5, high = 4;
  inspect::line_chart chart{.title = "The activations of the catalogue",
                            .note = "Learned numbers stand where they start.",
                            .x = {.title = "x", .scale = inspect::scale::linear},
                            .y = {.title = "f(x)", .scale = inspect::scale::linear, .low = low, .high = high},
                            .small_multiples = true,
                            .others_behind = false};
  fusegrad::for_each_activation([&](std::string_view name, const auto& f) {
    inspect::series line{.name = std::string(name)};
    for (int i = -80; i <= 80; ++i) {
      const double x = i / 20.0, y = f(x);
      // What lies beyond the picture is not drawn along its edge.
      if (y < low || y > high) continue;
      line.x.push_back(x);
      line.y.push_back(y);
    }
    chart.lines.push_back(std::move(line));
  });
  return chart;
}

} // namespace study
