package util

import (
	"os"
	"strings"
)

// GetHostname returns the name given, or else the machine's.
func GetHostname(override string) (string, error) {
	name, err := override, error(nil)
	if name == "" {
		name, err = os.Hostname()
	}
	return strings.ToLower(strings.TrimSpace(name)), err
}
