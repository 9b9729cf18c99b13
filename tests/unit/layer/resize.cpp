// SPDX-License-Identifier: MIT
#include <fusegrad/layer/resize.hpp>

#include <fusegrad/fusegrad.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstddef>

namespace {

namespace fg = fusegrad;

static_assert((fg::input<3, 4, 5> | fg::zero_pad2d<2>).output_shape() == fg::shape<7, 8, 5>);
static_assert((fg::input<3, 4, 5> | fg::zero_pad2d<1, 2>).output_shape() == fg::shape<5, 8, 5>);
static_assert((fg::input<3, 4, 5> | fg::zero_pad2d<1, 2, 3, 4>).output_shape() == fg::shape<6, 11, 5>);
static_assert((fg::input<9, 9, 5> | fg::crop2d<1>).output_shape() == fg::shape<7, 7, 5>);
static_assert((fg::input<9, 9, 5> | fg::crop2d<1, 2>).output_shape() == fg::shape<7, 5, 5>);
static_assert((fg::input<9, 9, 5> | fg::crop2d<1, 2, 3, 4>).output_shape() == fg::shape<6, 2, 5>);
static_assert((fg::input<9, 9, 5> | fg::crop2d<4>).output_shape() == fg::shape<1, 1, 5>);
static_assert((fg::input<3, 4, 5> | fg::upsample2d<2>).output_shape() == fg::shape<6, 8, 5>);
static_assert((fg::input<3, 4, 5> | fg::upsample2d<1, 3>).output_shape() == fg::shape<3, 12, 5>);
static_assert((fg::input<3, 4, 5> | fg::upsample2d<2, 3>.bilinear()).output_shape() == fg::shape<6, 12, 5>);
static_assert((fg::input<7, 2> | fg::upsample1d<3> | fg::upsample1d<2>.linear()).output_shape() == fg::shape<42, 2>);
static_assert((fg::input<3, 4, 5> | fg::upsample2d<2> | fg::zero_pad2d<1> | fg::crop2d<2>).parameter_count() == 0);

template <class Model, std::size_t Count> auto made(const Model& model, const std::array<float, Count>& x) {
  return fg::inference{fg::weights{model}}(x);
}

} // namespace

BOOST_AUTO_TEST_SUITE(layer_resize)

BOOST_AUTO_TEST_CASE(zeros_stand_above_below_left_and_right) {
  const auto y = made(fg::input<1, 2, 1> | fg::zero_pad2d<1, 0, 2, 1>, std::array<float, 2>{3, 4});
  BOOST_TEST(y == (std::array<float, 10>{0, 0, 0, 0, 0, 0, 0, 3, 4, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(edges_are_cut_off_above_below_left_and_right) {
  std::array<float, 4 * 5 * 2> x{};
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i);
  const auto y = made(fg::input<4, 5, 2> | fg::crop2d<2, 1, 1, 2>, x);
  BOOST_TEST(y == (std::array<float, 4>{22, 23, 24, 25}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(positions_are_repeated) {
  const auto y = made(fg::input<2, 2, 1> | fg::upsample2d<2, 3>, std::array<float, 4>{1, 2, 3, 4});
  BOOST_TEST(y == (std::array<float, 24>{1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 3, 3, 3, 4, 4, 4}),
             boost::test_tools::per_element());
}

// torch.nn.functional.interpolate(torch.tensor([[[[1., 2.], [3., 5.]]]]), scale_factor=2, mode="bilinear")
BOOST_AUTO_TEST_CASE(means_of_neighbours_stand_between_them) {
  const auto y = made(fg::input<2, 2, 1> | fg::upsample2d<2>.bilinear(), std::array<float, 4>{1, 2, 3, 5});
  BOOST_TEST(y == (std::array<float, 16>{1, 1.25f, 1.75f, 2, 1.5f, 1.8125f, 2.4375f, 2.75f, 2.5f, 2.9375f, 3.8125f,
                                         4.25f, 3, 3.5f, 4.5f, 5}),
             boost::test_tools::per_element());
  const auto z = made(fg::input<3, 1> | fg::upsample1d<2>.linear(), std::array<float, 3>{0, 4, 2});
  BOOST_TEST(z == (std::array<float, 6>{0, 1, 3, 3.5f, 2.5f, 2}), boost::test_tools::per_element());
}

// What is put around and cut off again is what was there.
BOOST_AUTO_TEST_CASE(cutting_takes_back_what_padding_does) {
  std::array<float, 3 * 4 * 5> x{};
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i);
  const auto y = made(fg::input<3, 4, 5> | fg::zero_pad2d<1, 2, 3, 4> | fg::crop2d<1, 2, 3, 4>, x);
  BOOST_TEST(y == x, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
