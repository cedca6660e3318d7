"""The two scripts in docs/from_pynest.md do the same."""

import re
import sys
from pathlib import Path

import numpy as np

import eprop.nest as nest

PAGE = Path(__file__).parents[3] / "docs" / "from_pynest.md"


def test_both_scripts_come_to_the_same(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "nest", nest)
    pynest, ours = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    results = []
    for script in (pynest, ours):
        names: dict = {}
        exec(compile(script, str(PAGE), "exec"), names)
        results.append((names["readout"], names["learnt"]))
    (readout, learnt), (our_readout, our_learnt) = results
    assert np.abs(readout).max() > 0.5
    np.testing.assert_allclose(our_readout[: len(readout)], readout, rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(our_learnt, learnt, rtol=0.0, atol=1e-12)
