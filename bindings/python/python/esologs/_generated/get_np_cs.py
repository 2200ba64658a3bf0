"""Another name of ``get_npcs``. Written by ``generator``: do not edit."""

from .get_npcs import *
