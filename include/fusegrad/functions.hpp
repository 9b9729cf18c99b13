// SPDX-License-Identifier: MIT
#pragma once

// Functions of run-time length: reductions over rows and recurrences, with their derivatives.
#include <fusegrad/expr/errors.hpp>
#include <fusegrad/expr/traced.hpp>
#include <fusegrad/function/errors.hpp>

#include <fusegrad/expr/calculus.hpp>
#include <fusegrad/function/call_of_pairs.hpp>
#include <fusegrad/function/compose.hpp>
#include <fusegrad/function/extreme_over.hpp>
#include <fusegrad/function/iterate.hpp>
#include <fusegrad/function/log_sum_exp_over.hpp>
#include <fusegrad/function/map_over.hpp>
#include <fusegrad/function/sum_over.hpp>
