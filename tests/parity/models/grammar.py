# SPDX-License-Identifier: MIT
"""Draws random models: layers, loss, update rule, options and course of a training.

A model is a function of a seed, a number and whether it is to be small, and of nothing else.
"""

import random
from dataclasses import dataclass, field

from models import catalogue

STEPS = 20
# About how many dense layers there are, at most: of any model, and of a small one.
DEPTHS = ([1, 2, 3, 3, 4, 4, 5, 5], [1, 2, 2, 2, 2])
WIDEST = 24


@dataclass(frozen=True)
class Layer:
    """A layer or a combinator: its kind, its settings, and what is inside of it."""

    kind: str
    settings: tuple = ()
    inside: tuple = ()


@dataclass
class Model:
    """Everything about a model but its numbers."""

    seed: int
    number: int
    small: bool  # few dense layers and hardly a fit: those cost the compiler most
    inputs: list  # a shape for each input
    layers: list
    outputs: int
    loss: str
    targets: str
    smoothing: float = 0
    class_weights: list = field(default_factory=list)
    penalty: tuple = ()  # l1 or l2, and its strength
    rule: str = "sgd"
    settings: dict = field(default_factory=dict)
    options: dict = field(default_factory=dict)
    schedule: tuple = ("constant",)
    samples: int = 0
    batch_size: int = 0
    way: str = "step"  # or fit
    steps: int = STEPS

    @property
    def name(self) -> str:
        return f"model_{self.seed}_{self.number}"

    @property
    def has_images(self) -> bool:
        return self.steps == 1

    @property
    def features(self) -> int:
        return sum(size(shape) for shape in self.inputs)

    @property
    def batches(self) -> int:
        return -(-self.samples // self.batch_size)

    @property
    def epochs(self) -> int:
        return self.steps // self.batches


def size(shape) -> int:
    product = 1
    for extent in shape:
        product *= extent
    return product


def chain(layers) -> Layer:
    """Layers joined by `|`; one alone is itself."""
    return layers[0] if len(layers) == 1 else Layer("chain", (), tuple(layers))


def kinds(layers) -> set:
    """Every kind of layer among these and inside of them; a normalisation by its name."""
    found = {x.settings[0] if x.kind == "norm" else x.kind for x in layers}
    return found.union(*(kinds(x.inside) for x in layers))


class Architect:
    """Draws the layers of one model."""

    def __init__(self, rng: random.Random, depth: int, wants_logits: bool):
        self.rng = rng
        self.left = depth  # of dense layers
        self.wants_logits = wants_logits
        self.names = 0

    def width(self, least=1, most=WIDEST) -> int:
        # A few widths are those of a vector or of two, most are beside them.
        return (
            self.rng.choice([w for w in (8, 16) if least <= w <= most] or [most])
            if self.rng.random() < 0.15
            else self.rng.randint(least, most)
        )

    def activation(self) -> Layer:
        kind = self.rng.choice([catalogue.SMOOTH, catalogue.SMOOTH, catalogue.KINKED, list(catalogue.LEARNED)])
        return Layer("activation", (self.rng.choice(kind),))

    def dense(self, width: int, bias=True) -> Layer:
        self.left -= 1
        return Layer("dense", (width, bias and self.rng.random() < 0.85))

    def norm(self, kinds=("batch_norm", "layer_norm", "rms_norm")) -> Layer:
        epsilon = self.rng.choice([None, None, 1e-3])
        momentum = self.rng.choice([None, 0.3])
        kind = self.rng.choice(kinds)
        return Layer("norm", (kind, self.rng.random() < 0.75, epsilon, momentum if kind == "batch_norm" else None))

    def plain(self, width: int) -> list:
        """A dense layer, maybe normalised, and an activation."""
        # A bias in front of batch_norm has a gradient that is nothing but rounding: there is none.
        if width < 4 or self.rng.random() < 0.6:
            return [self.dense(width), self.activation()]
        norm = self.norm()
        return [self.dense(width, bias=norm.settings[0] != "batch_norm"), norm, self.activation()]

    def block(self, width: int, out: int) -> Layer:
        """What stands in a branch or body: it takes `width` numbers and makes `out`."""
        if self.left > 1 and self.rng.random() < 0.35:
            return chain([self.dense(self.width()), self.activation(), self.dense(out)])
        if self.left > 1 and self.rng.random() < 0.15:
            return chain([self.dense(out), Layer("residual", (), (chain([self.activation(), self.dense(out)]),))])
        if out <= WIDEST // 2 and self.rng.random() < 0.1:
            return chain([self.dense(2 * out), Layer("gated", (self.rng.choice(list(catalogue.GATES)),))])
        last = [self.activation()] if self.rng.random() < 0.5 else []
        return chain([self.dense(out), *last])

    def split(self, width: int) -> list:
        if width >= 6 and self.rng.random() < 0.3:
            a = self.rng.randint(1, width - 2)
            b = self.rng.randint(1, width - a - 1)
            return [a, b, width - a - b]
        a = self.rng.randint(1, width - 1)
        return [a, width - a]

    def new_name(self) -> str:
        self.names += 1
        return f"part{self.names}"

    # Pieces: each takes the width that comes in, and gives its layers and the width that goes out.
    def piece(self, width: int):
        pieces = {
            self.plain_piece: 5,
            self.gated: 1.2,
            self.maxout: 1,
            self.residual: 2,
            self.branches: 2,
            self.shared: 1.2,
            self.repeated: 1,
            self.named: 0.6,
        }
        if width > 1:
            pieces |= {self.groups: 1.5, self.probabilities: 0.3, self.reshaped: 0.3}
        if width > 3:
            pieces[self.normalised] = 0.5
        pieces |= {self.penalised: 0.6, self.without_dropout: 0.3}
        return self.rng.choices(list(pieces), list(pieces.values()))[0](width)

    def plain_piece(self, width):
        out = self.width()
        return self.plain(out), out

    def gated(self, width):
        out = self.width(1, WIDEST // 2)
        return [self.dense(2 * out), Layer("gated", (self.rng.choice(list(catalogue.GATES)),))], out

    def maxout(self, width):
        pieces = self.rng.choice([2, 2, 3, 4])
        out = self.width(1, WIDEST // pieces)
        return [self.dense(pieces * out), Layer("maxout", (pieces,))], out

    def residual(self, width):
        body = [self.block(width, width)]
        if width > 3 and self.rng.random() < 0.3:
            body = [self.norm(("layer_norm", "rms_norm")), *body]
        return [Layer("residual", (), (chain(body),))], width

    def branches(self, width):
        count = self.rng.choice([2, 2, 3])
        join = self.rng.choice(["concat", "concat", "add", "multiply"])
        most = WIDEST // count if join == "concat" else WIDEST
        equal = self.width(1, most)
        widths = [self.width(1, most) if join == "concat" else equal for _ in range(count)]
        bodies = tuple(self.block(width, w) for w in widths)
        return [Layer("branch", (), bodies), Layer(join)], sum(widths) if join == "concat" else equal

    def groups(self, width):
        bodies, out, widths = [], 0, self.split(width)
        for w in widths:
            if self.rng.random() < 0.25:
                made = self.width(1, WIDEST // len(widths))
                bodies.append(self.block(w, made))
            else:
                made = w
                bodies.append(self.activation())
            out += made
        return [Layer("groups", tuple(widths), tuple(bodies))], out

    def shared(self, width):
        cell = Layer("shared", (self.new_name(),), (chain(self.plain(width)),))
        self.left -= 1
        if self.rng.random() < 0.4:
            join = self.rng.choice(["add", "multiply"])
            return [Layer("branch", (), (cell, chain([self.activation(), cell]))), Layer(join)], width
        return [cell, *([self.activation()] if self.rng.random() < 0.4 else []), cell], width

    def repeated(self, width):
        times = self.rng.choice([2, 2, 3])
        block = chain(self.plain(width))
        self.left -= times - 1
        return [Layer("repeat", (times,), (block,))], width

    def named(self, width):
        out = self.width()
        return [Layer("named", (self.new_name(),), (chain(self.plain(out)),))], out

    def normalised(self, width):
        return [self.norm(("layer_norm", "rms_norm"))], width

    def probabilities(self, width):
        return [Layer(self.rng.choice(["softmax", "log_softmax"]))], width

    def reshaped(self, width):
        parts = next((d for d in (2, 3, 5) if width % d == 0), 1)
        return [Layer("reshape", (parts, width // parts)), self.activation(), Layer("flatten")], width

    def penalised(self, width):
        if self.rng.random() < 0.5:
            return [
                Layer("activation", ("sigmoid",)),
                Layer("kl_sparsity", (self.rng.choice([0.1, 0.3]), self.rng.choice([0.05, 0.2]))),
            ], width
        return [
            Layer("activation_penalty", (self.rng.choice(catalogue.PENALTIES), self.rng.choice([1e-3, 1e-2])))
        ], width

    def without_dropout(self, width):
        return [Layer("dropout_of_nothing")], width

    def model(self, outputs: int):
        """Inputs and layers."""
        if self.rng.random() < 0.2:
            return self.several_inputs(outputs)
        shape = (self.width(2),) if self.rng.random() < 0.8 else self.rng.choice([(2, 3), (3, 4), (2, 2, 3), (1, 5)])
        layers = []
        if len(shape) > 1:
            layers += [self.activation(), Layer("flatten")]
        elif shape[0] > 3 and self.rng.random() < 0.15:
            layers.append(self.norm())
        return [shape], layers + self.rest(size(shape), outputs)

    def several_inputs(self, outputs: int):
        shapes = [(self.width(1, 12),) for _ in range(self.rng.choice([2, 3]))]
        join = self.rng.choice(["concat", "add", "multiply"])
        equal = self.width(1, 8)
        widths = [self.width(1, 8) if join == "concat" else equal for _ in shapes]
        each = Layer("each", (), tuple(self.block(size(s), w) for s, w in zip(shapes, widths)))
        return shapes, [each, Layer(join), *self.rest(sum(widths) if join == "concat" else equal, outputs)]

    def rest(self, width: int, outputs: int):
        layers, pieces = [], 0
        while self.left > 1 and pieces < 6:
            made, width = self.piece(width)
            layers += made
            pieces += 1
        return layers + self.end(outputs)

    def end(self, outputs: int) -> list:
        """One dense layer, or several values, the output side by side; maybe an activation, but for logits."""
        if outputs > 1 and self.rng.random() < 0.1:
            return [Layer("branch", (), tuple(self.dense(width) for width in self.split(outputs)))]
        last = [self.activation()] if not self.wants_logits and self.rng.random() < 0.2 else []
        return [self.dense(outputs), *last]


def draw_loss(rng: random.Random, m: dict):
    m["loss"], m["targets"] = rng.choice(catalogue.LOSSES)
    crossed = m["loss"] == "softmax_cross_entropy"
    m["outputs"] = rng.randint(2, 9) if crossed else rng.choice([1, 1, 2, 3, 5, 7])
    if crossed and rng.random() < 0.4:
        m["smoothing"] = rng.choice([0.05, 0.1, 0.3])
    if crossed and rng.random() < 0.4:
        m["class_weights"] = [rng.choice([0.25, 0.5, 1.0, 2.0, 3.25]) for _ in range(m["outputs"])]
    if rng.random() < 0.3:
        m["penalty"] = rng.choice([("l1", 1e-3), ("l2", 1e-2), ("l2", 1e-3)])


def draw_rule(rng: random.Random, m: dict):
    decay = rng.choice([0, 0, 1e-3, 0.05])
    epsilon = rng.choice([1e-8, 1e-5, 1e-3])
    betas = rng.choice([(0.9, 0.999), (0.8, 0.99), (0.9, 0.95)])
    m["rule"] = rng.choice(
        ["sgd", "momentum_sgd", "momentum_sgd", "adagrad", "rmsprop", "adam", "adam", "adamw", "adamw"]
    )
    m["settings"] = {
        "sgd": lambda: {"learning_rate": rng.choice([0.02, 0.1, 0.3]), "weight_decay": decay},
        "momentum_sgd": lambda: {
            "learning_rate": rng.choice([0.01, 0.05]),
            "momentum": rng.choice([0.5, 0.9]),
            **rng.choice(
                [
                    {"dampening": 0.3, "weight_decay": decay},
                    {"weight_decay": decay, "nesterov": True},
                    {"weight_decay": decay},
                ]
            ),
        },
        "adagrad": lambda: {
            "learning_rate": rng.choice([0.01, 0.05]),
            "learning_rate_decay": rng.choice([0, 0.05]),
            "epsilon": epsilon,
            "weight_decay": decay,
        },
        "rmsprop": lambda: {
            "learning_rate": rng.choice([0.001, 0.005]),
            "smoothing": rng.choice([0.9, 0.99]),
            "epsilon": epsilon,
            "momentum": rng.choice([0, 0.8]),
            "weight_decay": decay,
        },
        "adam": lambda: {
            "learning_rate": rng.choice([0.001, 0.01]),
            "beta1": betas[0],
            "beta2": betas[1],
            "epsilon": epsilon,
            "weight_decay": decay,
        },
        "adamw": lambda: {
            "learning_rate": rng.choice([0.001, 0.01]),
            "beta1": betas[0],
            "beta2": betas[1],
            "epsilon": epsilon,
            "weight_decay": rng.choice([0.01, 0.1]),
        },
    }[m["rule"]]()


def draw_course(rng: random.Random, m: dict, small: bool):
    """Most sizes leave a smaller batch at the end. Where samples depend on each other, a batch has at least 5."""
    batches = rng.choice([1, 2, 4, 5])
    least = 5 if kinds(m["layers"]) & {"batch_norm", "kl_sparsity"} else 1
    m["batch_size"] = rng.choice([size for size in (1, 2, 3, 5, 7, 8, 13, 16, 17, 23, 32, 33, 40) if size >= least])
    tail = rng.randint(least, m["batch_size"]) if rng.random() < 0.8 else m["batch_size"]
    m["samples"] = m["batch_size"] * (batches - 1) + tail if batches > 1 else m["batch_size"]
    m["way"] = rng.choice(["step"] * (9 if small else 2) + ["fit"])
    epochs = STEPS // batches
    m["schedule"] = rng.choice(
        [
            ("constant",),
            ("constant",),
            ("step_decay", 2, 0.5),
            ("exponential", 0.9),
            ("cosine", 0.1),
            ("linear_warm_up", 6, 0.1),
            ("warm_up", 5, 0.05),
            ("then", epochs // 2, 0.8),
        ]
    )
    options = {"threads": rng.choice([1, 1, 2, 3])}
    for name, share, values in (
        ("clip_norm_of_each", 0.15, [0.05, 0.3]),
        ("clip_norm", 0.25, [0.1, 0.5]),
        ("clip_value", 0.15, [0.01, 0.1]),
        ("max_norm", 0.15, [0.5, 1.0]),
    ):
        if rng.random() < share:
            options[name] = rng.choice(values)
    m["options"] = options


def draw(seed: int, number: int, small: bool = False) -> Model:
    rng = random.Random(f"{seed} {number}")
    m = {}
    draw_loss(rng, m)
    wants_logits = m["loss"] in ("softmax_cross_entropy", "binary_cross_entropy")
    m["inputs"], m["layers"] = Architect(rng, rng.choice(DEPTHS[small]), wants_logits).model(
        m["outputs"]
    )
    draw_rule(rng, m)
    draw_course(rng, m, small)
    return Model(seed=seed, number=number, small=small, **m)
