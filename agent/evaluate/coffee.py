"""A coffee machine's skill, as a third party would write it by `skills/README.md`.

It knows what a coffee shop sells and nothing of how its words are heard; the evaluation of spoken
commands grants it alone.
"""

from pydantic import BaseModel, ConfigDict

from agent.ports import Recall
from agent.skill import Answer, Context, Skill, Tool, sayings

GRAMMAR = """#JSGF V1.0;
grammar order;

public <order> = [<asking>] [<article>] <kind>* <coffeeDrink> <kind>* [<additions>] [please];

<asking> = (can | could | may) i [please] (have | get)
         | (give | get | make | brew) [me]
         | i'd like | i would like | i like | i want | i'll have | i'll take;
<article> = a | an | the | one;
<kind> = <size> | <numberOfShots> | <roast>;
<additions> = [with | and] <addition> ([and] [with] <addition>)*;
<addition> = <milkAmount> | <sugarAmount>;

<size> = small | medium | large | extra large | (eight | twelve | sixteen | twenty) ounce;
<numberOfShots> = (single | double | triple | quadruple) shot;
<roast> = (light | medium | dark) roast;
<coffeeDrink> = americano | cappuccino | [drip | house | iced] coffee | espresso
              | latte | [iced] mocha;
<milkAmount> = [<amount>] ([whole | skim | soy | almond | oat] milk | cream);
<sugarAmount> = [<amount>] ([brown] sugar | sweetener | honey);
<amount> = some | a bit of | a little bit of | a little | a lot of | lots of | extra | no;
"""


class Order(BaseModel):
    """A drink, and how it is wanted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    coffeeDrink: str  # noqa: N815 (the machine's own names)
    numberOfShots: str = ""  # noqa: N815
    roast: str = ""
    size: str = ""
    milkAmount: str = ""  # noqa: N815
    sugarAmount: str = ""  # noqa: N815


def _make(order: Order, _: Recall, __: Context) -> Answer:
    parts = (order.size, order.numberOfShots, order.roast, order.coffeeDrink)
    added = " and ".join(part for part in (order.milkAmount, order.sugarAmount) if part)
    drink = " ".join(part for part in parts if part)
    return Answer(f"Making a {drink}{f' with {added}' if added else ''}.")


class Coffee(Skill):
    """Makes coffee."""

    name = "coffee"
    what = "Make the coffee that you order."
    theme = "home"
    tools = (
        Tool(
            name="order",
            what="makes a coffee",
            examples=sayings(
                """make me a coffee | can I have a latte | I'd like a large cappuccino with milk
                brew an espresso | give me a double shot americano with brown sugar
                could I get a small iced coffee | I want a dark roast drip coffee
                get me a twelve ounce mocha with soy milk and sweetener"""
            ),
            arguments=Order,
            answer=_make,
            acts=True,
            grammar=GRAMMAR,
        ),
    )
