// SPDX-License-Identifier: MIT
// oneDNN: inner products with the activation fused forward; losses, derivatives of activations and the update by hand.
#include "../common/worker.hpp"
#include "choice.hpp"
#include "loss.hpp"
#include "setting.hpp"

#include <omp.h>
#include <oneapi/dnnl/dnnl.hpp>
#include <optional>

namespace {

using namespace benchmarks;
using dnnl::memory;
using tag = memory::format_tag;

/// Below this many elements a loop of ours is done before other threads have woken.
constexpr std::ptrdiff_t least_to_share = 16384;

/// `packed`: the library chooses how weights lie, and they stay so; they are reordered only where two primitives
/// disagree.
class layers final : public session {
  struct layer {
    memory w, b, y, slopes; // slopes: with respect to what the activation is applied to
    memory dw, db, w_back;  // w_back: weights as the primitive that goes backward wants them
    std::optional<dnnl::inner_product_forward> forward;
    std::optional<dnnl::inner_product_backward_weights> backward_weights;
    std::optional<dnnl::inner_product_backward_data> backward_data;
    std::optional<dnnl::reorder> to_back;
  };

public:
  layers(const model_case& c, phase p, std::size_t batch, bool packed)
      : case_{c}, phase_{p}, batch_{batch}, data_{c, batch}, layers_(c.layers()) {
    x_ = plain({n(batch), n(c.features())}, tag::ab);
    std::copy(data_.inputs.begin(), data_.inputs.end(), at(x_));
    for (std::size_t l = 0; l < c.layers(); ++l) build(l, packed);
    stream_.wait();
  }

  void repeat(std::size_t count) override {
    for (; count > 0; --count) {
      launder(at(x_));
      forward();
      if (phase_ == phase::train) {
        loss_of<false>(case_, data_, at(layers_.back().y), batch_, at(layers_.back().slopes));
        backward<true>();
      }
      stream_.wait();
      launder(at(layers_.back().y));
    }
  }

  std::vector<float> gradient() override {
    forward();
    stream_.wait();
    std::vector<float> all{
        static_cast<float>(loss_of<true>(case_, data_, at(layers_.back().y), batch_, at(layers_.back().slopes)))};
    backward<false>();
    for (std::size_t l = 0; l < case_.layers(); ++l) {
      const memory dw = plain({n(case_.out(l)), n(case_.in(l))}, tag::ab);
      memory from = layers_[l].dw, to = dw;
      dnnl::reorder(from, to).execute(stream_, from, to);
      stream_.wait();
      all.insert(all.end(), at(dw), at(dw) + case_.out(l) * case_.in(l));
      all.insert(all.end(), at(layers_[l].db), at(layers_[l].db) + case_.out(l));
    }
    return all;
  }
  std::vector<float> output() override {
    forward();
    stream_.wait();
    const float* const y = at(layers_.back().y);
    return {y, y + batch_ * case_.outputs()};
  }

private:
  static memory::dim n(std::size_t size) { return static_cast<memory::dim>(size); }
  static float* at(const memory& m) { return static_cast<float*>(m.get_data_handle()); }
  static memory::desc described(memory::dims dims, tag as) { return {dims, memory::data_type::f32, as}; }
  memory plain(memory::dims dims, tag as) const { return {described(dims, as), engine_}; }
  const memory& below(std::size_t l) const { return l == 0 ? x_ : layers_[l - 1].y; }

  void build(std::size_t l, bool packed) {
    layer& it = layers_[l];
    const memory::dim in = n(case_.in(l)), out = n(case_.out(l)), batch = n(batch_);
    const auto x = described({batch, in}, tag::ab), y = described({batch, out}, tag::ab), b = described({out}, tag::a);
    const auto any = described({out, in}, packed ? tag::any : tag::ab);

    dnnl::primitive_attr fused;
    if (l + 1 < case_.layers()) {
      dnnl::post_ops after;
      after.append_eltwise(1, algorithm(), 0, 0);
      fused.set_post_ops(after);
    }
    const auto kind = phase_ == phase::train ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
    const dnnl::inner_product_forward::primitive_desc forward({kind, x, any, b, y}, fused, engine_);
    it.forward.emplace(forward);
    it.y = memory(y, engine_);
    it.b = memory(b, engine_);
    std::copy(data_.biases[l].begin(), data_.biases[l].end(), at(it.b));
    const auto lie = forward.weights_desc();
    it.w = memory(lie, engine_);
    memory given({{out, in}, memory::data_type::f32, tag::ab}, engine_, data_.weights[l].data());
    dnnl::reorder(given, it.w).execute(stream_, given, it.w);
    stream_.wait();
    if (phase_ == phase::infer) return;

    it.slopes = memory(y, engine_);
    it.db = memory(b, engine_);
    it.dw = memory(lie, engine_);
    it.backward_weights.emplace(dnnl::inner_product_backward_weights::primitive_desc({x, lie, b, y}, engine_, forward));
    if (l == 0) return;
    const dnnl::inner_product_backward_data::primitive_desc backward({x, any, y}, engine_, forward);
    it.backward_data.emplace(backward);
    if (backward.weights_desc() == lie) {
      it.w_back = it.w;
    } else {
      it.w_back = memory(backward.weights_desc(), engine_);
      it.to_back.emplace(it.w, it.w_back);
    }
  }

  dnnl::algorithm algorithm() const {
    if (case_.after == activation::tanh) return dnnl::algorithm::eltwise_tanh;
    return case_.after == activation::relu ? dnnl::algorithm::eltwise_relu : dnnl::algorithm::eltwise_logistic;
  }

  void forward() {
    for (std::size_t l = 0; l < case_.layers(); ++l) {
      layer& it = layers_[l];
      it.forward->execute(
          stream_, {{DNNL_ARG_SRC, below(l)}, {DNNL_ARG_WEIGHTS, it.w}, {DNNL_ARG_BIAS, it.b}, {DNNL_ARG_DST, it.y}});
    }
  }

  template <bool Update> void backward() {
    for (std::size_t l = case_.layers(); l-- > 0;) {
      layer& it = layers_[l];
      it.backward_weights->execute(stream_, {{DNNL_ARG_SRC, below(l)},
                                             {DNNL_ARG_DIFF_DST, it.slopes},
                                             {DNNL_ARG_DIFF_WEIGHTS, it.dw},
                                             {DNNL_ARG_DIFF_BIAS, it.db}});
      if (l > 0) {
        if (it.to_back) it.to_back->execute(stream_, it.w, it.w_back);
        it.backward_data->execute(stream_, {{DNNL_ARG_DIFF_DST, it.slopes},
                                            {DNNL_ARG_WEIGHTS, it.w_back},
                                            {DNNL_ARG_DIFF_SRC, layers_[l - 1].slopes}});
        through_activation(at(layers_[l - 1].slopes), at(layers_[l - 1].y),
                           static_cast<std::ptrdiff_t>(batch_ * case_.in(l)));
      }
      if constexpr (!Update) continue;
      descend(at(it.w), at(it.dw), static_cast<std::ptrdiff_t>(it.w.get_desc().get_size() / sizeof(float)));
      descend(at(it.b), at(it.db), static_cast<std::ptrdiff_t>(case_.out(l)));
    }
  }

  void through_activation(float* slopes, const float* y, std::ptrdiff_t count) const {
    switch (case_.after) {
    case activation::tanh: return each(count, [=](std::ptrdiff_t i) { slopes[i] *= 1 - y[i] * y[i]; });
    case activation::relu: return each(count, [=](std::ptrdiff_t i) { slopes[i] = y[i] > 0 ? slopes[i] : 0; });
    case activation::sigmoid: return each(count, [=](std::ptrdiff_t i) { slopes[i] *= y[i] * (1 - y[i]); });
    }
  }
  /// What is padded stays zero.
  static void descend(float* parameters, const float* gradients, std::ptrdiff_t count) {
    each(count, [=](std::ptrdiff_t i) { parameters[i] -= learning_rate * gradients[i]; });
  }
  template <class F> static void each(std::ptrdiff_t count, F f) {
    if (count < least_to_share || omp_get_max_threads() == 1) {
#pragma omp simd
      for (std::ptrdiff_t i = 0; i < count; ++i) f(i);
      return;
    }
#pragma omp parallel for simd
    for (std::ptrdiff_t i = 0; i < count; ++i) f(i);
  }

  const model_case& case_;
  phase phase_;
  std::size_t batch_;
  problem data_;
  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  mutable dnnl::stream stream_{engine_};
  memory x_;
  std::vector<layer> layers_;
};

struct onednn final : contender {
  explicit onednn(int threads) { omp_set_num_threads(threads); }
  std::string name() const override { return "onednn"; }
  std::string version() const override {
    const auto* v = dnnl::version();
    return std::to_string(v->major) + '.' + std::to_string(v->minor) + '.' + std::to_string(v->patch);
  }
  /// An instruction set that an older header does not know has a number only.
  std::string kernels() const override {
    using isa = dnnl::cpu_isa;
    const isa chosen = dnnl::get_effective_cpu_isa();
    using named = std::pair<isa, const char*>;
    for (const auto& [known, name] : {named{isa::sse41, "SSE4.1"},
                                      {isa::avx, "AVX"},
                                      {isa::avx2, "AVX2"},
                                      {isa::avx2_vnni, "AVX2, VNNI"},
                                      {isa::avx512_core, "AVX-512"},
                                      {isa::avx512_core_vnni, "AVX-512, VNNI"},
                                      {isa::avx512_core_bf16, "AVX-512, bf16"},
                                      {isa::avx512_core_amx, "AVX-512, AMX"}})
      if (known == chosen) return name;
    return "instruction set number " + std::to_string(static_cast<int>(chosen));
  }
  /// Packed weights may have to be reordered for the way back in each step.
  std::unique_ptr<session> open(const model_case& c, phase p, std::size_t batch) override {
    return choice_.fastest(c, p, batch,
                           {{"packed", [&] { return std::make_unique<layers>(c, p, batch, true); }},
                            {"plain", [&] { return std::make_unique<layers>(c, p, batch, false); }}});
  }

private:
  choice choice_;
};

} // namespace

int main(int argc, char** argv) {
  settle(argv, threads_of(argc, argv));
  return serve<onednn>(argc, argv);
}
