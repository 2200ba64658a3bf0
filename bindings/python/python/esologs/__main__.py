"""``python -m esologs``: the program ``esologs``."""

import sys

from ._program import main

sys.exit(main())
