// Second opinion: loads config files with the types of one KubeEdge release and runs that release's own
// checks on them. Prints the release's defaults and, for each file given, what it finds, as JSON.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"sigs.k8s.io/yaml"
)

type answer struct {
	Defaults map[string]json.RawMessage `json:"defaults"`
	Findings map[string][]string        `json:"findings"`
}

func main() {
	found, err := examine(os.Args[1:])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(found)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// examine looks at each file; its name ends in that of the program, .yaml.
func examine(files []string) (*answer, error) {
	scratch, err := os.MkdirTemp("", "second-opinion")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	found := &answer{Defaults: map[string]json.RawMessage{}, Findings: map[string][]string{}}
	for name, program := range components {
		// Written out before a file is loaded: upstream's defaults share maps.
		if found.Defaults[name], err = json.Marshal(program.defaults()); err != nil {
			return nil, err
		}
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		program, err := programOf(file)
		if err != nil {
			return nil, err
		}
		found.Findings[file] = opinion(text, program, scratch)
	}
	return found, nil
}

func programOf(file string) (component, error) {
	for name, program := range components {
		if strings.HasSuffix(file, name+".yaml") {
			return program, nil
		}
	}
	return component{}, fmt.Errorf("%s: not the config of a known program", file)
}

// opinion returns all that is wrong with one config; a panic of upstream's is a finding too.
func opinion(text []byte, program component, scratch string) (found []string) {
	found = []string{}
	defer func() {
		if reason := recover(); reason != nil {
			found = append(found, fmt.Sprintf("panic: %v", reason))
		}
	}()
	config := program.defaults()
	if err := yaml.UnmarshalStrict(text, config); err != nil {
		return append(found, err.Error())
	}
	for _, lost := range notRead(text, config) {
		found = append(found, lost)
	}
	for _, fault := range program.validate(config, scratch) {
		found = append(found, fault.Error())
	}
	return found
}
