"""A trained tagger -> reader/claims/data: one ONNX file of 8 bits a weight, and its tokenizer.

python -m training.claims.export --base DIR --work build/claims [--out reader/claims/data] [--name NAME]
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn
from torch.nn import functional as F

from reader.claims.tagger import INPUTS, OUTPUTS
from training.claims.network import HEADS, Tagger, of_words
from training.claims.prepare import tokenizer_of


class Attend(torch.autograd.Function):
    """Attention of several heads, as the one operation that onnxruntime has for it."""

    @staticmethod
    def forward(_: Any, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        heads = (x.unflatten(-1, (HEADS, -1)).transpose(1, 2) for x in (query, key, value))
        return F.scaled_dot_product_attention(*heads).transpose(1, 2).flatten(2)

    @staticmethod
    def symbolic(graph: Any, query: Any, key: Any, value: Any) -> Any:
        seen = graph.op("com.microsoft::MultiHeadAttention", query, key, value, num_heads_i=HEADS)
        return seen.setType(query.type())


class Rows(nn.Module):
    """An embedding of 8 bits a weight with a scale for each row; one scale for all loses half a point of F1."""

    def __init__(self, whole: nn.Embedding) -> None:
        super().__init__()
        scales = whole.weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("scales", scales)
        self.register_buffer("rows", (whole.weight / scales).round().to(torch.int8))

    def forward(self, ids: Tensor) -> Tensor:
        return self.rows[ids].to(self.scales.dtype) * self.scales[ids]


class Shipped(nn.Module):
    """The heads that are used while reading, over the words' first pieces.

    A run's windows must be of one length: there is no mask, which costs time. In the last layer only the words' first
    pieces look about, the others are not asked for anything.
    """

    def __init__(self, tagger: Tagger, *, whole: bool) -> None:
        super().__init__()
        self.tagger = tagger
        self.pieces = tagger.encoder.pieces if whole else Rows(tagger.encoder.pieces)

    def forward(self, ids: Tensor, shapes: Tensor, states: Tensor, firsts: Tensor) -> tuple[Tensor, ...]:
        tagger, encoder = self.tagger, self.tagger.encoder
        places = torch.arange(ids.shape[1])
        x = encoder.norm(self.pieces(ids) + encoder.places(places) + encoder.shapes(shapes) + encoder.states(states))
        for layer in encoder.layers:
            own = of_words(x, firsts) if layer is encoder.layers[-1] else x
            seen = Attend.apply(layer.query(own), layer.key(x), layer.value(x))
            x = layer.norm(own + layer.out(seen))
            x = layer.norm_out(x + layer.down(F.gelu(layer.up(x))))
        links = torch.cat([tagger.link_from(x), tagger.link_to(x)], -1)
        return tagger.labels(x), tagger.entities(x), links, tagger.sentence(x)


_WHOLE = ("labels", "entities", "link_from", "link_to")
"""Heads too small to be worth quantising."""


def export(base: Path, work: Path, out: Path, name: str, *, weights: str = "tagger.pt", whole: bool = False) -> None:
    """Write tagger.onnx and tokenizer.json; `whole` leaves the weights in 32 bits, to tell what quantising costs."""
    tagger = Tagger.of_base(base)
    held = torch.load(work / weights)
    tagger.load_state_dict(held.get("tagger", held))
    tagger.eval()
    out.mkdir(parents=True, exist_ok=True)
    ids = torch.randint(1000, 2000, (2, 16))
    example = (ids, torch.ones_like(ids), torch.ones_like(ids), torch.arange(1, 9).repeat(2, 1))
    axes = {name: {0: "b", 1: "t" if name in INPUTS[:3] else "w"} for name in (*INPUTS, *OUTPUTS)}
    with tempfile.TemporaryDirectory() as folder:
        plain, ready, small = (Path(folder) / f"{n}.onnx" for n in ("plain", "ready", "small"))
        torch.onnx.export(
            Shipped(tagger, whole=whole),
            example,
            str(plain),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
            opset_version=17,
            custom_opsets={"com.microsoft": 1},
            dynamo=False,
        )
        quant_pre_process(str(plain), str(ready), skip_symbolic_shape=True)
        if not whole:
            names = (n.name for n in onnx.load(str(ready)).graph.node if n.op_type == "MatMul")
            quantize_dynamic(
                str(ready),
                str(small),
                op_types_to_quantize=["MatMul"],
                nodes_to_exclude=[n for n in names if any(f"/{head}/" in n for head in _WHOLE)],
                per_channel=True,
                reduce_range=True,  # 7 bits: 8 overflow on processors without VNNI, and are no better
                weight_type=QuantType.QInt8,
            )
        model = onnx.load(str(ready if whole else small))
    crf = tagger.crf
    chain = {
        "turns": crf.turns().tolist(),
        "begins": crf.begins().tolist(),
        "ends": crf.end.tolist(),
        "unlinked": tagger.unlinked.tolist(),
    }
    onnx.helper.set_model_props(model, {"name": name, "chain": json.dumps(chain)})
    onnx.save(model, str(out / "tagger.onnx"))
    shutil.copy(base / "tokenizer.json", out / "tokenizer.json")
    tokenizer = tokenizer_of(out)
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    size = sum(p.stat().st_size for p in out.iterdir()) / 1e6
    print(f"{out}: {size:.1f} MB")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--base", type=Path, required=True)
    ask.add_argument("--work", type=Path, required=True)
    ask.add_argument("--out", type=Path, default=Path("reader/claims/data"))
    ask.add_argument("--name", default="polnear-minilm-1")
    ask.add_argument("--weights", default="tagger.pt", help="file of --work; checkpoint.pt while training")
    ask.add_argument("--whole", action="store_true", help="leave the weights in 32 bits")
    told = ask.parse_args()
    torch.set_num_threads(1)
    export(told.base, told.work, told.out, told.name, weights=told.weights, whole=told.whole)


if __name__ == "__main__":
    main()
