"""How people ask about reminders and timers, and what makes a sentence a command.  Pure."""

from agent.skill import sayings

_ME = r"\b(?:nudge|ping|poke|alert|buzz|prod|nag|warn|notify) me\b"
REMINDS = (
    (
        r"\bremind(?:er)? (?:me|us)\b(?! again\b)"
        r"(?! (?:what|which|who|where|how|why|when (?:is|are|do|does"
        r"|was|my|the next))\b)"
    ),
    r"\b(?:don't|do not|never) let me forget\b(?!.*\b(?:list|shop)\b)",
    _ME,
    (
        r"^tell me (?:to|in \d|in (?:an?|half|ten|five|twenty)|at \d|at (?:noon|half|quarter)"
        r"|tomorrow)\b"
    ),
    r"\b(?:in|at) [\w: ]{1,24}?,? (?:please )?tell me to\b",
    r"\b(?:set|create|make|new|another|schedule|leave)\b.{0,20}\breminder\b(?!s)",
    r"^(?:a )?reminder\b(?!s)",
    r"\bgive me a (?:\w+ )?(?:nudge|shout|poke|ping|reminder|heads[- ]up|prod|buzz)\b",
    r"\bi (?:mustn't|must not|can't|cannot|shouldn't|should not|better not|don't want to) forget\b",
    r"\b(?:need|want|have|like|help me) to (?:remember|be reminded)\b|\bhelp me remember\b",
    r"\b(?:set|make|need|want) (?:me )?(?:an? |the |my )?alarm\b",
    r"^alarm (?:at|for)\b|^wake (?:me|us)\b",
    r"\bremember me\b|^note to self\b|^make sure i\b",
)
CANCELS = (
    (
        r"\b(?:cancel|delete|remove|drop|scrap|forget|clear|kill|lose|undo|take (?:back|away|off)"
        r"|get rid of|turn off|switch off|call off|dismiss|bin|ditch|erase|wipe|axe|stop)\b"
        r".*\b(?:remind\w*|nagging)\b"
    ),
    (
        r"\b(?:don't|do not|stop|no need|needn't|not have to|not need to|quit)\b.{0,24}"
        r"\b(?:remind|reminding|nag|nagging|reminder|ping|pinging) ?(?:me|us)?\b"
    ),
    r"\bremind\w*\b.*\b(?:off|away|gone|can go|not needed|isn't needed|unnecessary|no longer)$",
    r"\bno (?:more )?reminders?\b|\bnever ?mind\b.*\bremind\w*",
)
SNOOZES = (
    r"\bsnooze\b(?!s)",
    r"\b(?:remind|tell|nudge|ping|ask) me again\b",
    r"^(?:not now|later)[, ]+(?:in|at) ",
    r"\b(?:give|need) (?:me )?(?:another )?\w+ more minutes$",
)
CHANGES = (
    (
        r"\b(?:move|change|reschedule|shift|push|delay|postpone|bring|make|put)\b"
        r".*\bremind\w*\b.*\b(?:to|by|until|till|back|forward|at|for|on|in)\b"
    ),
    r"\b(?:reschedule|postpone|delay)\b.*\bremind\w*",
)
TIMERS = (
    (
        r"\b(?:set|start|create|make|begin|put on|run|give me|need|want|add|count)\b.{0,24}"
        r"\b(?:timer|countdown|count down|stopwatch)\b"
    ),
    r"^(?:a |another |new )?(?:\w+ ){0,4}(?:minute|min|hour|second)s? (?:timer|countdown)\b",
    r"^(?:timer|countdown|time me|count down)\b.*\b(?:minute|min|hour|second|sec|h|m|s)s?\b",
)
STOPS = (
    (
        r"\b(?:cancel|stop|delete|end|kill|turn off|switch off|clear|remove|drop|abort|scrap"
        r"|forget)\b.*\b(?:timers?|countdown)\b"
    ),
    r"\btimers? (?:off|stop)$|^no (?:more )?timers?\b",
)
OPEN = sayings("""
    what are my reminders | which reminders do I have | list my reminders
    what did I ask you to remind me of | do I have any reminders | show me my reminders
    what will you remind me about | is there a reminder set | is a reminder due soon
    how many reminders are still to come | when is my next reminder | reminders
    what was I supposed to remember | what do you have to remind me of
    what are my reminders {period} | any reminders {period} | reminders {period}
    what do I have to remember {period} | which reminders are due {period}
    is there anything you will remind me of {period} | read me my reminders
    do I have a reminder for {period} | show the reminders for {period} | what's pending
    what reminders have I got left | open reminders please
    did I set a reminder about the doctor | have I got a reminder for the parcel
    when will you remind me to feed the cat | is the reminder for the oven still on
    anything I asked you to nag me about | what are you going to ping me about
    so what was it that I told you to remind me of, I forget
    could you tell me which reminders are set, please | tell me all reminders
    you remind me of what things | reminders list | next reminder
    how many reminders have I set | check my reminders | let me hear my reminders
    um what reminders do I uh have | what's the next thing I should remember
""")
REMIND = sayings("""
    remind me to {text} {due} | remind me {due} to {text} | {due} remind me to {text}
    remind me to {text} | remind me about {text} {due} | remind me of {text} {due}
    remind me {due} about {text} | remind me {due} of {text}
    remind me that {text} {due} | set a reminder to {text} {due}
    set a reminder {due} to {text} | set a reminder for {due} to {text}
    set a reminder for {text} {due} | create a reminder to {text} {due}
    make a reminder {due}: {text} | new reminder: {text} {due} | reminder {due} {text}
    reminder to {text} {due} | reminder: {text} {due}
    give me a reminder {due} to {text} | can you remind me to {text} {due}
    I want to be reminded to {text} {due} | don't let me forget to {text} {due}
    make sure I {text} {due} | I need to remember to {text} {due}
    I must not forget to {text} {due} | I mustn't forget to {text} {due}
    tell me {due} to {text} | tell me to {text} {due} | nudge me {due} to {text}
    ping me {due} to {text} | ping me {due} about {text}
    give me a nudge {due} to {text} | poke me {due} so I {text}
    {due} I have to {text}, remind me | I have to {text} {due}, remind me please
    I've got to {text} {due}, so give me a shout | give me a shout {due} to {text}
    let me know {due} that I should {text} | note to self: {text} {due}
    would you be so kind as to remind me {due} to {text} | alert me {due} to {text}
    please to remember me to {text} {due} | you must remind me {due} that I {text}
    remember to tell me {due} to {text} | nag me {due} to {text}
    um remind me uh {due} to {text} | help me remember to {text} {due}
    I keep forgetting to {text}, tell me {due} | warn me {due} to {text}
    remind me {often} to {text} | {often} remind me to {text} | every so often remind me to {text}
    set a repeating reminder {often} to {text} | remind me {upon} to {text}
    {upon} remind me to {text} | remind me to {text} {upon} | don't let me forget to {text} {upon}
""")
CANCEL = sayings("""
    cancel the reminder to {which} | cancel the {which} reminder
    cancel my {which} reminder | cancel the reminder about {which}
    cancel the reminder for {which} | delete the reminder to {which}
    delete the {which} reminder | delete my {which} reminder
    delete the reminder about {which} | remove the {which} reminder
    remove the reminder to {which} | remove the reminder about {which}
    drop the {which} reminder | drop the reminder about {which}
    scrap the {which} reminder | forget the {which} reminder
    forget the reminder about {which} | forget about reminding me to {which}
    forget about reminding me of {which} | you don't need to remind me to {which}
    you don't have to remind me to {which} | don't remind me to {which}
    don't remind me about {which} any more | no need to remind me to {which}
    no need to remind me about {which} any more | stop reminding me to {which}
    stop reminding me about {which} | I don't need the {which} reminder any more
    never mind the {which} reminder | never mind the reminder about {which}
    take back the {which} reminder | turn off the {which} reminder
    clear the {which} reminder | kill the {which} reminder
    get rid of the {which} reminder | lose the {which} reminder
    undo the {which} reminder | I've done {which}, cancel the reminder
    {which} is done, drop the reminder | {which} is sorted, no reminder needed
    I already did {which}, forget the reminder | call off the {which} reminder
    {which} reminder off | cancel reminder {which}
    could you please cancel the reminder I set about {which}
    please to take away the reminder of {which} | cancel my reminders
    delete all my reminders | clear all reminders | cancel a reminder
    um cancel that uh reminder about {which} | that reminder for {which} can go
""")
CHANGE = sayings("""
    move the {which} reminder to {due} | change the {which} reminder to {due}
    reschedule the {which} reminder to {due} | shift the reminder about {which} to {due}
    push the {which} reminder to {due} | make the {which} reminder {due} instead
    put the {which} reminder off until {due} | postpone the {which} reminder to {due}
    delay the reminder to {which} until {due} | bring the {which} reminder forward to {due}
    can you move my {which} reminder to {due} | I want the {which} reminder at {due}
    the {which} reminder should be {due} | set the {which} reminder to {due} instead
    not then, remind me of {which} {due} instead | the {which} one, make that {due}
    change when you remind me about {which} to {due} | reschedule my reminder about {which}
    could the {which} reminder come {due} please | um move that {which} reminder uh to {due}
    please to put the reminder of {which} on {due} | move a reminder | change a reminder
    have the {which} reminder come at {due} | let the {which} reminder ring {due} instead
    the {which} reminder is too early, make it {due} | the {which} reminder needs to be {due}
    move what you remind me of about {which} to {due} | swap the {which} reminder to {due}
    I'd rather have the {which} reminder {due} | alter the {which} reminder to {due}
    get the {which} reminder moved to {due} | another time for the {which} reminder: {due}
""")
SNOOZE = sayings("""
    snooze | snooze that | snooze it for a bit | snooze the reminder | remind me again later
    remind me again {due} | tell me again {due} | snooze {due} | ask me again {due}
    not now, {due} | ping me again {due} | nudge me again {due} | later, remind me again {due}
    give me ten more minutes | five more minutes please | can you snooze that reminder
    put that off a little | remind me of that again {due} | come back to me {due} with that
    I can't right now, remind me again {due} | hold that thought and tell me again {due}
    um snooze please | snooze that one {due} would you
    say it again {due} | remind me once more {due} | not now, again {due}
    give me that reminder again {due} | repeat the reminder {due} | bring it up again {due}
    hold that reminder for a bit | put the reminder off a little
""")
MISSED = sayings("""
    which reminders did I miss | what reminders came while the watch was off
    which reminders did I not see | which reminders were late | did I miss any reminders
    what was due while you were off | tell me the reminders that came late
    read me the reminders I missed | what were those late reminders
    what should you have reminded me of | did any reminder get lost | any reminders I missed
    what came due while the device slept | which reminders have passed
    list the missed reminders | what were the other reminders | missed reminders
    which ones did you gather | what else was I supposed to be told
    um what was it I missed | show what I missed while it was charging
    were there reminders when the battery was empty
    which of my reminders are overdue | what came too late | tell me the late reminders
    what did you keep for when I am back | were any reminders late today | overdue reminders
    what reminders piled up | which reminders came together | what were the gathered reminders
""")
TIMER = sayings("""
    set a timer for {length} | start a timer for {length} | timer {length} | {length} timer
    set a {length} timer | start a {length} timer please | set a {label} timer for {length}
    start a {label} timer for {length} | timer for the {label}, {length} | countdown {length}
    set another timer for {length} | count down {length} | start a countdown of {length}
    give me a timer of {length} | I need a timer for {length} | put a timer on for {length}
    can you time {length} for me | time the {label} for {length} | time me for {length}
    begin a {length} countdown | make a timer of {length} for the {label} | set a timer
    um timer uh {length} please | let a timer run for {length} | new timer, {length}
    could you set a timer for the {label}, {length}
    run a timer of {length} | a timer for {length}, please | remind me with a timer in {length}
    count {length} down for the {label} | ring in {length} | timer on, {length}
""")
LEFT = sayings("""
    how long is left on the timer | how much time is left on the timer | timer | my timers
    how long does the timer still run | how long on the {label} timer | is the timer still running
    how many minutes are left on the timer | when does the timer end | when is the timer done
    which timers are running | what timers are set | are there any timers | check the timer
    how much longer on the timer | what's left on the timer | timer status
    is there a timer on | show me the timers | how is the timer doing
    when will the {label} timer go off | um how long has the timer got
    please, the timer, how long does it need | how much time have I got left on the clock timer
    how long until the timer rings | how much is left of the countdown | is a timer on
    how far along is the timer | will the timer ring soon | when will the timer go off
    how many timers are running | tell me the time left
""")
STOP = sayings("""
    stop the timer | cancel the timer | cancel the {label} timer | stop the {label} timer
    delete the timer | end the timer | kill the timer | turn off the timer | switch off the timer
    clear the timer | cancel all timers | stop all timers | stop my timer | scrap the timer
    drop the {label} timer | I don't need the timer any more | timer off | abort the countdown
    forget the {label} timer | no timer please | never mind the timer | the timer can stop
    could you please stop that timer | um cancel uh the timer | remove the timer for the {label}
    halt the timer | end all countdowns | stop counting down | cut the timer short
    cancel my {label} timer, it is done | the {label} timer is not needed | quit the timer
""")
