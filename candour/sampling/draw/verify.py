"""Draw again from this receipt. In the folder of its files: python3 verify.py (standard library only)."""

import hashlib
import json
import sys
from pathlib import Path


def digest(content):
    return hashlib.sha256(content).hexdigest()


cohort, plan, binding = (Path(name).read_bytes() for name in ("cohort.tsv", "plan.tsv", "binding.tsv"))
source = Path("source.txt").read_text(encoding="ascii").strip()
said = json.loads(Path("commitment.json").read_text(encoding="ascii"))
result = [tuple(line.split("\t")) for line in Path("result.tsv").read_text(encoding="ascii").splitlines()]

key = digest(f"candour-draw/1\n{digest(cohort)}\n{digest(plan)}\n{source}\n".encode())
rows = [line.split("\t") for line in cohort.decode("ascii").splitlines()]
drawn = []
for line in plan.decode("ascii").splitlines():
    group, places, reserves = line.split("\t")
    refs = [ref for stratum, ref in rows if stratum == group]
    refs.sort(key=lambda ref: f"{int(digest((key + ref).encode()), 16):064d}"[::-1])
    for i, ref in enumerate(refs[: int(places) + int(reserves)]):
        drawn.append((group, "sample" if i < int(places) else "reserve", str(i + 1), ref))
        print(*drawn[-1])

announced = said["source"]
checks = {
    "the list is the one fixed before the draw": said["cohort"] == digest(cohort),
    "the plan is the one fixed before the draw": said["plan"] == digest(plan),
    "the binding is the one fixed before the draw": said["binding"] == digest(binding),
    "the public random number is of the kind announced": source.startswith(announced["kind"] + ":"),
    "its round is the one announced": announced.get("round") in (None, int(source.split(":")[1])),
    "the result is the one drawn here": result == drawn,
}
for what, good in checks.items():
    print("yes" if good else "NO ", what, file=sys.stderr)
sys.exit(0 if all(checks.values()) else 1)
