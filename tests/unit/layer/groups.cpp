// SPDX-License-Identifier: MIT
#include <fusegrad/layer/groups.hpp>

#include <fusegrad/fusegrad.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr auto net = fg::input<5> | fg::groups(fg::on<2>(fg::relu), fg::on<3>(fg::dense<4>));
static_assert(net.output_shape() == fg::shape<6>);

BOOST_AUTO_TEST_SUITE(layer_groups)

BOOST_AUTO_TEST_CASE(each_part_gets_its_units) {
  constexpr auto two = fg::input<4> | fg::groups(fg::on<1>(fg::relu), fg::on<3>(fg::square));
  const fg::inference parts{fg::weights{two}};
  const auto y = parts(std::array<float, 4>{-1, -2, 3, 4});
  const std::vector<float> expected{0, 4, 9, 16};
  BOOST_TEST(y == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(parameters_are_numbered_by_part) {
  BOOST_TEST(fg::weights{net}.parameter_names() == (std::vector<std::string>{"0.1.weight", "0.1.bias"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
