"""`python -m auditlib`: the same as the command `auditlib`."""

import sys

from auditlib.cli import main

sys.exit(main())
