"""Rapport's core: what a team's relationships are and what to say about them, knowing no platform and no database."""
