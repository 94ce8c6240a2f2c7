"""Audit tools: each a shelf of numbered versions, and a published version never changes again."""

import hashlib
import json
from typing import Any

from django.db import models
from django.db.models import Q

from candour.kernel.errors import Refused
from candour.kernel.models import Row
from candour.people.models import Partnership, User

FROZEN = "A published version of an audit tool never changes: publish a new version instead."


def fingerprint(document: dict[str, Any]) -> str:
    """SHA-256 of the document in one canonical form, so that a change shows."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Tool(Row):
    """An audit tool by its code. No partnership: shipped with Candour, for everybody."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, null=True, blank=True, related_name="tools")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="tool_code_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(partnership__isnull=True), name="tool_code_once_shipped"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ToolVersionQuerySet(models.QuerySet["ToolVersion"]):
    """Versions; what is published can be neither rewritten nor deleted in bulk either."""

    def published(self) -> "ToolVersionQuerySet":
        """Those that an audit may use."""
        return self.filter(published_at__isnull=False)

    def update(self, **values: Any) -> int:
        if self.published().exists():
            raise Refused(FROZEN)
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        if self.published().exists():
            raise Refused(FROZEN)
        return super().delete()


class ToolVersion(Row):
    """One version of a tool: a document, frozen when it is published."""

    tool = models.ForeignKey(Tool, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ToolVersionQuerySet.as_manager()

    class Meta:
        ordering = ["tool__name", "-number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tool", "number"], name="tool_version_once"),
            models.CheckConstraint(
                name="tool_version_published_pair",
                condition=Q(published_at__isnull=False) | Q(published_by__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tool} {self.number}"

    @property
    def partnership_id(self) -> str | None:
        return self.tool.partnership_id

    def get_absolute_url(self) -> str:
        return f"/tools/{self.pk}/"

    @property
    def edit_url(self) -> str:
        """Where it is written, until it is published."""
        return f"{self.get_absolute_url()}edit/"

    @property
    def titled(self) -> str:
        """Its title with its version."""
        return f"{self.document['name']}, version {self.number}{'' if self.published_at else ' (draft)'}"

    @property
    def being(self) -> str:
        """What the shelf says of it while it is written."""
        home = self.tool.partnership
        return f"Version {self.number}{f', for {home.short_name}' if home else ''}. Not published yet."

    @property
    def use(self) -> str:
        """Whether it is for a service's return, or for what people say of their own free will."""
        return str(self.document.get("use", "return"))

    @property
    def said(self) -> str:
        """What the shelf says about it."""
        on = f", published {self.published_at:%-d %B %Y}" if self.published_at else ""
        reading = ", with reading the record" if self.use == "return" else ""
        return f"Version {self.number}{on}. About {self.document['minutes']} minutes{reading}."

    @property
    def intact(self) -> bool:
        """Whether the document is still the one that was published."""
        return fingerprint(self.document) == self.digest

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and ToolVersion.objects.filter(pk=self.pk).published().exists():
            raise Refused(FROZEN)
        self.digest = fingerprint(self.document)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if ToolVersion.objects.filter(pk=self.pk).published().exists():
            raise Refused(FROZEN)
        return super().delete(*args, **kwargs)
