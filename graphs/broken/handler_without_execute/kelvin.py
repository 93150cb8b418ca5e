"""Degrees Celsius to kelvins, under a method name that nobody calls."""

import numpy as np
from pyovms import Tensor


class OvmsPythonModel:
    def initialize(self, kwargs: dict) -> None:
        self.output = kwargs["output_names"][0]

    def run(self, inputs: list) -> list:
        celsius = np.asarray(inputs[0])
        return [Tensor(self.output, (celsius + 273.15).astype(np.float32))]
