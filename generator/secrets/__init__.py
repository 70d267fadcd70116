"""Which names and texts are secrets, in one place for every part of the command."""
