"""Degrees Celsius to degrees Fahrenheit, for any number of readings."""

import numpy as np
from pyovms import Tensor


class OvmsPythonModel:
    def initialize(self, kwargs: dict) -> None:
        self.output = kwargs["output_names"][0]

    def execute(self, inputs: list) -> list:
        celsius = np.asarray(inputs[0])
        return [Tensor(self.output, (celsius * 1.8 + 32).astype(np.float32))]
