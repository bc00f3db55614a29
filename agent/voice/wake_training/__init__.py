"""A wake phrase of one's own, learnt on the device: clips by synthetic voices, a small head.

`voices` speak, `texts` is what they say, `mixing` what rooms and microphones make of it, `clips`
what the ears hear of that, `fitting` the head; `making` is the whole of it, a step at a time.
"""
