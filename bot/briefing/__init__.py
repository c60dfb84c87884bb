"""What messages say that are about many relationships: read from the store, for a verb and for the post alike."""
