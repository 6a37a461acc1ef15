"""The one door to the network: limits, validators, politeness.

A server can make a fetch fail, but it can't make it last, grow, leak a password or a validator to somebody else, or
reach into the person's own network.
"""

from reader.net.errors import NetError
from reader.net.fetch import FEED, PAGE, USER_AGENT, Asking, Net, Response, host_of
from reader.net.patience import Patience

__all__ = ["FEED", "PAGE", "USER_AGENT", "Asking", "Net", "NetError", "Patience", "Response", "host_of"]
