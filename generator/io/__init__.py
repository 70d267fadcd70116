"""All input and output of the process: files, YAML, git and kubectl."""
