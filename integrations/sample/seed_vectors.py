"""The sample's vectors, shipped so that a first run embeds nothing: `python -m integrations.sample.seed_vectors HOME`.

HOME is one freshly made with `rep init --sample`: its vector cache then holds the sample's passages and nothing else.
To be run again whenever the sample's texts, their passages or the embedded model change.
"""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path

from integrations.search.embedders import SEED_VECTORS, VECTOR_CACHE
from integrations.search.vector_cache import VectorCache, write_seeds


def main(home: Path) -> int:
    """Write the file beside the sample's content; 1 when the home has no vectors."""
    held = VectorCache(home / VECTOR_CACHE).everything()
    if not held:
        sys.stderr.write(f"{home}: no vectors; make it with: rep init --sample --home {home}\n")
        return 1
    place = Path(str(files("knowledge"))) / "sample" / SEED_VECTORS
    write_seeds(place, held)
    sys.stdout.write(f"{place}: {len(held)} vectors, {place.stat().st_size // 1024} KB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
