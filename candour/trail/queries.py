"""Reading the trail: its export, and who did what to a thing."""

import base64
import json
from collections.abc import Iterator

from candour.trail import checkpoints
from candour.trail.act import leaf_fields
from candour.trail.models import Chain, Checkpoint, Entry


def export(chain: Chain) -> Iterator[str]:
    """A chain as `candour verify-trail` reads it: one JSON object a line, in order."""
    for entry in Entry.objects.filter(chain=chain).order_by("seq").iterator(chunk_size=2000):
        yield json.dumps(leaf_fields(entry) | {"leaf": entry.leaf}) + "\n"


def chain_of(partnership_id: str | None) -> Chain | None:
    """A partnership's chain, or with None the installation's; none before the first act."""
    return Chain.objects.filter(partnership=partnership_id).first()


def last_checkpoint(chain: Chain) -> Checkpoint | None:
    """The newest signed statement of how far a chain had come."""
    return chain.checkpoints.order_by("-length", "-at", "pk").first()


def signing_key() -> str:
    """What anybody checks this installation's checkpoints with, as `candour verify-trail --key` takes it."""
    return base64.b64encode(checkpoints.public_key()).decode()
