"""Skills of third parties: found as text, run in one sealed process, judged like any other.

What they see is cut down to what they declared and the wearer granted (`narrow`); they can open no
file and no socket (`child`); what they answer is an input of the journal (`SkillProposed`), so a
replay needs none of them.
"""
