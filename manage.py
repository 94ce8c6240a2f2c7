#!/usr/bin/env python3
"""Django's own commands, for development; `candour` is the command that people use."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "candour.config.settings")
    execute_from_command_line(sys.argv)
