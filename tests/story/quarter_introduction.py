"""What stands above the quarter where it is read as an example."""

from __future__ import annotations

INTRODUCTION = """
# A quarter with Rapport

What it looks like to work with Rapport, from the day on which a team moves in to the end of its first quarter: every
line that somebody types, every button that is pressed, and all that Rapport answers and posts of its own accord. Ana,
Ben and Kim and the forty people they look after are made up. The days, the hours and the words are not: this page is
what the program said when a test played these three months, and the test fails when a word of it changes.

- **Ana** lives in New York and is the admin. Her messages come at 09:30 there.
- **Ben** lives in Berlin, where the team’s clock hangs. He wants his at 08:15.
- **Kim** lives in Kolkata, and wants to hear of two people a day at most. She leaves in March.

Their team keeps the public holidays of Germany. A digest comes to #team on Mondays at 09:00 and another to #creators on
Fridays at 16:00, in the team’s zone. Days on which nothing happens are left out. What stands in italics is told by us;
`Buttons` stand below the message that they belong to. Each time is that of whoever speaks or reads, and where Rapport
speaks up for somebody in another zone the team’s is added. An answer to a command is seen by the one who asked, and by
nobody else.

Worth looking for: the birthday on a Sunday (8 and 15 January), the day off of the team’s own (5 February), the one on
29 February (19 and 26 February), what a mute holds back (15 February), two records that become one (10 February), a
person who is forgotten (5 March) and a colleague who leaves (12 March), the two weeks in which New York is an hour
nearer to Berlin (15 to 26 March), and Easter (25 to 30 March).
"""
