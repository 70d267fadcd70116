"""Files, YAML, git and kubectl: every way in and out of the process."""
