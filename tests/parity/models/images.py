# SPDX-License-Identifier: MIT
"""Draws random convolutional nets over images and sequences, and one step of their training.

A model is a function of a seed, a number and whether it is to be small, and of nothing else.
"""

import random

from models import catalogue
from models.grammar import Architect, Layer, Model, chain, draw_loss, draw_rule, size
from models.windows import Window

# About how many convolutions there are, at most.
DEPTHS = ([2, 3, 3, 4, 4, 5], [2, 2, 3])
MOST_CHANNELS = 20


class Gallery(Architect):
    """Draws the layers of one model that moves windows. `shape` is what comes in where it stands, channels last."""

    def __init__(self, rng: random.Random, depth: int, shape: tuple):
        super().__init__(rng, depth, wants_logits=True)
        self.shape = shape

    @property
    def image(self) -> tuple:
        return self.shape[:-1]

    def channels(self) -> int:
        return self.width(1, MOST_CHANNELS)

    def activation(self) -> Layer:
        kinds = [k for k in [*catalogue.SMOOTH, *catalogue.KINKED] if k != "square"]
        return Layer("activation", (self.rng.choice([*kinds, "relu", "relu", "relu", "tanh", "leaky_relu<0.1>"]),))

    def each(self, *choices) -> tuple:
        """One of these for each direction."""
        return tuple(self.rng.choice(choices) for _ in self.image)

    def window(self) -> Window:
        """One that fits, and does not make a long sequence of a short one."""
        while True:
            paddings = [tuple((n, m) for n, m in zip(self.each(0, 0, 1, 2), self.each(0, 1, 1, 3))), ("same",)]
            if len(self.image) == 1:
                paddings.append(("causal",))
            window = Window(
                self.each(1, 2, 3, 3, 4), self.each(1, 1, 1, 2, 3), self.each(1, 1, 1, 2, 3), self.rng.choice(paddings)
            )
            if 0 not in window.over(self.image) and size(window.over(self.image)) <= 2 * size(self.image):
                return window

    def keeping(self) -> Window:
        """One that keeps the positions."""
        causal = len(self.image) == 1 and self.rng.random() < 0.4
        dilation = self.each(1, 1, 2)
        return Window(self.each(1, 2, 3), (1,) * len(self.image), dilation, ("causal",) if causal else ("same",))

    def pool_window(self) -> Window:
        while True:
            windows = self.each(2, 2, 3)
            if self.rng.random() < 0.5:
                window = Window(windows, windows, (1,) * len(windows), ((0, 0),) * len(windows))
            else:
                edges = tuple((self.rng.randint(0, s - 1), self.rng.randint(0, s - 1)) for s in windows)
                if self.rng.random() < 0.6:
                    edges = tuple((s // 2, s // 2) for s in windows)
                window = Window(windows, self.each(1, 2, 2, 3), (1,) * len(windows), edges)
            if 0 not in window.over(self.image):
                return window

    def conv(self, out: int, window: Window, bias: bool = True, groups: int = 1) -> Layer:
        self.left -= 1
        return Layer("conv", (out, window, bias and self.rng.random() < 0.8, groups))

    def groups(self) -> int:
        """How many groups the channels that come in can be divided into."""
        return self.rng.choice([n for n in range(2, self.shape[-1] + 1) if self.shape[-1] % n == 0])

    def convolved(self, out: int, window: Window) -> list:
        """A convolution, maybe normalised, and mostly an activation. A bias in front of batch_norm has no gradient."""
        samples = size(window.over(self.image))
        if samples >= 4 and self.rng.random() < 0.3:
            norm = self.norm(("batch_norm", "batch_norm", "layer_norm") if out > 3 else ("batch_norm",))
            return [self.conv(out, window, norm.settings[0] != "batch_norm"), norm, self.activation()]
        last = [self.activation()] if self.rng.random() < 0.85 else []
        return [self.conv(out, window), *last]

    # Pieces: layers, and the shape behind them.
    def piece(self):
        pieces = {
            self.plain_convolution: 5,
            self.depthwise: 1.5,
            self.upsample: 0.8 if size(self.image) <= 30 else 0,
            self.transposed: 1.2 if size(self.image) <= 40 else 0,
            self.grouped: 1.2 if self.shape[-1] > 1 else 0,
            self.pool: 2.5,
            self.residual_block: 2,
            self.beside_each_other: 1.5,
            self.dense_at_each_position: 0.7,
        }
        if self.shape[-1] > 1:
            pieces[self.squeeze_excite] = 1
        if len(self.image) == 2:
            pieces |= {self.zero_pad: 0.7, self.crop: 0.5}
        layers, self.shape = self.rng.choices(list(pieces), list(pieces.values()))[0]()
        return layers

    def plain_convolution(self):
        window, out = self.window(), self.channels()
        layers = self.convolved(out, window)
        # What stands behind a pool of windows side by side is worked out after it.
        image = window.over(self.image)
        if min(image) >= 2 and self.rng.random() < 0.3:
            sides = tuple(self.rng.choice([2, min(3, length)]) for length in image)
            pool = Window(sides, sides, (1,) * len(sides), ((0, 0),) * len(sides))
            return [*layers, Layer("pool", ("largest", pool))], (*pool.over(image), out)
        return layers, (*image, out)

    def depthwise(self):
        window, times = self.window(), self.rng.choice([1, 1, 2, 3])
        made = (*window.over(self.image), times * self.shape[-1])
        return [self.conv(0, window, groups=times), self.activation()], made

    def grouped(self):
        window, groups = self.window(), self.groups()
        out = groups * self.rng.choice([1, 2, 3, 5])
        return [self.conv(out, window, groups=groups), self.activation()], (*window.over(self.image), out)

    def transposed(self):
        """One whose image is not empty and not too large."""
        groups = self.groups() if self.shape[-1] > 1 and self.rng.random() < 0.3 else 1
        while True:
            edges = tuple((n, m) for n, m in zip(self.each(0, 0, 1, 2), self.each(0, 1, 1, 2)))
            if self.rng.random() < 0.6:
                edges = tuple((before, before) for before, _ in edges)
            window = Window(
                self.each(1, 2, 3, 4), self.each(1, 2, 2, 3), self.each(1, 1, 2), self.rng.choice([edges, edges, ("same",)])
            )
            behind = tuple(
                self.rng.choice([0, 0, max(stride, dilation) - 1])
                for stride, dilation in zip(window.stride, window.dilation)
            )
            image = window.image_of(self.image, behind)
            if min(image) > 0 and size(image) <= 150:
                break
        self.left -= 1
        out = groups * self.width(1, max(1, MOST_CHANNELS // (2 * groups)))
        layer = Layer("transposed_conv", (out, window, self.rng.random() < 0.8, groups, behind))
        return [layer, self.activation()], (*image, out)

    def pool(self):
        window = self.pool_window()
        kind = self.rng.choice(["largest", "average"])
        return [Layer("pool", (kind, window))], (*window.over(self.image), self.shape[-1])

    def residual_block(self):
        body = [self.conv(self.shape[-1], self.keeping())]
        if self.rng.random() < 0.5:
            body = [*self.convolved(self.channels(), self.keeping()), *body]
        return [Layer("residual", (), (chain(body),)), self.activation()], self.shape

    def beside_each_other(self):
        join = self.rng.choice(["concat", "concat", "add", "multiply"])
        equal = self.width(1, MOST_CHANNELS // 2)
        widths = [self.width(1, MOST_CHANNELS // 2) if join == "concat" else equal for _ in range(2)]
        bodies = [chain(self.convolved(width, self.keeping())) for width in widths]
        if join == "concat" and self.rng.random() < 0.3:
            bodies.append(Layer("activation", ("identity",)))
            widths.append(self.shape[-1])
        out = sum(widths) if join == "concat" else equal
        return [Layer("branch", (), tuple(bodies)), Layer(join)], (*self.image, out)

    def dense_at_each_position(self):
        out = self.channels()
        return [self.dense(out), self.activation()], (*self.image, out)

    def squeeze_excite(self):
        reduction = self.rng.randint(1, min(4, self.shape[-1]))
        gate = self.rng.choice(["sigmoid", "sigmoid", "hard_sigmoid"])
        return [Layer("squeeze_excite", (reduction, self.rng.choice(["relu", "relu", "silu"]), gate))], self.shape

    def zero_pad(self):
        edges = tuple(self.rng.randint(0, 2) for _ in range(4))
        height, width = self.image
        shape = (height + edges[0] + edges[1], width + edges[2] + edges[3], self.shape[-1])
        return [Layer("zero_pad2d", edges)], shape

    def crop(self):
        height, width = self.image
        above, left = self.rng.randint(0, (height - 1) // 2), self.rng.randint(0, (width - 1) // 2)
        below, right = self.rng.randint(0, (height - 1) // 3), self.rng.randint(0, (width - 1) // 3)
        while height - above - below < 1 or width - left - right < 1:
            below, right = 0, 0
        return [Layer("crop2d", (above, below, left, right))], (height - above - below, width - left - right, self.shape[-1])

    def upsample(self):
        times, means = self.each(1, 2, 2, 3), self.rng.random() < 0.6
        shape = (*(length * n for length, n in zip(self.image, times)), self.shape[-1])
        return [Layer("upsample", (times, means))], shape

    def net(self, outputs: int) -> list:
        layers, pieces = [], 0
        while self.left > 0 and pieces < 7:
            layers += self.piece()
            pieces += 1
        return layers + self.head(outputs)

    def head(self, outputs: int) -> list:
        """From an image to so many numbers."""
        way = self.rng.choice(["flatten", "flatten", "average", "largest", "conv"])
        if way == "flatten":
            return [Layer("flatten"), self.dense(outputs)]
        if way == "conv":
            window = Window((1,) * len(self.image), (1,) * len(self.image), (1,) * len(self.image), ("same",))
            return [self.conv(outputs, window), Layer("global_average_pool")]
        return [Layer("global_average_pool" if way == "average" else "global_max_pool"), self.dense(outputs)]


def draw(seed: int, number: int, small: bool = False) -> Model:
    rng = random.Random(f"images {seed} {number}")
    m = {}
    draw_loss(rng, m)
    channels = rng.choice([1, 1, 2, 3, 3, 4, 8, 16])
    if rng.random() < 0.25:
        shape = (rng.randint(4, 16), channels)
    else:
        shape = (rng.randint(3, 9), rng.randint(3, 9), channels)
    gallery = Gallery(rng, rng.choice(DEPTHS[small]), shape)
    if rng.random() < 0.12:  # an image as the output
        m |= {"loss": "mean_squared_error", "targets": "reals", "smoothing": 0, "class_weights": []}
        m["layers"], gallery.shape = gallery.plain_convolution()
        m["layers"] += gallery.piece()
        m["outputs"] = size(gallery.shape)
    else:
        m["layers"] = gallery.net(m["outputs"])
    m["inputs"] = [shape]
    draw_rule(rng, m)
    m["batch_size"] = m["samples"] = rng.choice([5, 6, 7, 9, 17])
    m["way"] = "step" if small else "fit"
    m["options"] = {"threads": rng.choice([1, 1, 2, 3])}
    for name, values in (("clip_norm", [0.5]), ("max_norm", [0.5, 1.0])):
        if rng.random() < 0.12:
            m["options"][name] = rng.choice(values)
    return Model(seed=seed, number=number, small=small, steps=1, **m)
