"""How people speak of their medicines, and what makes a sentence a command.  Pure."""

from agent.skill import sayings

_PILLS = (
    r"(?:pills?|tablets?|medicines?|medication|meds|dose|capsules?|drops|insulin|vitamins?"
    r"|antibiotics?|inhaler|injection|jab)"
)
PLANS = (
    (
        r"\bi (?:have to |need to |must |should )?take (?!a (?:break|nap|walk|bus|train|taxi)\b)"
        r"[\w' -]{2,40}? (?:at \d|every|each|daily|twice|three times|once a day"
        r"|in the (?:morning|evening))"
    ),
    rf"\b(?:set up|add|plan|schedule|enter)\b.{{0,20}}\b{_PILLS}\b.*\b(?:at|every|daily)\b",
    r"\bi(?:'m| am) (?:on|taking) [\w' -]{2,40}? (?:at \d|every|daily|twice|three times)",
)
CONFIRMS = (
    (
        r"^(?!.*\b(?:two|too many|twice|double|mistake)\b)"
        r"(?:yes |ok |right )?i(?:'ve| have)? (?:just |already )?(?:took|taken|had|swallowed)\b"
        rf".*\b{_PILLS}\b"
    ),
    rf"\b{_PILLS} (?:taken|done|swallowed|are in|is in|down)$",
    rf"\b(?:mark|note|log|tick off|confirm)\b.*\b{_PILLS}\b.*(?:taken|done)?",
)
STOPS = (
    r"\bi (?:don't|do not|no longer) (?:have to |need to )?take\b.*",
    r"\b(?:stop|quit) asking (?:me )?(?:for|about)\b.*",
    rf"\b(?:remove|delete|drop|cancel)\b.*\bfrom my {_PILLS}\b",
)
PLAN = sayings("""
    I take {medicine} {often} | I have to take {medicine} {often} | {often} I take {medicine}
    I need to take {medicine} {often} | I'm on {medicine} {often} | I must take {medicine} {often}
    I am taking {medicine} {often} | my {medicine} is {often}
    add {medicine} to my medicines {often}
    plan my {medicine} {often} | schedule {medicine} {often} | set up {medicine} {often}
    the doctor gave me {medicine} {often} | ask me for my {medicine} {often}
    new medicine: {medicine} {often} | I should have my {medicine} {often}
    please to plan the {medicine}, {often} | um I take uh {medicine} {often}
    put {medicine} on my medicine plan {often} | from now on I take {medicine} {often}
    I've been prescribed {medicine} {often} | I take a new medicine
    {medicine} is to be taken {often} | remind me of my pills: {medicine} {often}
    put me down for {medicine} {often} | my doctor wants me to take {medicine} {often}
    I start with {medicine} {often} | enter {medicine} {often} into my medicines
    keep track of my {medicine} {often} | make a plan for {medicine} {often}
""")
CONFIRM = sayings("""
    I took my pills | I've taken my pills | I took my tablets | I have taken my medicine
    I took the {medicine} | I've had my {medicine} | {medicine} taken | pills taken | pills done
    I just took my {medicine} | I've swallowed my pills | meds done | I already took my {medicine}
    note that I took my {medicine} | mark my {medicine} as taken | my pills are in
    tick off my {medicine} | yes I took my medication | done with the pills
    I have had my tablets just now | log my {medicine} as taken | um I took uh my pills
    took them, my tablets | I've done my {medicine} injection | confirm that I took my {medicine}
    {medicine} is down | I have swallowed the {medicine} | I've just had my tablets
    my {medicine} is done for now | the pills are down | I've had the dose
""")
TAKEN = sayings("""
    did I take my pills today | did I take my {medicine} | have I taken my pills
    have I had my {medicine} today | did I take my tablets this morning | have I taken my medicine
    did I already take my {medicine} | when did I last take my {medicine} | are my pills taken
    which pills have I taken today | was the {medicine} taken | did I forget my pills
    did I miss a dose | have I missed my {medicine} | what did I take today
    am I done with my pills for today | is my medication done | did I have my tablets yet
    I can't remember whether I took my {medicine} | um did I uh take them, the pills
    so have I had my morning pills or not | tell me if I took my {medicine}
    is my {medicine} taken yet | which doses did I have today | did I swallow my tablets
    were my pills taken this morning | have I forgotten my {medicine} | when was my last dose
    has the {medicine} been taken | what have I had of my medicine today
""")
ANOTHER = sayings("""
    can I take another one of my pills | shall I have another {medicine}
    can I take more {medicine} | may I take a second dose | may I have my {medicine} again
    is it safe to take another {medicine} | I forgot my {medicine}, should I take two
    should I double the dose | can I take two tablets now | shall I take the missed dose now
    I missed my {medicine}, what should I do | is it too late for my {medicine}
    is it too early for my next dose | can I skip my {medicine} | should I skip a dose
    what happens if I take my {medicine} twice | I took two {medicine} by mistake
    could I have one more {medicine} | may I take my {medicine} earlier
    can I stop taking my {medicine}
    can I have a second {medicine} now | would another {medicine} be okay
    I think I skipped a dose, what now | may I take both doses together | is a double dose bad
    is one more tablet all right | I took too many {medicine} | can I catch up the missed dose
    may I halve my {medicine} | is it okay to take the {medicine} late
""")
NEXT = sayings("""
    when is my next dose | when do I take my {medicine} | when is my next pill
    when do I have to take my pills | what time is my {medicine} | next dose | next pill
    when is the {medicine} due | how long until my next dose | which pill comes next
    when must I take my next tablet | is a dose due | are any pills due | what do I take next
    what medicine is next | do I have to take anything now | when's my next {medicine}
    tell me when my pills are due | um when is uh my next tablet
    at what hour am I to take my {medicine} | what pills are still to come today
    when are my tablets due | at what time is the next {medicine} | how long until my pills
    which dose is next | when do you ask me about my pills next | what's my next medicine
    do I still have pills to take today | is my {medicine} due soon | when should I have my dose
""")
KNOWN = sayings("""
    which medicines do I take | what pills do I take | list my medicines | my medication plan
    what is on my medicine plan | show me my medicines | what am I taking | which pills am I on
    what medication am I on | tell me my medicines | how many medicines do I take
    what tablets do I have to take every day | read me my medication | medicines
    what do you know of my medicines | which drugs do I take | my pills, which are they
    what do you ask me to take | what's in my pill plan | um what medicines do I have
    what tablets are on my plan | which medicine am I on | what remedies do I take
    what do I take every day | which drugs do I get | what have I been prescribed
    read me my medicine plan | what are my pills | name my medicines | what is in my medicines
""")
STOP = sayings("""
    I don't take {medicine} any more | I no longer take {medicine} | I do not take {medicine} now
    stop asking for {medicine} | stop asking me about {medicine} | I'm off {medicine} now
    remove {medicine} from my medicines | delete {medicine} from my medication
    take {medicine} off my medicine plan | I have finished the {medicine} course
    drop {medicine} from my medicine plan | I don't need to take {medicine} any more
    you needn't ask for {medicine} any more | the doctor stopped my {medicine}
    no more {medicine} for me | I've stopped {medicine} | cancel {medicine} from my pills
    please to ask no more for {medicine} | um I stopped uh taking {medicine}
    {medicine} is over, take it off the plan
    my {medicine} course is over | leave {medicine} off from now on | I quit {medicine}
    forget about my {medicine}, I'm done with it | strike {medicine} from my medicines
    don't remind me of {medicine}, I stopped it | I came off {medicine}
    {medicine} was stopped | I am finished with {medicine} | end the {medicine} plan
""")
