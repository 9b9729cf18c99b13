// SPDX-License-Identifier: MIT
#pragma once

/// \file Everything to define a model and to run it: layers, activations, combinators, weights, inference.

#include <fusegrad/expr/errors.hpp>
#include <fusegrad/expr/traced.hpp>
#include <fusegrad/layer/errors.hpp>
#include <fusegrad/layer/operation_errors.hpp>
#include <fusegrad/model/errors.hpp>

#include <fusegrad/expr/calculus.hpp>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/attention.hpp>
#include <fusegrad/layer/batch_norm.hpp>
#include <fusegrad/layer/branch.hpp>
#include <fusegrad/layer/convolution.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/depthwise.hpp>
#include <fusegrad/layer/dropout.hpp>
#include <fusegrad/layer/frozen.hpp>
#include <fusegrad/layer/gated.hpp>
#include <fusegrad/layer/groups.hpp>
#include <fusegrad/layer/join.hpp>
#include <fusegrad/layer/layer_norm.hpp>
#include <fusegrad/layer/masked_sum.hpp>
#include <fusegrad/layer/maxout.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/layer/named.hpp>
#include <fusegrad/layer/pool.hpp>
#include <fusegrad/layer/repeat.hpp>
#include <fusegrad/layer/reshape.hpp>
#include <fusegrad/layer/residual.hpp>
#include <fusegrad/layer/resize.hpp>
#include <fusegrad/layer/softmax.hpp>
#include <fusegrad/layer/squeeze_excite.hpp>
#include <fusegrad/layer/transposed_convolution.hpp>
#include <fusegrad/model/inference.hpp>
#include <fusegrad/model/network_plan.hpp>
