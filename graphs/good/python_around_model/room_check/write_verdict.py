"""The model's number as a word."""

import numpy as np
from pyovms import Tensor


class OvmsPythonModel:
    def initialize(self, kwargs: dict) -> None:
        self.output = kwargs["output_names"][0]

    def execute(self, inputs: list) -> list:
        comfort = float(np.asarray(inputs[0]).reshape(-1)[0])
        verdict = "pleasant" if 15 <= comfort <= 35 else "open or close a window"
        return [Tensor(self.output, verdict.encode())]
