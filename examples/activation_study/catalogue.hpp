// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/activations.hpp>

namespace study {

/// Calls `use(name, activation)` for every activation that is a function of one number. An activation more is a line more.
template <class Use> void for_each_activation(Use&& use) {
  namespace fg = fusegrad;
  use("identity", fg::identity);
  use("relu", fg::relu);
  use("relu6", fg::relu6);
  use("leaky_relu<0.01>", fg::leaky_relu<0.01>);
  use("prelu", fg::prelu);
  use("necro_relu<0.01>", fg::necro_relu<0.01>);
  use("threshold<0.5, 0>", fg::threshold<0.5, 0.0>);
  use("elu", fg::elu<1.0>);
  use("selu", fg::selu);
  use("celu<2>", fg::celu<2.0>);
  use("gelu", fg::gelu);
  use("gelu_tanh", fg::gelu_tanh);
  use("silu", fg::silu);
  use("learned_swish", fg::learned_swish);
  use("mish", fg::mish);
  use("hard_swish", fg::hard_swish);
  use("softplus", fg::softplus);
  use("log_sigmoid", fg::log_sigmoid);
  use("sigmoid", fg::sigmoid);
  use("hard_sigmoid", fg::hard_sigmoid);
  use("tanh", fg::tanh);
  use("hard_tanh", fg::hard_tanh);
  use("softsign", fg::softsign);
  use("abs", fg::abs);
  use("square", fg::square);
  use("sine", fg::sine);
  use("gaussian", fg::gaussian);
}

} // namespace study
