// SPDX-License-Identifier: MIT
#pragma once

/// \file Everything to train a model, beside what `layers.hpp` brings: losses, penalties, update rules, schedules, the
/// trainer.

#include <fusegrad/expr/errors.hpp>
#include <fusegrad/expr/traced.hpp>
#include <fusegrad/layer/errors.hpp>
#include <fusegrad/layer/operation_errors.hpp>
#include <fusegrad/model/errors.hpp>
#include <fusegrad/train/errors.hpp>

#include <fusegrad/layers.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/lsuv.hpp>
#include <fusegrad/train/penalty.hpp>
#include <fusegrad/train/ranking.hpp>
#include <fusegrad/train/sample_weights.hpp>
#include <fusegrad/train/several_losses.hpp>
#include <fusegrad/train/several_targets.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/types_by_name.hpp>
#include <fusegrad/train/update_rules.hpp>
