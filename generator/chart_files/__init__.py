"""The files that `generator charts` writes below charts/, one module per kind of file."""
