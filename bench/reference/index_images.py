"""What NekoImageGallery does with each image that it indexes, by the libraries that it uses: Pillow, the image processor
of transformers, CLIP in torch, a thumbnail of 256 px. CLIP ViT-B/32's shape; its weights are random, which costs the same.

`python index_images.py IMAGE COUNT` prints a line of JSON: seconds by the clock, and of CPU time, for an image.
Needs `pip install torch transformers pillow`.
"""
import io
import json
import os
import sys
import time

import torch
from PIL import Image
from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel

model = CLIPModel(CLIPConfig()).eval()
processor = CLIPImageProcessor()


@torch.no_grad()
def index(path: str) -> int:
    with open(path, "rb") as file:
        content = file.read()
    image = Image.open(io.BytesIO(content)).convert("RGB")
    features = model.get_image_features(**processor(images=image, return_tensors="pt"))
    features = getattr(features, "pooler_output", features)
    features /= features.norm(dim=-1, keepdim=True)
    small = Image.open(io.BytesIO(content))
    small.thumbnail((256, 256))
    thumbnail = io.BytesIO()
    small.save(thumbnail, "WebP")
    return len(thumbnail.getvalue()) + features.numel()


def cpu() -> float:
    times = os.times()
    return times.user + times.system


path, count = sys.argv[1], int(sys.argv[2])
for _ in range(3):
    index(path)
clock, used = time.perf_counter(), cpu()
for _ in range(count):
    index(path)
print(json.dumps({"clock": (time.perf_counter() - clock) / count, "cpu": (cpu() - used) / count}))
