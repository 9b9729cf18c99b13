// SPDX-License-Identifier: MIT
#include <fusegrad/io/onnx.hpp>

#include <fusegrad/layers.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace fg = fusegrad;

namespace {

/// The next field of a message: its number, and its bytes or its integer.
struct field {
  std::uint64_t number = 0, integer = 0;
  std::string_view bytes;
};
class reader {
public:
  explicit reader(std::string_view bytes) : left_(bytes) {}
  [[nodiscard]] bool at_end() const { return left_.empty(); }
  field next() {
    const std::uint64_t key = variable();
    field f{key >> 3, 0, {}};
    if ((key & 7) == 0) f.integer = variable();
    if ((key & 7) == 2) {
      const std::size_t size = variable();
      f.bytes = left_.substr(0, size);
      left_.remove_prefix(size);
    }
    return f;
  }

private:
  std::uint64_t variable() {
    std::uint64_t number = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(left_.front());
      left_.remove_prefix(1);
      number |= std::uint64_t{byte & 127U} << shift;
      if (byte < 128) return number;
    }
  }
  std::string_view left_;
};

std::vector<field> all_of(std::string_view bytes, std::uint64_t number) {
  std::vector<field> found;
  for (reader r(bytes); !r.at_end();)
    if (const field f = r.next(); f.number == number) found.push_back(f);
  return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(io_onnx)

// Whether other programs read it is asked in tests/parity/onnx_files.py.
BOOST_AUTO_TEST_CASE(a_model_is_a_message_of_nodes_and_numbers) {
  constexpr auto model = fg::input<3> | fg::dense<2> | fg::relu;
  const fg::weights w{model, 1};
  const std::string bytes = fg::io::format_onnx(w);
  const std::string_view graph = all_of(bytes, 7).at(0).bytes;
  std::string types;
  for (const field& node : all_of(graph, 1)) types += std::string(all_of(node.bytes, 4).at(0).bytes) + " ";
  BOOST_TEST(types == "Gemm Add Relu Identity ");
  const auto constants = all_of(graph, 5);
  BOOST_TEST(all_of(constants.at(0).bytes, 8).at(0).bytes == "0.weight");
  BOOST_TEST(all_of(constants[0].bytes, 1).at(0).integer == 2U);
  BOOST_TEST(all_of(constants[0].bytes, 1).at(1).integer == 3U);
  const std::vector<float> weight = w.read("0.weight");
  BOOST_TEST(all_of(constants[0].bytes, 9).at(0).bytes ==
             std::string_view(reinterpret_cast<const char*>(weight.data()), sizeof(float) * weight.size()));
  BOOST_TEST(all_of(all_of(bytes, 8).at(0).bytes, 2).at(0).integer == 17U);
}

BOOST_AUTO_TEST_CASE(all_that_onnx_cannot_express_is_named) {
  constexpr auto model = fg::input<3> | fg::relu;
  using model_type = std::remove_const_t<decltype(model)>;
  // The compiler refuses a model that reads them in prediction, so that only a graph made by hand has them.
  fg::graph::graph g = fg::plan::graph_of<model_type, fg::plan::no_loss, fg::plan::purpose::predict>();
  fg::graph::operation op = g.operations[1];
  op.what = fg::graph::kind::random;
  g.operations.push_back(op);
  op.what = fg::graph::kind::spread;
  g.operations.push_back(op);
  BOOST_CHECK_EXCEPTION(fg::io::detail::format_onnx(g, {}), std::invalid_argument, [](const auto& error) {
    BOOST_TEST(error.what() == "fusegrad: ONNX has no form for: random: only a training step has it; spread: only a "
                               "training step has it.");
    return true;
  });
}

// The writer may have no form for an operation, but then it has to name it.
BOOST_AUTO_TEST_CASE(each_function_has_a_form_or_is_named) {
  constexpr auto written = fg::activation([](auto x) {
    const auto waves = tan(x) + asin(x) + acos(x) + atan(x) + sinh(x) + cosh(x) + asinh(x) + acosh(x) + atanh(x);
    const auto powers = exp2(x) + log2(x) + log10(x) + cbrt(x) + erfc(x) + normal_cdf(x);
    return waves + powers + floor(x) + ceil(x) + round(x) + trunc(x) + hypot(x, 2 * x) + fmod(x, 1 + x);
  });
  const std::string bytes = fg::io::format_onnx(fg::weights{fg::input<3> | written});
  for (const char* type : {"Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh", "Pow", "Log",
                           "Erf", "Floor", "Ceil", "Mod"})
    BOOST_TEST(bytes.find(std::string("\x22") + static_cast<char>(std::string(type).size()) + type) !=
                   std::string::npos,
               type);
  constexpr auto refused =
      fg::activation([](auto x) { return lgamma(x) + atan2(x, 2 * x) + lgamma(2 * x) + copysign(x, -x) + digamma(x); });
  BOOST_CHECK_EXCEPTION(fg::io::format_onnx(fg::weights{fg::input<3> | refused}), std::invalid_argument,
                        [](const std::invalid_argument& error) {
                          const std::string words = error.what();
                          BOOST_TEST(words.starts_with("fusegrad: ONNX has no form for: elementwise: it has no "));
                          for (const std::string name : {"lgamma", "atan2", "copysign", "digamma"}) {
                            BOOST_TEST(words.find(name) != std::string::npos, words);
                            BOOST_TEST(words.find(name) == words.rfind(name), words);
                          }
                          return true;
                        });
}

BOOST_AUTO_TEST_SUITE_END()
