"""How strangers in a park would put it, by tool: indirect, dialectal, hurried.  Pure."""

from agent.skill import sayings

VOICE = {
    "grocery.add": sayings("""
        we're nearly out of oat milk | stick a bag of flour on there for me
        somebody finished the peanut butter again | i could do with some new batteries, double a
        oh and cocoa powder for sunday's cake | no more bin bags under the sink
        ta love, pop marmalade down an' all | the dog's down to his last tin
        need screws, the four millimetre ones, for the shed door
        we have not anymore rice at home, please to write it
        can you chuck crisps on the shop | sunscreen has to come with us to portugal
        my toothpaste's on its last squeeze | put down eggs, no wait, a dozen eggs
        gonna want limes for the margaritas | sandpaper, fine grit, hardware list
        would you be so kind as to note down some earl grey
        the wee man needs nappies, size four | mustn't forget candles for granny's birthday
        the fridge is looking sad, get yoghurt on there
        lovely day isn't it, right, we need washing up liquid
        yo throw some hot sauce on the list real quick
        i'm making lasagne friday so mince and pasta sheets
        wall plugs, i haven't got a single one left | used the last of the butter this morning
        packing for the lake, don't let me leave without the bug spray
        any chance you'd jot down cat litter | coffee's gone, it's an emergency
        us needs tatties for the stew | phone charger goes in the suitcase too
        hm what was it, ah yes, capers | also lemons
        and a couple of red onions while you're at it
        kids ate all the cereal | loo roll's running dangerously low
        bring some ice, it's for the barbecue, so ice and charcoal on the list
        could we get halloumi this week | i'd quite like some of those ginger biscuits
        grandpa wants his pipe tobacco, mark that down
        for the camping trip we're going to want a torch
        there's no foil, how am i meant to do the salmon, add foil
        i fancy mangoes | light bulb in the hall blew, so one of them, e twenty seven
        salt, we've none | can there be cheddar on my list please
        please i need buy the honey | shampoo, sorry, i mean conditioner, needs getting
        ach, the baby wipes, we'll be wanting those
        swimming goggles for the holiday bag, don't leave them off
        reckon we should pick up a tin of white gloss for the skirting
        paracetamol wouldn't go amiss | next time i'm at the shops i have to get parmesan
        get us some tonic water down, would ya | there's hardly any olive oil left in the bottle
        tofu, spinach and a thing of miso, put those on
        my hiking socks should be on the packing list
        remember kitchen roll for when i go shopping
        write avocados, two ripe ones | i'm dead out of deodorant
        picnic saturday, so paper plates and that
    """),
    "grocery.remove": sayings("""
        scrap the celery, nobody eats it | got the bread already
        turns out there's a whole bag of sugar in the cupboard so leave that off
        the hammer's sorted, dad lent me his | bin the fizzy water off there
        socks are in the suitcase, tick | lose the prawns, she's allergic
        we don't be needing turnips after all | just grabbed the bananas
        mum picked up the eggs on her way | you can cross out the detergent
        i have bought now the tomatoes, take away please
        passport's packed, so that one's done | forget the steak, we've gone veggie
        nah actually no ice cream | oh hang on, we've got loads of pasta, ditch it
        cheese is in the trolley
        changed my mind about the pumpkin, get it off the list
        would you mind taking the sherry off again
        that paint, i got it yesterday, so clear it | wipe the crackers off my list
        sleeping bag's in the boot, check it off | nobody wants sprouts, drop them
        done with the hairspray, it's in my basket
        the milk, no the almond milk, that can come off | nails, got 'em
        i was wrong, there's plenty of ketchup, strike that
        my sister is bringing the wine so it needn't be on there
        toothbrush is away in the bag | rid us of them pickles, will you
        the batteries turned up in a drawer, no need to buy any
        ticked the bagels | fish fingers don't have to be on there any longer
        shop had no coriander, just get rid of it
        put the swimsuits in, so mark those off
        whoops i said cream twice, delete the cream
        we've bagged the charger so that's off packing
        already have cinnamon, silly me | no longer want the yeast
        i'm sorted for razors | you may remove the marzipan, thank you dear
        glue's bought, the screws aren't | take them grapes off, they were six quid
        honey i got, it's done | carrots aye, got those an' all, scratch them
        the tent pegs are in so that's one fewer | un-add the vodka, it was a joke
        popcorn's off the menu | someone else is getting the cake, remove it
        mushrooms are in the bag now
    """),
    "grocery.on_the_list": sayings("""
        right i'm in the shop, what was i after | remind me what i'm buying
        am i done here or is there more to get | do i still need garlic
        did we put coffee down | what's left to pack
        have i forgotten owt on the list | what have i got to pick up for the cake again
        anything else to get before i go to the till
        i'm stood in aisle four with no idea, list please
        was there cheese on there or did i dream it | how many things are still on my list
        could you read me the shopping | what am i missing from the hardware run
        is my suitcase list finished | what do we be needing from tesco
        please tell me what i must buy | what's on it | do we want eggs or not
        so what's outstanding, shopping wise | is there still stuff to fetch for the barbecue
        hit me with the groceries | let's see that list, love
        have i everything, or what remains to buy | what else needs to go in the rucksack
        what did i say we needed, from the shop i mean | is bread on there already
        run through what we're short of | am i supposed to be getting nappies
        hi again, quick one, what are we shopping for | has anybody put bleach on the list
        the list, what does it say | can i go home now or are there still things to buy
        which bits do i still have to get from the ironmonger
        what should i take with me on the trip, according to the list
        do i have to get tomatoes, or not any more | what messages am i to fetch
        so many bags, is that the lot from the list | what's for buying today
        do i need owt from the chemist list | is the toothpaste down on packing
        what's still unticked | is there owt i've not packed
        i can't recall the list, say it to me
        wait, were there onions too
    """),
    "body.where": sayings("""
        where on earth have i ended up | is this home or what
        how long have i been sat here | since when have i been at the gym
        i'm a bit lost, which place is this | does it look to you like i'm at work
        what time did i get here | where's this then | whereabouts am i, pet
        do you know what place i am in now | have i left the office yet
        am i still at mum's, according to you | when did i arrive at this place
        been at my desk ages, how long exactly | you think i'm home right now
        which of my places am i in | what do you call this spot
        i fell asleep on the bus, where've i got to
        is it the gym you've got me at | so, uh, where would you say i am
        how many hours am i already in the office | when'd i get home
        have i been here more than an hour | do you recognise this place
        where am i at | tell me my location, would you
        am i anywhere you know | i'm meant to be at the library, am i
        wherever is this | did i make it home yet | how long since i got to work
        what's this place called again | where does the watch reckon i am
        have i been in here since lunch | at what place are we, please
        am i at school or somewhere else | where in the world is this old fool now
        how long am i hanging around here already
        is this the cafe i always go to | since what time am i in this building
    """),
    "break.stress_now": sayings("""
        do i look wound up to you | i feel rotten, is that stress
        should i stop for five minutes | am i pushing it too hard today
        how frazzled am i | be honest, how tense would you say i am
        boss just shouted at me, how am i holding up | am i chilled out yet
        could i do with a breather | is my body telling me to slow down
        how's my stress, doc | i am very nervous i think, is true
        would a wee sit down do me good | am i overcooking it
        what's my tension like this minute | feels like my head's about to pop, are we okay
        time for a pause, or can i go on | am i calm enough to drive home
        i'm fine, aren't i, or am i stressed | too much on my plate, does it show
        how relaxed am i sitting here by the pond
        did that walk take the edge off, am i calmer | do i seem on edge
        is it break time for me | my jaw's clenched, how stressed is that
        do you reckon i'm knackered and need a rest | how worked up am i
        stress check | how am i doing, nerves wise | am i keeping my cool
        should i ease off a bit | do i need to chill
        would you advise me to put my feet up now | am i running too hot
        i've got exams, am i freaking out | how high's my stress level right about now
        are my nerves shot or is it just me | on a scale, how strained am i
        is it sensible to carry on or should i rest
        ooh i'm all of a flutter, how stressed is that
        do i seem at ease | does my body want a break
        that was some argument, how rattled am i | how much pressure am i under just now
        my wife says i'm a bag of nerves, is she right
    """),
    "body.measured": sayings("""
        what was my ticker doing on the stairs just now | pulse please, quick
        how far did my heart rate shoot up this morning | oxygen still decent
        how many steps have i got in since breakfast | what's me blood oxygen, love
        am i breathing fast | how quickly was i breathing last hour
        lowest my pulse got overnight | is my skin warm, what's the temperature of it
        what's the watch got left in it, battery i mean | how loud is it round here
        noisiest it got at the concert last night | did i hit ten thousand steps yesterday
        average heart rate over the past week | my heart is beating how much
        how's my variability looking this month | have i been moving much today
        the top heart rate from this afternoon's run, what was it
        will the battery see me to bedtime, what's it on
        breaths a minute, right now | steps in all since monday
        how fidgety was i in the last half hour | what did my oxygen dip to on tuesday
        skin temp the past three nights, on average | how's the old heart rate, then
        what's my hrv at | how many paces have i done, roughly
        is it dead noisy in here, how many decibels
        my fingers are freezing, what's my skin reading
        highest breathing rate of the day
        how much juice did the watch have at lunchtime
        did my heart go over a hundred and fifty today
        what's my spo two, please | quietest it's been since six
        total steps for the weekend, go on | oh my heart's thumping, how fast is it
        how many beats a minute am i at, son | i walked how many steps in last two hours
        how hard was my heart going, sorry, how low did it go, yesterday
    """),
    "morning.last_night": sayings("""
        did i get any shut-eye at all | i'm shattered, how little did i sleep
        what time did i finally nod off | how'd i kip
        was it a good night or a bad one | how much sleep did the baby let me have
        i have slept how many hours | was i up and down all night
        when did i drop off | how was my night, my dear
        feel like death warmed up, was my sleep that poor
        did i sleep right through | how many hours was i out for
        what time was i up this morning | any deep sleep last night, or none
        morning you, how did we sleep | did the wine ruin my sleep
        was i tossing and turning | how long did i lie there awake
        did i get my eight hours | how well rested am i after last night
        the thunder kept me up, how bad was it, sleep wise
        was i properly asleep by midnight | give us the gen on last night's sleep
        how often did i wake in the night | what sort of a night did i have
        sleep report, short | how much did i actually sleep, not just lie in bed
        is it right i only slept four hours | did i sleep like a log
        last night, how did it go for me, sleeping | was i in bed long enough
        slept like a baby i think, or didn't i | how much rem did i get
        was that a decent night's rest or should i go back to bed
    """),
    "morning.next_meeting": sayings("""
        who wants me next | when do i have to be back at my desk for a call
        how long till i've got to be somewhere | have i time for a coffee before the next one
        what's up next on the calendar | i'm running late, what for exactly
        when's my next thing, hon | am i meant to be in a meeting
        what comes after lunch, meeting wise | which room's the next one in
        where do i have to go next | when is coming my next appointment
        how soon's the next call | what have i got on after this
        do i need to leave soon for anything | next one, when and with whom
        can i walk the dog or is something about to start
        what am i walking into next | what's the upcoming meeting about, i've blanked
        how many minutes have i got before i'm due in | when am i next expected
        is there something on at three, or when's the next
        first thing tomorrow's meeting, what time's that | whose meeting is it next
        i forget, the next get-together, what's it called
        when does me next meeting kick off | what's next, diary wise
        am i free for a bit or is there one coming up
        how long am i off the hook till the next meeting
        so after this standup what's the one following | do i have to rush for anything now
        what's looming | next appointment please, i haven't got my glasses
        when've i to be at the dentist, that's my next one isn't it
        who've i to see now
    """),
    "break.meetings_today": sayings("""
        how bad's my day looking for meetings | is tomorrow chock-a-block
        how many calls have they stuck me with today | have i got a quiet one on friday
        am i back to back again | what's my thursday like
        any meetings this afternoon at all | is it a heavy week
        how many times must i sit in a meeting today | do i have a free day coming up
        which day's the worst this week, for meetings | is there a gap anywhere in my day
        how rammed am i on monday | how much of today is meetings
        have i owt on tomorrow | what all is in my calendar today
        which day is lightest for a trip to the zoo | will i be in meetings all day
        so, how's the diary shaping up today | wednesday, no, thursday, how busy is it
        am i busier today than tomorrow | how many appointments have i, dear
        how much time am i losing to meetings on tuesday
        could i skive off early, or is the afternoon full
        do i have many meetings left today | is my saturday empty
        tell me there's nothing on this evening | what does the schedule hold for today
        how many hours of meetings have i got | is next week mental
        how full are we tomorrow | busiest day coming up, which is it
        what's on the cards meetingwise, today | do i have a lot of meeting today
        number of meetings tomorrow
    """),
    "reminder.remind": sayings("""
        don't let me forget to ring the vet at four
        give me a shout in twenty minutes, pie's in the oven
        i've to take my tablet at nine, nudge me
        the washing needs to come out in an hour, tell me then
        poke me about the rent on friday | at half six i must fetch the kids, let me know
        could you jog my memory about gran's flowers tomorrow morning
        make me remember to call my uncle at five please
        i'll forget otherwise, bins go out tonight at eight
        gimme a buzz at quarter past to move the car | bug me at noon to drink water
        when it gets to three say feed the parking meter
        wake my brain up about the tax form on monday
        five minutes, then tell me to flip the pancakes
        ping me later, say seven, to text jo back
        would you kindly prompt me to water the ferns at six
        must not miss the bus at ten past two, warn me at two
        i need telling to lock the shed tonight at ten
        you'll mind me to pay the window cleaner the morn, won't you
        set something for eleven, no, half eleven, to phone the bank
        shout at me in half an hour to get off this bench
        i'm to post the parcel before noon tomorrow, keep me right
        swimming lesson's at five, give me notice at half four
        tell me on sunday to charge the bike | i have to take the medicine at eight, say me please
        in two hours get me to check on the sourdough
        help me remember the library books on thursday
        buzz my wrist at one so i eat something | tap me at nine tonight, homework needs signing
        let's have a reminder for the mot next tuesday
        at dawn, well six, have me put the hens out | i keep forgetting my eye drops, get me at ten
        in fifteen minutes mention the laundry | hassle me tomorrow about the passport photos
        come saturday, prod me to book granny's train
    """),
    "reminder.cancel": sayings("""
        forget about the vet thing, they rang me | no need to nag me on the bins, they're out
        i already took my tablet so drop that | never mind the parking, i've moved the car
        call off the one about the oven | the plumber's cancelled so don't bother reminding me
        scratch the reminder to ring auntie | i did the tax form, stop going on about it
        don't buzz me at six after all | you can let go of the laundry one
        take back that nudge about the flowers | hens are out, no more telling me
        that's done, the library books, bin the reminder
        i don't want to be poked about the gym | please you not remind me of the dentist anymore
        kill the seven o'clock alert | oh you needn't tell me about the rent, it's paid
        leave it with the car insurance, i sorted it | jo rang, so no need to prompt me to text her
        lay off about drinking water | undo the reminder for the pancakes
        the swimming's off this week so cancel the heads up
        just ditch the passport photos one | cheers but i've posted the parcel, you can quit
        quit reminding me to stretch | i've already watered them, the ferns, so scrap it
        ah no, not the bank one, i mean get rid of the dentist reminder
        skip telling me about the homework, she signed it
        i'll not be needing yon reminder for the window cleaner
        the bread's out, no alarm needed | wipe the reminder for thursday
        you were going to remind me about the cake, don't | we've fed the cat, so forget it
        please withdraw the prompt about my pills
        the ten o'clock thing isn't happening, clear the reminder
        i remembered the keys by myself, so that's off
        shelve the one about cutting the grass, it's raining
        delete what you've got on calling the school
        stand down on the eye drops | meeting dad fell through, lose that reminder
    """),
    "reminder.open_reminders": sayings("""
        what have i asked you to keep on at me about | what are you going to bother me with today
        have i told you to remind me of something | anything you're holding for me
        what do i have coming, reminders i mean | did i set one for the bins
        is there a nudge still pending about the rent | what am i supposed to remember
        list my reminders, i've lost track | how many reminders have i got going
        did i ever ask you about the dentist, to remind me
        what's still to be done, from what i told you
        are you reminding me of the tablets or not | which reminders are left for tonight
        my head's a sieve, what was i meant to do | what've i got you minding for me
        you still going to shout about the parking, right | show me what's waiting
        any reminders still open, pet | when are you going to buzz me next
        what was it i said i mustn't forget | do i have some remindings for tomorrow
        have you owt to tell me later | is everything done or are there still reminders
        is the one about the parcel still in there | what things are you going to prompt me about
        so what's on the to remember pile | go over my reminders with me, would you
        what time did i set the oven one for | have i any reminders this weekend
        did the vet reminder get saved | what did i want to be told at six
        which nags have i got lined up | are there any i've not ticked off, reminders
        let me hear all the reminders
    """),
}
