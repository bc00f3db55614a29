"""What makes a sentence a wish for quiet, or for its end, whatever stands within it.  Pure."""

_OFF = r"(?:stop|end|cancel|quit|leave|turn off|switch off|exit|finish|disable|drop|no more)"
_TELL = r"(?:tell|bother|bug|notify|speak to|talk to|pester)"
_TELLING = r"(?:telling|bothering|bugging|pestering|notifying|talking to|bombarding)"
_HINTS = r"(?:nudges?|hints?|suggestions?|advice|reports?|stuff)"
QUIET = (
    (
        r"^(?!(?:turn off|switch off|stop|end|cancel)\b).*\b(?:do not|don't|dont|never) (?:disturb"
        r"|interrupt|bother|ping|buzz)(?: me)?\b(?!.*\b(?:about|with|of)\b)"
    ),
    (
        r"^(?:please |can you |be |keep |stay |go )*(?:quiet|silent|silence|hush|shush|peace)\b"
        r"(?! (?:about|hours|is|was|the|all)\b)"
    ),
    (
        r"^(?:start|begin|set|turn on|switch on|enable|activate|i need|i want|give me)\b"
        r"(?!.*\b(?:reminder|timer|list)\b).*\b(?:focus|quiet|peace|silence|do not disturb)\b"
    ),
    (
        r"^(?:a |go into |go to )?focus(?: mode| time| session| hour)?\b"
        r"(?! (?:off|is|was|over|done|ends|state|status|left)\b)"
    ),
    r"\bleave me (?:alone|be|in peace)\b|\blet me (?:work|concentrate|focus|be)\b",
    r"^no (?:interruptions?|nudges?|disturbances?|talking|hints?)\b",
    r"\bhold (?:your|the) (?:peace|nudges|tongue)\b|\bi(?:'m| am) (?:focusing|concentrating)\b",
)
SPEAK = (
    rf"\b{_OFF} (?:the |my |with |being )*(?:focus\w*|quiet\w*|silen\w+|do not disturb|dnd)\b",
    (
        r"\bfocus(?: mode| time)? (?:off|is over|over|done|is done)\b"
        r"|^(?:i'm |i am )?done focus\w*\b"
    ),
    (
        r"\byou (?:can|may) (?:talk|speak|disturb me|interrupt me|bother me|nudge me)"
        r"(?: to me)?(?: again| now)?$"
    ),
    (
        r"^(?:talk|speak)(?: to me)? again$|^i can be (?:disturbed|interrupted)\b"
        r"|\bnot (?:busy|focusing) any ?more\b"
    ),
)
MUTES = (
    rf"\b(?:stop|quit|no more|enough) (?:of )?{_TELLING} me (?:about|with|of)\b",
    rf"\b(?:don't|do not|never) {_TELL} me (?:about|with|of)\b",
    (
        r"\b(?:don't|do not|never) (?:want|wish|need|like|care) to (?:hear|know|be told)"
        r" (?:\w+ )?(?:about|of)\b"
    ),
    r"^(?:mute|silence)(?: all| the)? \w+|^shut up (?:about|on)\b",
    r"^(?:i've |i have )?(?:had |heard )?enough (?:of|with|about)\b",
    rf"^no more (?:[\w' -]{{2,30}} )?{_HINTS}\b",
    rf"^stop the [\w -]+ {_HINTS}$",
)
UNMUTES = (
    r"^(?:you (?:can |may ))?unmute\b",
    r"^(?:you (?:can|may) |do )?(?:tell|notify|inform|nudge) me (?:about|of) .+ again$",
    r"\bwant to (?:hear|know) (?:about|of) .+ again$",
    r"^start (?:telling|talking to) me about\b",
    rf"\b(?:bring|turn|switch) (?:back |on )(?:the )?.+ {_HINTS}(?: again)?\b",
    r"^speak (?:to me )?(?:about|of) .+ again$",
)
