// SPDX-License-Identifier: MIT
#pragma once

/// \file The whole library. Its parts can be included alone; each header stands for itself.

#include <fusegrad/data/csv.hpp>
#include <fusegrad/data/dataset.hpp>
#include <fusegrad/data/digits.hpp>
#include <fusegrad/data/idx.hpp>
#include <fusegrad/data/normalisation.hpp>
#include <fusegrad/expr/calculus.hpp>
#include <fusegrad/expr/transform.hpp>
#include <fusegrad/inspect/summary.hpp>
#include <fusegrad/io/save.hpp>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/branch.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/groups.hpp>
#include <fusegrad/layer/join.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/layer/named.hpp>
#include <fusegrad/layer/reshape.hpp>
#include <fusegrad/layer/residual.hpp>
#include <fusegrad/layer/softmax.hpp>
#include <fusegrad/plan/inference.hpp>
#include <fusegrad/plan/network_plan.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/penalty.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
