// SPDX-License-Identifier: MIT
#pragma once

// What the tests build models of; the umbrella header costs more to compile.
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/branch.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/groups.hpp>
#include <fusegrad/layer/join.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/layer/named.hpp>
#include <fusegrad/layer/reshape.hpp>
#include <fusegrad/layer/residual.hpp>
#include <fusegrad/layer/sequence.hpp>
#include <fusegrad/layer/softmax.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/penalty.hpp>

namespace fg = fusegrad;
