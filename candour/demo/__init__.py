"""The demonstration partnership: Northmere, invented whole. Nothing here runs outside the demonstration."""
