"""The only renderer: documents in order, the tree of files, the scripts for keadm."""
