#!/usr/bin/env python3
"""Writes strokes.txt, the word "eprop" as displacements of a pen, one "dx dy" per line, for the handwriting example.

Each letter is a list of points (x, y) that the pen passes on a smooth curve (Catmull-Rom); letters are joined.
"""
import pathlib

import numpy as np

E = [(0.0, 0.4), (0.55, 0.55), (0.5, 0.95), (0.2, 0.95), (0.1, 0.5), (0.3, 0.05), (0.7, 0.1)]
P = [(0.0, 0.4), (0.15, 0.95), (0.1, 0.2), (0.0, -0.9), (0.1, 0.3), (0.35, 0.95), (0.65, 0.7), (0.6, 0.2),
     (0.3, 0.05), (0.12, 0.2), (0.5, 0.0), (0.8, 0.15)]
R = [(0.0, 0.4), (0.12, 0.9), (0.2, 1.05), (0.3, 0.9), (0.5, 0.92), (0.5, 0.4), (0.55, 0.05), (0.8, 0.2)]
O = [(0.0, 0.6), (0.4, 0.95), (0.1, 0.75), (0.1, 0.25), (0.4, 0.03), (0.65, 0.35), (0.6, 0.8), (0.38, 0.93),
     (0.6, 0.75), (0.9, 0.7)]
WORD = [(E, 0.75), (P, 0.85), (R, 0.85), (O, 0.95), (P, 0.85)]
POINTS = 220


def catmull_rom(points, per_segment=20):
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    u = np.linspace(0, 1, per_segment, endpoint=False)[:, None]
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:]):
        yield 0.5 * (2 * p1 + (p2 - p0) * u + (2 * p0 - 5 * p1 + 4 * p2 - p3) * u**2
                     + (3 * p1 - p0 - 3 * p2 + p3) * u**3)


def main():
    knots, x = [], 0.0
    for letter, width in WORD:
        knots += [(x + px, py) for px, py in letter]
        x += width
    curve = np.vstack(list(catmull_rom(np.array(knots))))
    length = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    even = np.linspace(0, length[-1], POINTS + 1)
    pen = np.column_stack([np.interp(even, length, curve[:, 0]), np.interp(even, length, curve[:, 1])])
    lines = [f"{dx:.6f} {dy:.6f}" for dx, dy in np.diff(pen, axis=0)]
    path = pathlib.Path(__file__).with_name("strokes.txt")
    path.write_text("# The word \"eprop\", made by make_strokes.py: dx dy\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
