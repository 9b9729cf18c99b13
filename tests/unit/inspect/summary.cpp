// SPDX-License-Identifier: MIT
#include <fusegrad/inspect/summary.hpp>

#include <boost/test/unit_test.hpp>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/branch.hpp>
#include <fusegrad/layer/convolution.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/pool.hpp>
#include <fusegrad/layer/reshape.hpp>
#include <fusegrad/layer/residual.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr auto small =
    fg::input<8, 8> | fg::flatten | fg::dense<32> | fg::relu | fg::residual(fg::dense<32> | fg::tanh) | fg::dense<10>;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

BOOST_AUTO_TEST_SUITE(inspect_summary)

BOOST_AUTO_TEST_CASE(a_row_for_each_layer_with_aligned_columns) {
  const auto lines = lines_of(fg::summary(small));
  BOOST_REQUIRE(lines.size() == 14u);
  BOOST_TEST(lines[0] == "   layer     output  parameters  FLOPs  kept");
  BOOST_TEST(lines[1] == "   input      8 x 8                       64");
  BOOST_TEST(lines[2] == "0  flatten       64           0      0     0");
  BOOST_TEST(lines[3] == "1  dense         32       2,080  4,128     0");
  BOOST_TEST(lines[4] == "2  relu          32           0     32    32");
  BOOST_TEST(lines[6] == "4  dense         10         330    650     0");
  for (std::size_t i = 1; i < 8; ++i) BOOST_TEST(lines[i].size() == lines[0].size());
}

BOOST_AUTO_TEST_CASE(the_totals_are_those_of_the_plan) {
  const auto lines = lines_of(fg::summary(small));
  constexpr auto plan = small.plan();
  BOOST_REQUIRE(lines.size() == 14u);
  BOOST_TEST(lines[7].find("total") == 3u);
  BOOST_TEST(lines[7].find(fg::base::grouped(plan.parameter_count())) != std::string::npos);
  BOOST_TEST(lines[7].find(fg::base::grouped(plan.forward_flops())) != std::string::npos);
  BOOST_TEST(lines[8].find(fg::base::grouped(plan.backward_flops())) != std::string::npos);
  BOOST_TEST(lines[10].find(fg::inspect::bytes_in_words(plan.bytes(fg::strength::inference))) != std::string::npos);
  BOOST_TEST(lines[11].find(fg::inspect::bytes_in_words(plan.bytes(fg::strength::gradient, 32))) != std::string::npos);
  BOOST_TEST(lines[12].find(fg::inspect::bytes_in_words(plan.bytes(fg::strength::training, 32, 2))) !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(kept_numbers_add_up) {
  const auto lines = lines_of(fg::summary(small));
  BOOST_REQUIRE(lines.size() == 14u);
  const auto last_number = [](const std::string& line) { return std::stoul(line.substr(line.find_last_of(' ') + 1)); };
  std::size_t sum = 0;
  for (std::size_t i = 1; i < 7; ++i) sum += last_number(lines[i]);
  BOOST_TEST(sum == last_number(lines[7]));
  BOOST_TEST(sum == small.plan().kept_numbers());
}

BOOST_AUTO_TEST_CASE(the_last_line_tells_how_a_step_is_run) {
  const auto lines = lines_of(fg::summary(small));
  const auto schedule = small.plan().schedule(32);
  BOOST_REQUIRE(lines.size() == 14u);
  BOOST_TEST(lines[13] == "step:  " + fg::inspect::schedule_in_words(schedule) + "  (batch of 32)");
  BOOST_TEST((fg::inspect::schedule_in_words({{1, 32}, 512, true}) ==
              "one block, run directly, at most 512 samples at a time"));
  BOOST_TEST((fg::inspect::schedule_in_words({{4, 64}, 128, false}) ==
              "4 slices of 64 samples, run from a table, at most 128 samples at a time"));
}

BOOST_AUTO_TEST_CASE(words) {
  BOOST_TEST(fg::inspect::shape_in_words(fg::shape<>) == "1");
  BOOST_TEST(fg::inspect::shape_in_words(fg::shape<3, 28, 28>) == "3 x 28 x 28");
  BOOST_TEST(fg::inspect::bytes_in_words(0) == "0 bytes");
  BOOST_TEST(fg::inspect::bytes_in_words(9'999) == "9,999 bytes");
  BOOST_TEST(fg::inspect::bytes_in_words(10'240) == "10.0 KiB");
  BOOST_TEST(fg::inspect::bytes_in_words(3u << 30) == "3072.0 MiB");
}

BOOST_AUTO_TEST_CASE(several_outputs) {
  constexpr auto model = fg::input<4> | fg::branch(fg::dense<6> | fg::reshape<3, 2>, fg::dense<1>);
  BOOST_TEST(fg::summary(model).find("\noutputs: 3 x 2, then 1; 7 numbers a sample\n") != std::string::npos);
  BOOST_TEST(fg::summary(small).find("outputs:") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_image_that_is_not_seen_to_its_end_and_one_that_is_copied) {
  constexpr auto model = fg::input<7, 6, 1> | fg::conv2d<3, 2> | fg::max_pool2d<2, 3> | fg::flatten | fg::dense<2>;
  const std::string text = fg::summary(model);
  // The convolution makes 6 x 5; the pool's windows see 6 x 3 of it.
  BOOST_TEST(text.find("note:  no window of layer 1 (max_pool2d) sees the last 2 columns of what comes in") !=
             std::string::npos);
  BOOST_TEST(text.find("sees the last row") == std::string::npos);
  // 3 x 1 positions of 3 channels, which fill no vector.
  BOOST_TEST((text.find("note:  9 numbers of a sample are copied") != std::string::npos) ==
             (fg::math::native_lanes<float> > 1));
  constexpr auto plain = fg::input<8> | fg::dense<2>;
  BOOST_TEST(fg::summary(plain).find("note:") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
