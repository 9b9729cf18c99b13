// SPDX-License-Identifier: MIT
#include <fusegrad/inspect/check_gradients.hpp>

#include <boost/test/unit_test.hpp>

#include <fusegrad/layers.hpp>
#include <fusegrad/training.hpp>
#include <string_view>

namespace {

namespace fg = fusegrad;

/// A layer as somebody would write it.
struct cubed_scale : fg::layer {
  static constexpr std::string_view name = "cubed_scale";
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents in) { return in; }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) {
    return e.map([](auto a, auto s) { return a * s * s * s; }, x,
                 e.parameter("scale", fg::tensor::vector_of(x.width()), fg::init::uniform(0.5, 1.5)));
  }
};

/// The value of one function with the slope of another: what a wrong derivative looks like.
constexpr auto wrong = fg::surrogate(fg::tanh, fg::identity);

} // namespace

BOOST_AUTO_TEST_SUITE(inspect_check_gradients)

BOOST_AUTO_TEST_CASE(right_derivatives_pass) {
  const auto own = fg::inspect::check_gradients(fg::input<3> | fg::dense<4> | cubed_scale{} | fg::tanh | fg::dense<2>);
  BOOST_TEST(own.passes(1e-7), own.to_string());
  BOOST_TEST(own.numbers == 3u * 4 + 4 + 4 + 4 * 2 + 2);
  const auto normed = fg::inspect::check_gradients(fg::input<3> | fg::dense<4> | fg::batch_norm | fg::silu |
                                                       fg::dropout<0.3> | fg::dense<3>,
                                                   fg::softmax_cross_entropy);
  BOOST_TEST(normed.passes(1e-7), normed.to_string());
  BOOST_TEST(normed.numbers == 3u * 4 + 4 + 8 + 4 * 3 + 3); // no running statistics
}

BOOST_AUTO_TEST_CASE(a_wrong_derivative_is_found_and_named) {
  const auto found = fg::inspect::check_gradients(fg::input<3> | fg::dense<4> | wrong | fg::dense<2>);
  BOOST_TEST(!found.passes(1e-3));
  BOOST_TEST(found.parameter.starts_with("0."));
  BOOST_TEST(found.to_string().find("by differences") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
