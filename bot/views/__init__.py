"""Records into replies: all wording lives here."""
