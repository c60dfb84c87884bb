"""The platforms on which Rapport hears and speaks; each knows the core's ports and no other platform."""
