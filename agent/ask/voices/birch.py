"""How another author asks, by tool: learnt beside the tools' own examples.  Pure."""

from agent.skill import sayings

VOICE = {
    "morning.last_night": sayings("""
        so how long was i actually asleep | sleep | hours slept pls
        ok be honest how much sleep did i get | could you kindly tell me how much i slept
        i feel like a zombie how long did i sleep anyway | how many hours i was sleeping
        sleep total | i wonder how long i was out for | did i get any shut eye worth mentioning
        how much did i snooze dude | tell me please my sleeping time
        um so like last night how long did i you know sleep
        was that even a proper sleep, how long | amount of sleep | what did i get in terms of kip
        would you mind checking how long i slept | my sleep how much it was | when did i go to bed
        what time did i crash | bedtime | at what hour i went to sleep
        remind me when i hit the hay | how late was i up | when did i finally doze off man
        could you tell me when i fell asleep please | i have no clue when i passed out, do you
        lights out at what time | since when i was in bed | ok so what time did i turn in
        when did i wake up | wake up time | what time was i up this morning
        at what o'clock i woke | when did i open my eyes lol | may i know when i got up
        so when did i actually get out of dreamland | my wake time please | how early was i awake
        i have the feeling i woke super early, when was it | when i have woken up | time i got up
        was that less than normal | how does that compare to my usual sleep
        is it a typical night for me or what | did i sleep more than i usually do
        better or worse than my average night | versus usual
        compared to normal please how was my sleep length | so is that like normal for me
        in comparison with other nights how it was | am i sleeping less than i used to
        would you say that's my regular amount | how much do i normally sleep
        what's my usual sleep | on average how long do i sleep | my normal night is how long
        typical sleep length | what am i used to getting, sleep wise
        how much sleep is standard for me | please tell me my usual sleeping hours
        i generally sleep how much | average sleep pls
        what does a regular night look like for me, hours wise | which night is that about
        what night are we talking here | is that for last night or what | that sleep was from when
        when was this sleep you counted | for which night you have the numbers
        date of that sleep please | wait which night do you mean
        is this from the weekend or from yesterday | the sleep you mean is when exactly
        did i sleep enough | was my night shorter than normal
        how long did i sleep and is that normal for me | sleep vs usual
        am i short on sleep today be real with me
        please tell me how much i slept and whether it's less than usual
        man i'm tired did i sleep less or what | sleep amount and how it compares
        how long did i sleep and when did i go to bed | when did i crash and how much sleep was it
        bedtime and hours please | from when to when did i sleep
        when did i go to bed and when did i get up | sleep window | bed and wake times please
        i slept from what time to what time | how much did i sleep and what's my usual
        my sleep next to my normal one | tell me last night and the average too
        how long did i sleep and which night is it | how much sleep and for when
    """),
    "body.measured": sayings("""
        what's my {statistic} {signal} | {statistic} {signal} | {statistic} {signal} please
        gimme my {statistic} {signal} real quick | could you check my {statistic} {signal} for me
        how is my {statistic} {signal} doing | yo what's the {statistic} {signal} saying
        i'd like to know my {statistic} {signal} if that's ok
        so um my {statistic} {signal} what is it like | my {statistic} {signal} how much it is
        do you happen to know the {statistic} {signal} | show {statistic} {signal}
        just curious about my {statistic} {signal} | what do you have for {statistic} {signal}
        the {statistic} {signal} can you read it to me thanks | tell me {statistic} {signal} value
        any idea what my {statistic} {signal} was
        is my {statistic} {signal} fine or what's the number | when was that measured
        over what time is that | what time frame are we talking | which period is it
        that number is from when | for when you measured this | when did you take that reading
        was that during my meeting or when | the measurement is of which time | ok but when was it
        is that normal for me | how's that compared with usual | higher than my usual or nah
        is it like i always have | versus my normal | is this more than typical for me
        should it be different, what's it next to my usual | in compare with normal days how is it
        is that out of the ordinary for me | so that's usual or not
        what was my {statistic} {signal} and when
        tell me my {statistic} {signal} and what time that covers
        {statistic} {signal} plus the time please
        my {statistic} {signal} during that meeting what was it
        so what did my {statistic} {signal} look like back then
        in which time i had what {statistic} {signal}
        what's my {statistic} {signal} and is that normal | {statistic} {signal} versus usual
        is my {statistic} {signal} any different from usual
        my {statistic} {signal} feels off, is it
        how is the {statistic} {signal} if we compare it to my normal
        could you tell me if the {statistic} {signal} is usual for me
        {statistic} {signal} higher than normal or what | when was that and was it normal for me
        what time is it from and how does it compare
    """),
    "body.where": sayings("""
        where am i | where | what place is this | yo where am i at
        can you tell me my location please | i'm kinda lost where am i right now
        in which place i am | current place | am i at home or where | do you know where we are
        what do you call this spot | so um where is it that i am | location pls
        tell me where i'm hanging out | i would like to know at what place i am
        which one of my places is this | do you even know where i am | since when am i here
        when did i get here | what time did i arrive | arrival time | when i came to this place
        when did i show up here | could you say when i got in
        i don't remember when i walked in here | from what time am i here
        since what hour have i been at this place | how long have i been here
        how long am i here already | time spent here | how much time did i stay
        gosh have i been here forever or what, how long | for how long i am in this place
        how long is this visit so far | duration of my stay pls
        how many hours have i been sitting around here | would you tell me how long i've been here
        where am i and since when | place and arrival time please
        where am i and when did i get here | which place is this and when i arrived
        where am i and how long already | how long have i been at this place and what is it called
        place plus time spent | where i am and how long i stay
        when did i get here and how long is that | arrival and how long i've been here
    """),
    "grocery.on_the_list": sayings("""
        what's on my list | list | what do i need to get | read me the list please
        yo what am i buying | what things i must buy
        so i'm at the store what was it again that i needed | tell me everything that's on there
        what did i put on my list | show the items | could you go through the list with me
        shopping stuff pls | i forgot what to grab, help | what all is in the list
        what's left to pick up | groceries what are they
        i know there was something i had to get, what was it | how many things are on it
        how many items | is it a long list | number of things pls
        how much stuff do i have on there | how many things i have to buy
        do i need a big bag, how many is it | count the list for me | is there a lot on the list
        how many entries please | like how many things are we talking | which list is that
        what list are you reading | is that the shopping one | list name
        from which list you tell me this | wait what list is this
        are we talking groceries or packing | on which list did i put it
        the name of this list please | is it my todo list or some other one | which aisle first
        in what order should i go | what order makes sense in the store | aisle order
        where do i begin in the shop | from which shelf i should start
        what's the smartest route through the shop | could you sort it by aisle please
        so where to first in here | plan my way through the supermarket
        which section comes before which | what's on the list and how many things
        read the list and count it | how many and what
        tell me what i need and how much it is in total | what's on which list
        read me the list and say which one it is | what's on there and what list is it
        what do i need and in which order | items and the route through the shop please
        what to buy and where to start | how many things on what list | count and name of the list
    """),
    "morning.next_meeting": sayings("""
        what's my next meeting | next meeting | what's coming up | what do i have next
        tell me what's next on my calendar please | ugh what am i dragged into next
        which meeting i have now | so what's the next thing i gotta sit through
        what is waiting for me | what call is next | do i have something soon
        could you look what is my following appointment | next one pls
        my next thing in the calendar what is it | what's the title of the next one | calendar next
        what do they want me at now | when does it start | start time
        what time is my next meeting | at what time i must be there | when do i have to show up
        when's kickoff | from when is the meeting | when do we begin | could you say when it starts
        wait what time was that meeting thing again | beginning of the meeting at
        when does it end | until when is the meeting | when am i out of there | end time
        when i will be free from it | what time does it wrap up | till when it goes
        how late does the meeting run | when can i escape lol | when's it done
        at what hour it finishes please | which room | where's my next meeting | room
        in what room it is | where do i have to go for that | where is it held
        which door do i knock on haha | tell me the room please
        i always forget the room, which one | what's the room for the next one | meeting location
        how long until my next meeting | how much time do i have | do i have time for a coffee
        time left before it starts | in how many minutes i have meeting | how soon is it
        am i late or do i have time | can i still grab a snack before | minutes till meeting
        how long have i got before the next one | is there a while until it begins
        who's in the meeting | with who is my next meeting | who am i meeting | who's coming
        people in the meeting | which persons will be there | who do i have to talk to next
        is anybody else in that one | tell me please who attends | so who's all gonna be there
        who invited themselves | what's next and when | next meeting and time please
        what meeting do i have and at what time | what's up next and when does it kick off
        what's my next meeting and where | which meeting and which room | where do i go for what
        what's next and how long do i have | next meeting and time till then
        what is it and how soon | what's next and with who | which meeting with which people
        from when to when is it | when does it start and when does it end | start and end pls
        when and where is my next meeting | what time and which room | where must i be and when
        which room and who's there | where is it and with who
    """),
    "break.meetings_today": sayings("""
        how many meetings do i have | meetings | is it a busy day | what's my day like meeting wise
        how many meetings i have today | please tell me the number of my meetings
        am i drowning in calls or what | do i have any meetings at all | how many calls are there
        meeting count | so like how bad is my calendar | any meetings | how full is my schedule
        how many times do i have to sit in a room with people | are there meetings on my plate
        is today meeting free | meetings amount pls | how long am i in meetings
        how much time do meetings take | hours in meetings | how much of my day goes to meetings
        total meeting time | how long i sit in meetings in sum
        so how many hours of talking is that | what do meetings cost me timewise
        could you add up my meeting time | meeting hours please
        how much time of my life goes to calls | which day are those meetings
        for what day is that | is that today or tomorrow | the meetings are when
        when are all these meetings | you mean which day | for when did you count
        what day's calendar is this | is that this week's or today's | on which day i have them
        what meetings do i have | which meetings are there | what are my meetings called
        list my meetings | names of the meetings please | what's on the calendar
        what are they about, the meetings | read me the titles | which ones are in my agenda
        what all do i have to attend | so what are these meetings | which meeting is the longest
        what's my longest meeting | longest one | which is the big one
        what meeting takes the most time | which one drags on forever | which meeting is most long
        where do i sit the longest | biggest block in my day pls | the longest call is what
        which one should i bring snacks to | when am i free | next free slot | when do i have a gap
        when can i have lunch in peace | when i have free time | where's my next break
        is there any hole in my calendar | when could i squeeze in a call
        find me a free window please | when can i breathe | next time without a meeting
        how many meetings and how long in total | meetings and hours please
        how much meeting stuff do i have, count and time
        how many is it and how much time they take | how many meetings do i have and which day
        count of meetings and for what day | how many meetings and what are they
        count and names of the meetings | do i have meetings and which ones
        how many meetings and which is longest | meetings and the biggest one
        how many meetings and when am i free | is it busy and where is my gap
        meetings and next free slot
    """),
    "break.stress_now": sayings("""
        how stressed am i | stress | what's my stress level right now
        am i stressed or is it just me | my stress please | how much stress i have
        be honest am i freaking out | could you check how stressed i seem | stress score
        so my head's buzzing what does the stress thing say | do i look tense to you
        stress number pls | how tense is my body | is my stress ok | how is my stress value today
        tell me how i'm holding up stress wise | what's the stress reading
        is my stress higher than usual | is that a lot for me | how's my stress compared to normal
        is it above my normal | am i more stressed than other days | is it a usual level
        stress level against usual | should i worry or is that normal stress for me
        my level of stress is it typical | so is it up or down | since when am i stressed
        when did it start | how long am i stressed already | from what time is my stress like that
        when did the stress begin | since | stressed since when pls
        at which hour it started to go | when did i start losing it
        tell me when the tension began | how stressed am i and is that normal
        stress number and how it compares | my stress please and tell me if it's more than usual
        how stressed am i and since when | stress and when it started
        since when is my stress above normal | is it higher and since when
    """),
    "reminder.open_reminders": sayings("""
        how many reminders do i have | reminders | any reminders for me
        did i ask you to remind me of stuff | how much reminders i have open
        is there anything i set up | reminder count please | got any reminders in there
        how many things are you gonna nag me about | do you have to remind me of something
        do reminders exist for me | number of reminders
        so how many of those reminder thingies are there | are there still reminders waiting
        would you check my reminders for me | reminders amount | what are my reminders
        read me my reminders | which things you will remind me | list reminders
        what was i supposed to remember again | tell me everything i asked you to remind me of
        what do i have to do according to you | what's in my reminders pls
        so what did i not wanna forget | all reminders please | to do's i told you about
        what's my next reminder | next reminder | what comes next on my reminders
        what will you remind me of first | the next thing you gonna tell me about
        which reminder is coming | when's the next one due and what is it
        what do i have to remember next | up next in reminders please | what's the soonest thing
        what is following reminder | what day are the reminders for | is that for today
        the reminders are when | which day do you mean | are those tomorrow's or today's
        for when is that | for what date you told me | reminders of what day
        this is all for today right | on which day | how many reminders and what are they
        do i have reminders and which | count and read my reminders
        reminders please all of them with number | how many reminders and what's next
        how many are there and which is coming | what are the reminders and for what day
        reminders for which day and what
    """),
}
