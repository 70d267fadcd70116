"""The form of a node group's name, which is part of object names, labels and folder names."""

GROUP_NAME = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
