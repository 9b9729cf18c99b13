// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/data/dataset.hpp>

namespace fusegrad::data {

/// 1,797 handwritten digits of 8 x 8 pixels, embedded in the library: 64 features in [0, 1], 10 classes.
///
/// The samples come in the order of scikit-learn's copy.
/// Source: E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", test portion, UCI Machine
/// Learning Repository (1998), DOI 10.24432/C50P49, CC BY 4.0.
dataset<float> digits();

} // namespace fusegrad::data
