// SPDX-License-Identifier: MIT
#pragma once

// All kernels of convolutions, for layers that call for one.
#include <fusegrad/kernel/convolution.hpp>
#include <fusegrad/kernel/convolution_gradient.hpp>
#include <fusegrad/kernel/depthwise.hpp>
#include <fusegrad/kernel/depthwise_gradient.hpp>
#include <fusegrad/kernel/grouped_convolution.hpp>
#include <fusegrad/kernel/grouped_convolution_gradient.hpp>
#include <fusegrad/kernel/pooled_input_gradient.hpp>
#include <fusegrad/kernel/pooled_weight_gradient.hpp>
#include <fusegrad/kernel/winograd_convolution.hpp>
#include <fusegrad/kernel/winograd_gradient.hpp>
