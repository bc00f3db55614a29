"""More ways to say things, of other authors: learnt beside the tools' examples.  Pure."""

from agent.ask.voices import alder, birch, street

VOICES = (alder.VOICE, birch.VOICE, street.VOICE)
