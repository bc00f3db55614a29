"""Tell where the car and things are, and when and how long the wearer was at a place."""

from agent.config import Section
from agent.context import Context, Memory
from agent.events import Input, SkillNoted
from agent.skill import NoArguments, Skill, Tool, newest, sayings
from skills.whereis.kept import NAME
from skills.whereis.tools import (
    SPOT_MAX,
    THING_MAX,
    Keeping,
    Place,
    Spent,
    Thing,
    keep,
    last_at,
    park_here,
    parked,
    time_at,
    where_is,
)

THINGS_MAX = 60
_SPOTS = r"(?:in|on|at|under|behind|inside|beside|with|near|by|below|above|over|next to|on top of)"
PARKS = (
    (
        r"\b(?:i|we)(?:'ve| have)?(?: just)? parked (?:(?:the|my|our) car |it )?"
        r"(?:right )?(?:here|now)\b"
    ),
    (
        r"\b(?:remember|save|keep|note|store|memori[sz]e) (?:where (?:i|we)(?:'ve| have)? parked"
        r"|(?:this|my|the) parking|where (?:the|my|our) car is|this (?:parking )?(?:spot|space))\b"
    ),
)
KEEPS = (
    (
        r"^(?:please )?(?:remember|note(?: down)?|keep in mind|memori[sz]e|save|store)(?: for me)?"
        rf"(?: that)?,? (?!to\b)[\w' -]{{2,60}} (?:is|are|lies?|lives?) {_SPOTS}\b"
    ),
    (
        r"^(?:(?:remember|note|keep in mind)(?: that)? )?i(?:'ve| have)?(?: just)? (?:put|left"
        r"|stored|placed|stashed|hid|hidden) (?:the|my|our|his|her|a) [\w' -]{2,60} "
        rf"{_SPOTS}\b"
    ),
)


class Settings(Section):
    """The whereis skill has no settings of its own."""


class Whereis(Skill):
    """Hold where things are; it says nothing by itself."""

    name = NAME
    fresh_min = 60
    settings = Settings
    theme = "errands"
    reads = frozenset(("named", "parking", "place", "rules", "stays", "visits"))
    wakes = frozenset(("skill_noted",))
    folds = frozenset(("skill_noted",))
    tools = (
        Tool(
            name="parked",
            what="where you parked",
            own=True,
            examples=sayings("""
                where did I park | where did I park the car | where is my car | where's my car
                where is the car | where did I leave the car | where have I parked
                where did we park | where's the car parked | which street did I park in
                find my car | help me find my car | where did I put the car
                how far is my car | how far away is the car | in which direction is my car
                which way is my car | where is my vehicle | where did I leave my car
                how do I get back to my car | take me to my car | my parking spot
                where is my parking spot | where is my parking space | when did I park
                I can't find my car | I forgot where I parked | where on earth is my car
                where stands my car | the car, where is it | do you know where I parked
                car location
            """),
            arguments=NoArguments,
            answer=parked,
        ),
        Tool(
            name="park_here",
            what="keeping where you parked",
            examples=sayings("""
                remember where I parked | I parked here | I have parked here | we parked here
                I've parked here | I just parked here | I parked the car here
                I parked my car here | I've just parked the car here | remember my parking spot
                remember this parking spot | save my parking spot | save the parking spot
                remember where the car is | remember where my car is | note where I parked
                save where I parked | keep where I parked | remember the parking space
                remember this parking space | note where the car is | save my parking
                remember where we parked | I parked it here | I parked right here
                store where I parked | memorise where I parked | keep my parking spot
                note my parking spot | please remember where I parked | I parked now
                could you remember where I parked
            """),
            arguments=NoArguments,
            answer=park_here,
            acts=True,
            frames=PARKS,
        ),
        Tool(
            name="last_at",
            what="when you were last at a place",
            own=True,
            examples=sayings("""
                when was I last at the gym | when was I at the gym last | when did I last go home
                when was I last at the office | when did I last go to the gym
                when was my last time at the gym | last time at the gym | last visit to the shop
                when did I last visit the shop | when have I been at the gym last
                when was I last at home | how long ago was I at the gym
                how long is it since I was at the gym | when was I last in the office
                when was I there last, at the gym | what day was I last at the gym
                when was I last at the dentist | how many days since I was at the gym
                when was I last at my parents' house | when did I last visit my parents
                which day was I last at the pool | the last time I was at the gym
                when was my last visit to the dentist | when did I last go to the supermarket
                when was I last at the supermarket | when was I last at work
                my last visit to the gym | my last time at the office | last visit to the dentist
                have I been to the gym lately | tell me when I was last at the gym
            """),
            arguments=Place,
            answer=last_at,
        ),
        Tool(
            name="time_at",
            what="how long you were at a place",
            own=True,
            examples=sayings("""
                how long was I at the office | how long was I at work | how long was I at home
                how long was I at the office {window} | how long was I at work {window}
                how long was I at home {window} | how long was I at the gym {window}
                how many hours was I at the office {window} | how many hours was I at work {window}
                how much time did I spend at the office {window}
                how much time did I spend at work {window}
                how much time did I spend at home {window} | time at the office {window}
                time at work {window} | hours at the office {window} | hours at work {window}
                how long have I been at work {window} | how long did I stay at the gym {window}
                how long did I stay at the office {window} | how long was I in the office {window}
                how long was I in the shop {window} | how often was I at the gym {window}
                how many times was I at the gym {window} | was I at the gym {window}
                was I at the office {window} | was I at home {window}
                how long did I work at the office {window} | total time at the office {window}
                total hours at work {window} | how much was I at home {window}
            """),
            arguments=Spent,
            answer=time_at,
        ),
        Tool(
            name="keep",
            what="keeping where a thing is",
            examples=sayings("""
                remember that my {thing} is {spot} | remember that the {thing} is {spot}
                remember my {thing} is {spot} | remember the {thing} is {spot}
                note that my {thing} is {spot} | note that the {thing} is {spot}
                keep in mind that my {thing} is {spot} | keep in mind the {thing} is {spot}
                I put my {thing} {spot} | I put the {thing} {spot} | I have put my {thing} {spot}
                I left my {thing} {spot} | I left the {thing} {spot} | I've left my {thing} {spot}
                I've put the {thing} {spot} | note my {thing} is {spot}
                remember for me the {thing} is {spot} | remember I put my {thing} {spot}
                remember I left my {thing} {spot} | remember that I put the {thing} {spot}
                remember that I left my {thing} {spot} | note I left the {thing} {spot}
                I just put my {thing} {spot} | store that the {thing} is {spot}
                memorise that my {thing} is {spot} | please remember that my {thing} is {spot}
                remember for me that my {thing} is {spot} | note down that the {thing} is {spot}
                save that my {thing} is {spot} | save the {thing} is {spot}
                could you remember that my {thing} is {spot}
                um remember that uh my {thing} is {spot}
            """),
            arguments=Keeping,
            answer=keep,
            acts=True,
            frames=KEEPS,
            asks={"thing": "Which thing?", "spot": "Where is it?"},
        ),
        Tool(
            name="where_is",
            what="where you said a thing is",
            examples=sayings("""
                where are my keys | where did I put my keys | where did I leave my keys
                where is my passport | where did I put my passport | where is my wallet
                where did I put the wallet | where are my glasses | have you seen my glasses
                where did I leave my umbrella | where is the umbrella | where's my charger
                where did I put the charger | where is the spare key | where do I keep the spare key
                where is my bag | where did I leave my bag | do you know where my keys are
                where did I put the scissors | where are the scissors | where's the screwdriver
                where have I put the contract | where is the contract | where's my wallet
                I can't find my keys | I lost my keys | I've lost my glasses
                I'm looking for my passport | where did I hide the present | where's my bike
                where did I store the winter coat | what did I do with my keys
                tell me where my keys are
            """),
            arguments=Thing,
            answer=where_is,
        ),
    )

    def fold(self, memory: Memory, event: Input, context: Context) -> Memory:
        """Return what is kept after the wearer said where something is."""
        if not isinstance(event, SkillNoted):
            return memory
        data, at = event.data, event.at.isoformat()
        if event.name in ("parked", "unparked"):
            row = [data.get("latitude_deg"), data.get("longitude_deg"), at]
            return {**memory, "parked": row if event.name == "parked" else []}
        known = memory.get("kept", [])
        assert isinstance(known, list)
        thing = str(data.get("thing", ""))[:THING_MAX]
        left = [one for one in known if not (isinstance(one, list) and one[0] == thing)]
        if event.name == "kept":
            left.append([thing, str(data.get("spot", ""))[:SPOT_MAX], at])
        return {**memory, "kept": newest(left, most=THINGS_MAX)}
