"""The terminal as a platform: replies as cards, buttons by number, forms as questions."""
