"""The ears: a child process of their own hears; the daemon is told what happened.

`listening.Ears` is the daemon's side, `events` what it tells, `settings` what may be set.  The
child is one of `sources/`: sound comes in as blocks, `listener` makes events of them, and `child`
carries those out.  Nothing here keeps a sound longer than the ring in memory does.
"""
