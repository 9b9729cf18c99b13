// SPDX-License-Identifier: MIT
// Eigen, layer by layer by hand. A sample is a column; a batch of one is a vector, so that products are matrix by
// vector.
#include "../common/worker.hpp"
#include "choice.hpp"
#include "loss.hpp"
#include "setting.hpp"

#include <Eigen/Dense>
#include <array>
#include <tuple>
#include <utility>

namespace {

using namespace benchmarks;
using Eigen::Dynamic;

/// `Batch` is Dynamic or 1.
template <int Batch> class layers final : public session {
  using values = Eigen::Matrix<float, Dynamic, Batch>;
  using weights = Eigen::Matrix<float, Dynamic, Dynamic>;
  using vector = Eigen::VectorXf;

public:
  layers(const model_case& c, phase p, std::size_t batch)
      : case_{c}, phase_{p}, data_{c, batch}, batch_{batch}, y_(c.layers()), slopes_(c.layers()) {
    for (std::size_t l = 0; l < c.layers(); ++l) {
      using row_major = Eigen::Matrix<float, Dynamic, Dynamic, Eigen::RowMajor>;
      w_.emplace_back(Eigen::Map<const row_major>(data_.weights[l].data(), index(c.out(l)), index(c.in(l))));
      b_.emplace_back(Eigen::Map<const vector>(data_.biases[l].data(), index(c.out(l))));
      y_[l].resize(index(c.out(l)), index(batch));
      slopes_[l].resize(index(c.out(l)), index(batch));
    }
    x_ = Eigen::Map<const values>(data_.inputs.data(), index(c.features()), index(batch));
  }

  void repeat(std::size_t count) override {
    for (; count > 0; --count) {
      launder(x_.data());
      forward();
      if (phase_ == phase::train) backward<true>();
      launder(y_.back().data());
    }
  }

  std::vector<float> gradient() override {
    forward();
    std::vector<float> all{
        static_cast<float>(loss_of<true>(case_, data_, y_.back().data(), batch_, slopes_.back().data()))};
    backward<false>();
    for (std::size_t l = 0; l < case_.layers(); ++l) {
      const Eigen::Matrix<float, Dynamic, Dynamic, Eigen::RowMajor> dw = slopes_[l] * below(l).transpose();
      const vector db = slopes_[l].rowwise().sum();
      all.insert(all.end(), dw.data(), dw.data() + dw.size());
      all.insert(all.end(), db.data(), db.data() + db.size());
    }
    return all;
  }
  std::vector<float> output() override {
    forward();
    return {y_.back().data(), y_.back().data() + y_.back().size()};
  }

private:
  static Eigen::Index index(std::size_t i) { return static_cast<Eigen::Index>(i); }
  const values& below(std::size_t l) const { return l == 0 ? x_ : y_[l - 1]; }

  void forward() {
    for (std::size_t l = 0; l < case_.layers(); ++l) {
      auto& y = y_[l];
      y.noalias() = w_[l] * below(l);
      if (l + 1 == case_.layers())
        y.colwise() += b_[l];
      else if (case_.after == activation::tanh)
        y = (y.colwise() + b_[l]).array().tanh();
      else if (case_.after == activation::relu)
        y = (y.colwise() + b_[l]).cwiseMax(0.0f);
      else
        y = (y.colwise() + b_[l]).array().logistic();
    }
  }

  template <bool Update> void backward() {
    if constexpr (Update) loss_of<false>(case_, data_, y_.back().data(), batch_, slopes_.back().data());
    for (std::size_t l = case_.layers(); l-- > 0;) {
      if (l > 0) {
        auto slope = slopes_[l - 1].array();
        const auto y = y_[l - 1].array();
        slopes_[l - 1].noalias() = w_[l].transpose() * slopes_[l];
        if (case_.after == activation::tanh)
          slope *= 1.0f - y.square();
        else if (case_.after == activation::relu)
          slope = (y > 0.0f).select(slope, 0.0f);
        else
          slope *= y * (1.0f - y);
      }
      if constexpr (!Update) continue;
      // The update is part of the product: the gradient of the weights is never stored.
      w_[l].noalias() -= (learning_rate * slopes_[l]) * below(l).transpose();
      b_[l].noalias() -= learning_rate * slopes_[l].rowwise().sum();
    }
  }

  const model_case& case_;
  phase phase_;
  problem data_;
  std::size_t batch_;
  values x_;
  std::vector<weights> w_;
  std::vector<vector> b_;
  std::vector<values> y_, slopes_;
};

/// All sizes in the types, and products without packing: for the smallest cases.
template <activation After, int Batch, int... Widths> class fixed_layers final : public session {
  static constexpr std::array widths{Widths...};
  static constexpr std::size_t count = sizeof...(Widths) - 1;
  template <int In, int Out> struct layer {
    Eigen::Matrix<float, Out, In> w;
    Eigen::Matrix<float, Out, 1> b;
    Eigen::Matrix<float, Out, Batch> y, slopes;
  };

public:
  fixed_layers(const model_case& c, phase p) : case_{c}, phase_{p}, data_{c, Batch} {
    x_ = Eigen::Map<const decltype(x_)>(data_.inputs.data());
    each([&]<std::size_t L>(place<L>) {
      auto& it = std::get<L>(layers_);
      // By hand: Eigen has no row-major matrix of one column.
      for (int o = 0; o < widths[L + 1]; ++o)
        for (int i = 0; i < widths[L]; ++i) it.w(o, i) = data_.weights[L][static_cast<std::size_t>(o * widths[L] + i)];
      it.b = Eigen::Map<const decltype(it.b)>(data_.biases[L].data());
    });
  }

  void repeat(std::size_t turns) override {
    for (; turns > 0; --turns) {
      launder(x_.data());
      forward();
      if (phase_ == phase::train) {
        loss_of<false>(case_, data_, last().y.data(), Batch, last().slopes.data());
        backward<true>();
      }
      launder(last().y.data());
    }
  }
  std::vector<float> gradient() override {
    forward();
    std::vector<float> all{
        static_cast<float>(loss_of<true>(case_, data_, last().y.data(), Batch, last().slopes.data()))};
    backward<false>();
    each([&]<std::size_t L>(place<L>) {
      const auto& it = std::get<L>(layers_);
      const Eigen::MatrixXf dw = it.slopes * below<L>().transpose();
      const Eigen::VectorXf db = it.slopes.rowwise().sum();
      for (Eigen::Index o = 0; o < dw.rows(); ++o)
        for (Eigen::Index i = 0; i < dw.cols(); ++i) all.push_back(dw(o, i));
      all.insert(all.end(), db.data(), db.data() + db.size());
    });
    return all;
  }
  std::vector<float> output() override {
    forward();
    return {last().y.data(), last().y.data() + last().y.size()};
  }

private:
  template <std::size_t L> using place = std::integral_constant<std::size_t, L>;
  template <class F> static void each(F&& f) {
    [&]<std::size_t... L>(std::index_sequence<L...>) { (f(place<L>{}), ...); }(std::make_index_sequence<count>{});
  }
  auto& last() { return std::get<count - 1>(layers_); }
  template <std::size_t L> const auto& below() const {
    if constexpr (L == 0)
      return x_;
    else
      return std::get<L - 1>(layers_).y;
  }

  void forward() {
    each([&]<std::size_t L>(place<L>) {
      auto& it = std::get<L>(layers_);
      it.y.noalias() = it.w.lazyProduct(below<L>());
      if constexpr (L + 1 == count)
        it.y.colwise() += it.b;
      else if constexpr (After == activation::tanh)
        it.y = (it.y.colwise() + it.b).array().tanh();
      else
        it.y = (it.y.colwise() + it.b).cwiseMax(0.0f);
    });
  }
  template <bool Update> void backward() {
    each([&]<std::size_t FromFront>(place<FromFront>) {
      constexpr std::size_t l = count - 1 - FromFront;
      auto& it = std::get<l>(layers_);
      if constexpr (l > 0) {
        auto& lower = std::get<l - 1>(layers_);
        lower.slopes.noalias() = it.w.transpose().lazyProduct(it.slopes);
        if constexpr (After == activation::tanh)
          lower.slopes.array() *= 1.0f - lower.y.array().square();
        else
          lower.slopes = (lower.y.array() > 0.0f).select(lower.slopes, 0.0f);
      }
      if constexpr (!Update) return;
      it.w.noalias() -= (learning_rate * it.slopes).eval().lazyProduct(below<l>().transpose());
      it.b.noalias() -= learning_rate * it.slopes.rowwise().sum();
    });
  }

  template <std::size_t... L>
  static auto layers_of(std::index_sequence<L...>) -> std::tuple<layer<widths[L], widths[L + 1]>...>;

  const model_case& case_;
  phase phase_;
  problem data_;
  Eigen::Matrix<float, widths[0], Batch> x_;
  decltype(layers_of(std::make_index_sequence<count>{})) layers_;
};

struct eigen final : contender {
  explicit eigen(int threads) { Eigen::setNbThreads(threads); }
  std::string name() const override { return "eigen"; }
  std::string version() const override {
    return std::to_string(EIGEN_WORLD_VERSION) + '.' + std::to_string(EIGEN_MAJOR_VERSION) + '.' +
           std::to_string(EIGEN_MINOR_VERSION);
  }
  std::string kernels() const override { return Eigen::SimdInstructionSetsInUse(); }
  std::unique_ptr<session> open(const model_case& c, phase p, std::size_t batch) override {
    std::vector<choice::way> ways{{"dynamic", [&]() -> std::unique_ptr<session> {
                                     if (batch == 1) return std::make_unique<layers<1>>(c, p, batch);
                                     return std::make_unique<layers<Dynamic>>(c, p, batch);
                                   }}};
    using enum activation;
    const auto fixed = [&]<activation After, int Batch, int... Widths>(std::string_view name) {
      if (c.name != name || batch != Batch) return;
      ways.push_back({"fixed", [&] { return std::make_unique<fixed_layers<After, Batch, Widths...>>(c, p); }});
    };
    fixed.template operator()<tanh, 1, 2, 16, 16, 1>("A");
    fixed.template operator()<tanh, 32, 2, 16, 16, 1>("A");
    fixed.template operator()<tanh, 256, 2, 16, 16, 1>("A");
    fixed.template operator()<relu, 1, 16, 64, 32, 32, 5>("trigger");
    fixed.template operator()<tanh, 1, 17, 64, 64, 6>("policy");
    fixed.template operator()<relu, 64, 4, 4, 4, 4>("width4");
    fixed.template operator()<relu, 64, 8, 8, 8, 8>("width8");
    fixed.template operator()<relu, 64, 16, 16, 16, 16>("width16");
    return choice_.fastest(c, p, batch, ways);
  }

private:
  choice choice_;
};

} // namespace

int main(int argc, char** argv) {
  settle(argv, threads_of(argc, argv));
  return serve<eigen>(argc, argv);
}
