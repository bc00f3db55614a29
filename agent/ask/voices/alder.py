"""How another author asks, by tool: learnt beside the tools' own examples.  Pure."""

from agent.skill import sayings

VOICE = {
    "morning.last_night": sayings("""
        how long did i sleep | sleep length | hours slept, please | how much sleep was that
        what did i manage in the way of sleep | sleep total | tell me how long i was asleep
        i'd like to know how much sleep i had | how many hours was i out for | my sleep, in hours
        could you tell me the length of my sleep | i have no idea how long i slept, do you
        slept how long | how much shut-eye | what's the damage, sleep-wise
        be honest, how many hours did i get | did i sleep at all | how much kip did i get
        how long did i sleep last night | last night's sleep | what did last night come to in hours
        how was last night, sleep-wise | sleep yesterday night
        give me the sleep figure for last night | the night before, how long did i sleep
        did i sleep enough | was my night shorter than normal
        how does last night's sleep measure against my usual
        i feel wretched, did i sleep too little | was that a proper night
        is that a normal amount of sleep for me | slept enough or not | am i short of sleep
        did i sleep better or worse than i normally do | how did my sleep stack up
        sleep versus usual | how far off my normal sleep was it
        was it more or less than i normally sleep | difference from my usual night
        am i over or under on sleep | by how much did i fall short of my usual sleep
        sleep, compared to normal | did i oversleep | how unusual was my night
        less than usual was it | when did i go to bed | bedtime | what time did i turn in
        when did i drop off | at what hour did i finally get to bed | lights out when
        tell me when i went to sleep | i lost track, when did i go up to bed | time i fell asleep
        was i late to bed | hour of going to bed, please | when did i wake up | wake time
        what time did i get up | when was i awake | at what hour did i surface
        when did my night end | tell me when i woke this morning | what time was i up
        time of waking | did i wake early | when did i come round | from when to when did i sleep
        to bed and up again, what times | start and end of my sleep
        between what hours was i asleep | when did i go to bed and when did i wake
        how long do i usually sleep | my usual sleep | what's a normal night for me
        average night, in hours | how much sleep do i tend to get
        what is my typical amount of sleep | normally i sleep how much | usual hours asleep
        what do i sleep as a rule | remind me what i normally get by way of sleep
        how long did i sleep and what is normal for me | my sleep next to my usual one
        hours last night, and hours normally | give me the whole night, bed to waking
        sleep summary with times | how long did i sleep, and from when to when
        which night is that sleep figure for | what night are you talking about
        which night was that | is that from last night | what date is this for
        of which day do you speak
    """),
    "body.measured": sayings("""
        {statistic} {signal} | my {statistic} {signal} | what is my {statistic} {signal}
        what was my {statistic} {signal} | tell me my {statistic} {signal}
        {statistic} {signal}, please | give me my {statistic} {signal}
        could you read me my {statistic} {signal} | what are you showing for {statistic} {signal}
        i'd like my {statistic} {signal} | how about my {statistic} {signal}
        have you got my {statistic} {signal} | do you know what my {statistic} {signal} was
        what does it say for {statistic} {signal} | look up my {statistic} {signal} for me
        i was wondering about my {statistic} {signal}
        what did you measure for {statistic} {signal} | the figure for {statistic} {signal}
        what was my {statistic} {signal} in that meeting | what was my {statistic} {signal} then
        my {statistic} {signal} today | {statistic} {signal} today
        {statistic} {signal} during the meeting
        what was my {statistic} {signal} while i was in there
        tell me my {statistic} {signal} for this morning
        my {statistic} {signal} over lunch, please | {statistic} {signal} yesterday
        can you say what my {statistic} {signal} was in the last hour
        so what was my {statistic} {signal} last night
        what happened to my {statistic} {signal} in the afternoon
        and my {statistic} {signal} at that time | is my {statistic} {signal} normal
        is my {statistic} {signal} anything out of the ordinary
        how does my {statistic} {signal} compare with usual | {statistic} {signal} versus usual
        should i read anything into my {statistic} {signal}
        was my {statistic} {signal} higher than it normally is
        my {statistic} {signal} against the usual | my {statistic} {signal}, is it off
        is that {statistic} {signal} typical of me
        where does my {statistic} {signal} sit next to my norm
        how far from usual is my {statistic} {signal}
        difference between my {statistic} {signal} and normal
        by how much does my {statistic} {signal} differ from the usual
        when was that {statistic} {signal} taken
        at what point did you measure my {statistic} {signal}
        which part of the day is that {statistic} {signal} from
        what was my {statistic} {signal} in that meeting, and is it usual
        my {statistic} {signal} today against my usual
        was my {statistic} {signal} odd this morning
    """),
    "body.where": sayings("""
        where am i | place | my location, please | what is this place | where have i ended up
        where are we | current location | tell me where i am | do you know where i am
        which of my places is this | location | i've lost my bearings, where is this
        where do you think i am | am i home | name this place
        what do you have me down as, location-wise | since when have i been here | arrived when
        what time did i get here | when did i arrive | here since | when did i come in
        at what hour did i turn up | when did i get home | arrival time please
        tell me when i got here | from what time am i here | how long have i been here
        time spent here | how long is it that i've been here | length of my stay
        how much time have i spent at this place | stayed how long | duration here
        i've been stuck here for how long now | how long was i there | tell me how long i stayed
        where am i and since when | place and arrival time | where am i, and when did i get here
        where am i and how long have i been here | place, and time spent
        where was i, and for how long
    """),
    "grocery.on_the_list": sayings("""
        what's on the list | list | what do i need to buy | read me my list | shopping
        what was i supposed to get | what have i got down | list contents, please
        tell me everything on the list | i'm in the shop, what do i need
        what did i want from here | groceries | would you read the items out to me
        items on my list | what am i here for | anything i have to pick up | go through my list
        what's on my shopping list | shopping list please | read the packing list
        what did i put on the hardware list | tell me the contents of the shopping list
        open the to-buy list | how many things are on it | number of items
        how many do i have to get | list size | how long is the list | how much is on there
        count the items | how many entries | is it a lot on the list
        tell me the number of things i need | how many things on the shopping list
        number of items on the packing list | how long is my shopping list
        size of the shopping list | which list is that | which list are you reading
        what's this list called | name of the list | what list am i on | is that the shopping list
        whose list is this, i mean which | current list | tell me the list name | list name please
        where do i start | aisle order | in what order should i walk the aisles
        what's the best way round the shop | which aisle comes first | route through the shop
        order of the shelves | how do i go round | what should i fetch first
        plan my way through the aisles | how many and what
        what do i need, and how many things is that | list with count
        what do i need and in which order | my list in shop order | list by aisle
    """),
    "morning.next_meeting": sayings("""
        what's my next meeting | next meeting | what's next | what have i got coming
        next appointment please | which meeting comes after this | what am i walking into
        what do they want me for next | my next one | where am i expected
        tell me about the next meeting | what is the next thing in my calendar | anything coming up
        what am i due at | remind me what's next | could you look up my next meeting
        when does it start | start time | when's my next meeting | what time is the meeting
        at what hour do we begin | when do i have to be there | when is it
        tell me when the next one starts | kick-off when | starting time of the meeting, please
        when must i show my face | when does it end | end time | what time do i get out
        when is the meeting over | until when does it go | when will they let me go | finish time
        at what hour does the next one finish | when am i free of it
        tell me the end of my next meeting | which room | where is the meeting | room please
        where do i have to go | what room is it in | location of the next meeting
        where are we meeting | which door do i want | whereabouts is it | i forgot the room
        tell me the room of the next one | how long until my next meeting
        how much time have i got | time until the meeting | how soon is it
        do i have time for a coffee first | minutes to the meeting | how long have i got
        am i about to be late | countdown to the next one | how far off is the meeting
        what time is left before it | who is in the meeting | with whom | who will be there
        who am i meeting | attendees | whom am i seeing next | who else is coming
        participants please | people in the next meeting | who has been invited
        who do i have to face | what's next and when | next meeting and its time
        what is coming up, and at what time | what's next and where | next meeting, and which room
        which meeting, which room | what's next and who with | next meeting and attendees
        who am i meeting and what about | from when to when is the meeting
        how long is my next meeting booked for | start and finish of the next one | when and where
        time and room please | where do i go and when | what's next and how long have i got
        next meeting, and time to it
    """),
    "break.meetings_today": sayings("""
        how many meetings do i have | meetings | number of meetings | am i in meetings a lot
        meeting count please | how bad is my calendar | how many appointments | any meetings
        do i have any meetings at all | tell me how many meetings i've got | how full is my day
        how many of those things do i have to sit through | what does the diary hold
        count my meetings | busy day or not | could you say how many meetings there are
        how many meetings today | meetings tomorrow | how many meetings do i have this week
        number of meetings on monday | am i busy tomorrow | how many meetings did i have yesterday
        any meetings today | meetings this afternoon | how long am i in meetings
        hours of meetings | time in meetings | how much of my day goes to meetings
        total meeting time | how many hours do i sit in meetings | what do the meetings add up to
        how much time do meetings cost me | length of all meetings together | meeting hours please
        time spent in meetings | how long was i in meetings today | meeting hours this week
        how much meeting time tomorrow | time in meetings yesterday | which meetings are they
        what meetings do i have | names of my meetings | list my meetings | titles please
        what are they about | read out my meetings | what's on my calendar
        run through the meetings | tell me which ones they are | what's on the agenda
        which meetings do i have today | what's on tomorrow | read me today's meetings
        what was on yesterday | which meeting is the longest | longest meeting
        what is the biggest block | which one drags on the most
        what's the worst of them in length | longest one please | tell me my longest meeting
        which meeting eats the most time | where do i sit longest | the longest appointment
        when am i free | next free slot | when is there a gap | next gap please
        when can i have lunch | is there an opening | when could i take a call
        find me a free hour | when do i get time to myself | free time when
        when could somebody see me | how many meetings and how long altogether
        meetings and their hours | number of meetings and total time | how many meetings and which
        meetings, count and names | how many meetings, and which is the longest
        how many meetings, and when do i get a break
    """),
    "break.stress_now": sayings("""
        how stressed am i | stress | stress level please | am i stressed | what's my stress
        how wound up am i | do i look tense to you | stress reading | how are my nerves
        give me the stress figure | my stress right now | what does the watch think of my stress
        tell me my stress score | i feel frazzled, what do you measure | how am i bearing up
        would you check my stress | is my stress unusual | is that above normal
        how does my stress compare | am i more stressed than usual | level of stress, compared
        where is my stress against the usual | stress versus normal | calmer than usual or not
        is this normal stress for me | how far is my stress from usual | since when am i stressed
        when did it start | stressed since | how long has this been going on
        when did my stress go up | at what time did the tension begin | from when on | since when
        when did i start to fret | start of the stress | how stressed am i compared with normal
        stress score and whether it is usual | am i stressed, and is that unusual
        how stressed am i and since when
    """),
    "reminder.open_reminders": sayings("""
        how many reminders do i have | reminders | number of reminders | any reminders
        am i meant to remember anything | have i set any reminders | reminder count
        how many things are you keeping for me | what am i forgetting | how many reminders are open
        do i have something to remember | have you got reminders for me | count my reminders
        how much is on my plate, reminders-wise | is there anything you were to tell me
        tell me the number of my reminders | how many reminders today | any reminders for tomorrow
        reminders this week | have i reminders set for tonight | what are my reminders
        list my reminders | read out the reminders | which reminders do i have
        reminder list please | what was i meant to do | tell me all i have to remember
        what did i ask you to remind me of | go through the reminders | show reminders | to-dos
        what do i have to remember today | which reminders for tomorrow | read me today's reminders
        what are the reminders for the weekend | what's my next reminder | next reminder
        what will you remind me of next | the next thing to remember | which reminder comes first
        what's due next | what is the nearest reminder | next to-do please
        when will you pester me next | upcoming reminder | how many reminders and what are they
        reminders, number and content | how many reminders, and what's the next
    """),
}
