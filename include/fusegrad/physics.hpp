// SPDX-License-Identifier: MIT
#pragma once

// Derivatives of a network by its inputs: as outputs, and in losses.
#include <fusegrad/expr/errors.hpp>
#include <fusegrad/expr/traced.hpp>
#include <fusegrad/layer/errors.hpp>
#include <fusegrad/layer/operation_errors.hpp>
#include <fusegrad/model/errors.hpp>
#include <fusegrad/train/errors.hpp>

#include <fusegrad/layer/behind_model.hpp>

#include <fusegrad/expr/by_name.hpp>
#include <fusegrad/layer/derivatives.hpp>
#include <fusegrad/layer/input_gradient.hpp>
#include <fusegrad/layer/jacobian.hpp>
#include <fusegrad/layer/output_transform.hpp>
#include <fusegrad/layers.hpp>
#include <fusegrad/train/box.hpp>
#include <fusegrad/train/equation.hpp>
#include <fusegrad/train/hessian_vector.hpp>
#include <fusegrad/train/physics.hpp>
#include <fusegrad/train/point_sets.hpp>
#include <fusegrad/train/refine.hpp>
#include <fusegrad/train/relative_error.hpp>
#include <fusegrad/training.hpp>
