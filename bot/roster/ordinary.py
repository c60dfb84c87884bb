"""Words that begin a note more often than a name: they are no sure beginning of one, and no surname."""

from __future__ import annotations

_WORDS = """
a about after again all also am an and any are around as ask asked asking asks at away back bad be because been before
big birthday book both bring but by call called calling calls came can chat chatted check coffee come comment
commented confirm contract could day deal did dinner discuss dm do does done draft drink due each email emailed even
event ever every fee feel few fine first fix follow for free friday from fun gave get gift gifts give go goes going
gone good got great had happy hard has have he her here hers hey hi him his home hope how i idea if in into invited is
it its join just keen keep last late later launch less let like liked likes line link live long look lost lot love
loved loves lunch made mail make many march may maybe me mean meet meeting mentioned message met might monday month
more most move moved much must my need needs never new next nice no not note now of off ok okay on once one only open
or our out over paid part party pay phone photo picture pitch plan post posted promise promised quick quiet read ready
real reel replied reply rich said same sample saturday saw say says see send sent shall share she shoot short should
show shy sick so some soon sorry spoke start still story such sunday sure take talk talked team tell text thank thanks
that the their them then there they thing this thursday time to today told tomorrow too took tuesday two unsure until
up us use very via video visit voice wait want wants was way we wednesday week well went were what when where who why
will wish with won work works would wrote year yes yesterday yet you young your zoom
"""

ORDINARY = frozenset(_WORDS.split())

_NEVER_SURNAMES = """
january jan february feb mar april apr june jun july jul august aug september sept sep october oct november nov
december dec mon tue tues wed weds thu thur thurs fri sat spring summer autumn winter easter christmas
bluesky facebook insta instagram linkedin pinterest reddit slack discord snapchat spotify substack threads tiktok
twitch twitter whatsapp youtube
accepted agreed announced answered arrived attended bought brought cancelled catch caught complained confirmed
congratulated declined delivered discussed dropped enjoyed finished followed forwarded hates interested introduced
invoice launched left liked lives mentioned moved negotiated needs offered ordered prefers proposed published received
refused rejected reminded reposted requested responded returned rescheduled sends shared shipped shot signed spoken
started suggested tagged talks thanked thanks thinks unhappy updated wishes works worried
allergic amazing another awesome best brief brilliant budget campaign casual ceramics content contract cookbook early
excellent fantastic final fourth friendly full general great half initial intro internal interesting introductory
kickoff latest lots lovely main manager management agent agency assistant publicist monthly morning afternoon evening
multiple no nobody one onboarding our personal planning pleasant positive pre-launch pricing private product proper
proposal quarterly random rates regular relaxed review second several someone somebody everyone everybody both special
super surprise team test third unpaid urgent useful weekly welcome whole wonderful working
vegan vegetarian gluten lactose
"""

NO_SURNAMES = ORDINARY | frozenset(_NEVER_SURNAMES.split())
"""Words that behind a first name, or one more in a list, are no name. The months among them are some people's."""
