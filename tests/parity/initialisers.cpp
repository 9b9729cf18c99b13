// SPDX-License-Identifier: MIT
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/branch.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/join.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/model/weights.hpp>

#include "support/exchange.hpp"

#include <array>

namespace {

namespace fg = fusegrad;
namespace init = fg::init;

// Fan in and fan out differ enough to be told apart.
template <init::initialiser Start> constexpr auto row = decltype(fg::dense<200>)::template initialised<Start>();
constexpr auto model =
    fg::input<600> |
    fg::branch(row<init::constant(0.5)>, row<init::uniform(-0.5, 1.5)>, row<init::normal(0.2, 1)>,
               row<init::truncated_normal(0.2, 1)>, row<init::glorot_normal(1.5)>, row<init::glorot_uniform(1.5)>,
               row<init::he_normal()>, row<init::he_normal(init::fan::out)>, row<init::he_uniform()>,
               row<init::he_uniform(init::fan::out, 1)>, row<init::lecun_normal()>, row<init::lecun_uniform()>,
               row<init::torch_linear()>, fg::dense<200> | fg::relu, fg::dense<200>) |
    fg::concat;

// The names that initialisers.py goes by.
constexpr std::array names{"constant",       "uniform",       "normal",        "truncated_normal", "glorot_normal",
                           "glorot_uniform", "he_normal",     "he_normal_out", "he_uniform",       "he_uniform_out",
                           "lecun_normal",   "lecun_uniform", "torch_linear",  "before_relu",      "before_nothing"};

} // namespace

int main(int count, char** arguments) {
  parity::exchange io(count, arguments);
  const fg::weights<std::remove_cv_t<decltype(model)>, float> weights{model, 5};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string layer = "0." + std::to_string(i) + (std::string(names[i]) == "before_relu" ? ".0" : "");
    io.write(names[i], weights.read(layer + ".weight"));
  }
}
