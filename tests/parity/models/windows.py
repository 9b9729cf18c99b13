# SPDX-License-Identifier: MIT
"""Windows that move over images: drawn by images.py, written as C++, and computed by PyTorch."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Window:
    """One number for each direction: of an image rows and columns, of a sequence its only one."""

    size: tuple
    stride: tuple
    dilation: tuple
    # (before, after) for each direction, or how they follow from the image: same or causal.
    padding: tuple

    def edges(self, image: tuple) -> list:
        """Zeros before and after, for each direction of an image of this size."""
        return [self.edge(i, length) for i, length in enumerate(image)]

    def edge(self, i: int, length: int) -> tuple:
        reach = self.dilation[i] * (self.size[i] - 1) + 1
        if self.padding == ("causal",):
            return reach - 1, 0
        if self.padding == ("same",):
            positions = -(-length // self.stride[i])
            zeros = max((positions - 1) * self.stride[i] + reach - length, 0)
            return zeros // 2, zeros - zeros // 2
        return self.padding[i]

    def over(self, image: tuple) -> tuple:
        """How many positions it has in each direction; none where it does not fit."""
        rooms = [
            length + sum(edge) - self.dilation[i] * (self.size[i] - 1) - 1
            for i, (length, edge) in enumerate(zip(image, self.edges(image)))
        ]
        return tuple(room // self.stride[i] + 1 if room >= 0 else 0 for i, room in enumerate(rooms))

    def cuts(self, behind: tuple) -> list:
        """What a transposed convolution cuts off of each direction, before and after; negative: what it adds."""
        reaches = [d * (s - 1) + 1 for s, d in zip(self.size, self.dilation)]
        if self.padding == ("same",):
            zeros = [reach - stride for reach, stride in zip(reaches, self.stride)]
            edges = [(max(n, 0) // 2, n - max(n, 0) // 2) for n in zeros]
        else:
            edges = self.padding
        return [(before, after - more) for (before, after), more in zip(edges, behind)]

    def image_of(self, positions: tuple, behind: tuple) -> tuple:
        """How large an image it leads back to."""
        return tuple(
            (n - 1) * stride + d * (s - 1) + 1 - before - after
            for n, s, stride, d, (before, after) in zip(
                positions, self.size, self.stride, self.dilation, self.cuts(behind)
            )
        )


def listed(numbers) -> str:
    return ", ".join(map(str, numbers))


def options_in_cpp(window: Window, usual_stride: tuple) -> str:
    text = ""
    if window.stride != usual_stride:
        text += f".with_stride<{listed(window.stride)}>()"
    if any(d != 1 for d in window.dilation):
        text += f".with_dilation<{listed(window.dilation)}>()"
    if window.padding in (("same",), ("causal",)):
        return text + {"same": ".padded_same()", "causal": ".causal()"}[window.padding[0]]
    edges = [zeros for side in window.padding for zeros in side]
    return text + (f".with_padding<{listed(edges)}>()" if any(edges) else "")


def conv_in_cpp(out: int, window: Window, has_bias: bool, groups: int) -> str:
    """No channels of its own: each by itself, so many times."""
    dimensions = len(window.size)
    name = f"fg::conv{dimensions}d<{out}, " if out else f"fg::depthwise{dimensions}d<"
    text = f"{name}{listed(window.size)}>" + options_in_cpp(window, (1,) * dimensions)
    if groups > 1:
        text += f".with_groups<{groups}>()" if out else f".with_multiplier<{groups}>()"
    return text + ("" if has_bias else ".without_bias()")


def transposed_conv_in_cpp(out: int, window: Window, has_bias: bool, groups: int, behind: tuple) -> str:
    dimensions = len(window.size)
    text = f"fg::transposed_conv{dimensions}d<{out}, {listed(window.size)}>" + options_in_cpp(window, (1,) * dimensions)
    text += f".with_output_padding<{listed(behind)}>()" if any(behind) else ""
    text += f".with_groups<{groups}>()" if groups > 1 else ""
    return text + ("" if has_bias else ".without_bias()")


def upsample_in_cpp(times: tuple, means: bool) -> str:
    text = f"fg::upsample{len(times)}d<{listed(times)}>"
    return text + ({1: ".linear()", 2: ".bilinear()"}[len(times)] if means else "")


def pool_in_cpp(kind: str, window: Window) -> str:
    name = {"largest": "max_pool", "average": "average_pool"}[kind]
    return f"fg::{name}{len(window.size)}d<{listed(window.size)}>" + options_in_cpp(window, window.size)


def channels_second(value):
    return value.movedim(-1, 1)


def padded(value, edges, number: float = 0.0):
    """Edges in our order: above, below, left, right. Less than none cuts off."""
    from torch.nn import functional

    above, below, left, right = edges
    return functional.pad(value, (0, 0, left, right, above, below), value=number)


def around(value, window: Window, number: float):
    """Channels second, and a number around."""
    from torch.nn import functional

    image = tuple(value.shape[1:-1])
    edges = [zeros for side in reversed(window.edges(image)) for zeros in side]
    return functional.pad(channels_second(value), edges, value=number)


def convolution(value, weight, bias, window: Window):
    from torch.nn import functional

    run = functional.conv2d if len(window.size) == 2 else functional.conv1d
    groups = value.shape[-1] // weight.shape[1]
    is_odd = all(size % 2 == 1 for size in window.size)  # else PyTorch warns that it copies
    if window.padding == ("same",) and set(window.stride) == {1} and is_odd:  # PyTorch's own
        made = run(channels_second(value), weight, bias, padding="same", dilation=window.dilation, groups=groups)
    else:
        made = run(around(value, window, 0), weight, bias, window.stride, 0, window.dilation, groups)
    return made.movedim(1, -1)


def transposed(value, weight, bias, window: Window, groups: int, behind: tuple):
    from torch.nn import functional

    run = functional.conv_transpose2d if len(window.size) == 2 else functional.conv_transpose1d
    given = channels_second(value)
    if window.padding != ("same",) and all(before == after for before, after in window.padding):  # PyTorch's own
        zeros = [before for before, _ in window.padding]
        return run(given, weight, bias, window.stride, zeros, behind, groups, window.dilation).movedim(1, -1)
    whole = run(given, weight, None, window.stride, 0, 0, groups, window.dilation)
    cuts = [-number for side in reversed(window.cuts(behind)) for number in side]
    made = functional.pad(whole, cuts).movedim(1, -1)
    return made if bias is None else made + bias


def upsampled(value, times: tuple, means: bool):
    from torch.nn import functional

    mode = {1: "linear", 2: "bilinear"}[len(times)] if means else "nearest"
    factors = tuple(float(n) for n in times)
    return functional.interpolate(channels_second(value), scale_factor=factors, mode=mode).movedim(1, -1)


def symmetric(window: Window):
    """The padding that PyTorch's pools take, if it is of their kind."""
    fits = all(before == after and 2 * before <= size for (before, after), size in zip(window.padding, window.size))
    return [before for before, _ in window.padding] if fits else None


def average(value, window: Window):
    from torch.nn import functional

    run = functional.avg_pool2d if len(window.size) == 2 else functional.avg_pool1d
    zeros = symmetric(window)
    if zeros is not None:
        return run(channels_second(value), window.size, window.stride, zeros).movedim(1, -1)
    return run(around(value, window, 0), window.size, window.stride).movedim(1, -1)


def largest(value, window: Window):
    """The largest numbers, and how far each is from the next of its window."""
    from torch.nn import functional

    run = functional.max_pool2d if len(window.size) == 2 else functional.max_pool1d
    zeros = symmetric(window)
    lowest = around(value, window, float("-inf"))
    if zeros is not None:
        made = run(channels_second(value), window.size, window.stride, zeros)
    else:
        made = run(lowest, window.size, window.stride)
    taps = lowest.detach()
    for i, (size, stride) in enumerate(zip(window.size, window.stride)):
        taps = taps.unfold(2 + i, size, stride)
    taps = taps.flatten(2 + len(window.size))
    gaps = -taps.topk(min(2, taps.shape[-1])).values.diff(dim=-1)
    return made.movedim(1, -1), gaps[gaps.isfinite()]
