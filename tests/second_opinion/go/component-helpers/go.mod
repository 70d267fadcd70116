// Stands in for k8s.io/component-helpers, of which KubeEdge's API packages use one name and would have a
// Kubernetes client compiled.
module k8s.io/component-helpers

go 1.26
