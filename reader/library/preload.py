"""What every worker needs, imported once by the process that forks them, so that replacing a worker costs little.

The claims model itself is loaded in the worker that first needs it (a tenth of a second): what its runtime would set
going here is not made to be forked.
"""

import os
import sys

if any("multiprocessing.forkserver" in word for word in sys.orig_argv):
    # A worker that is begun just as the program ends finds things gone, and would say so where the program speaks.
    _void = os.open(os.devnull, os.O_WRONLY)
    os.dup2(_void, 2)
    os.close(_void)

# One processor is a worker's share. The library that numpy calculates with would also set memory aside for each of the
# machine's processors, and tokenizers' threads would not live on after the fork.
os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}

import reader.articles.extract
import reader.claims.find
import reader.feeds.parse  # noqa: F401
