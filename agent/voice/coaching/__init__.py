"""How someone speaks: pace, fillers, pauses and loudness, after a talk and while it goes on."""
