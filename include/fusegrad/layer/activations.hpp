// SPDX-License-Identifier: MIT
#pragma once

/// \file All activations that work number by number; docs/activations.md describes them.
/// A plain name is the usual function (`softplus`); `..._with<number>` is the same with a number of yours
/// (`softplus_with<2.0>`). What has no usual number takes one as it is, with the field's most common value where there
/// is one: `leaky_relu<>`, `elu<0.5>`.

#include <fusegrad/layer/activations/plain.hpp>
#include <fusegrad/layer/activations/rectifiers.hpp>
#include <fusegrad/layer/activations/saturating.hpp>
#include <fusegrad/layer/activations/smooth.hpp>
