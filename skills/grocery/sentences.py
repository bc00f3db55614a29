"""How people speak of lists: whole commands, and examples."""

from agent.skill import sayings

ADDS = (
    (
        r"\b(?:add|put|stick|pop|chuck|throw|write|jot|note|include|bung|slap|whack|get|want|need)\b"
        r".*\b(?:list|shopping|groceries)\b"
    ),
    r"^(?:also )?add\b",
    (
        r"\b(?:add|put|stick|pop|write|jot|note|enter|place)\b.*"
        r"\b(?:to|on|onto|in|into) (?:the |my |our )(?:to-dos?|todos?|tasks)\b"
    ),
    (
        r"^(?!.*\b(?:show|read|open|give|tell|see|check|go|look|let|display|hear|scroll|recite|whatever"
        r"|anything|everything|all|things?|stuff|items?|take|remove|cross|strike|tick|what|which|know"
        r"|written|left|say|need to know)\b)"
        r"\w.{2,}\b(?:for|to|on|onto) (?:the |my |our )(?:\w+ )?list$"
    ),
    r"^(?:\w+ )?list[,:]? (?:plus|add|and|also|needs)\b",
    r"\bwe(?: also| still| really| do)? need (?!to\b|you\b|a (?:break|rest)\b|help\b|more time\b)",
    r"\b(?:run|ran|running|are|is|am|we're|i'm) (?:(?:nearly|almost|clean) )?(?:out of|low on)\b",
    r"\b(?:i|we|you)(?:'ll)?(?: also| still| really)? need (?:to (?:buy|get|pick up)|some|more)\b",
    r"^(?:buy|get|pick up|grab)(?! (?:rid|up|out|me out|a life))\b",
)
REMOVES = (
    (
        r"\b(?:remove|take|delete|cross|tick|strike|scratch|scrap|check|drop|clear|lose|wipe|ditch)\b"
        r".*\b(?:off|(?:from|out of) (?:the |my |our |that )?(?:\w+ )?list)\b"
    ),
    r"^(?:cross|tick|strike|scratch|check)(?: off| out)\b",
    (
        r"\b(?:remove|take|delete|cross|tick|strike|scratch|check|drop)\b.*"
        r"\b(?:off|from) (?:the |my |our )(?:to-dos?|todos?|tasks)\b"
    ),
    r"\b(?:i|we)(?:'ve| have)?(?: just| already)? (?:bought|packed|picked up|purchased)\b",
    r"^(?:i|we)(?:'ve)?(?: just| already)? got (?!to\b|a (?:meeting|call)\b)",
    (
        r"(?:\b(?:is|are|have been)|'s|'re)(?: all| already| now)?"
        r" (?:bought|packed|in the (?:basket|trolley|cart|bag|suitcase))\b"
    ),
    r"\b(?:don't|do not) (?:need|want)\b.*\b(?:any ?more|after all|any longer)\b",
    r"\bcan (?:come|go) off\b|\b(?:as|mark) (?:bought|done|packed)\b",
)
SHOWS = sayings("""
    what is on my {list_name} list | what's on my shopping list | my grocery list
    what do I need to buy | what do I have to get at the store
    read me the shopping list | what groceries do I need | show me my {list_name} list
    {list_name} list please | tell me what is on the {list_name} list
    is anything left to buy | what should I bring from the shop
    what ingredients do I need for dinner | do we need anything from the supermarket
    which items are missing at home | what was it I wanted to buy
    I'm at the shop, what was I after | could you read out what's left on the list
    how many things are on my {list_name} list | is butter on the list
    did I put cheese on the list | do I have to get bread
    I've lost the thread in this aisle, what else | shopping what | list
    anything we're short of | what am I supposed to pick up on the way home
    so I'm standing in the store and no idea what I came for | what must I buy, please
    what still to buy | give me the rundown of things to get | open the {list_name} list
    let me see my list | what's still open on the {list_name} list
    would you mind going through the shopping list with me | what have I got to pack
    what's on my to-do list | read me my to-do list | what are my todos | show me my tasks
    which tasks are on my list | what is left on my to do list | list my to-dos
    is bread on my list | are eggs on the list already | do I have coffee on my list
            """)
ADDING = sayings("""
    add {items} to my {list_name} list | put {items} on the {list_name} list
    add {items} to the list | put {items} on my list | add {items}
    put {items} on the list | add {items} to my list
    stick {items} on the {list_name} list | put {items} down on the list
    write {items} on my {list_name} list | note down {items} for the shop
    add {items} to the shopping | I need to buy {items} | we need to buy {items}
    I have to get {items} at the store | we're out of {items} | we are out of {items}
    we have run out of {items} | I ran out of {items} | we need {items} from the shop
    we need more {items} | there's no {items} left at home | buy {items} | get {items}
    oh and {items} too, for the list | {items} for the {list_name} list
    could you put {items} on the list for me
    would you add {items} to what I have to buy | I should pick up {items} next time
    don't let me forget {items} at the shop
    the {items} is finished, put it on the list | {items} onto the list
    we're running low on {items} | another thing for the shopping list is {items}
    please to add {items} on list | make a note that we need {items}
    new item on the {list_name} list: {items} | shopping list add {items}
    add call Tom to my to-do list | put book the dentist on my todos
    stick fix the bike on my task list | write pay the rent on the to do list
    on the {list_name} list put {items} | jot {items} down on the {list_name} list
            """)
REMOVING = sayings("""
    remove {items} from my {list_name} list | take {items} off the {list_name} list
    take {items} off the list | remove {items} from the list
    delete {items} from my list | cross {items} off the list | cross off {items}
    tick off {items} | strike {items} | cross out {items} | tick {items} off the list
    scratch {items} from the list | I have bought {items} | I bought {items}
    I've got {items} already | got {items} | I already have {items}
    we already have {items} | we have enough {items} | we don't need {items} any more
    I don't need {items} after all | no need for {items}
    forget about {items} on the {list_name} list | {items} is in the basket
    {items} is in the trolley | {items} done | {items} can come off the list
    drop {items} from the {list_name} list | clear {items} off my list
    {items} is bought | {items} off the list | got the {items}, cross it off
    found {items}, take it off the list | leave out {items}
    scrap {items} from the list | lose {items} from the list
    tick the taxes off my to-do list | take call Tom off my todos
    cross fix the bike off my task list | mark the taxes as done on my to-do list
    could you take {items} back off the {list_name} list please | mark {items} as bought
            """)
SHOPPING = sayings("""
    when do I usually go shopping | which days do I shop on | what are my shopping days
    what do I usually buy | what do I buy most often | what's my usual shopping
    which day do I do the groceries | how often do I buy coffee | what do I always get at the store
    on what day do I normally shop | tell me my shopping habits | what are my staples
    when do I tend to get groceries | what is it I buy every week | my shopping days
    do I usually shop on Saturdays | what do we go through the most | my usual groceries
    which things do I keep buying | when's my normal shop | what do I normally shop for
    on which weekdays do I go to the store | what do I usually put in the basket
    how do I usually shop | what is our regular shopping | what do I mostly buy
    when do I go to the supermarket as a rule | what groceries do I get every time
    what's on my list most often | tell me what I typically buy
    which day is my shopping day | is Saturday my shopping day | shopping habits
    what do I stock up on all the time | my typical groceries and days
    um when do I when do I usually shop
""")
