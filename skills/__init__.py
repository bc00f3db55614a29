"""Every skill that ships, in the order they are asked."""

from agent.skill import Skill
from skills.agenda import Agenda
from skills.body import Body
from skills.clock import Clock
from skills.coach import Coach
from skills.digest import Digest
from skills.focus import Focus
from skills.grocery import Grocery
from skills.home import Home
from skills.interpreter import Interpreter
from skills.journal import Journal
from skills.medication import Medication
from skills.morning import Morning
from skills.move import Move
from skills.notes import Notes
from skills.pause import Pause
from skills.reminder import Reminder
from skills.signs import Signs
from skills.sleep import SleepDebt
from skills.training import Training
from skills.whereis import Whereis

SKILLS: tuple[Skill, ...] = (
    Signs(),
    Reminder(),
    Medication(),
    Agenda(),
    Pause(),
    Grocery(),
    Home(),
    SleepDebt(),
    Morning(),
    Move(),
    Training(),
    Digest(),
    Focus(),
    Whereis(),
    Journal(),
    Coach(),
    Interpreter(),
    Notes(),
    Clock(),
    Body(),
)
