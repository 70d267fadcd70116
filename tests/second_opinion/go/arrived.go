package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"sigs.k8s.io/yaml"
)

// notRead returns each key of the file that did not arrive in the loaded config with its value. Strict
// loading misses two kinds: keys in another case, and keys below a type that unmarshals itself.
func notRead(text []byte, config any) []string {
	var written, arrived any
	loaded, err := json.Marshal(config)
	if err == nil {
		err = json.Unmarshal(loaded, &arrived)
	}
	if err == nil {
		err = yaml.Unmarshal(text, &written)
	}
	if err != nil {
		return []string{err.Error()}
	}
	return lost("", written, arrived)
}

func lost(at string, written, arrived any) (found []string) {
	switch written := written.(type) {
	case map[string]any:
		there, _ := arrived.(map[string]any)
		for key, value := range written {
			found = append(found, lost(at+"."+key, value, there[key])...)
		}
	case []any:
		there, _ := arrived.([]any)
		if len(written) != len(there) {
			return append(found, fmt.Sprintf("%s: %d items written, %d arrived", at, len(written), len(there)))
		}
		for number, value := range written {
			found = append(found, lost(fmt.Sprintf("%s[%d]", at, number), value, there[number])...)
		}
	default:
		if !same(written, arrived) {
			found = append(found, fmt.Sprintf("%s: %v written, %v arrived", at, written, arrived))
		}
	}
	return found
}

// same compares values as the program means them: what is left out when empty is its zero, and a duration
// is a length of time, however it is written.
func same(written, arrived any) bool {
	if arrived == nil {
		return written == nil || reflect.ValueOf(written).IsZero()
	}
	if reflect.DeepEqual(written, arrived) {
		return true
	}
	one, isText := written.(string)
	two, areText := arrived.(string)
	if !isText || !areText {
		return false
	}
	long, err := time.ParseDuration(one)
	short, fault := time.ParseDuration(two)
	return err == nil && fault == nil && long == short
}
