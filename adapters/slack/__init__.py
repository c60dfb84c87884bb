"""Slack as a platform: what is heard there becomes the core's requests, and its answers are drawn in blocks."""
