"""How people talk on the run, by tool: slang, half sentences, second languages.  Pure."""

from agent.skill import sayings

VOICE = {
    "grocery.add": sayings("""
        {items}, I need it | I've none of {items} left | there isn't any {items}
        {items} is used up | finished the {items}, need more | would you jot {items}
        {items} please, on the list | it'd be good to have {items} | need to restock {items}
        let's not forget {items} | {items} must be bought | I will need {items}
        {items} would be nice | who ate the {items}, get more
        we always run out of {items}, add it | {items} for dinner | more {items}
        {items}, list | need {items} | out of {items} | {items}'s gone | {items} is empty
        fresh out of {items} | we've no {items} | we have no {items} | there's no more {items}
        ain't got no {items} | could do with {items} | I could do with {items} from the shops
        {items}, put it down for me | don't forget {items} when we go shopping
        remember {items} for the shop | I fancy {items}, put it on | gotta get {items}
        gonna need {items} | we'll be needing {items} | next time at the store {items}
        I just used the last {items} | that was the last of the {items} | list: {items}
        for the list, {items} | mark down {items} | scribble {items} down | wanna buy {items}
        must buy {items} | we have to buy {items} | {items} needs buying | {items} is running out
        we finished the {items} | the kids ate all the {items} | shove {items} on there
        stock up on {items} | get {items} in | we want {items} this week
        {items} to the hardware list | for the trip I need {items} | pack {items}
        remember to pack {items} | I have to take {items} with me on the trip, write it
        suitcase needs {items} | {items} for packing | please to put {items} in the list
        I must buy {items} in the shop | it lacks {items} at home | we are missing {items}
        {items} also please
        could you maybe note {items} for me, I'm at the fridge and there's none left
        my mother wants {items}, so add that | oh before I forget, {items} for the shopping
        grab {items} when I'm at the shop | let's get {items} | some {items} wouldn't go amiss
        we are low on {items} | almost out of {items} | {items}, add | {items} on it too
    """),
    "grocery.remove": sayings("""
        {items} I already got | the {items}, done | {items} isn't needed after all
        we've still got {items} | there's {items} left at home | {items} is bought now
        put {items} in the trolley | got {items} here, next | no {items}, thanks
        I don't want {items} any more | forget {items}, too expensive
        they had no {items}, remove it | {items} sold out, take it away
        we have plenty of {items} | found some {items} in the cellar, so not needed
        {items} sorted | {items} in the bag | grabbed {items} | grabbed the {items} already
        {items} off | lose the {items} | kill the {items} | nix {items} | forget the {items}
        scratch {items} | skip the {items} | no {items} after all | no more {items} needed
        changed my mind about the {items} | we won't be needing {items}
        don't bother with {items} | already have {items} | just got {items} | picked {items} up
        picked up {items} just now | {items} check | {items} tick | found the {items}
        bagged the {items} | {items}, done that | somebody bought {items} already
        mum got {items} | the neighbour gave us {items} | turns out we have {items} at home
        there was still {items} in the cupboard | {items} out of the list
        I put {items} in my basket now | {items} is no longer necessary
        you can take {items} away | please erase {items} | I have already the {items}
        {items} I have it | got hold of {items} | that's {items} done | {items} ticked
        ditch {items} | bin the {items} | {items} can go | take away {items} from the list
        I'm not buying {items} any more | leave {items} off | {items} is in the case
        packed {items} | the {items} is in my bag, check it off | drop the {items}
        we got {items} yesterday so delete it | wipe {items} from the {list_name} list
    """),
    "reminder.remind": sayings("""
        {text} {due} | {due} {text} | {text} {due}, remind me | yo remind me {due} {text}
        gimme a shout {due} to {text} | gimme a nudge {due} about {text}
        shout at me {due} to {text} | bug me {due} about {text} | bug me to {text} {due}
        kick me {due} so I {text} | jog my memory {due} about {text}
        lemme not forget to {text} {due} | keep me from forgetting {text} {due}
        I need a nudge {due} to {text} | memo: {text} {due} | {due}: {text}
        it's important that I {text} {due} | I really need to {text} {due}, I'll forget otherwise
        reminder please, {text} {due} | can I get a reminder {due} for {text}
        I want a reminder {due}: {text} | do me a favour and remind me {due} to {text}
        {due} you tell me that I {text} | I would be grateful for a reminder to {text} {due}
        you wake my memory {due} for {text}
        so I've got this thing, I must {text} {due}, don't let me miss it
        stop me forgetting to {text} {due} | beep me {due} for {text} | buzz me {due}, {text}
        tap me {due} to {text} | hey I have to {text} {due}, help me remember
        put in a reminder {due} for {text} | schedule a reminder to {text} {due}
        can you hold me to {text} {due} | pester me {due} to {text} | {text}, not before {due}
        mind me to {text} {due} | let me know {due} it's time to {text}
    """),
    "reminder.cancel": sayings("""
        {which} is already done | I took care of {which} | finished {which}, thanks
        {which}, no need | {which} not needed now | forget {which}
        I don't have to {which} any more | leave out {which} | the {which} nudge can stop
        {which} has been dealt with | remove the note about {which} | no longer {which}
        I'm not going to {which}, cancel
        scrap {which} | no need for the {which} nudge | I did {which}, cancel it
        {which} done, don't bug me | stop bugging me about {which} | {which} is handled, forget it
        I've sorted {which}, no need to remind me | kill the {which} alert | skip the {which} one
        the {which} reminder is pointless now | bin the {which} reminder
        unset the {which} reminder | don't need the {which} one | forget the {which} thing
        the {which} one can be deleted | {which} reminder, cancel | that {which} reminder, lose it
        I already did {which} | drop the thing about {which} | quit nagging me about {which}
        no more {which} reminders | {which} isn't necessary any more, take it out
        {which} fell through, cancel the reminder | you can stop with {which}
        leave the {which} reminder | I changed my mind about {which}
        about {which}, you needn't remind me | let's cancel {which} | call off {which}
        I won't {which} after all, delete it | please not remember me of {which} any more
        the {which} alarm you set, delete that | strike the {which} reminder
        reminder {which} away | somebody else does {which} now, so drop it
        clear {which} from my reminders | take {which} off my reminders | remove {which}
        delete {which} | cancel {which}
    """),
    "grocery.on_the_list": sayings("""
        what did I put down | which things still | say the list | the shopping list, read it
        what remains to buy | do I need anything else | tell me what I planned to buy
        is anything on the list | what are the items | have we got flour written down
        am I missing something from the list | what was I after again
        go through the {list_name} list | I need to hear the list | how many items are left
        list check | what else | what else is on there | what am I here for | what do I still need
        what've I got to buy | what we needing | got the list? | anything on the list for me
        shop list go | tell me the stuff I need | read it out, the list
        the shopping, what was it | my hands are full, read me the list | do I need eggs
        did I write down sugar | is there tea on it | do we have bread on the list
        have I put soap on there | what must go in my suitcase | what's in my packing list
        which tools do I need from the hardware store | what do I have to pack
        the things what I must buy | how much stuff is on the list | remind me what's on the list
        what did she want me to get | bring up the {list_name} list
        is the {list_name} list empty | anything still missing from the {list_name} list
        what's on {list_name} | {list_name} list what is there
        what do I need for the {list_name} list
    """),
    "body.where": sayings("""
        say where I'm at | what address is this, home or work | I came here at what time
        which place, since when | how long is it since I got here
        when was it that I arrived here | tell me the time I arrived
        how much time have I spent at this place | am I at the shop already
        so where have we got to | name this place for me | we are where | am I in the right place
        did you notice when I got to work | the place where I am now, what is it
        have I been at the office all day
        where the heck am I | where's this | where we at | what's this joint called | am I home
        am I in the office | am I at the gym | how long have I been at the gym | been here long?
        how long we been here | when'd I get here | when did I come in today | in which place I am
        I just woke up on the train, where am I | which of my places is this | pinpoint me
        is this home | you got me where | what location have you got for me | my spot | place name
        what time did I arrive | what time did I get to the office | how many hours at work so far
        how long am I at work already | did I leave | have I left home | where does it say I am
    """),
    "break.stress_now": sayings("""
        do I come across as tense | is my head about to pop | how's my mood meter, the stress one
        tell me if I'm stressed | could you check whether I'm under strain
        am I too worked up to continue | is now a good moment to rest
        ought I to sit down for a bit | should I unplug for ten minutes | am I hitting my limit
        has my stress gone down | I can't focus, is it stress | everything annoys me, check me
        how strained am I today | rest or go on | have I earned a rest | is my system overloaded
        do you reckon I should lie down | how's my inner peace | am I alright
        does my body need a time out
        am I losing it | chill or not | how chilled am I | am I cooked | am I burning out here
        my nerves, how are they | I'm fuming, does it show | is it just me or am I stressed
        would you say I need a breather | time to stop for a bit? | do I need five minutes
        should I take five | is my body saying stop | how bad is it, the stress | stress check
        give me a stress reading | am I in the red | do I have stress | how is the stress in me
        could I use a rest | am I being too hard on myself | how agitated am I
        is my stress normal | is it high, my stress | how am I coping | am I wired
        do I seem nervous | am I nervous | tell me honestly whether I should pause
        do I need a tea break
    """),
    "morning.last_night": sayings("""
        the night, how many hours | was it enough, my sleep | did I manage to sleep properly
        how long did my night last | what hour did I drop off | how early was I up
        from what time did I sleep | tell me the hours I slept | was I asleep before midnight
        how deep into the night was I awake | did I sleep more than normally
        I can't remember when I went to bed | how did the night treat me
        my sleep last night please | did I get any sleep at all | total sleep | I slept how long
        sleep, how much | how'd I sleep | how'd I do last night | was I out long | when'd I crash
        when did I conk out | when did I hit the hay | when was lights out
        what time did I pass out | how many hours did I get | did I get a decent kip
        did I sleep like a log | was I restless | how long was my sleep | how much did I sleep
        when I woke up today | at what hour I slept | bad night or good night
        I feel awful, what was my night like | sleep stats | my rest | did I get less than usual
        was I up half the night | what's my sleep debt from last night | did I go to bed too late
        how long between bed and getting up | sleep quality | woke up when | was that a full night
        have I slept enough
    """),
    "morning.next_meeting": sayings("""
        who's waiting for me | which one's next | how many minutes do I have left till the meeting
        what am I in next | my following appointment | do I have something in the next hour
        is there a meeting soon | when do I have to go back in | what starts next and where
        next on the agenda | tell me what follows
        how long can I still sit here before the next meeting | is it the review next
        got anything straight after | when is my upcoming call | the next thing, when and where
        what's after this | where to next | what now, what's next | what've I got next
        who's next | next up? | how long till the next one | when's the next one
        when do I have to be there | do I have to rush | anything coming up | what's coming
        am I late | am I on time | have I time before the next one | time till next meeting
        when does planning start | when is the review | what room's the review in
        where's planning | what time is standup | what is my next appointment and where
        what's the next thing I have to go to | when must I be in the next meeting
        is there still time | who do I see next | what am I walking into
        how soon do I have to go | which call is next
    """),
    "break.meetings_today": sayings("""
        what does my week look like | do I have a quiet day {period}
        tell me how busy I am {period} | is there much on {period} | count the meetings {period}
        how many hours am I stuck in meetings {period} | what meetings was I in {period}
        did I have lots of meetings {period} | {period}, meetings, how many
        how long were my meetings {period} | show {period} | my diary {period} please
        will {period} be stressful, meetings I mean | is there a hole in my calendar {period}
        when do I finish {period}
        how's my day | how's {period} looking | what's {period} like | busy {period}?
        am I slammed {period} | am I booked up {period} | how bad is {period} | what's on {period}
        what've I got {period} | anything {period} | am I off {period} | is {period} clear
        do I have {period} free | how many meetings have I got {period} | how many calls {period}
        give me {period} | run me through {period} | my plan for {period}
        what have I planned {period} | is {period} full | is my calendar full {period}
        how much meeting time {period} | how many appointments have I {period}
        do I get a gap {period} | where's my free time {period} | do I get a lunch break {period}
        back to back {period}? | how heavy is {period} | how meeting-y was {period}
        was I in meetings all {period} | my day please
    """),
    "reminder.open_reminders": sayings("""
        what things are you holding for me | what reminders exist
        is something coming up that I should not forget | did I set anything for {period}
        which reminders do you have for {period} | what's the next thing you'll tell me
        do you still have that reminder about the doctor | tell me what I wanted to be reminded of
        show what is planned to remind | my nags | everything I'm supposed to remember
        what did I say I'd do | what am I meant to do {period} | what should I not forget
        what am I forgetting | did I forget something | reminders {period}?
        got any reminders for me | what've you got for me to remember | what's on my reminder list
        run through my reminders | which things I must remember | what nags are set
        what's due {period} | anything due {period}
        have you got something to remind me of {period} | when do you remind me next
        is there a reminder for the laundry | did I ask you to remind me about the parcel
        show all reminders | my reminders for {period}
        how many things did I ask you to remind me of | what is left on the reminders
        any nudges coming {period} | what will you tell me {period}
    """),
    "body.measured": sayings("""
        {window}, how high was my {signal} | was my {signal} fine {window}
        what {signal} do I have | current {signal} | let me know my {signal} | {signal} level
        and the {signal} | how about my {signal} {window} | {statistic} of {signal} {window}
        did my {signal} drop {window} | did my {signal} go up {window}
        how much did my {signal} change {window} | what was the worst {signal} {window}
        how low did the {signal} fall {window} | the {signal} reading | how much power is left
        do I need to plug the watch in | how long was I on my feet, in steps
        how lively was I {window} | how quick did I step {window} | was it a noisy {window}
        how's my {signal} | {signal}? | {signal} {window}? | {statistic} {signal}
        what's the {signal} at | {signal} check | gimme my {signal}
        gimme the {statistic} {signal} {window} | how bad was my {signal} {window}
        what did my {signal} get to {window} | how's the old ticker | is my heart going mad
        is my heart okay | was my heart going like crazy {window} | how many steps | steps so far
        have I walked enough | how much have I walked {window} | did I move at all {window}
        was I sitting still {window} | how fidgety was I {window} | how cold are my hands
        am I feverish | do I have a temperature | was I sweaty {window} | am I getting enough air
        how's my breathing | how quick am I breathing {window} | how noisy is it here
        is it too loud here | how loud was the {window} | how was the noise {window} | battery?
        will the battery last | how full is the watch | do I have to charge you
        my {signal} {window}, what was it | I want know {signal} {window}
        which {signal} I had {window} | tell me about my {signal} {window}
        what's been my {statistic} {signal} {window} | the {statistic} my {signal} went {window}
        how did my {signal} behave {window} | at what pace did I walk {window}
        how fast were my steps {window}
    """),
}
