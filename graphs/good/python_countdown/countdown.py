"""Counts down from the number in the request, ten at most, one answer per number."""

from collections.abc import Iterator

import numpy as np
from pyovms import Tensor

LONGEST = 10


class OvmsPythonModel:
    def initialize(self, kwargs: dict) -> None:
        self.output = kwargs["output_names"][0]

    def execute(self, inputs: list) -> Iterator[list]:
        seconds = max(0, min(int(np.asarray(inputs[0]).reshape(-1)[0]), LONGEST))
        for left in range(seconds, -1, -1):
            yield [Tensor(self.output, np.array([left], dtype=np.int32))]
