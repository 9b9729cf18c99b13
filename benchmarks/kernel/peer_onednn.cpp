// SPDX-License-Identifier: MIT
// oneDNN: the inner product with weights as it wants them packed, the bias and a ReLU; what product/relu does.
#include "shapes.hpp"

#include <algorithm>
#include <omp.h>
#include <oneapi/dnnl/dnnl.hpp>

namespace benchmarks {
namespace {

using dnnl::memory;

void fill(memory& m) {
  const numbers all = filled(m.get_desc().get_size() / sizeof(float));
  std::copy(all.begin(), all.end(), static_cast<float*>(m.get_data_handle()));
}

void run(benchmark::State& state, shape s) {
  omp_set_num_threads(1);
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  using tag = memory::format_tag;
  const auto n = static_cast<memory::dim>(s.rows), in = static_cast<memory::dim>(s.depth),
             out = static_cast<memory::dim>(s.columns);
  const auto type = memory::data_type::f32;
  const memory::desc x_like({n, in}, type, tag::ab), w_like({out, in}, type, tag::any), bias_like({out}, type, tag::a),
      y_like({n, out}, type, tag::ab);
  dnnl::post_ops relu;
  relu.append_eltwise(1, dnnl::algorithm::eltwise_relu, 0, 0);
  dnnl::primitive_attr fused;
  fused.set_post_ops(relu);
  const dnnl::inner_product_forward::primitive_desc chosen(
      {dnnl::prop_kind::forward_inference, x_like, w_like, bias_like, y_like}, fused, engine);
  const dnnl::inner_product_forward multiply(chosen);
  // Random weights: they need no order.
  memory x(x_like, engine), w(chosen.weights_desc(), engine), bias(bias_like, engine), y(y_like, engine);
  for (memory* m : {&x, &w, &bias, &y}) fill(*m);
  const std::unordered_map<int, memory> arguments{
      {DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_BIAS, bias}, {DNNL_ARG_DST, y}};
  against_peak(state, s.operations(), [&] {
    launder(x.get_data_handle());
    multiply.execute(stream, arguments);
    stream.wait();
    launder(y.get_data_handle());
  });
}

const bool registered = [] {
  for (const shape& s : wide_shapes) add_benchmark("onednn/" + s.name(), [=](auto& state) { run(state, s); });
  return true;
}();

} // namespace
} // namespace benchmarks
