package main

import (
	"os"
	"path/filepath"
	"strings"
)

// Upstream's checks look at the machine: they make the folders of the database and of the socket, and want
// the files of the streams and of kubeConfig to be there. Here these stand for a machine that has them
// all; only what the paths look like is upstream's to judge.

// folder leads a file's path below scratch, where the check may make its folder.
func folder(path *string, scratch string) {
	if *path != "" {
		*path = filepath.Join(scratch, *path)
	}
}

// socket does the same for an address; one without unix:// is left to upstream to refuse.
func socket(address *string, scratch string) {
	if rest, is := strings.CutPrefix(*address, "unix://"); is {
		*address = "unix://" + filepath.Join(scratch, rest)
	}
}

// present leads an absolute path to a file that is there; a relative one is left to upstream to refuse.
func present(path *string, scratch string) {
	if !filepath.IsAbs(*path) {
		return
	}
	*path = filepath.Join(scratch, "present")
	if err := os.WriteFile(*path, nil, 0o600); err != nil {
		panic(err)
	}
}
