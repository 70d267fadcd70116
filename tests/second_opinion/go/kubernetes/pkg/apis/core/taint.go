package core

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// Taint has no field tags, and so capital keys in a file.
type Taint struct {
	Key, Value, Effect string
	TimeAdded          *metav1.Time
}
