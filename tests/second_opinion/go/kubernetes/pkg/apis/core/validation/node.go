package validation

import "k8s.io/apimachinery/pkg/api/validation"

// ValidateNodeName is the rule of Kubernetes, which is in apimachinery.
var ValidateNodeName = validation.NameIsDNSSubdomain
