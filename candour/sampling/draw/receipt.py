"""The commitment that fixes a draw beforehand, and the receipt that lets a stranger run it again."""

import hmac
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from candour.sampling.draw.method import (
    METHOD,
    Unfit,
    draw,
    fingerprint,
    key_of,
    read_cohort,
    read_plan,
    read_source,
    where,
    write_result,
)

_BINDING = re.compile(rb"(?:[A-Z0-9-]{4,32}\t[0-9a-f]{64}\n)++")
_FILES = ("cohort.tsv", "plan.tsv", "binding.tsv", "source.txt", "commitment.json", "result.tsv", "verify.py")
_LARGEST = 200 * 1024 * 1024
_VERIFY = Path(__file__).with_name("verify.py")


def write_commitment(
    *, cohort: bytes, plan: bytes, binding: bytes, announced: Mapping[str, Any], reasons: Sequence[str], at: datetime,
    inclusion: Sequence[Mapping[str, Any]] = (), groups: Mapping[str, str] | None = None,
) -> bytes:  # fmt: skip
    """Write commitment.json: all that is fixed before the public random number can be known."""
    strata = read_cohort(cohort)
    content = {
        "method": METHOD,
        "cohort": fingerprint(cohort),
        "plan": fingerprint(plan),
        "binding": fingerprint(binding),
        "counts": {stratum: len(refs) for stratum, refs in strata.items()},
        "groups": dict(groups or {}),
        "inclusion": [dict(step) for step in inclusion],
        "source": dict(announced),
        "replacement_reasons": list(reasons),
        "fixed_at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return (json.dumps(content, sort_keys=True, indent=1, ensure_ascii=True) + "\n").encode("ascii")


def write_receipt(*, cohort: bytes, plan: bytes, binding: bytes, source: str, commitment: bytes) -> bytes:
    """Write the receipt: everything a stranger needs to draw again, with the script that does it."""
    contents = (
        cohort,
        plan,
        binding,
        f"{source}\n".encode("ascii"),
        commitment,
        write_result(draw(cohort, plan, source)),
        _VERIFY.read_bytes(),
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in zip(_FILES, contents, strict=True):
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def read_receipt(content: bytes) -> dict[str, bytes]:
    """Open a receipt's zip, refusing anything that is not one before it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sizes = {info.filename: info.file_size for info in archive.infolist()}
            if missing := [name for name in _FILES[:-1] if name not in sizes]:
                raise Unfit(f"This is not a whole receipt: {missing[0]} is missing.")
            if sum(sizes.values()) > _LARGEST:
                raise Unfit("This receipt is larger than any draw's could be.")
            _apart(archive)
            files = {name: archive.read(name) for name in _FILES if name in sizes}
            if any(len(content) != sizes[name] for name, content in files.items()):
                raise zipfile.BadZipFile
            return files
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        raise Unfit("This is not a receipt: it cannot be opened as a zip file, or it is damaged.") from None
    except Exception as problem:
        if isinstance(problem, Unfit):
            raise
        raise Unfit("This receipt is damaged.") from None


def _apart(archive: zipfile.ZipFile) -> None:
    """Refuse files that are said to reach into the next: the browser's check does not open those either."""
    files = sorted(archive.infolist(), key=lambda info: info.header_offset)
    starts = [info.header_offset for info in files[1:]] + [archive.start_dir]
    for info, following in zip(files, starts, strict=True):
        if info.header_offset + 30 + len(info.orig_filename) + info.compress_size > following:
            raise zipfile.BadZipFile


def verify_receipt(content: bytes) -> list[str]:
    """Recompute a receipt; give what was found to agree, one sentence each, or refuse with what does not."""
    files = read_receipt(content)
    cohort, plan, binding = files["cohort.tsv"], files["plan.tsv"], files["binding.tsv"]
    said = _said(files["commitment.json"])
    for name in ("cohort", "plan", "binding"):
        if not hmac.compare_digest(str(said[name]).encode(), fingerprint(files[f"{name}.tsv"]).encode()):
            raise Unfit(f"{name}.tsv is not the file whose fingerprint was fixed before the draw.")
    if said["method"] != METHOD:
        raise Unfit(f"The draw was fixed under another method than {METHOD}.")
    strata, outside = read_cohort(cohort), read_source(files["source.txt"])
    if said["counts"] != {name: len(refs) for name, refs in strata.items()}:
        raise Unfit("The counts that were fixed are not those of cohort.tsv.")
    if not _BINDING.fullmatch(binding):
        raise Unfit(where(binding, _BINDING, "binding.tsv", "a reference, a tab and 64 hexadecimal digits"))
    bound = [line.split(b"\t")[0].decode() for line in binding.splitlines()]
    if bound != sorted(ref for refs in strata.values() for ref in refs):
        raise Unfit("binding.tsv does not have exactly the references of cohort.tsv, sorted.")
    announced = said["source"] if isinstance(said["source"], dict) else {}
    if (announced.get("kind"), announced.get("round")) != (outside.kind, outside.round):
        raise Unfit("The public random number does not come from the source that was announced.")
    if files["result.tsv"] != write_result(draw(cohort, plan, outside.text)):
        raise Unfit("Drawing again gives another result than result.tsv.")
    total, places = len(bound), sum(group.places for group in read_plan(plan))
    return [
        "The fingerprints of the list, the plan and the binding are those fixed before the draw.",
        f"The public random number {outside.text} comes from the source that was announced.",
        f"Drawing again gives the same result: {places} of {total}, reserves in the same order.",
        f"Key {key_of(cohort, plan, outside.text)}",
    ]


def _said(content: bytes) -> dict[str, Any]:
    try:
        said = json.loads(content)
        if not isinstance(said, dict):
            raise ValueError
        for name in ("method", "cohort", "plan", "binding", "counts", "source"):
            said[name]
    except (ValueError, KeyError, RecursionError):
        raise Unfit("commitment.json is not whole.") from None
    return said
