"""Answering with a PDF."""

from django.http import HttpResponse


def pdf_response(pdf: bytes, name: str) -> HttpResponse:
    """A PDF that opens in the browser under a name that says what it is."""
    head = {"Content-Disposition": f'inline; filename="{name}"', "X-Robots-Tag": "noindex"}
    return HttpResponse(bytes(pdf), content_type="application/pdf", headers=head)
