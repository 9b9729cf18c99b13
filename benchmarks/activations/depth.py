#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is left of signal and gradient after 50 equal layers whose weights were drawn to keep one of them: a check of the theory in
docs/activations.md that shares no code with the library. Needs numpy. Medians of five draws."""
import numpy

UNITS, SAMPLES, DEPTH = 256, 64, 50


def sigmoid(z):
    return 1 / (1 + numpy.exp(-z))


# Value, derivative, and the library's gains for the signal and for the gradient.
FUNCTIONS = {
    "relu": (lambda z: numpy.maximum(z, 0), lambda z: (z > 0) * 1.0, 2**0.5, 2**0.5),
    "tanh": (numpy.tanh, lambda z: 1 - numpy.tanh(z) ** 2, 1.592537419723, 1.467413591631),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * sigmoid(-z), 1.846228545339, 4.722646085938),
    "silu": (lambda z: z * sigmoid(z), lambda z: sigmoid(z) * (1 + z * sigmoid(-z)), 1.676532470331, 1.623320257952),
}


def run(random, value, derivative, gain):
    """The mean square of the last layer's sums, and the gradient at the first layer as a share of that at the last."""
    weights = [random.standard_normal((UNITS, UNITS)) * gain / UNITS**0.5 for _ in range(DEPTH)]
    signal, sums = random.standard_normal((SAMPLES, UNITS)), []
    for weight in weights:
        sums.append(signal @ weight.T)
        signal = value(sums[-1])
    gradient, norms = random.standard_normal(signal.shape), []
    for weight, z in zip(reversed(weights), reversed(sums)):
        gradient = gradient * derivative(z)
        norms.append(numpy.linalg.norm(gradient))
        gradient = gradient @ weight
    return (sums[-1] ** 2).mean(), norms[-1] / norms[0]


def main():
    numpy.seterr(over="ignore")
    print("| activation | `keep::` | gain | mean square of z at layer 50 | gradient at layer 1 over that at layer 50 |\n|-|-|-|-|-|")
    for name, (value, derivative, signal, gradient) in FUNCTIONS.items():
        for kept, gain in (("signal", signal), ("gradient", gradient)):
            random = numpy.random.default_rng(0)
            square, share = numpy.median([run(random, value, derivative, gain) for _ in range(5)], axis=0)
            print(f"| `{name}` | `{kept}` | {gain:.3f} | {square:.2g} | {share:.2g} |")


main()
