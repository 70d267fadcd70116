// Stands in for k8s.io/kubernetes, of which KubeEdge's API packages use a dozen names and would have six
// releases compiled: minutes of two cores for each. Defaults that come from here are Kubernetes' own; the
// test leaves them out of the comparison.
module k8s.io/kubernetes

go 1.26

require k8s.io/apimachinery v0.22.17
