"""What `generator charts` writes below charts/, one module for each kind of file."""
