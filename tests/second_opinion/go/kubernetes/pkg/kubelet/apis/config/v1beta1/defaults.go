package v1beta1

const (
	DefaultIPTablesMasqueradeBit  = 14
	DefaultIPTablesDropBit        = 15
	DefaultVolumePluginDir        = "/usr/libexec/kubernetes/kubelet-plugins/volume/exec/"
	DefaultPodLogsDir             = "/var/log/pods"
	DefaultMemoryThrottlingFactor = 0.9
)

var DefaultEvictionHard map[string]string

// SetDefaults_KubeletConfiguration fills nothing in: KubeEdge 1.12 takes the kubelet's defaults from it.
func SetDefaults_KubeletConfiguration(any) {}
