"""A whole night, looked at in the morning: its heart rate, its sleep and its stages.  Pure."""

from agent.fusion.night.account import Account, Stages, account
from agent.fusion.night.trace import HALF_MINUTE, Trace
from agent.fusion.night.usual import Compared, compared

__all__ = ["HALF_MINUTE", "Account", "Compared", "Stages", "Trace", "account", "compared"]
