"""Names of facts and contents of slots that no author wrote, drawn at random."""

import random

NOUNS = """
kettle boiler pond hedge violin engine tyre ladder oven greenhouse stove canoe tent roof cellar
printer router antenna harbour ferry glacier meadow orchard compost beehive lantern drone camera
telescope microscope budget invoice ticket parcel mailbox locker garage elevator escalator bridge
tunnel river creek lake reservoir dam pump filter valve heater cooler fridge freezer washer dryer
blender toaster scale clock calendar diary novel chapter poem lesson quiz exam grade score match
league team coach stadium court pool sauna spa salon studio stage theatre museum gallery market
bakery butcher cafe tavern kitchen pantry attic balcony terrace lawn fence gate chimney drain well
""".split()
KINDS = """
level count size weight height depth speed state status mode setting price cost share target rank
owner colour pressure flow voltage range age phase stage title label number code position channel
""".split()
_ASKED = (
    "what is the {n}", "what's the {n}", "{n}", "{n} please", "tell me the {n}", "the {n}",
    "do you have the {n}", "i'd like to know the {n}", "how is the {n}", "give me the {n}",
    "could you check the {n}", "any idea what the {n} is", "what does the {n} say",
    "read me the {n}", "what about the {n}", "can you look up the {n} for me", "show the {n}",
    "i forgot the {n}", "where does the {n} stand", "is there a {n}",
)  # fmt: skip
_ANSWERS = (
    "The {n} is {{{n}}}.", "Your {n} is {{{n}}}.", "{{{n}}} is the {n}.", "The {n}: {{{n}}}.",
    "I have {{{n}}} for the {n}.",
)  # fmt: skip
_TEXTS = """
call grandma/email the landlord/water the tomatoes/pay the electricity bill/pick up the parcel/
buy stamps/take the blue pills/feed the cat/return the library books/charge the camera/
ask Priya about the keys/send Omar the photos/renew the passport/clean the filter/book a haircut/
check the oven/bring the umbrella/move the car/print the tickets/sign the form/turn off the heater/
wish Lena a happy birthday/order new lenses/pack the swimsuit/text Jonas back/measure the shelf/
cancel the gym/look for the receipt/defrost the fish/vote/let the dog out/practise the cello/
write to the tax office/close the windows/fetch the laundry/thank the neighbours/stretch/
"""
_TIMES = """
tomorrow at eight/in twenty minutes/at half past six/on Friday/tonight/at noon/next Tuesday at ten/
in two hours/this evening/tomorrow morning/at 7:45/on Sunday at 9/in a quarter of an hour/
on the third of May/after lunch at two/the day after tomorrow/at quarter to five/in 90 minutes/
on Thursday afternoon/at 18:30/next week on Monday/in three days/at ten to nine/on 12 June at 4 pm/
"""
_ITEMS = """
milk/eggs/rye bread/two lemons/olive oil/a dozen eggs/oat milk/three onions/washing powder/coffee/
basil/half a kilo of rice/batteries/apples/yoghurt/a bag of flour/peanut butter/spinach/foil/
six bananas/cheddar/dog food/soap/tomato paste/frozen peas/candles/tea bags/a bottle of vinegar/
"""
_REMIND = (
    "remind me to {text} {due}", "remind me {due} to {text}", "{due} remind me to {text}",
    "can you remind me {due} that i have to {text}", "set a reminder to {text} {due}",
    "i need to {text} {due}, remind me", "don't let me forget to {text} {due}",
    "please tell me {due} to {text}", "reminder {text} {due}", "{due} i should {text}, nudge me",
    "make a note to {text} {due}", "ping me {due}, i must {text}", "would you remind me to {text}",
    "remember for me to {text}", "put down that i want to {text} {due}",
)  # fmt: skip
_LIST = (
    "add {items} to the list", "put {items} on my shopping list", "we need {items}",
    "i'm out of {items}", "get {items} next time", "write down {items}", "buy {items}",
    "we've run out of {items}", "note {items} for the shop", "take {items} off the list",
    "i already have {items}", "cross off {items}", "remove {items} please", "i bought {items}",
    "stick {items} on the list would you", "there's no more {items} at home",
)  # fmt: skip


def name(draw: random.Random) -> str:
    """Return a name of one or two words."""
    return (
        f"{draw.choice(NOUNS)} {draw.choice(KINDS)}" if draw.random() < 0.7 else draw.choice(NOUNS)
    )


def asked(fact: str, draw: random.Random) -> tuple[str, str]:
    """Return a question for *fact* and a sentence that answers it."""
    return draw.choice(_ASKED).format(n=fact), draw.choice(_ANSWERS).format(n=fact)


def filled(draw: random.Random) -> tuple[list[str], str, str]:
    """Return the names of slots, a sentence, and its slots a line each as they are said."""
    if draw.random() < 0.55:
        parts = {"text": draw.choice(_parted(_TEXTS)), "due": draw.choice(_parted(_TIMES))}
        pattern, names = draw.choice(_REMIND), ["text", "due"]
    else:
        some = draw.sample(_parted(_ITEMS), draw.choice((1, 1, 2, 3)))
        listed = " and ".join((", ".join(some[:-1]), some[-1])) if some[1:] else some[0]
        parts, pattern, names = {"items": listed}, draw.choice(_LIST), ["items"]
    target = "\n".join(f"{n}: {parts[n]}" if f"{{{n}}}" in pattern else f"{n}:" for n in names)
    return names, pattern.format(**parts), target


def _parted(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", " ").split("/") if part.strip()]
